"""One thing to choose from a list: as many pages as it needs, each row wide enough for any finger."""

from collections.abc import Callable
from functools import partial
from typing import Final

from kiosk.text import Lettered
from kiosk.theme import USUAL
from kiosk.visit_events import Event

from ..frozen import frozen
from .actions import Send
from .board import Pen
from .pages import Pages, page_bar_height

_LEAST: Final = 150
_GAP: Final = 24


@frozen
class Choice:
    """Something that can be chosen: the button's name in the tree, its words, what it sends."""

    name: str
    title: str
    hint: str | None
    event: Event


@frozen
class _Row:
    choices: tuple[tuple[Choice, Lettered, Lettered | None], ...]
    width: int
    height: int


def place_choices(  # noqa: PLR0917 - where they stand, and under what
    pen: Pen, choices: tuple[Choice, ...], top: int, below: int, send: Send, head: Callable[[Pen], None] | None = None
) -> None:
    """Set the choices down between two heights, in two columns on a wide panel.

    `head` draws what stands over them, on the first page alone where large letters need several; there in one column.
    """
    theme = pen.theme
    gap, rows = theme.px(_GAP), _rows(pen, choices, 2 if theme.landscape else 1)
    pages, later = _pages(rows, (below - top, below - top), gap), top
    if len(pages) > 1:
        below -= page_bar_height(pen) + gap
        if head is not None and theme.text > USUAL:
            later, rows = max(theme.margin // 2, theme.beyond_reach), _rows(pen, choices, 1)
        pages = _pages(rows, (below - top, below - later), gap)

    def draw(page: list[_Row], pen: Pen) -> None:
        first = page is pages[0]
        if head is not None and (first or later == top):
            head(pen)
        _draw_page(page, top if first else later, send, pen)

    pen.board.add_widget(Pages(pen, [partial(draw, page) for page in pages], below + gap))


def _draw_page(page: list[_Row], top: int, send: Send, pen: Pen) -> None:
    theme, y = pen.theme, top
    gap = theme.px(_GAP)
    for row in page:
        x = theme.margin
        for choice, title, hint in row.choices:
            pen.press_card(
                *(x, y, row.width, row.height, choice.name, title, hint),
                do=lambda event=choice.event: send(event),
                side=theme.px(36),
            )
            x += row.width + gap
        y += row.height + gap


def _rows(pen: Pen, choices: tuple[Choice, ...], columns: int) -> list[_Row]:
    theme = pen.theme
    width = (theme.width - 2 * theme.margin - theme.px(_GAP) * (columns - 1)) // columns
    return [_row(pen, choices[at : at + columns], width) for at in range(0, len(choices), columns)]


def _row(pen: Pen, choices: tuple[Choice, ...], width: int) -> _Row:
    theme, inside = pen.theme, width - 2 * pen.theme.px(36)
    labels: list[tuple[Choice, Lettered, Lettered | None]] = []
    for choice in choices:
        title = pen.letter(choice.title, theme.type(36, strong=True), inside)
        labels.append((choice, title, pen.letter(choice.hint, theme.type(30), inside) if choice.hint else None))
    tallest = max(title.height + (hint.height if hint else 0) for _, title, hint in labels)
    return _Row(tuple(labels), width, max(theme.target, theme.px(_LEAST), tallest + theme.px(48)))


def _pages(rows: list[_Row], rooms: tuple[int, int], gap: int) -> list[list[_Row]]:
    """Share the rows among pages; `rooms`: of the first page, and of the others."""
    room, later = rooms
    pages: list[list[_Row]] = [[]]
    used = 0
    for row in rows:
        if pages[-1] and used + row.height > room:
            pages.append([])
            used, room = 0, later
        pages[-1].append(row)
        used += row.height + gap
    return pages
