# What this project uses of Kivy, which ships no types. Drawing instructions stay Any: their arguments are data.
