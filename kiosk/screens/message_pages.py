"""A message of which larger letters, or a lower screen, leave no room for all: the same, on as many pages as it takes.

The first page never has the title alone, and what the buttons ask about stands on it: the title is smaller for that.
What to do now comes before what still works, where that costs no page and nothing is asked.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from kiosk.theme import ANSWER_SIZES, USUAL

from ..frozen import frozen
from .blocks import Heading, Line, Section
from .board import Pen
from .fitting import Column, Page, Placed, all_above, draw_page, fit
from .pages import Pages, page_bar_height, place_arrows, place_page_bar
from .parting import LEAST_OF_A_SENTENCE, begun, in_one

if TYPE_CHECKING:
    from .message import Message

LEAST_CODE: Final = 420
"""The least side of a code that phones read well, in pixels of the reference."""
_USUAL_CODE: Final = 740
"""What an upright panel gives it in usual letters, in pixels of the reference."""
_BESIDE_TITLE: Final = 150
"""The most that a sign beside a title may take, in pixels of the reference."""
_TITLES: Final = (ANSWER_SIZES, (44, 40), (36,))
"""Sizes of a title over large letters, the dearest first: none is smaller than what stands under it."""


@frozen
class _Head:
    """The sign, the title in one of some sizes, and the progress, at the top of a page."""

    message: "Message"
    sizes: tuple[float, ...] = ANSWER_SIZES

    def end(self, pen: Pen, width: int) -> int:
        """Return the y under it."""
        theme = pen.theme
        title, side = self._title(pen, width)
        top = theme.margin + title.height(pen, width - side - theme.gap) + theme.px(20)
        return top if self.message.progress is None else top + theme.px(24) + theme.gap

    def place(self, pen: Pen, width: int) -> None:
        theme = pen.theme
        title, side = self._title(pen, width)
        aside = side + theme.gap
        pen.sign(self.message.sign, theme.margin, theme.margin, side)
        title.place(pen, theme.margin + aside, theme.margin, width - aside)
        if self.message.progress is not None:
            y = self.end(pen, width) - theme.px(24) - theme.gap
            place_progress(pen, self.message.progress, theme.margin, y, width)

    def _title(self, pen: Pen, width: int) -> tuple[Heading, int]:
        """Return the title, and the side of the sign beside it."""
        title = Heading(self.message.title, self.sizes, self.message.colour)
        return title, min(title.height(pen, width), pen.theme.px(_BESIDE_TITLE))


def place_pages(pen: Pen, message: "Message", bottom: int) -> None:
    """What it says on as many pages as it takes, under sign and title, and a code beside them."""
    theme, code = pen.theme, message.code
    width = theme.width - 2 * theme.margin
    if code is not None and not (theme.landscape and theme.text == USUAL):
        _code_last(pen, message, code, bottom)
        return
    if code is not None:
        width = (width - theme.gap) // 2
        code_beside(pen, code, width, bottom)
    bar = page_bar_height(pen)
    head, pages, again = _paged(pen, message, width, (bottom, bottom - bar - theme.px(16)))
    # Beside a code the words' half alone turns.
    turns = partial(place_arrows, x=theme.margin, width=width) if code is not None else None
    pen.board.add_widget(Pages(pen, _drawn(head, pages, width, again=again), bottom - bar, turns))


def _drawn(head: _Head, pages: list[Page], width: int, *, again: bool) -> list[Callable[[Pen], None]]:
    """Return what draws each page, under the head on the first, and `again` on the others."""

    def draw(page: Page, pen: Pen) -> None:
        if again or page is pages[0]:
            head.place(pen, width)
        draw_page(page, pen)

    return [partial(draw, page) for page in pages]


def _paged(pen: Pen, message: "Message", width: int, bottoms: tuple[int, int]) -> tuple[_Head, list[Page], bool]:
    """Fit its words into pages; `bottoms`: of a single page, and of several. Tells whether the title is on all of them.

    Large letters do without it after the first, where a page with it is too low for a sentence or that saves pages.
    """
    rows = _rows(pen, message)
    bottom, place = bottoms[0], (width, bottoms[1])
    heads = _heads(pen, message)
    for head in heads:
        top = head.end(pen, width)
        for card in (_card(pen, rows), _close(pen, rows)):
            if top + card.height(pen, width) <= bottom:
                return head, [(Placed(card, pen.theme.margin, top, width),)], True
    rows.sort(key=lambda row: row.text != message.asks)
    large = pen.theme.text > USUAL
    now_first = sorted(rows, key=lambda row: row.text in message.still)
    orders = [now_first, rows] if large and not message.asks and now_first != rows else [rows]
    fitted = [
        (head, *_fitted(pen, head, _beginning(pen, head, begin, order, place), place))
        for order in orders
        for begin in (_BEGINNINGS if large else _BEGINNINGS[:1])
        for head in (heads if begin is not _smaller else heads[::-1])
    ]
    return min(fitted, key=lambda one: _cost(one[1]))


def _as_it_is(first: Line, _pen: Pen, _width: int, _room: int) -> tuple[Line, ...]:
    return (first,)


def _smaller(first: Line, pen: Pen, width: int, room: int) -> tuple[Line, ...]:
    """Return a sentence in the size in which it has room, where that is not much smaller."""
    return (in_one(first, pen, width, room, LEAST_OF_A_SENTENCE) or first,)


_Begin: TypeAlias = Callable[[Line, Pen, int, int], tuple[Line, ...]]
_BEGINNINGS: Final[tuple[_Begin, ...]] = (_as_it_is, begun, _smaller)
"""What the first of the rows may come to for the room under a title, the dearest first."""


def _beginning(pen: Pen, head: _Head, begin: _Begin, rows: list[Line], place: tuple[int, int]) -> list[Line]:
    """Return the rows with what the first comes to under a head; `place`: the width, and the bottom."""
    card, (width, bottom) = _close(pen, rows), place
    room = bottom - head.end(pen, width) - 2 * card.padding
    return [part for row in rows[:1] for part in begin(row, pen, card.inside(pen, width), room)] + rows[1:]


def _fitted(
    pen: Pen, head: _Head, rows: list[Line], place: tuple[int, int], wanted: int = 1
) -> tuple[list[Page], bool]:
    """Fit rows into pages under a head, `wanted` of them on the first; tell whether it stands on all of them."""
    theme, (width, bottom) = pen.theme, place
    top = head.end(pen, width)
    under = Column(theme.margin, top, width, bottom - top)
    pages = fit([_card(pen, rows)], (under,), theme.gap, pen)
    if theme.text == USUAL:
        return pages, True
    start = theme.margin // 2
    whole = Column(theme.margin, start, width, bottom - start)
    alone = fit([_close(pen, rows)], (under,), theme.gap, pen, (whole,), filled=True)
    if all_above(bottom, pages, pen) and _cost(pages, wanted) <= _cost(alone, wanted):
        return pages, True
    return alone, False


def _cost(pages: list[Page], wanted: int = 1) -> tuple[bool, int]:
    """Tell whether fewer rows than wanted are on the first page, and count the pages."""
    return sum(len(placed.section.rows) for placed in pages[0]) < wanted, len(pages)


def _heads(pen: Pen, message: "Message") -> list[_Head]:
    return [_Head(message, sizes) for sizes in (_TITLES if pen.theme.text > USUAL else _TITLES[:1])]


def _code_last(pen: Pen, message: "Message", code: str, bottom: int) -> None:
    """The code with what is said of it, as large as in usual letters: on the last page, where one does not hold all.

    Sign and title stand over the other pages; there they would leave the code half its size.
    """
    theme, rows = pen.theme, _rows(pen, message)
    width, bar = theme.width - 2 * theme.margin, page_bar_height(pen)
    top, above_bar = _Head(message).end(pen, width), bottom - bar - theme.px(16)
    under = top + _card(pen, rows).height(pen, width) + theme.gap
    if not theme.landscape and bottom - under >= theme.px(LEAST_CODE):
        _Head(message).place(pen, width)
        _code_under(pen, code, _card(pen, rows), top, bottom)
        return
    start, least = theme.margin // 2, len(message.now) or 1
    side, words, room = 0, width, above_bar - start
    if theme.landscape:  # beside the words, down to the languages: a code has a white margin of its own
        side = min((width - theme.gap) // 2, bottom + theme.gap // 2 - start)
        words = width - theme.gap - side
        while side > theme.px(LEAST_CODE) and _card(pen, rows[-least:]).height(pen, words) > room:
            side, words = side - theme.px(8), words + theme.px(8)
    else:
        room -= theme.gap + theme.px(_USUAL_CODE)
    head, pages, again, count = _before_code(pen, message, (width, above_bar), (words, room))
    last = _card(pen, rows[-count:])

    def draw_last(pen: Pen) -> None:
        if theme.landscape:
            last.place(pen, theme.margin, start, words)
            pen.code(code, theme.margin + width - side, start, side)
        else:
            _code_under(pen, code, last, start, above_bar)

    def turns(pen: Pen, y: int, at: int, count: int, turn: Callable[[int], None]) -> None:
        under_words = replace(theme, width=words + 2 * theme.margin, panel=(theme.width, theme.height))
        place_page_bar(replace(pen, theme=under_words), y, at, count, turn)

    pen.board.add_widget(Pages(pen, [*_drawn(head, pages, width, again=again), draw_last], bottom - bar, turns))


def _before_code(
    pen: Pen, message: "Message", place: tuple[int, int], beside: tuple[int, int]
) -> tuple[_Head, list[Page], bool, int]:
    """Fit what stands before the page with a code, and count the last rows, those of that page.

    They are what is said of the code, and more where that saves a page. The first row stays under the title, and after
    it stands that a code comes. `place`: the width, and the bottom; `beside`: the width and height beside the code.
    """
    rows, least = _rows(pen, message), len(message.now) or 1
    width, room = beside
    counts = [count for count in range(least + 1, len(rows)) if _card(pen, rows[-count:]).height(pen, width) <= room]
    coming = Line(message.coming, pen.theme.type(36, strong=True), pen.theme.palette.ink)
    fitted = [
        (head, *_fitted(pen, head, [rows[0], coming, *rows[1:-count]], place, wanted=2), count)
        for head in _heads(pen, message)
        for count in (least, *counts)
    ]
    return min(fitted, key=lambda one: _cost(one[1], 2))


def _rows(pen: Pen, message: "Message") -> list[Line]:
    theme, ink = pen.theme, pen.theme.palette.ink
    rows = [Line(text, theme.type(36), ink) for text in (*message.lines, *message.still)]
    return rows + [Line(text, theme.type(36, strong=True), ink) for text in message.now]


def _card(pen: Pen, rows: list[Line]) -> Section:
    return Section(None, tuple(rows), pen.theme.px(16), pen.theme.px(24))


def _close(pen: Pen, rows: list[Line]) -> Section:
    """Return the card with less air, where letters are large."""
    card = _card(pen, rows)
    return replace(card, gap=pen.theme.px(10), padding=pen.theme.px(14)) if pen.theme.text > USUAL else card


def _code_under(pen: Pen, code: str, card: Section, top: int, bottom: int) -> None:
    """Set the code under a card, as large as goes above the bottom."""
    theme = pen.theme
    width = theme.width - 2 * theme.margin
    card.place(pen, theme.margin, top, width)
    under = top + card.height(pen, width) + theme.gap
    side = min(width, bottom - under)
    pen.code(code, (theme.width - side) / 2, under, side)


def code_beside(pen: Pen, code: str, width: int, bottom: int) -> None:
    theme = pen.theme
    side = min(width, bottom - theme.margin)
    pen.code(code, theme.margin + width + theme.gap + (width - side) // 2, theme.margin, side)


def place_progress(pen: Pen, share: float, x: int, y: int, width: int) -> None:
    theme, palette = pen.theme, pen.theme.palette
    height = theme.px(24)
    long = round(width * 0.7)
    start = x + (width - long) // 2
    pen.panel(start, y, long, height, palette.green_ground, palette.green, height / 2)
    if share > 0:
        pen.panel(start, y, max(height, round(long * min(share, 1.0))), height, palette.green, None, height / 2)
