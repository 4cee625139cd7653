"""Empties a screen that is no longer shown.

Widgets and what they draw refer to each other in circles, which Python's collector may leave for hundreds of visits:
each screen would keep 2 MB of textures, and the words of somebody's visit. Taken apart, all of it goes at once.
"""

from typing import Any

from kivy.uix.widget import Widget

from kiosk.text import Text

from .pages import Pages
from .press import Holdable, Pressable
from .text_field import TextField


def let_go(screen: Widget) -> None:
    """Take a screen apart: nothing it drew, said or would do is left in it."""
    for widget in list(screen.walk(restrict=True)):
        match widget:
            case Pages():
                for board in widget.let_go():
                    if board.parent is None:  # the page on show is on this walk already
                        let_go(board)
            case TextField():
                widget.blank()
            case Holdable():
                widget.do = widget.release = _nothing
            case Pressable():
                widget.do = _nothing
            case Text():
                widget.blank()
            case _:
                pass
        widget.clear_widgets()
        for canvas in (widget.canvas, widget.canvas.before, widget.canvas.after):
            canvas.clear()
        _untie(widget)


def _untie(widget: Any) -> None:
    """Undo by which of Kivy's own properties every widget holds itself, until a collector comes."""
    widget.funbind("opacity", widget.on_opacity)
    widget.motion_filter.obj = None


def _nothing() -> None:
    """What a button does that is no longer shown."""
