"""A finger that puts its touch into SDL's own queue, where a panel's would lie: finding it there counts."""

import ctypes
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kivy.core.window import WindowBase
    from kivy.uix.widget import Widget

_DOWN: Final = 0x401
_UP: Final = 0x402
_LEFT: Final = 1


class _MouseButtonEvent(ctypes.Structure):
    """SDL_MouseButtonEvent, in the room of an SDL_Event (SDL_events.h)."""

    _fields_ = (
        *((name, ctypes.c_uint32) for name in ("type", "timestamp", "window", "which")),
        *((name, ctypes.c_uint8) for name in ("button", "state", "clicks", "padding")),
        *((name, ctypes.c_int32) for name in ("x", "y")),
        ("rest", ctypes.c_uint8 * 32),
    )


def touch(window: "WindowBase", root: "Widget", name: str) -> None:
    """Touch and lift on the middle of the widget of this name. KeyError if there is none on the screen."""
    target: Any = next((widget for widget in root.walk() if getattr(widget, "name", None) == name), None)
    if target is None:
        raise KeyError(name)
    x, y = target.to_window(target.center_x, target.center_y)
    for kind in (_DOWN, _UP):
        event = _MouseButtonEvent(type=kind, button=_LEFT, x=round(x), y=round(window.height - 1 - y))
        if _sdl().SDL_PushEvent(ctypes.byref(event)) != 1:
            raise OSError("SDL takes no touch")


@cache
def _sdl() -> ctypes.CDLL:
    """Return the SDL that Kivy's window has loaded."""
    path = re.search(r"/\S*libSDL2-2\S*", Path("/proc/self/maps").read_text())
    if path is None:
        raise OSError("there is no window yet")
    return ctypes.CDLL(path[0])
