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


def test_a_panel_is_heard_through_the_window_alone() -> None:
    """Kivy also read it past Xorg, as keypads are read: each finger pressed twice, on a turned panel elsewhere too."""
    from kivy.config import Config

    assert dict(Config.items("input")) == {"mouse": "mouse,disable_multitouch"}


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
    kept = bytes_in_use()
    let_go_of_frame(shown)
    given_back = kept - bytes_in_use()
    shown.unbind(on_flip=_finished)
    shown.canvas.after.clear()
    assert given_back > 1_000_000


def _finished(*_: object) -> None:
    finish_frame()


class _Allocations(ctypes.Structure):
    """`struct mallinfo2` of glibc."""

    _fields_: ClassVar = [
        (name, ctypes.c_size_t)
        for name in ("arena", "free", "small", "mapped", "bytes_mapped", "most", "small_free", "used", "unused", "top")
    ]


def bytes_in_use() -> int:
    """Return what this process has from the C library: in its heap, and in large blocks mapped one by one."""
    mallinfo2 = ctypes.CDLL(None).mallinfo2
    mallinfo2.restype = _Allocations
    told = mallinfo2()
    return told.used + told.bytes_mapped
