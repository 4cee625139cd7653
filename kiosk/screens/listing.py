"""Several files: the list by group and page, a search by number, the next slip."""

from typing import Final

from kiosk.account import ToldRow, tell_row
from kiosk.card_events import BackPressed, KeyEntered
from kiosk.list_state import (
    SEARCH_FROM,
    AddSlip,
    AddSlipPressed,
    FileChosen,
    Group,
    ListPressed,
    ListTurned,
    SearchList,
    SearchPressed,
    ShowList,
    group_of,
)
from kiosk.text import Lettered
from kiosk.theme import USUAL
from kiosk.visit_events import Event, FinishPressed, PrintPressed
from kiosk.visit_state import SCREEN_LANGUAGES

from ..frozen import frozen
from . import typing
from .actions import Action, Send, language_height, place_actions, place_languages
from .blocks import Block, Heading, Line, Stack
from .board import Pen
from .keypad import DIGITS
from .message import Message, show
from .pages import page_bar_height, place_page_bar
from .signs import answer_sign, information, slip_on_paper, success

_TITLES: Final = (56, 52, 46)
_SEVERAL: Final = 3
"""Files that a page of a list shows on the average at least, unless letters as large as they were chosen leave no room.

A page may end early where a group does: that makes no list's letters smaller.
"""


@frozen
class _Row:
    """A file's row, and the heading above it where its group begins, or goes on on another page."""

    at: int
    file: ToldRow
    heading: str | None
    height: int


def build_list(pen: Pen, state: ShowList, send: Send) -> None:
    """Draw the page on which the file `state.listing.at` stands."""
    theme, words = pen.theme, pen.words
    actions: list[Action[Event]] = [
        Action("print", words("button.print_summary"), PrintPressed()),
        Action("add", words("button.add_slip"), AddSlipPressed()),
        Action("finish", words("button.finish"), FinishPressed()),
    ]
    if not state.can_print:
        del actions[0]
    bottom = place_actions(pen, tuple(actions), send) - theme.px(24)
    if not state.can_print:
        note = Line(words("list.no_paper"), theme.type(30), theme.palette.soft)
        whole = theme.width - 2 * theme.margin
        bottom -= note.height(pen, whole)
        note.place(pen, theme.margin, bottom, whole)
        bottom -= theme.px(16)
    top = _head(pen, state, send)
    told = [(group_of(sheet.status), tell_row(sheet, words)) for sheet in state.listing.shown]
    rows, pages = pen, _pages(pen, told, bottom - top)
    if len(pages) > 1:
        rows, pages = _large_pages(pen, told, bottom - page_bar_height(pen) - theme.px(16) - top)
    page = next((at for at, rows in enumerate(pages) if rows[-1].at >= state.listing.at), 0)
    y = top
    for row in pages[page]:
        y = _place_row(rows, row, y, send)
    if len(pages) > 1:
        y = bottom - page_bar_height(pen)
        place_page_bar(pen, y, page, len(pages), lambda wanted: send(ListTurned(pages[wanted][0].at)))


def _head(pen: Pen, state: ShowList, send: Send) -> int:
    """How many there are, the search, and the other languages; returns the y under them."""
    theme, palette, words, listing = pen.theme, pen.theme.palette, pen.words, state.listing
    whole, height, gap = theme.width - 2 * theme.margin, language_height(pen), theme.px(20)
    told = words.counted("list.title", len(listing.shown))
    searched = words("list.searched", digits=words.code(listing.search)) if listing.search else ""
    title: Block = Heading(told, _TITLES, palette.ink)
    # Large letters on a low panel: what is in the list has the room; the languages are on home and on each file.
    bare = theme.landscape and theme.text > USUAL
    if bare and searched:
        title = Line(f"{told} · {searched}", theme.type(34, strong=True), palette.ink)
    top = max(theme.margin, theme.beyond_reach)
    taken = place_languages(pen, top, send, every=bare, offered=() if bare else SCREEN_LANGUAGES)
    many = len(listing.sheets) >= SEARCH_FROM or bool(listing.search)
    key, event = ("button.all", ListPressed()) if listing.search else ("button.search", SearchPressed())
    label = pen.letter(words(key), theme.type(34, strong=True))
    button = max(theme.target, theme.px(92), label.height + theme.px(16))
    width = label.width + theme.px(80)

    def search(x: float, top: float) -> None:
        pen.press(x, top, width, button, key, label, lambda: send(event), round_ends=True)

    if many and bare:
        taken += width + gap
    room, beside = whole - taken - theme.gap, whole - width - theme.gap
    y = top + height + gap
    if top > theme.margin:  # only what is pressed needs the room within reach
        told_of = Line(searched, theme.type(34), palette.soft)
        above = Stack((title, told_of) if searched else (title,))
        above.place(pen, theme.margin, theme.over_targets(above.height(pen, whole) + gap), whole)
        searched = ""
    elif (tall := title.height(pen, room)) <= height or bare:
        title.place(pen, theme.margin, max(theme.margin, theme.margin + (height - tall) / 2), room)
        y = max(y, theme.margin + tall + gap)
    elif many and not searched and (tall := title.height(pen, beside)) <= 1.5 * button:  # a line: beside the search
        tallest = max(button, tall)
        title.place(pen, theme.margin, y + (tallest - tall) / 2, beside)
        search(theme.margin + whole - width, y + (tallest - button) / 2)
        return y + tallest + theme.px(12)
    else:  # large letters: under the languages
        title.place(pen, theme.margin, y, whole)
        y += title.height(pen, whole) + theme.px(12)
    if not many:
        return y
    if bare:
        search(theme.margin + room + theme.gap, theme.margin)
        return y
    search(theme.margin + whole - width, y)
    if not searched:
        return y + button + gap
    line = Line(searched, theme.type(34), palette.soft)
    if line.height(pen, beside) > button:
        line.place(pen, theme.margin, y + button, whole)
        return y + button + line.height(pen, whole) + gap
    line.place(pen, theme.margin, y + (button - line.height(pen, beside)) / 2, beside)
    return y + button + gap


