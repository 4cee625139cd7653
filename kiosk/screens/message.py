"""A screen with one thing to say: a sign, a sentence, what still works and what to do now, and at most two actions."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from devices.lettering import Align
from kiosk.theme import ANSWER_SIZES, USUAL, Colour
from kiosk.visit_state import ScreenLanguage

from ..frozen import frozen
from .actions import Action, place_actions, place_every_language
from .blocks import Block, Heading, Line, Section
from .board import Pen
from .fitting import Column, draw_page, fit
from .pages import Pages, page_bar_height, place_arrows
from .shapes import Draw

_BETWEEN: Final = 32
_LEAST_CODE: Final = 420
"""The least side of a code that phones read well, in pixels of the reference."""
_BESIDE_TITLE: Final = 160
"""The most that a sign beside a title may take, in pixels of the reference."""


@frozen
class Message:
    """What such a screen says. `still`: what still works. `now`: what to do now. `code`: the text of a QR code."""

    sign: Draw
    title: str
    colour: Colour
    lines: tuple[str, ...] = ()
    still: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    code: str | None = None
    progress: float | None = None
    actions: tuple[Action[Any], ...] = ()
    languages: tuple[ScreenLanguage, ...] = ()


def show(pen: Pen, message: Message, send: Callable[[Any], None]) -> None:
    """Draw it on the pen's board; what its actions send is between the screen and its flow."""
    theme = pen.theme
    bottom = place_actions(pen, message.actions, send) if message.actions else theme.height - theme.margin
    if message.languages:
        bottom = place_every_language(pen, bottom, send, message.languages)
    bottom -= theme.gap
    width = theme.width - 2 * theme.margin
    if _needs_pages(pen, message, width, bottom):
        _in_pages(pen, message, bottom)
        return
    if message.code is None:
        _column(pen, message, theme.margin, width, bottom)
        return
    if theme.landscape:
        width = (width - theme.gap) // 2
        _code_beside(pen, message.code, width, bottom)
        _column(pen, message, theme.margin, width, bottom)
        return
    top = _column(pen, message, theme.margin, width, None)
    side = min(width, bottom - top)
    pen.code(message.code, (theme.width - side) / 2, top, side)


