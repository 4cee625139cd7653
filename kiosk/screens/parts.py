"""What large letters leave no room for: laid out on a sheet higher than the panel, and looked at part by part.

Nothing is cut by the edge between two parts: it lies in a gap that the sheet has anyway.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget

from kiosk.theme import Theme

from ..frozen import frozen
from .board import Board, Pen
from .letting_go import let_go
from .pages import Pages, faults_on, page_bar_height

_FACTORS: Final = (1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
"""Heights of the sheet that are tried, in heights of the panel."""


@frozen
class _Part:
    """What of a sheet is looked at together, in pixels from its top; `shown_from`: what stands at the panel's edge."""

    shown_from: float
    begin: float
    end: float


def place_parts(pen: Pen, draw: Callable[[Pen], None]) -> bool:
    """Set down what `draw` draws on the lowest sheet that holds it whole. False, and nothing set, where none does."""
    theme = pen.theme
    bar = theme.height - theme.margin - page_bar_height(pen)
    for factor in _FACTORS:
        sheet = theme.sheet(factor)
        board = _lay_out(pen, sheet, draw, 0)
        parts = _cut(board, bar - theme.px(16), theme.margin / 2) if not faults_on(board) and not _turns(board) else []
        let_go(board)
        if parts:
            drawn = [partial(_draw, sheet=sheet, part=part, draw=draw, below=bar - theme.px(8)) for part in parts]
            pen.board.add_widget(Pages(pen, drawn, bar, stays=True))
            return True
    return False


def _lay_out(pen: Pen, sheet: Theme, draw: Callable[[Pen], None], shown_from: float) -> Board:
    """Draw the whole sheet on a board that stands so high that `shown_from` is at the panel's upper edge."""
    board = Board(sheet, (0, round(pen.theme.height - sheet.height + shown_from)))
    draw(replace(pen, theme=sheet, board=board))
    return board


def _draw(pen: Pen, sheet: Theme, part: _Part, draw: Callable[[Pen], None], below: float) -> None:
    """Draw one part of the sheet on a page of the panel: what belongs to the others is taken off it."""
    board = _lay_out(pen, sheet, draw, part.shown_from)
    for thing in list(_things(board)):
        if not part.begin <= board.top - thing.top < part.end and thing.parent is not None:
            thing.parent.remove_widget(thing)
            let_go(thing)
    for sheet_board in board.walk(restrict=True):
        if isinstance(sheet_board, Board):
            sheet_board.grounds.clear()  # the whole sheet was looked over; a part ends where it ends
    pen.board.add_widget(board)
    pen.board.add_widget(_edges(pen, below, sheet.height))


def _edges(pen: Pen, below: float, high: float) -> Widget:
    """Return the paper over what goes on beyond the panel, and behind the bar that turns the parts."""
    edges, width, height = Widget(size_hint=(None, None), size=(0, 0)), pen.theme.width, pen.theme.height
    with edges.canvas:
        Color(*pen.theme.palette.paper)
        Rectangle(pos=(0, 0), size=(width, height - below))
        Rectangle(pos=(0, height), size=(width, high))
    return edges


def _cut(board: Board, room: float, above: float) -> list[_Part]:
    """Part a sheet: each part as much as `room` holds, ending where nothing lies; [] where something is higher."""
    lies = sorted((board.top - thing.top, board.top - thing.y) for thing in _things(board))
    parts: list[_Part] = []
    begin = shown_from = 0.0
    while True:
        cut = min((top for top, bottom in lies if top >= begin and bottom > shown_from + room), default=None)
        if cut is None:
            return [*parts, _Part(shown_from, begin, board.height)]
        while (over := min((top for top, bottom in lies if top < cut < bottom - 1), default=None)) is not None:
            cut = over
        if cut <= begin:
            return []
        parts.append(_Part(shown_from, begin, cut))
        begin, shown_from = cut, cut - above


def _things(widget: Widget) -> Iterator[Widget]:
    """Yield what is drawn on a board, and on the boards on it; not what these things are made of."""
    for child in widget.children:
        if isinstance(child, Board | Pages):
            yield from _things(child)
        else:
            yield child


def _turns(board: Board) -> bool:
    """Tell whether something on a sheet has pages of its own: then a higher one is tried, which shows it at once."""
    return any(
        (isinstance(widget, Pages) and widget.count > 1) or getattr(widget, "name", "") in {"page.next", "page.back"}
        for widget in board.walk(restrict=True)
    )
