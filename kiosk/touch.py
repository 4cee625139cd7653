"""A finger for the terminal's own screens: presses a widget by its name, through Kivy's input as a panel does."""

from itertools import count
from typing import TYPE_CHECKING, Any

from kivy.base import EventLoop
from kivy.input.motionevent import MotionEvent

if TYPE_CHECKING:
    from kivy.core.window import WindowBase
    from kivy.uix.widget import Widget

_numbers = count(1)


class Finger(MotionEvent):
    """One touch at a place of the window, in shares of its width and height from the bottom left."""

    def __init__(self, x: float, y: float) -> None:
        super().__init__("finger", next(_numbers), {"x": x, "y": y}, is_touch=True, type_id="touch")

    def depack(self, args: dict[str, float]) -> None:
        self.sx, self.sy = args["x"], args["y"]
        self.profile = ["pos"]
        super().depack(args)


def press(window: "WindowBase", root: "Widget", name: str) -> bool:
    """Touch and lift on the middle of the widget of this name. False if there is none on the screen."""
    target: Any = next((widget for widget in root.walk() if getattr(widget, "name", None) == name), None)
    if target is None:
        return False
    x, y = target.to_window(target.center_x, target.center_y)
    tap(x / window.width, y / window.height)
    return True


def tap(x: float, y: float) -> None:
    """Touch and lift at a place, in shares of the window's width and height from the bottom left."""
    finger = Finger(x, y)
    EventLoop.post_dispatch_input("begin", finger)
    EventLoop.post_dispatch_input("end", finger)