def _needs_pages(pen: Pen, message: Message, width: int, bottom: int) -> bool:
    """Tell whether larger letters, or a lower screen, leave no room for all of it at once."""
    theme = pen.theme
    if message.code is None:
        return _height(pen, message, width) > bottom - theme.margin
    if theme.landscape:
        return _height(pen, message, (width - theme.gap) // 2) > bottom - theme.margin
    return _height(pen, message, width) + theme.gap + theme.px(_LEAST_CODE) > bottom - theme.margin


def _in_pages(pen: Pen, message: Message, bottom: int) -> None:
    """What it says on as many pages as it takes; sign and title stand over all of them.

    The code stands beside them on a wide panel, elsewhere under the words, or on a page of its own.
    """
    theme, code = pen.theme, message.code
    width = theme.width - 2 * theme.margin
    beside = code is not None and theme.landscape and theme.text == USUAL
    if code is not None and beside:
        width = (width - theme.gap) // 2
        _code_beside(pen, code, width, bottom)
        code = None
    title = Heading(message.title, ANSWER_SIZES, message.colour)
    side = min(title.height(pen, width), theme.px(_BESIDE_TITLE))
    aside = side + theme.gap
    pen.sign(message.sign, theme.margin, theme.margin, side)
    title.place(pen, theme.margin + aside, theme.margin, width - aside)
    top = theme.margin + title.height(pen, width - aside) + theme.px(20)
    if message.progress is not None:
        _progress(pen, message.progress, theme.margin, top, width)
        top += theme.px(24) + theme.gap
    rows = [Line(text, theme.type(36), theme.palette.ink) for text in (*message.lines, *message.still)]
    rows += [Line(text, theme.type(36, strong=True), theme.palette.ink) for text in message.now]
    section = Section(None, tuple(rows), theme.px(16), theme.px(24))
    under = top + section.height(pen, width) + theme.gap
    if code is not None and not theme.landscape and bottom - under >= theme.px(_LEAST_CODE):
        section.place(pen, theme.margin, top, width)
        side = min(width, bottom - under)
        pen.code(code, (theme.width - side) / 2, under, side)
        return
    pages = fit([section], (Column(theme.margin, top, width, bottom - top),), theme.gap, pen) if rows else []
    bar = page_bar_height(pen)
    if len(pages) > 1 or code is not None:
        room = bottom - top - bar - theme.px(16)
        pages = fit([section], (Column(theme.margin, top, width, room),), theme.gap, pen)
    drawn: list[Callable[[Pen], None]] = [partial(draw_page, page) for page in pages]
    if code is not None:
        side = min(width, bottom - top - bar - theme.px(16))
        drawn.append(lambda page: page.code(code, (theme.width - side) / 2, top, side))
    # Beside a code the words' half alone turns.
    turns = partial(place_arrows, x=theme.margin, width=width) if beside else None
    pen.board.add_widget(Pages(pen, drawn, bottom - bar, turns))


def _code_beside(pen: Pen, code: str, width: int, bottom: int) -> None:
    theme = pen.theme
    side = min(width, bottom - theme.margin)
    pen.code(code, theme.margin + width + theme.gap + (width - side) // 2, theme.margin, side)


def _column(pen: Pen, message: Message, x: int, width: int, bottom: int | None) -> int:
    """Set the sign and the words, in the middle of the height or from the top; returns the y under them."""
    theme = pen.theme
    side, blocks, card = _parts(pen, message)
    gap = theme.px(_BETWEEN)
    height = _height(pen, message, width)
    y = theme.margin
    if bottom is not None:
        # A little above the middle, where the eye looks for it.
        y += max(0, round((bottom - theme.margin - height) * 0.4))
    pen.sign(message.sign, x + (width - side) / 2, y, side)
    y += side
    for block in blocks:
        y += gap
        block.place(pen, x, y, width)
        y += block.height(pen, width)
    if message.progress is not None:
        y += theme.gap
        _progress(pen, message.progress, x, y, width)
        y += theme.px(24)
    if card:
        y += theme.gap
        card.place(pen, x, y, width)
        y += card.height(pen, width)
    return y + theme.gap


def _parts(pen: Pen, message: Message) -> tuple[int, list[Block], Section | None]:
    """Return the side of the sign, the title and lines under it, and the card."""
    theme, palette = pen.theme, pen.theme.palette
    side = theme.px(150 if message.code or theme.landscape else 260)
    title = Heading(message.title, ANSWER_SIZES, message.colour, Align.CENTER)
    lines = [Line(text, theme.type(40), palette.ink, Align.CENTER) for text in message.lines]
    small = 0 if message.code is None else 4  # a code on the screen needs the room
    rows: list[Block] = [Line(text, theme.type(38 - small), palette.ink) for text in message.still]
    rows += [Line(text, theme.type(40 - small, strong=True), palette.ink) for text in message.now]
    return side, [title, *lines], Section(None, tuple(rows), theme.px(20), theme.px(36)) if rows else None


def _height(pen: Pen, message: Message, width: int) -> int:
    """Return the height of all that it says but its code."""
    theme = pen.theme
    side, blocks, card = _parts(pen, message)
    height = side + sum(block.height(pen, width) + theme.px(_BETWEEN) for block in blocks)
    height += card.height(pen, width) + theme.gap if card else 0
    return height + (theme.gap + theme.px(24) if message.progress is not None else 0)


def _progress(pen: Pen, share: float, x: int, y: int, width: int) -> None:
    theme, palette = pen.theme, pen.theme.palette
    height = theme.px(24)
    long = round(width * 0.7)
    start = x + (width - long) // 2
    pen.panel(start, y, long, height, palette.green_ground, palette.green, height / 2)
    if share > 0:
        pen.panel(start, y, max(height, round(long * min(share, 1.0))), height, palette.green, None, height / 2)
