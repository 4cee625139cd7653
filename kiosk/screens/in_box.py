"""Words above keys, or beside them: where letters are large, on pages of their own box; field and keys stay."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from .blocks import Block, Heading, Stack, in_one, parted
from .board import Pen
from .pages import Pages, page_bar_height, place_arrows

_BETWEEN: Final = 12
_SMALLER: Final = (40, 34, 30)
"""Sizes of a title that would leave no room, or be parted: it is larger than what stands under it even so."""


def place_in_box(  # noqa: PLR0917 - what is told, and where
    pen: Pen,
    title: Heading,
    others: list[Block],
    gap: int,
    box: tuple[int, int, int, int],
    wrong: Block | None = None,
) -> int:
    """Set a title and blocks under it into a box (x, y, width, height); returns the height that they take of it.

    `wrong`, one of the others, is read first of them where they need pages; and before the title where both have no
    room on one. All of it is on that page, in smaller letters rather than without how many tries are left.
    """
    x, y, width, height = box
    titles = [title, *(replace(title, sizes=(size,)) for size in _SMALLER)]
    for one in titles:
        at_once = Stack((one, *others), gap)
        if (tall := at_once.height(pen, width)) <= height:
            at_once.place(pen, x, y, width)
            return tall
    room = height - page_bar_height(pen) - pen.theme.px(_BETWEEN)
    urgent = [] if wrong is None else [in_one(wrong, pen, width, room) or wrong]
    rest = [block for block in others if block is not wrong]
    together = [one for one in titles if Stack((one, *urgent), gap).height(pen, width) <= room]
    whole = next((one for one in titles if one.height(pen, width) <= room), titles[-1])
    blocks = [together[0], *urgent, *rest] if together else [*urgent, whole, *rest]
    pages: list[list[Block]] = [[]]
    used = 0
    for block in [part for whole in blocks for part in parted(whole, pen, width, room)]:
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


def _draw(pen: Pen, block: Block, x: int, y: int, width: int) -> None:
    block.place(pen, x, y, width)
