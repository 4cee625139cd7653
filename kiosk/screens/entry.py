"""Tracking number and secret code: one field, its keys, and how many digits stand there."""

from typing import Final

from kiosk.entry_events import EntryConfirmed, FieldEdited, NumberReopened
from kiosk.entry_state import (
    CODE_ROOM,
    TRACKING_ROOM,
    CodeNote,
    EnterCode,
    EnterNumber,
    NumberNote,
    OfficeSilent,
    ToTheDesk,
)
from kiosk.field import Edit, Erase, EraseAll, Field, Insert
from kiosk.visit_events import Event, FinishPressed
from kiosk.visit_state import SCREEN_LANGUAGES

from ..frozen import frozen
from .actions import Action, Send, place_actions, place_every_language
from .blocks import Heading, Line, Stack
from .board import Pen
from .in_box import place_in_box
from .keypad import CLEAR, DIGITS, ERASE, least_height, place_keypad
from .message import Message, show
from .signs import cloud_cut, information
from .text_field import Shape, TextField

_NUMBER: Final = Shape((2, 4, 4), "-")
_CODE: Final = Shape((4,), "  ", hidden=True)
_EDITS: Final[dict[str, Edit]] = {ERASE: Erase(), CLEAR: EraseAll()}
_TITLES: Final = (56, 52, 48, 44)
_WRONG: Final = {NumberNote.WRONG_DIGIT, NumberNote.INCOMPLETE, CodeNote.NO_MATCH, CodeNote.INCOMPLETE}
"""Notes of what is wrong with what stands there; the others say where it comes from."""


@frozen
class Asked:
    """What is asked for: the key of its words, how it looks, how many digits it has, and what stands there.

    `note`: what is new; `wrong`: it says what is wrong with what stands there.
    """

    key: str
    shape: Shape
    room: int
    typed: Field
    note: str
    wrong: bool
    number: str = ""


def build_number(pen: Pen, state: EnterNumber, send: Send) -> None:
    words = pen.words
    note = "" if state.note is None else words(f"entry.number.{state.note.value}")
    actions: tuple[Action[Event], ...] = (
        Action("confirm", words("button.continue"), EntryConfirmed()),
        Action("finish", words("button.home"), FinishPressed()),
    )
    ask(
        pen,
        Asked("entry.number", _NUMBER, TRACKING_ROOM, state.typed, note, state.note in _WRONG),
        actions,
        send,
    )


def build_code(pen: Pen, state: EnterCode, send: Send) -> None:
    words = pen.words
    note = "" if state.note is None else words(f"entry.code.{state.note.value}")
    if state.note is CodeNote.NO_MATCH:
        note = f"{note} {words.counted('entry.code.tries', state.tries_left)}"
    actions: tuple[Action[Event], ...] = (
        Action("confirm", words("button.continue"), EntryConfirmed()),
        Action("number", words("button.return"), NumberReopened()),
        Action("finish", words("button.home"), FinishPressed()),
    )
    label = words("tracking_number").replace(" ", "\u00a0")  # a line ends before the number, not within its name
    number = f"{label} {words.tracking(state.tracking)}"
    ask(
        pen,
        Asked("entry.code", _CODE, CODE_ROOM, state.typed, note, state.note in _WRONG, number),
        actions,
        send,
    )