def _large_pages(pen: Pen, told: list[tuple[Group, ToldRow]], height: int) -> tuple[Pen, list[list[_Row]]]:
    """Share the rows among pages of several files each; return what draws them, and the pages.

    Only the easy view's own larger letters give way to that: a size that was chosen stays.
    """
    sizes = [size for size in pen.theme.steps if size >= pen.comfort.text]
    for size in sizes:
        smaller = pen.lettered(size)
        pages = _pages(smaller, told, height)
        if size == sizes[-1] or len(pages) <= -(-len(told) // _SEVERAL):
            return smaller, pages
    return pen, _pages(pen, told, height)


def _pages(pen: Pen, told: list[tuple[Group, ToldRow]], height: int) -> list[list[_Row]]:
    """Share the rows among pages; each page begins with the heading of its group."""
    words, gap = pen.words, pen.theme.px(12)
    headings = {group: _heading_height(pen, group) for group in Group}
    heights: dict[tuple[str, str], int] = {}
    pages: list[list[_Row]] = [[]]
    used, before = 0, None
    for at, (group, file) in enumerate(told):
        row = heights.get((file.service, file.answer)) or _row_height(pen, file)
        heights[file.service, file.answer] = row  # digits are all as wide as each other
        begins = group is not before or not pages[-1]
        need = row + headings[group] * begins
        if pages[-1] and used + need > height:
            pages.append([])
            used, need, begins = 0, row + headings[group], True
        heading = words(f"list.group.{group.name.lower()}") if begins else None
        pages[-1].append(_Row(at, file, heading, row))
        used += need + gap
        before = group
    return pages


def _heading_height(pen: Pen, group: Group) -> int:
    heading = pen.words(f"list.group.{group.name.lower()}")
    return pen.letter(heading, pen.theme.type(34, strong=True)).height + pen.theme.px(8)


def _row_height(pen: Pen, file: ToldRow) -> int:
    title, answer = _lines(pen, file)
    return max(pen.theme.target, title.height + answer.height + pen.theme.px(24))


def _lines(pen: Pen, file: ToldRow) -> tuple[Lettered, Lettered]:
    theme = pen.theme
    room = theme.width - 2 * theme.margin - _sign(pen) - theme.px(72)
    title = pen.letter(f"{file.number} · {file.service}", theme.type(34, strong=True), room)
    return title, pen.letter(file.answer, theme.type(32), room)


def _sign(pen: Pen) -> int:
    return pen.theme.px(72)


def _place_row(pen: Pen, row: _Row, y: int, send: Send) -> int:
    """Set a row down with its top at y; returns the y of the next one."""
    theme, palette = pen.theme, pen.theme.palette
    if row.heading is not None:
        text = pen.letter(row.heading, theme.type(34, strong=True))
        pen.text(text, palette.soft, theme.margin, y)
        y += text.height + theme.px(8)
    title, answer = _lines(pen, row.file)
    side = _sign(pen)
    pen.press_card(
        *(theme.margin, y, theme.width - 2 * theme.margin, row.height, f"file.{row.at}", title, answer),
        do=lambda: send(FileChosen(row.at)),
        side=side + theme.px(48),
        sign=(answer_sign(row.file.sign, palette), side),
    )
    return y + row.height + theme.px(12)


def build_search(pen: Pen, state: SearchList, send: Send) -> None:
    words = pen.words
    asked = typing.Asked(
        words("search.title"),
        words.counted("search.found", state.found) if state.found else words("search.none"),
        state.typed,
        DIGITS,
        (
            Action("enter", words("button.done"), KeyEntered()),
            Action("back", words("button.return"), BackPressed()),
            Action("finish", words("button.finish"), FinishPressed()),
        ),
        languages=SCREEN_LANGUAGES,
    )
    typing.show(pen, asked, send)


def build_add(pen: Pen, state: AddSlip, send: Send) -> None:
    """Nothing of the files is on this screen: the next slip may be another's after all."""
    palette, words = pen.theme.palette, pen.words
    sign, title = slip_on_paper(palette), "add.title"
    lines = [words.counted("add.count", len(state.listing.sheets))]
    actions: list[Action[Event]] = [
        Action("list", words("button.done"), ListPressed()),
        Action("finish", words("button.finish"), FinishPressed()),
    ]
    if state.reading:
        lines.append(words("add.reading"))
    elif not state.open:
        sign, title = success(palette), "add.added.title"
        actions.insert(0, Action("add", words("button.add_slip"), AddSlipPressed()))
    if state.refused is not None:
        sign, title = information(palette), "add.refused.title"
        lines.append(words(f"problem.{state.refused.value}.title"))
    message = Message(
        *(sign, words(title), palette.ink, tuple(lines), (words("add.own"),)),
        actions=tuple(actions),
        languages=SCREEN_LANGUAGES,
    )
    show(pen, message, send)
