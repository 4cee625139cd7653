"""Nobody is here: one instruction, in three languages, and what does not work at present."""

from collections.abc import Callable
from itertools import product
from typing import Final

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle

from kiosk.camera import CameraView
from kiosk.theme import SIZES, USUAL, Colour
from kiosk.visit_state import Home, Way
from kiosk.words import other_languages

from ..frozen import frozen
from .actions import Send, language_height, place_languages
from .blocks import Block, Line, Signed, Stack
from .board import Board, Pen
from .instruction import least_height, place_instruction
from .letting_go import let_go
from .signs import cloud_cut
from .ways import Ways

# On a wide panel the ways in stand beside the instruction, and take this share of the width.
_WAYS_BESIDE: Final = 0.34
_WAYS_AT_MOST: Final = 0.64
"""The share that they may take where letters are large."""
_AIRS: Final = (1.0, 0.5)
"""Shares of the air around their words that are tried there, before smaller letters."""


@frozen
class Lobby:
    """What the home screen tells of its place. `clock` gives seconds since 1970, or None while it is not trusted.

    `camera`: what the scanner's camera sees, while a paper is held there that it does not read.
    """

    terminal: str
    clock: Callable[[], int | None]
    camera: CameraView


def build(pen: Pen, state: Home, send: Send, lobby: Lobby) -> None:
    """Draw the home screen on the pen's board."""
    theme = pen.theme
    if theme.landscape and theme.text > USUAL and theme.panel is None and _place_at_once(pen, state, send, lobby):
        return
    top = _head(pen, lobby)
    foot = _foot(pen, lobby)
    notices = _notices(pen, state)
    height = notices.height(pen, theme.width - 2 * theme.margin) if notices else 0
    languages = foot - theme.gap - language_height(pen)
    place_languages(pen, languages, send, every=True, offered=state.languages)
    bottom = languages - theme.gap
    if notices:
        bottom -= height + theme.gap
        notices.place(pen, theme.margin, bottom + theme.gap, theme.width - 2 * theme.margin)
    top += theme.gap
    width = theme.width - 2 * theme.margin
    ways = None
    if state.ways and theme.landscape and theme.panel is None:
        beside = round(width * _WAYS_BESIDE)
        width -= beside + theme.gap
        ways = Ways(pen, state.ways, beside, columns=1)
        ways.place(theme.margin + width + theme.gap, top, bottom - top, send)
    elif state.ways:
        ways = _ways_in_twos(pen, state, width, bottom - theme.gap - top)
        bottom -= ways.height
        if theme.panel is None:
            ways.place(theme.margin, bottom, 0, send)
        bottom -= theme.gap
    end = place_instruction(pen, top, width, bottom, state.held, lobby.camera, dimmed=state.dimmed)
    if ways is not None and theme.panel is not None:
        ways.place(theme.margin, end + theme.gap, 0, send)


def _place_at_once(pen: Pen, state: Home, send: Send, lobby: Lobby) -> bool:
    """Draw home in large letters on a wide panel, on one page; False, and nothing drawn, where it has no room.

    Each part has the largest letters that it has room for, the ways in first. What is read by the way has the usual
    ones: ministry, time, the terminal's name, and what does not work at present.
    """
    theme = pen.theme
    page, gap, width = pen.page(), theme.px(24), theme.width - 2 * theme.margin
    usual = pen.on(page).lettered(USUAL)
    top = _head_in_one_row(usual, lobby) + gap
    bottom = _largest_languages(pen.on(page), state, send) - gap
    if notices := _notices(usual, state):
        bottom -= notices.height(usual, width)
        notices.place(usual, theme.margin, bottom, width)
        bottom -= gap
    if state.ways:
        ways = _largest_ways(pen.on(page), state.ways, round(width * _WAYS_AT_MOST), bottom - top)
        if ways is None:
            let_go(page)
            return False
        width -= ways.width + gap
        ways.place(theme.margin + width + gap, top, bottom - top, send)
    place_instruction(pen.on(page), top, width, bottom, state.held, lobby.camera, dimmed=state.dimmed)
    pen.board.add_widget(page)
    return True


def _largest_languages(pen: Pen, state: Home, send: Send) -> int:
    """Set the languages at the bottom in the largest letters that leave them one row; returns the y they begin at."""
    theme = pen.theme
    for text in _steps(pen):
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
    for text, air in product(_steps(pen)[:-1], _AIRS):
        tried = Ways(pen.lettered(text), ways, width, 1, air)
        if tried.height <= height and tried.whole:
            return tried.narrowed()
    return None


