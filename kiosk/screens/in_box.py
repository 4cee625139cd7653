"""Words above keys, or beside them: where letters are large, on pages of their own box; field and keys stay."""

from collections.abc import Callable
from functools import partial
from typing import Final

from .blocks import Block, Stack, parted
from .board import Pen
from .pages import Pages, page_bar_height, place_arrows

_BETWEEN: Final = 12


def place_in_box(pen: Pen, blocks: list[Block], gap: int, box: tuple[int, int, int, int]) -> int:
    """Set blocks under each other into a box (x, y, width, height); returns the height that they take of it."""
    x, y, width, height = box
    at_once = Stack(tuple(blocks), gap)
    if (tall := at_once.height(pen, width)) <= height:
        at_once.place(pen, x, y, width)
        return tall
    room = height - page_bar_height(pen) - pen.theme.px(_BETWEEN)
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
