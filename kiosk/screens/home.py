"""Nobody is here: one instruction, in three languages, and what does not work at present."""

from collections.abc import Callable
from typing import Final

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle

from kiosk.camera import CameraView
from kiosk.theme import USUAL, Colour
from kiosk.visit_state import Home
from kiosk.words import Words, other_languages

from ..frozen import frozen
from .actions import Send, language_height, place_languages
from .blocks import Block, Line, Signed, Stack
from .board import Board, Pen
from .instruction import least_height, place_instruction
from .signs import cloud_cut
from .ways import Ways

# On a wide panel the ways in stand beside the instruction, and take this share of the width.
_WAYS_BESIDE: Final = 0.34


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
    if theme.landscape and theme.text > USUAL and theme.panel is None:
        from .wide_home import place_at_once

        if place_at_once(pen, state, send, lobby):
            return
    top = _head(pen, lobby)
    foot = _foot(pen, lobby)
    notices = notices_of(pen, state)
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


def _ways_in_twos(pen: Pen, state: Home, width: int, room: int) -> Ways:
    """Return the ways in, two in a row: while a paper is held, in letters that leave what the camera sees room."""
    if (held := state.held) is not None and pen.theme.panel is None:
        for lettered in map(pen.lettered, pen.theme.steps):
            ways = Ways(lettered, state.ways, width, columns=2)
            if room - ways.height >= least_height(lettered, width, held):
                return ways
    return Ways(pen, state.ways, width, columns=2)


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
        pen.board.add_widget(Time(pen, lobby, theme.margin + name.height + second.height // 2))
        return theme.margin + name.height + second.height
    pen.text(second, palette.soft, theme.margin, theme.margin + name.height)
    pen.board.add_widget(Time(pen, lobby, theme.margin + (name.height + second.height) // 2))
    return theme.margin + name.height + second.height


def said_of(words: Words, now: int) -> str:
    return f"{words.weekday(now)} {words.date(now)} · {words.time(now)}"


class Time(Board):
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
        said = "" if now is None else said_of(words, now)
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


def notices_of(pen: Pen, state: Home) -> Block | None:
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
