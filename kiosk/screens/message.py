"""A screen with one thing to say: a sign, a sentence, what still works and what to do now, and at most two actions."""

from collections.abc import Callable
from typing import Any, Final

from devices.lettering import Align
from kiosk.theme import ANSWER_SIZES, Colour
from kiosk.visit_state import ScreenLanguage

from ..frozen import frozen
from .actions import Action, place_actions, place_every_language
from .blocks import Block, Heading, Line, Section
from .board import Pen
from .message_pages import LEAST_CODE, code_beside, place_pages, place_progress
from .shapes import Draw

_BETWEEN: Final = 32


@frozen
class Message:
    """What such a screen says. `still`: what still works. `now`: what to do now, of a QR code too; `code`: its text.

    `coming`: says on the first page that a code comes on the last. `asks`: which of the texts the actions answer; it
    stands with them on the first page, before the others where one page does not hold all.
    """

    sign: Draw
    title: str
    colour: Colour
    lines: tuple[str, ...] = ()
    still: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    code: str | None = None
    coming: str = ""
    asks: str = ""
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
        place_pages(pen, message, bottom)
        return
    if message.code is None:
        _column(pen, message, theme.margin, width, bottom)
        return
    if theme.landscape:
        width = (width - theme.gap) // 2
        code_beside(pen, message.code, width, bottom)
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
    return _height(pen, message, width) + theme.gap + theme.px(LEAST_CODE) > bottom - theme.margin


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
        place_progress(pen, message.progress, x, y, width)
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
