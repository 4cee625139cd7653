"""What the terminal says aloud: the words of the screen, to an ear or to the lobby, never beyond the visit."""
