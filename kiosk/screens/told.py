"""The words on a board, for who listens: in the order of reading, without what can be pressed."""

from collections.abc import Iterator

from kivy.uix.widget import Widget

from devices.lettering import Direction
from kiosk.text import Text

from .board import Board
from .pages import Pages
from .press import Pressable


def texts_of(board: Board, direction: Direction) -> Iterator[str]:
    """Yield every text of a board, and of all its pages, which are drawn for it: only where somebody listens."""
    found = sorted(_texts(board), key=lambda one: (one[0], *_place(one[1], direction)))
    for _, text in found:
        yield text.lettered.text


def label_of(target: Pressable) -> str:
    """Return what a target is called: its words, or what stands for a sign without any."""
    words = [text.lettered.text for text in target.walk(restrict=True) if isinstance(text, Text)]
    return target.label or ", ".join(words)


def _texts(widget: Widget, page: int = 0) -> Iterator[tuple[int, Text]]:
    match widget:
        case Pressable():
            return
        case Pages():
            for at in range(widget.count):
                yield from _texts(widget.board(at), page + at)
        case Text():
            yield page, widget
        case _:
            for child in reversed(widget.children):
                yield from _texts(child, page)


def _place(text: Text, direction: Direction) -> tuple[float, float]:
    return -text.top, -text.right if direction is Direction.RTL else text.x
