"""What screens with an answer and its proof share: the answer's panel, and the cards under or beside it."""

from collections.abc import Callable
from functools import partial
from typing import Final

from kiosk.theme import ANSWER_SIZES, USUAL, Colour, Theme

from ..frozen import frozen
from .blocks import Alone, Block, ChainStep, Line, Section, Signed, Stack
from .board import Board, Pen
from .fitting import Column, Page, all_above, draw_page, fit
from .letting_go import let_go
from .pages import Pages, page_bar_height
from .shapes import Draw

# Space between things, from roomy to tight: first less air, then more pages; type never shrinks.
_DENSITIES: Final = (1.0, 0.75, 0.5, 0.35, 0.28)
_LARGE: Final = 0.5
"""The share of air where letters are large."""
_LEAST_BESIDE: Final = 8
"""Ems of an answer that must have room beside its sign: in less, it is a column of one word or two."""
_LEAST_ROOM: Final = 0.3
"""Of the screen, for what comes under the answer."""


def _body_width(pen: Pen) -> int:
    """Return the width of a column: all of it, or on a wide panel half."""
    theme = pen.theme
    width = theme.width - 2 * theme.margin
    return (width - theme.gap) // 2 if theme.landscape else width


def place_answer(  # noqa: PLR0917 - a panel, its colours, its place
    pen: Pen,
    sign: Draw,
    texts: Block,
    colours: tuple[Colour, Colour],
    at: tuple[int, int],
    width: int,
    *,
    tight: bool = False,
) -> int:
    """Set the answer's panel down: the big sign, and the words beside it or under it. Returns the y under it.

    `tight`: with the least air over and under them.
    """
    theme = pen.theme
    padding, side = theme.px(14 if tight else 36), theme.px(46)
    inside = width - 2 * side
    block: Block = Signed(sign, theme.px(140), theme.px(36), texts)
    if inside - theme.px(140 + 36) < _LEAST_BESIDE * theme.type(ANSWER_SIZES[-1]).size:
        over = Stack((Alone(sign, theme.px(96)), texts), theme.px(12))
        block = min(over, block, key=lambda one: one.height(pen, inside))
    height = block.height(pen, inside) + 2 * padding
    pen.panel(at[0], at[1], width, height, *colours, theme.px(36))
    block.place(pen, at[0] + side, at[1] + padding, inside)
    return at[1] + height


def place_answer_again(pen: Pen, sign: Draw, answer: str, width: int) -> int:
    """Set the answer down as one line at the top of a page that goes on. Returns the y under it."""
    theme = pen.theme
    line = Line(answer, theme.type(36, strong=True), theme.palette.ink)
    block = Signed(sign, theme.px(72), theme.px(20), line)
    block.place(pen, theme.margin, theme.margin, width)
    return theme.margin + block.height(pen, width)


Head = Callable[[Pen, int], int]
"""Draws in a width whose this is, and the answer; returns the y under them."""
Apart = Callable[[float, list[Section]], list[Section]]


def _nothing_apart(_air: float, cards: list[Section]) -> list[Section]:
    return cards


@frozen
class Shorter:
    """A head with less in it, for where the whole has no room on a page; `apart` tells the rest among the cards.

    It takes their density and the cards, and returns them all.
    """

    head: Head
    apart: Apart = _nothing_apart


def place_body(
    pen: Pen,
    head: Head,
    sections_of: Callable[[float], list[Section]],
    below: int,
    shorter: tuple[Shorter, ...] = (),
    *,
    again: Head | None = None,
    tight: Head | None = None,
    begins: bool = False,
) -> None:
    """Set the head down and cards under it, on a wide panel beside it first; on as many pages as they need.

    `head` draws whose this is and the answer, in a width, and returns the y under them; `again` the answer in
    less room, for the pages after the first. `sections_of` gives the cards for a density, the share of their air.
    `shorter`: what stands there for `head` where it has no room, the first that has; `tight`: where cards stand beside
    it, and it saves a page or a division. With `begins`, large letters count as room what the first row takes under it.
    """
    theme, width, again = pen.theme, _body_width(pen), again or head
    laid = _lay(pen, head, sections_of, below, again)
    if tight is not None and _beside(theme) and (laid is None or len(laid[1]) > 1):
        other = _lay(pen, tight, sections_of, below, again)
        laid = min((one for one in (laid, other) if one), key=lambda one: _cost(one[1]), default=None)
    if laid is None and shorter and _beside(theme):
        apart = shorter[0].apart
        place_body(pen, shorter[0].head, lambda air: apart(air, sections_of(air)), below, again=again)
        return
    if laid is None:
        _in_pages(pen, (Shorter(head), *shorter), sections_of, below, again, begins=begins)
        return
    first, pages = laid

    def draw(page: Page, pen: Pen) -> None:
        if page is pages[0]:
            pen.board.add_widget(first)
        else:
            again(pen, width)
        draw_page(page, pen)

    drawn = [partial(draw, page) for page in pages]
    pen.board.add_widget(Pages(pen, drawn, below - page_bar_height(pen), stays=True))


