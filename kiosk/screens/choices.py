"""One thing to choose from a list: as many pages as it needs, each row wide enough for any finger."""

from functools import partial
from typing import Final

from kiosk.text import Lettered
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
    height: int


def place_choices(pen: Pen, choices: tuple[Choice, ...], top: int, below: int, send: Send) -> None:
    """Set the choices down between two heights, in two columns on a wide panel."""
    theme = pen.theme
    gap, columns = theme.px(_GAP), 2 if theme.landscape else 1
    width = (theme.width - 2 * theme.margin - gap * (columns - 1)) // columns
    rows = [_row(pen, choices[at : at + columns], width) for at in range(0, len(choices), columns)]
    pages = _pages(rows, below - top, gap)
    if len(pages) > 1:
        below -= page_bar_height(pen) + gap
        pages = _pages(rows, below - top, gap)
    drawn = [partial(_draw_page, page, top, width, send) for page in pages]
    pen.board.add_widget(Pages(pen, drawn, below + gap))


def _draw_page(page: list[_Row], top: int, width: int, send: Send, pen: Pen) -> None:
    theme, y = pen.theme, top
    gap = theme.px(_GAP)
    for row in page:
        x = theme.margin
        for choice, title, hint in row.choices:
            pen.press_card(
                *(x, y, width, row.height, choice.name, title, hint),
                do=lambda event=choice.event: send(event),
                side=theme.px(36),
            )
            x += width + gap
        y += row.height + gap


def _row(pen: Pen, choices: tuple[Choice, ...], width: int) -> _Row:
    theme, inside = pen.theme, width - 2 * pen.theme.px(36)
    labels: list[tuple[Choice, Lettered, Lettered | None]] = []
    for choice in choices:
        title = pen.letter(choice.title, theme.type(36, strong=True), inside)
        labels.append((choice, title, pen.letter(choice.hint, theme.type(30), inside) if choice.hint else None))
    tallest = max(title.height + (hint.height if hint else 0) for _, title, hint in labels)
    return _Row(tuple(labels), max(theme.target, theme.px(_LEAST), tallest + theme.px(48)))


def _pages(rows: list[_Row], room: int, gap: int) -> list[list[_Row]]:
    pages: list[list[_Row]] = [[]]
    used = 0
    for row in rows:
        if pages[-1] and used + row.height > room:
            pages.append([])
            used = 0
        pages[-1].append(row)
        used += row.height + gap
    return pages
