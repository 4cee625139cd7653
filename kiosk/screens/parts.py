"""What large letters leave no room for: laid out on a sheet higher than the panel, and looked at part by part.

Nothing is cut by the edge between two parts: it lies in a gap that the sheet has anyway.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Final

from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget

from kiosk.text import Text
from kiosk.theme import Theme

from ..frozen import frozen
from .board import Board, Box, Pen
from .letting_go import let_go
from .pages import Pages, faults_on, page_bar_height
from .press import Pressable

_FACTORS: Final = (1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
"""Heights of the sheet that are tried, in heights of the panel."""


@frozen
class _Part:
    """What of a sheet is looked at together, in pixels from its top; `shown_from`: what stands at the panel's edge."""

    shown_from: float
    begin: float
    end: float


def place_parts(pen: Pen, draw: Callable[[Pen], None]) -> bool:
    """Set down what `draw` draws on the lowest sheet that holds it whole. False, and nothing set, where none does.

    The ways home and the languages stand under every part; only where no sheet leaves room for one, under the last.
    """
    theme = pen.theme
    for footed, factor in product((True, False), _FACTORS):
        sheet = theme.sheet(factor)
        board = _lay_out(pen, sheet, draw, 0)
        if not faults_on(board) and not _turns(board):
            foot = board.foot if footed else None
            under = theme.margin if foot is None else sheet.height - foot + theme.px(16)
            bar = theme.height - under - page_bar_height(pen)
            top = theme.beyond_reach if _is_pressed(board, foot or sheet.height) else 0
            room, above = bar - theme.px(16) - top, theme.margin / 2
            parts = _cut(board, room, above, foot or sheet.height)
            if parts:
                let_go(board)
                lay = partial(_draw, sheet=sheet, draw=draw, top=top, room=room - above, foot=foot)
                drawn = [partial(lay, part=part) for part in parts]
                pen.board.add_widget(Pages(pen, drawn, bar, stays=True))
                return True
        let_go(board)
    return False


def _lay_out(pen: Pen, sheet: Theme, draw: Callable[[Pen], None], shown_from: float) -> Board:
    """Draw the whole sheet on a board that stands so high that `shown_from` is at the panel's upper edge."""
    board = Board(sheet, (0, round(pen.theme.height - sheet.height + shown_from)))
    draw(replace(pen, theme=sheet, board=board))
    return board


def _draw(
    pen: Pen, *, sheet: Theme, draw: Callable[[Pen], None], top: int, room: float, foot: int | None, part: _Part
) -> None:
    """Draw one part of the sheet under y = top, and the foot under it; what belongs to others is taken off."""
    board = _lay_out(pen, sheet, draw, part.shown_from - top)
    parted = [box for box in _together(board, room) if _is_cut(board, box, part)]
    _take_off(board, part.begin, part.end)
    # The dots of a last line may hang into the gap under it, or below it.
    inks = list(map(_ink, _things(board)))
    end = min(
        part.shown_from + room + pen.theme.margin / 2 + pen.theme.px(8),
        max([part.end, *(board.top - ink.y for ink in inks)]),
    )
    pen.board.parted = [*parted, *(ink for ink in inks if board.top - ink.y > end + 1)]
    pen.board.add_widget(board)
    pen.board.add_widget(_edges(pen, top, top + end - part.shown_from, sheet.height))
    if foot is not None:
        under = _lay_out(pen, sheet, draw, sheet.height - pen.theme.height)
        _take_off(under, foot, sheet.height)
        for one in under.walk(restrict=True):
            if isinstance(one, Board):
                one.canvas.before.clear()  # the grounds of the parts
        pen.board.add_widget(under)


def _take_off(board: Board, begin: float, end: float) -> None:
    """Leave of a sheet what begins between two heights, counted from its top."""
    for thing in list(_things(board)):
        if not begin <= board.top - thing.top < end and thing.parent is not None:
            thing.parent.remove_widget(thing)
            let_go(thing)
    for sheet_board in board.walk(restrict=True):
        if isinstance(sheet_board, Board):
            sheet_board.grounds.clear()  # the whole sheet was looked over; a part ends where it ends


def _is_pressed(board: Board, end: float) -> bool:
    """Tell whether something above `end`, counted from the top of a sheet, is pressed."""
    return any(isinstance(thing, Pressable) and board.top - thing.top < end for thing in _things(board))


def _is_cut(board: Board, box: Box, part: _Part) -> bool:
    return part.begin <= board.top - box.top < part.end < board.top - box.y - 1


def _together(board: Board, room: float) -> Iterator[Box]:
    """Yield the boxes on a sheet that should stay together, as far as this room holds them: cards, names, steps.

    Of a card that is higher, its upper edge and what lies first on it, and what lies last and its lower edge: a page
    never ends or begins with a strip of bare card.
    """
    boxes: list[Box] = []
    for one in board.walk(restrict=True):
        if isinstance(one, Board):
            boxes += (*one.together, *one.grounds)
            for ground in (ground for ground in one.grounds if ground.top - ground.y > room):
                boxes += _ends(ground, [thing for thing in _things(board) if _lies_on(thing, ground)])
    yield from (box for box in boxes if box.top - box.y <= room)


def _ends(ground: Box, things: list[Widget]) -> Iterator[Box]:
    if things:
        first, last = max(things, key=lambda thing: thing.top), min(things, key=lambda thing: thing.y)
        yield replace(ground, y=first.y)
        yield replace(ground, top=last.top)


def _lies_on(thing: Widget, ground: Box) -> bool:
    return ground.y <= thing.y and thing.top <= ground.top and ground.x <= thing.x < ground.right


def _ink(thing: Widget) -> Box:
    """Return where something is seen: of a text, where its letters are."""
    if not isinstance(thing, Text):
        return Box(thing.x, thing.y, thing.right, thing.top)
    left, top, width, height = thing.lettered.inked
    upper = thing.top - top
    return Box(thing.x + left, upper - height, thing.x + left + width, upper)


def _edges(pen: Pen, top: float, below: float, high: float) -> Widget:
    """Return the paper over what goes on above a part, and behind the bar that turns the parts."""
    edges, width, height = Widget(size_hint=(None, None), size=(0, 0)), pen.theme.width, pen.theme.height
    with edges.canvas:
        Color(*pen.theme.palette.paper)
        Rectangle(pos=(0, 0), size=(width, height - below))
        Rectangle(pos=(0, height - top), size=(width, high))
    return edges


def _cut(board: Board, room: float, above: float, end: float) -> list[_Part]:
    """Part a sheet down to `end`: as much as `room` holds, ending where nothing lies; [] where something is higher."""
    boxes = (*_things(board), *_together(board, room - above))
    lies = sorted((top, board.top - box.y) for box in boxes if (top := board.top - box.top) < end)
    parts: list[_Part] = []
    begin = shown_from = 0.0
    while True:
        cut = min((top for top, bottom in lies if top >= begin and bottom > shown_from + room), default=None)
        if cut is None:
            return [*parts, _Part(shown_from, begin, end)]
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