def _lay(
    pen: Pen, head: Head, sections_of: Callable[[float], list[Section]], below: int, again: Head
) -> tuple[Board, list[Page]] | None:
    """Draw a head, and fit the cards under and beside it; None where it has no room, or large letters no page."""
    theme, width, bottom = pen.theme, _body_width(pen), below - page_bar_height(pen)
    first = pen.page()
    y = head(pen.on(first), width)
    if _has_room(theme, y, below):
        for density in _DENSITIES:
            gap = round(theme.gap * density)
            pages = _read_through(sections_of(density), _columns(pen, y + gap, below, width), gap, pen)
            if len(pages) == 1 and (theme.text == USUAL or all_above(below, pages, pen)):
                return first, pages
        # In large letters cards have the whole width, and the room of the answer where that saves a page.
        if theme.text == USUAL and y <= bottom:
            tops = (y, _height_of(again, pen, width))
            return first, _fewest(pen, sections_of, tops, bottom, width)
    let_go(first)
    return None


def _has_room(theme: Theme, y: int, below: int) -> bool:
    """Tell whether cards have room under a head that ends at y; on a wide panel they may all stand beside it."""
    return y <= below if _beside(theme) else below - y >= _LEAST_ROOM * theme.height


def _beside(theme: Theme) -> bool:
    """Tell whether half the width is enough for a card; larger letters would leave it a word or two a line."""
    return theme.landscape and theme.text == USUAL


def _read_through(
    sections: list[Section], columns: tuple[Column, ...], gap: int, pen: Pen, later: tuple[Column, ...] | None = None
) -> list[Page]:
    """Fit the cards, the column of the answer first; or the one beside it first where that saves pages or divisions.

    Not where a card would go on under the answer: whoever reads looks for its beginning there.
    """
    pages = fit(sections, columns, gap, pen, later)
    if len(columns) == 1:
        return pages
    beside_first = fit(sections, columns[::-1], gap, pen, later or columns)
    goes_back = any(placed.x == columns[-1].x and placed.section not in sections for placed in beside_first[0])
    return pages if goes_back else min(pages, beside_first, key=_cost)


def _cost(pages: list[Page]) -> tuple[int, bool, int]:
    """Count the pages, and the cards and parts of cards on them; before these, whether the step under way waits."""
    rows = (row for placed in pages[0] for row in placed.section.rows)
    waits = not any(isinstance(row, ChainStep) and row.under_way for row in rows)
    return len(pages), waits, sum(map(len, pages))


def _height_of(head: Head, pen: Pen, width: int) -> int:
    tried = pen.page()
    y = head(pen.on(tried), width)
    let_go(tried)
    return y


def _fewest(
    pen: Pen, sections_of: Callable[[float], list[Section]], tops: tuple[int, int], bottom: int, width: int
) -> list[Page]:
    """Fit the cards into pages above their bar: as few, and as few divided, as can be; then as roomy as that allows.

    `tops`: where the head ends on the first page, and on the others.
    """

    def pages(density: float) -> list[Page]:
        gap = round(pen.theme.gap * density)
        here, later = (_columns(pen, top + gap, bottom - gap, width) for top in tops)
        return _read_through(sections_of(density), here, gap, pen, later)

    return min(map(pages, _DENSITIES[1:]), key=_cost)


def _in_pages(
    pen: Pen,
    heads: tuple[Shorter, ...],
    sections_of: Callable[[float], list[Section]],
    below: int,
    again: Head,
    *,
    begins: bool,
) -> None:
    """Where letters are large, or the screen is low: the answer first, and the rest under it and on the next pages.

    There the answer stands again, in the least room, where that costs no page.
    """
    theme = pen.theme
    bar, large = page_bar_height(pen), theme.text > USUAL
    bottom, width = below - bar - theme.px(16), theme.width - 2 * theme.margin
    gap = theme.px(20)
    begun = sections_of(_LARGE)[0].first(1).height(pen, width) + gap if begins and large else 0
    first, apart, end = _first_page(pen, heads, width, bottom - begun)

    def fitted(top: int, density: float = _LARGE) -> list[Page]:
        sections = apart(density, sections_of(density))
        under, later = (Column(theme.margin, y, width, bottom - y) for y in (end + gap if large else bottom, top))
        return fit(sections, (under,), gap, pen, (later,), filled=True)

    under = _height_of(again, pen, width) + gap
    pages = fitted(under)
    repeats = bottom - under >= _LEAST_ROOM * theme.height and all_above(bottom, pages, pen)
    if not repeats and not large:
        pages = fitted(theme.margin)
    elif large:
        alone = min((fitted(theme.margin // 2, density) for density in (_LARGE, _DENSITIES[-1])), key=len)
        if not repeats or len(pages) > len(alone):
            repeats, pages = False, alone

    def draw(page: Page, pen: Pen) -> None:
        if page is pages[0]:
            pen.board.add_widget(first)
        elif repeats:
            again(pen, width)
        draw_page(page, pen)

    pen.board.add_widget(Pages(pen, [partial(draw, page) for page in pages], below - bar, stays=True))


def _first_page(pen: Pen, heads: tuple[Shorter, ...], width: int, bottom: int) -> tuple[Board, Apart, int]:
    """Draw the first head that has room above the bottom, or the last; return it, what it leaves to cards, its end."""
    for one in heads:
        first = pen.page()
        end = one.head(pen.on(first), width)
        if end <= bottom or one is heads[-1]:
            return first, one.apart, end
        let_go(first)
    raise AssertionError("there is no head")


def _columns(pen: Pen, top: int, bottom: int, width: int) -> tuple[Column, ...]:
    theme = pen.theme
    under_answer = Column(theme.margin, top, width, bottom - top)
    if not theme.landscape:
        return (under_answer,)
    beside = Column(theme.margin + width + theme.gap, theme.margin, width, bottom - theme.margin)
    return (under_answer, beside)
