"""Asks the X server whether it still answers: a frozen one takes what is drawn, and shows nothing of it.

A connection of its own and the smallest request that has an answer, through libxcb (Debian: libxcb1), which OpenGL
brings along. An answer takes 0.1 ms.
"""

import ctypes
from ctypes import POINTER, Structure, c_char_p, c_int, c_uint, c_void_p


class _Cookie(Structure):
    _fields_ = (("sequence", c_uint),)


class Panel:
    """The X server of DISPLAY. Raises OSError where there is no libxcb."""

    def __init__(self) -> None:
        xcb = ctypes.CDLL("libxcb.so.1")
        connect, self._ask, self._reply = xcb.xcb_connect, xcb.xcb_get_input_focus, xcb.xcb_get_input_focus_reply
        connect.restype, connect.argtypes = c_void_p, (c_char_p, POINTER(c_int))
        self._ask.restype, self._ask.argtypes = _Cookie, (c_void_p,)
        self._reply.restype, self._reply.argtypes = c_void_p, (c_void_p, _Cookie, c_void_p)
        self._free = ctypes.CDLL("libc.so.6").free
        self._free.restype, self._free.argtypes = None, (c_void_p,)
        self._connection: int = connect(None, None)

    def wait(self) -> None:
        """Return when the server answered, or when it is gone, which the window learns by itself."""
        self._free(self._reply(self._connection, self._ask(self._connection), None))