def _ways_in_twos(pen: Pen, state: Home, width: int, room: int) -> Ways:
    """Return the ways in, two in a row: while a paper is held, in letters that leave what the camera sees room."""
    if (held := state.held) is not None and pen.theme.panel is None:
        for lettered in map(pen.lettered, _steps(pen)):
            ways = Ways(lettered, state.ways, width, columns=2)
            if room - ways.height >= least_height(lettered, width, held):
                return ways
    return Ways(pen, state.ways, width, columns=2)


def _steps(pen: Pen) -> list[int]:
    """Return the sizes of letters from what is wanted down, in percent."""
    return [size for size in SIZES if size <= pen.theme.text]


def dim(board: Board, colour: Colour) -> None:
    """Lay a shade over the whole screen, whatever stands on it."""
    with board.canvas.after:
        Color(*colour)
        Rectangle(pos=board.pos, size=board.size)


def _head(pen: Pen, lobby: Lobby) -> int:
    theme, palette, words = pen.theme, pen.theme.palette, pen.words
    name = pen.letter(words("ministry"), theme.type(36, strong=True))
    other = next(other for other in other_languages(words.language) if other.language != "en")
    second = pen.letter(other("ministry"), theme.type(32), direction=other.direction)
    pen.text(name, palette.ink, theme.margin, theme.margin)
    if theme.text > USUAL:  # larger letters leave room for one language, and the time under it
        pen.board.add_widget(_Time(pen, lobby, theme.margin + name.height + second.height // 2))
        return theme.margin + name.height + second.height
    pen.text(second, palette.soft, theme.margin, theme.margin + name.height)
    pen.board.add_widget(_Time(pen, lobby, theme.margin + (name.height + second.height) // 2))
    return theme.margin + name.height + second.height


def _head_in_one_row(pen: Pen, lobby: Lobby) -> int:
    """Set the ministry, the terminal and the time into one row; returns the y under it."""
    theme, palette, words = pen.theme, pen.theme.palette, pen.words
    top, between = theme.margin // 2, 2 * theme.gap
    name = pen.letter(words("ministry"), theme.type(36, strong=True))
    terminal = pen.letter(words("terminal", name=words.code(lobby.terminal)), theme.type(30))
    middle = top + name.height // 2
    pen.text(name, palette.ink, theme.margin, top)
    pen.text(terminal, palette.soft, theme.margin + name.width + between, middle - terminal.height / 2)
    pen.board.add_widget(_Time(pen, lobby, middle))
    return top + name.height


class _Time(Board):
    """The day and time at the end of the head, while the clock is trusted; it looks again every few seconds."""

    def __init__(self, pen: Pen, lobby: Lobby, middle: int) -> None:
        super().__init__(pen.theme, (pen.board.x, pen.board.y))
        self._pen = pen.on(self)
        self._lobby = lobby
        self._middle = middle
        self._shown: str | None = None
        self._show()
        self._event = Clock.schedule_interval(self._show, 5)

    def on_parent(self, _: object, parent: object) -> None:
        if parent is None:
            self._event.cancel()

    def _show(self, *_: object) -> None:
        now = self._lobby.clock()
        words, theme = self._pen.words, self._pen.theme
        said = "" if now is None else f"{words.weekday(now)} {words.date(now)} · {words.time(now)}"
        if said == self._shown:
            return
        self._shown = said
        self.clear_widgets()
        if said:
            text = self._pen.letter(said, theme.type(30))
            x = theme.width - theme.margin - text.width
            self._pen.text(text, theme.palette.soft, x, self._middle - text.height / 2)


def _foot(pen: Pen, lobby: Lobby) -> int:
    theme = pen.theme
    text = pen.letter(pen.words("terminal", name=pen.words.code(lobby.terminal)), theme.type(30))
    y = theme.height - theme.margin - text.height
    pen.text(text, theme.palette.soft, theme.margin, y)
    return y


def _notices(pen: Pen, state: Home) -> Block | None:
    theme, palette = pen.theme, pen.theme.palette
    told: list[Block] = []
    if not state.scanner_ready:
        told.append(Line(pen.words("home.scanner_starting"), theme.type(32), palette.ink))
    if not state.printer.may_print:
        told.append(Line(pen.words("home.no_paper"), theme.type(32), palette.ink))
    if state.link_cut:
        told.append(_Cut())
    return Stack(tuple(told), theme.px(12)) if told else None


class _Cut:
    """The cloud with a stroke, and its words."""

    def height(self, pen: Pen, width: int) -> int:
        return self._signed(pen).height(pen, width)

    def place(self, pen: Pen, x: float, y: float, width: int) -> None:
        self._signed(pen).place(pen, x, y, width)

    def _signed(self, pen: Pen) -> Signed:
        theme, palette = pen.theme, pen.theme.palette
        words = Line(pen.words("network.cut"), theme.type(32), palette.ink)
        return Signed(cloud_cut(palette.soft, palette.paper), theme.px(60), theme.px(18), words)
