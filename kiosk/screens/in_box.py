"""Words above keys, or beside them: where letters are large, on pages of their own box; field and keys stay."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from .blocks import Block, Heading, Line, Stack
from .board import Pen
from .pages import Pages, page_bar_height, place_arrows
from .parting import LEAST_OF_A_SENTENCE, as_large_as_goes, in_one, parted, sizes_of

_BETWEEN: Final = 12
_SMALLER: Final = (40, 36, 34)
"""Sizes of a title that would leave no room, or be parted: it is larger than what stands under it even so."""
_LEAST_AT_ONCE: Final = 0.55
"""Of their size, what letters keep where something is wrong: what to look at for it stands beside it."""


def place_in_box(  # noqa: PLR0917 - what is told, and where
    pen: Pen,
    title: Heading,
    others: list[Line],
    gap: int,
    box: tuple[int, int, int, int],
    wrong: Line | None = None,
) -> int:
    """Set a title and blocks under it into a box (x, y, width, height); returns the height that they take of it.

    `wrong`, one of the others, is what is wrong or under way: then all of it stands there at once, in smaller letters;
    where they still need pages, it is on the first with the title.
    """
    x, y, width, height = box
    titles = [title, *(replace(title, sizes=(size,)) for size in _SMALLER)]
    for one in titles:
        at_once = Stack((one, *others), gap)
        if (tall := at_once.height(pen, width)) <= height:
            at_once.place(pen, x, y, width)
            return tall
    named = Line(title.text, pen.theme.type(_SMALLER[-1], strong=True), title.colour)
    least = LEAST_OF_A_SENTENCE if wrong is None else _LEAST_AT_ONCE
    if (whole := as_large_as_goes((named, *others), gap, pen, width, height, least)) is not None:
        whole.place(pen, x, y, width)
        return whole.height(pen, width)
    room = height - page_bar_height(pen) - pen.theme.px(_BETWEEN)
    rest = tuple(block for block in others if block is not wrong)
    if wrong is None:
        asked = [next((one for one in titles if one.height(pen, width) <= room), titles[-1])]
    else:
        together = next((one for one in titles if Stack((one, wrong), gap).height(pen, width) <= room), None)
        asked = [Stack((together, wrong), gap)] if together else _both(pen, named, wrong, gap, (width, room))
    later = as_large_as_goes(rest, gap, pen, width, room) if rest else None
    pages: list[list[Block]] = [[]]
    used = 0
    for block in [
        part for whole in (*asked, *((later,) if later else rest)) for part in parted(whole, pen, width, room)
    ]:
        tall = block.height(pen, width)
        if pages[-1] and used + tall > room:
            pages.append([])
            used = 0
        pages[-1].append(block)
        used += tall + gap
    drawn: list[Callable[[Pen], None]] = [
        partial(_draw, block=Stack(tuple(page), gap), x=x, y=y, width=width) for page in pages
    ]
    bar = partial(place_arrows, x=x, width=width)
    pen.board.add_widget(Pages(pen, drawn, y + height - page_bar_height(pen), bar))
    return height


def _both(pen: Pen, title: Line, wrong: Line, gap: int, box: tuple[int, int]) -> list[Block]:
    """Return title and what is wrong in letters with which a box (width, height) holds both, as large as goes."""
    width, room = box
    pairs = [
        (one, other)
        for one in sizes_of(title, pen)
        if (other := in_one(wrong, pen, width, room - gap - one.height(pen, width))) is not None
    ]
    if not pairs:
        return [wrong, title]

    def size(pair: tuple[Line, Line]) -> tuple[float, float]:
        sizes = [line.style.size for line in pair]
        return min(sizes), sum(sizes)

    return [Stack(max(pairs, key=size), gap)]


def _draw(pen: Pen, block: Block, x: int, y: int, width: int) -> None:
    block.place(pen, x, y, width)
