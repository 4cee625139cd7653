"""The window as `open_window` leaves it."""

import ctypes
from typing import ClassVar

import pytest

from kiosk.window import finish_frame, let_go_of_frame

from .window import flips, window

pytestmark = pytest.mark.usefixtures("the_window")


def test_kivys_clock_does_not_sleep_before_a_frame() -> None:
    """It was imported before its pace was set, and held each answer to a scan for 12 ms."""
    from kivy.clock import Clock

    assert Clock._max_fps == 0


def test_a_terminal_that_rests_gives_back_what_its_last_frame_was_drawn_with() -> None:
    """Mesa kept a frame's commands until the next: some 60 KB for each text of a screen that nobody looks at."""
    from kivy.graphics import Color, Rectangle
    from kivy.graphics.texture import Texture

    shown = window()
    shown.bind(on_flip=_finished)
    with shown.canvas.after:
        Color(1, 1, 1, 1)
        for place in range(40):
            Rectangle(pos=(10 * place, 0), size=(8, 8), texture=Texture.create(size=(8, 8)))
    flips()
    kept = mapped_blocks()
    let_go_of_frame(shown)
    given_back = kept - mapped_blocks()
    shown.unbind(on_flip=_finished)
    shown.canvas.after.clear()
    assert given_back >= 20


def _finished(*_: object) -> None:
    finish_frame()


class _Allocations(ctypes.Structure):
    """`struct mallinfo2` of glibc."""

    _fields_: ClassVar = [
        (name, ctypes.c_size_t) for name in ("arena", "free", "small", "mapped", "bytes_mapped", *"abcde")
    ]


def mapped_blocks() -> int:
    """Count the large blocks that this process has from the C library, each mapped by itself."""
    mallinfo2 = ctypes.CDLL(None).mallinfo2
    mallinfo2.restype = _Allocations
    return mallinfo2().mapped
