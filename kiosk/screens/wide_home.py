"""Home in large letters on a wide panel: all of it on one page, each part as large as the others leave it room."""

from itertools import product
from typing import Final

from kiosk.text import Lettered
from kiosk.theme import SIZES, USUAL
from kiosk.visit_state import Home, Way

from ..frozen import frozen
from .actions import Send, language_height, place_languages
from .blocks import Block
from .board import Pen
from .home import Lobby, Time, notices_of, said_of
from .instruction import LEAST_PICTURE, place_instruction, sizes_of
from .letting_go import let_go
from .ways import Ways

_WAYS_AT_MOST: Final = 0.64
"""The share that they may take where letters are large."""
_WAYS_BESIDE_A_NOTICE: Final = 150
"""Percent of the usual letters that they keep beside a notice."""
_KEPT: Final = 0.875
"""Of its letters what the instruction keeps where what is read by the way grows: a step."""
_A_DAY: Final = 86_400
_AIRS: Final = (1.0, 0.5)
"""Shares of the air around their words that are tried there, before smaller letters."""


@frozen
class _Between:
    """Of home in large letters on a wide panel: what is read by the way, and what that leaves between its places.

    `pen`: with the letters of ministry, time, the terminal's name and `notices`. `top`, `bottom`: of ways in and
    instruction. `width`: of the instruction; `letters`: their size in it; `picture`: the side of it.
    """

    pen: Pen
    notices: Block | None
    top: int
    bottom: int
    ways: Ways | None
    width: int
    letters: float
    picture: int


def place_at_once(pen: Pen, state: Home, send: Send, lobby: Lobby) -> bool:
    """Draw home in large letters on a wide panel, on one page; False, and nothing drawn, where it has no room.

    Each part has the largest letters that it has room for, the ways in first. What is read by the way (ministry, time,
    the terminal's name, and what does not work at present) grows as long as it takes little from them.
    """
    theme = pen.theme
    page, gap, width = pen.page(), theme.px(24), theme.width - 2 * theme.margin
    under = _largest_languages(pen.on(page), state, send) - gap
    usual = _between(pen.on(page), USUAL, state, lobby, under)
    if usual is None:
        let_go(page)
        return False
    larger = (_between(pen.on(page), text, state, lobby, under) for text in pen.theme.steps[:-1])
    laid = next((one for one in larger if one is not None and _bears(one, usual)), usual)
    _head_in_one_row(laid.pen, lobby)
    if laid.notices:
        laid.notices.place(laid.pen, theme.margin, laid.bottom + gap, width)
    if laid.ways:
        laid.ways.place(theme.margin + laid.width + gap, laid.top, laid.bottom - laid.top, send)
    place_instruction(pen.on(page), laid.top, laid.width, laid.bottom, state.held, lobby.camera, dimmed=state.dimmed)
    pen.board.add_widget(page)
    return True


def _between(pen: Pen, text: int, state: Home, lobby: Lobby, under: int) -> _Between | None:
    """Lay home out over the y `under`, what is read by the way in `text` percent; None where it has no room so."""
    theme, small = pen.theme, pen.lettered(text)
    gap, width = theme.px(24), theme.width - 2 * theme.margin
    name, terminal = _whose(small, lobby)
    if text > USUAL and name.width + terminal.width + _longest_time(small, lobby) + 4 * theme.gap > width:
        return None
    top, bottom = theme.margin // 2 + name.height + gap, under
    if notices := notices_of(small, state):
        bottom -= notices.height(small, width) + gap
    ways = None
    if state.ways:
        ways = _largest_ways(pen, state.ways, round(width * _WAYS_AT_MOST), bottom - top)
        if ways is None:
            return None
        width -= ways.width + gap
    letters, picture = sizes_of(pen, width, bottom - top, None)  # nothing else moves when a paper is held
    return _Between(small, notices, top, bottom, ways, width, letters, picture)


def _bears(one: _Between, usual: _Between) -> bool:
    """Tell whether larger letters by the way leave the rest as large, but for a step or so.

    Beside a notice, which says more than ministry and time, the ways in may be half again as large as usual.
    """
    if one.letters < _KEPT * usual.letters or one.picture < min(usual.picture, one.pen.theme.px(LEAST_PICTURE)):
        return False
    if one.ways is None or usual.ways is None:
        return True
    return one.ways.text >= min(usual.ways.text, _WAYS_BESIDE_A_NOTICE if one.notices else SIZES[0])


def _largest_languages(pen: Pen, state: Home, send: Send) -> int:
    """Set the languages at the bottom in the largest letters that leave them one row; returns the y they begin at."""
    theme = pen.theme
    for text in pen.theme.steps:
        page = pen.lettered(text).on(pen.page())
        top = theme.height - theme.margin // 2 - language_height(page)
        place_languages(page, top, send, every=True, offered=state.languages)
        if text == USUAL or not page.board.overflow():
            pen.board.add_widget(page.board)
            return top
        let_go(page.board)
    raise AssertionError("the usual letters are always tried")


def _largest_ways(pen: Pen, ways: frozenset[Way], width: int, height: int) -> Ways | None:
    """Return the ways in, under each other, in the largest letters that fit; None where none larger than usual do."""
    for text, air in product(pen.theme.steps[:-1], _AIRS):
        tried = Ways(pen.lettered(text), ways, width, 1, air)
        if tried.height <= height and tried.whole:
            return tried.narrowed()
    return None


def _head_in_one_row(pen: Pen, lobby: Lobby) -> None:
    """Set the ministry, the terminal and the time into one row."""
    theme, palette = pen.theme, pen.theme.palette
    name, terminal = _whose(pen, lobby)
    top = theme.margin // 2
    middle = top + name.height // 2
    pen.text(name, palette.ink, theme.margin, top)
    pen.text(terminal, palette.soft, theme.margin + name.width + 2 * theme.gap, middle - terminal.height / 2)
    pen.board.add_widget(Time(pen, lobby, middle))


def _whose(pen: Pen, lobby: Lobby) -> tuple[Lettered, Lettered]:
    """Letter the ministry, and the terminal's name."""
    theme, words = pen.theme, pen.words
    name = pen.letter(words("ministry"), theme.type(36, strong=True))
    return name, pen.letter(words("terminal", name=words.code(lobby.terminal)), theme.type(30))


def _longest_time(pen: Pen, lobby: Lobby) -> int:
    """Return the width of the time on the day whose name is the longest; 0 while the clock is not trusted."""
    if (now := lobby.clock()) is None:
        return 0
    said = (said_of(pen.words, now + day * _A_DAY) for day in range(7))
    return max(pen.letter(one, pen.theme.type(30)).width for one in said)