def ask(pen: Pen, asked: Asked, actions: tuple[Action[Event], ...], send: Send) -> None:
    """Draw what is asked, the field under it, and the keys under the field, or beside it on a wide panel."""
    theme, palette, words = pen.theme, pen.theme.palette, pen.words
    bottom = place_every_language(pen, place_actions(pen, actions, send), send) - theme.gap
    x, width = theme.margin, theme.width - 2 * theme.margin
    if theme.landscape:
        width = (width - theme.gap) // 2
    title, lines = Heading(words(f"{asked.key}.title"), _TITLES, palette.ink), list[Line]()
    if asked.number:
        lines.append(Line(asked.number, theme.type(34, strong=True), palette.ink))
    lines.append(Line(words(f"{asked.key}.where", n=words.number(asked.room)), theme.type(32), palette.soft))
    tall = max(theme.target, theme.px(130))
    there = words("entry.count", n=words.number(len(asked.typed.text)), room=words.number(asked.room))
    count = pen.letter(there, theme.type(30))
    note = Line(asked.note, theme.type(34, strong=True), palette.amber if asked.wrong else palette.ink)
    least = 0 if theme.landscape else least_height(pen, DIGITS)
    gap = theme.px(10)
    noted = note.height(pen, width) if asked.note else 0
    if theme.beyond_reach and asked.note:  # the room within reach is for the keys
        lines, noted = [*lines, note], 0
    top = theme.over_targets(Stack((title, *lines), gap).height(pen, width) + theme.px(24))
    room = bottom - least - theme.px(24) - tall - theme.px(12) - count.height - theme.px(12) - top
    if noted and Stack((title, *lines), gap).height(pen, width) + noted > room:
        # Larger letters: what is wrong, or new, is read first, and where the number stands behind it.
        lines, noted = [note, *lines], 0
    new = note if note in lines else None
    told = place_in_box(pen, title, lines, gap, (x, top, width, room - noted), new)
    y = top + told + theme.px(24)
    box = (x, y, width, tall)
    field = TextField(
        pen,
        "field",
        box,
        asked.typed,
        asked.shape,
        wrong=asked.wrong,
        edit=lambda edit: send(FieldEdited(edit)),
    )
    # To an ear a hidden field tells how much stands there; any other what.
    shown = there if asked.shape.hidden else words.code(asked.shape.shown(asked.typed.text))
    field.label = f"{words(f'{asked.key}.title')}, {shown}"
    pen.board.add_widget(field)
    y += tall + theme.px(12)
    pen.text(count, palette.soft, x + width - count.width, y)
    y += count.height
    if noted:
        note.place(pen, x, y, width)

    def press(key: str) -> None:
        send(FieldEdited(_EDITS.get(key) or Insert(key)))

    if theme.landscape:
        place_keypad(pen, DIGITS, (x + width + theme.gap, theme.margin, width, bottom - theme.margin), press)
        return
    said = noted
    two_lines = 2 * Line("0", note.style, palette.amber).height(pen, width)
    if not theme.beyond_reach and bottom - y - two_lines - theme.px(12) >= least_height(pen, DIGITS):
        said = max(noted, two_lines)  # the keys stay where they are, whether or not something is said above them
    y += said + theme.px(12)
    place_keypad(pen, DIGITS, (x, y, width, bottom - y), press)


def build_silent(pen: Pen, state: OfficeSilent, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    message = Message(
        cloud_cut(palette.soft, palette.paper),
        words("entry.silent.title"),
        palette.ink,
        (),
        (words("entry.silent.still"),),
        (words("entry.silent.now"),),
        actions=(
            Action("confirm", words("button.retry"), EntryConfirmed()),
            Action("finish", words("button.home"), FinishPressed()),
        ),
        languages=SCREEN_LANGUAGES,
    )
    show(pen, message, send)


def build_desk(pen: Pen, state: ToTheDesk, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    lines: tuple[str, ...] = ()
    if state.minutes is not None:
        lines = (words.counted("entry.desk.locked.for", state.minutes),)
    now = [words("entry.desk.now")]
    if state.hours is not None:
        now.append(_hours(pen, state.hours))
    message = Message(
        information(palette),
        words(f"entry.desk.{state.why.value}.title"),
        palette.ink,
        lines,
        (words("entry.desk.still"),),
        tuple(now),
        actions=(Action("finish", words("button.home"), FinishPressed()),),
        languages=SCREEN_LANGUAGES,
    )
    show(pen, message, send)


def _hours(pen: Pen, hours: tuple[tuple[int, int], ...]) -> str:
    words = pen.words
    if not hours:
        return words("entry.desk.closed_today")
    spans = words("entry.desk.and").join(
        words("entry.desk.span", opens=words.minute(opens), closes=words.minute(closes)).replace(" ", "\u00a0")
        for opens, closes in hours
    )
    return words("entry.desk.today", spans=spans)
