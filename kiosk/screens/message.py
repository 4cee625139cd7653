"""A screen with one thing to say: a sign, a sentence, what still works and what to do now, and at most two actions."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

from devices.lettering import Align
from kiosk.theme import ANSWER_SIZES, USUAL, Colour
from kiosk.visit_state import ScreenLanguage

from ..frozen import frozen
from .actions import Action, place_actions, place_every_language
from .blocks import Block, Heading, Line, Section
from .board import Pen
from .fitting import Column, Page, Placed, all_above, draw_page, fit
from .pages import Pages, page_bar_height, place_arrows, place_page_bar
from .shapes import Draw

_BETWEEN: Final = 32
_LEAST_CODE: Final = 420
"""The least side of a code that phones read well, in pixels of the reference."""
_USUAL_CODE: Final = 740
"""What an upright panel gives it in usual letters, in pixels of the reference."""
_BESIDE_TITLE: Final = 160
"""The most that a sign beside a title may take, in pixels of the reference."""


@frozen
class Message:
    """What such a screen says. `still`: what still works. `now`: what to do now, of a QR code too; `code`: its text."""

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
    """What it says on as many pages as it takes, under sign and title, and a code beside them."""
    theme, code = pen.theme, message.code
    width = theme.width - 2 * theme.margin
    if code is not None and not (theme.landscape and theme.text == USUAL):
        _code_last(pen, message, code, bottom)
        return
    if code is not None:
        width = (width - theme.gap) // 2
        _code_beside(pen, code, width, bottom)
    bar = page_bar_height(pen)
    pages, again = _paged(pen, message, width, (bottom, bottom - bar - theme.px(16)))

    def draw(page: Page, pen: Pen) -> None:
        if again or page is pages[0]:
            _head(pen, message, width)
        draw_page(page, pen)

    # Beside a code the words' half alone turns.
    turns = partial(place_arrows, x=theme.margin, width=width) if code is not None else None
    pen.board.add_widget(Pages(pen, [partial(draw, page) for page in pages], bottom - bar, turns))


def _paged(pen: Pen, message: Message, width: int, bottoms: tuple[int, int]) -> tuple[list[Page], bool]:
    """Fit its words into pages; `bottoms`: of a single page, and of several. Tells whether the title is on all of them.

    Large letters do without it after the first, where a page with it is too low for a sentence or that saves pages.
    """
    theme, card = pen.theme, _card(pen, _rows(pen, message))
    close = replace(card, gap=theme.px(10), padding=theme.px(14)) if theme.text > USUAL else card
    top = _head_end(pen, message, width)
    bottom, above_bar = bottoms
    for one in (card, close):
        if top + one.height(pen, width) <= bottom:
            return [(Placed(one, theme.margin, top, width),)], True
    under = Column(theme.margin, top, width, above_bar - top)
    pages = fit([card], (under,), theme.gap, pen)
    if theme.text == USUAL:
        return pages, True
    start = theme.margin // 2
    whole = Column(theme.margin, start, width, above_bar - start)
    alone = fit([close], (under,), theme.gap, pen, (whole,), filled=True)
    if all_above(above_bar, pages, pen) and len(pages) <= len(alone):
        return pages, True
    return alone, False


def _code_last(pen: Pen, message: Message, code: str, bottom: int) -> None:
    """The code with what is said of it, as large as in usual letters: on the last page, where one does not hold all.

    Sign and title stand over the other pages; there they would leave the code half its size.
    """
    theme, rows = pen.theme, _rows(pen, message)
    width, bar = theme.width - 2 * theme.margin, page_bar_height(pen)
    top, above_bar = _head_end(pen, message, width), bottom - bar - theme.px(16)
    under = top + _card(pen, rows).height(pen, width) + theme.gap
    if not theme.landscape and bottom - under >= theme.px(_LEAST_CODE):
        _head(pen, message, width)
        _code_under(pen, code, _card(pen, rows), top, bottom)
        return
    start, least = theme.margin // 2, len(message.now) or 1
    side, words, room = 0, width, above_bar - start
    if theme.landscape:  # beside the words, down to the languages: a code has a white margin of its own
        side = min((width - theme.gap) // 2, bottom + theme.gap // 2 - start)
        words = width - theme.gap - side
        while side > theme.px(_LEAST_CODE) and _card(pen, rows[-least:]).height(pen, words) > room:
            side, words = side - theme.px(8), words + theme.px(8)
    else:
        room -= theme.gap + theme.px(_USUAL_CODE)
    column = Column(theme.margin, top, width, above_bar - top)
    pages, last = _before_and_with(pen, rows, least, column, (words, room))

    def draw(page: Page, pen: Pen) -> None:
        _head(pen, message, width)
        draw_page(page, pen)

    def draw_last(pen: Pen) -> None:
        if theme.landscape:
            last.place(pen, theme.margin, start, words)
            pen.code(code, theme.margin + width - side, start, side)
        else:
            _code_under(pen, code, last, start, above_bar)

    def turns(pen: Pen, y: int, at: int, count: int, turn: Callable[[int], None]) -> None:
        under_words = replace(theme, width=words + 2 * theme.margin, panel=(theme.width, theme.height))
        place_page_bar(replace(pen, theme=under_words), y, at, count, turn)

    pen.board.add_widget(Pages(pen, [*(partial(draw, page) for page in pages), draw_last], bottom - bar, turns))


def _before_and_with(
    pen: Pen, rows: list[Line], least: int, column: Column, beside: tuple[int, int]
) -> tuple[list[Page], Section]:
    """Part the rows into pages and the card with the code: the last `least`, and more where that saves a page.

    `beside`: the width and the height that the code leaves to the card. The first row stays under the title.
    """
    width, room = beside
    counts = [count for count in range(least + 1, len(rows)) if _card(pen, rows[-count:]).height(pen, width) <= room]

    def before(count: int) -> list[Page]:
        return fit([_card(pen, rows[:-count])], (column,), pen.theme.gap, pen)

    count = min((least, *counts), key=lambda count: len(before(count)))
    return before(count), _card(pen, rows[-count:])


def _rows(pen: Pen, message: Message) -> list[Line]:
    theme, ink = pen.theme, pen.theme.palette.ink
    rows = [Line(text, theme.type(36), ink) for text in (*message.lines, *message.still)]
    return rows + [Line(text, theme.type(36, strong=True), ink) for text in message.now]


def _card(pen: Pen, rows: list[Line]) -> Section:
    return Section(None, tuple(rows), pen.theme.px(16), pen.theme.px(24))


def _head(pen: Pen, message: Message, width: int) -> int:
    """Set sign, title and progress from the top of a page; returns the y under them."""
    theme = pen.theme
    title, side = _title(pen, message, width)
    aside = side + theme.gap
    pen.sign(message.sign, theme.margin, theme.margin, side)
    title.place(pen, theme.margin + aside, theme.margin, width - aside)
    end = _head_end(pen, message, width)
    if message.progress is not None:
        _progress(pen, message.progress, theme.margin, end - theme.px(24) - theme.gap, width)
    return end


def _head_end(pen: Pen, message: Message, width: int) -> int:
    theme = pen.theme
    title, side = _title(pen, message, width)
    top = theme.margin + title.height(pen, width - side - theme.gap) + theme.px(20)
    return top if message.progress is None else top + theme.px(24) + theme.gap


def _title(pen: Pen, message: Message, width: int) -> tuple[Heading, int]:
    """Return the title of a page, and the side of the sign beside it."""
    title = Heading(message.title, ANSWER_SIZES, message.colour)
    return title, min(title.height(pen, width), pen.theme.px(_BESIDE_TITLE))


def _code_under(pen: Pen, code: str, card: Section, top: int, bottom: int) -> None:
    """Set the code under a card, as large as goes above the bottom."""
    theme = pen.theme
    width = theme.width - 2 * theme.margin
    card.place(pen, theme.margin, top, width)
    under = top + card.height(pen, width) + theme.gap
    side = min(width, bottom - under)
    pen.code(code, (theme.width - side) / 2, under, side)


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
