"""`python -m kiosk.locales`: compile the catalogues."""

from .compiling import compile_catalogues

compile_catalogues()
print("The catalogues are compiled.")
