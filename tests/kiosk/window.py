"""A real window for the tests of screens. Kivy has one window a process, so all of them share it."""

from functools import cache
from typing import Any

from kiosk.window import open_window

SIZE = (1080, 1920)


@cache
def window() -> Any:
    return open_window(*SIZE)


def flips(count: int = 2) -> None:
    """Let the window draw so many frames."""
    from kivy.base import EventLoop

    window()
    if EventLoop.status != "started":
        EventLoop.start()
    seen: list[int] = []

    def on_flip(*_: object) -> None:
        seen.append(1)

    window().bind(on_flip=on_flip)
    while len(seen) < count:
        window().canvas.ask_update()
        EventLoop.idle()
    window().unbind(on_flip=on_flip)
