"""What can be made ready beside the opening of the window, on another processor core: the graphics, and home's letters.

C code called through ctypes lets Python go on meanwhile. It is a head start and nothing else: a word of home that is
not listed here is drawn when home is, and one that is listed in vain costs nothing that anybody waits for.
"""

import ctypes
import sys
import threading
from typing import Final

from devices.lettering import Paragraph

from .settings import Settings
from .theme import Theme
from .words import other_languages, words_of

# Seconds that a thread waits for another that runs Python. Each short call into Pango waits once, and there are some
# hundred of them: with Python's usual 5 ms they would end long after the window is open.
_TURN: Final = 0.0005
_EGL_PLATFORM_SURFACELESS_MESA: Final = 0x31DD

# Key of the words, size and strength, as kiosk/screens/home.py sets them, the slowest first.
_IN_ITS_LANGUAGE: Final = (
    ("home.place_slip", 80, True),
    ("home.answer_follows", 40, False),
    ("ministry", 36, True),
    ("language.name", 34, False),
    ("home.scanner_starting", 32, False),
    ("home.no_paper", 32, False),
    ("terminal", 30, False),
)
_IN_THE_OTHERS: Final = (
    ("home.place_slip", 36, False),
    ("language.name", 34, False),
    ("ministry", 32, False),
)


def begin(settings: Settings) -> None:
    """Begin, on a thread that ends by itself."""
    threading.Thread(target=_make_ready, args=(settings,), name="head start", daemon=True).start()


def _make_ready(settings: Settings) -> None:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    _load_graphics()
    _letter_home(settings)
    sys.setswitchinterval(usual)


def _load_graphics() -> None:
    """Let Mesa load its driver, and the compiler that comes with it: 30 ms that the window's own thread is spared."""
    try:
        egl = ctypes.CDLL("libEGL.so.1")
    except OSError:  # whoever opens the window says what is missing
        return
    egl.eglGetPlatformDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(egl.eglGetPlatformDisplay(_EGL_PLATFORM_SURFACELESS_MESA, None, None))
    if display and egl.eglInitialize(display, None, None):
        egl.eglTerminate(display)


def _letter_home(settings: Settings) -> None:
    """Draw home's words once, and drop the drawings: faces and letters stay in the font map that all threads share."""
    theme = Theme(*settings.screen)
    for words in (words_of(settings.language), *other_languages(settings.language)):
        listed = _IN_ITS_LANGUAGE if words.language == settings.language else _IN_THE_OTHERS
        for key, size, strong in listed:
            text = words(key, name=words.code(settings.name)) if key == "terminal" else words(key)
            Paragraph(text, theme.type(size, strong=strong), words.direction).alpha()
