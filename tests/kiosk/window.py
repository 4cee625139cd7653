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


def picture(size, ground=(0, 0, 0, 1)):
    """Return what is drawn into by `with`, in white on a ground, beside the window."""
    from kivy.graphics import ClearBuffers, ClearColor, Color, Fbo

    drawn = Fbo(size=size)
    with drawn:
        ClearColor(*ground)
        ClearBuffers()
        Color(1, 1, 1, 1)
    return drawn


def red(drawn):
    """Return the red of each pixel of a picture, row by row."""
    drawn.draw()
    return drawn.pixels[0::4]


def shown(texture, ground=(0, 0, 0, 1)):
    """Return the red of each pixel of a texture, drawn in white on a ground."""
    from kivy.graphics import Rectangle

    drawn = picture(texture.size, ground)
    with drawn:
        Rectangle(size=texture.size, texture=texture)
    return red(drawn)
