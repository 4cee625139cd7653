"""The staff corner: the PIN, the list of what there is, and which screen draws which room."""

from typing import Final, assert_never

from kiosk import staff_state as states
from kiosk.entry_events import EntryConfirmed
from kiosk.staff_events import InSelfTest, ListReopened, RestartConfirmed, RoomChosen
from kiosk.staff_pin import LEAST_DIGITS, MOST_DIGITS
from kiosk.theme import ANSWER_SIZES, USUAL
from kiosk.visit_events import Event, FinishPressed
from kiosk.visit_state import SCREEN_LANGUAGES

from . import entry, selftest, staff_rooms, staff_settings
from .actions import Action, Send, place_actions, place_every_language
from .blocks import Heading, Line, Stack
from .board import Pen
from .choices import Choice, place_choices
from .message import Message, show
from .signs import clock, information, power
from .text_field import Shape

_PIN: Final = Shape((3, 3, 3), "  ", hidden=True)
_LOW_TITLE: Final = 32
_A_MINUTE: Final = 90
"""Seconds from which a wait is told in minutes."""


def build(pen: Pen, state: states.StaffState, send: Send) -> None:  # noqa: PLR0912 - one state a line
    """Draw a screen of the corner on the pen's board."""
    match state:
        case states.EnterPin():
            _pin(pen, state, send)
        case states.PinLocked():
            _locked(pen, state, send)
        case states.CheckingPin():
            _waits(pen, "staff.checking", Action("finish", pen.words("button.home"), FinishPressed()), send)
        case states.StaffMenu():
            _menu(pen, send)
        case states.StaffDevices():
            staff_rooms.build_devices(pen, state, send)
        case states.StaffNetwork():
            staff_rooms.build_network(pen, state, send)
        case states.StaffJournal():
            staff_rooms.build_journal(pen, state, send)
        case states.StaffLevels():
            staff_settings.build_levels(pen, state, send)
        case states.StaffLanguages():
            staff_settings.build_languages(pen, state, send)
        case states.StaffRestart():
            _restart(pen, state, send)
        case states.StaffSelfTest(test=test):
            if test is None:
                _waits(pen, "staff.selftest.begins", Action("back", pen.words("button.return"), ListReopened()), send)
            else:
                selftest.draw(pen, test, lambda event: send(InSelfTest(event)))
        case _:
            assert_never(state)


def _pin(pen: Pen, state: states.EnterPin, send: Send) -> None:
    words = pen.words
    note = "" if state.note is None else words(f"staff.pin.{state.note.value}", n=words.number(LEAST_DIGITS))
    actions: tuple[Action[Event], ...] = (
        Action("confirm", words("button.continue"), EntryConfirmed()),
        Action("finish", words("button.home"), FinishPressed()),
    )
    entry.ask(pen, entry.Asked("staff.pin", _PIN, MOST_DIGITS, state.typed, note, True), actions, send)


def _locked(pen: Pen, state: states.PinLocked, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    seconds = state.seconds_left
    if seconds < _A_MINUTE:
        left = words.counted("staff.locked.seconds", seconds)
    else:
        left = words.counted("staff.locked.minutes", -(-seconds // 60))
    actions: tuple[Action[Event], ...] = (Action("finish", words("button.home"), FinishPressed()),)
    message = Message(clock(palette), words("staff.locked.title"), palette.ink, (left,), actions=actions)
    show(pen, message, send)


def _waits(pen: Pen, key: str, leave: Action[Event], send: Send) -> None:
    palette = pen.theme.palette
    show(pen, Message(information(palette), pen.words(key), palette.ink, actions=(leave,)), send)


def _menu(pen: Pen, send: Send) -> None:
    theme, words = pen.theme, pen.words
    actions: tuple[Action[Event], ...] = (Action("finish", words("button.home"), FinishPressed()),)
    below = place_every_language(pen, place_actions(pen, actions, send), send) - theme.px(24)
    # Large letters on a low panel: the first room stands under the title.
    sizes = (_LOW_TITLE,) if theme.landscape and theme.text > USUAL else ANSWER_SIZES
    head = Stack(
        (
            Heading(words("staff.title"), sizes, theme.palette.ink),
            Line(words("staff.closes"), theme.type(32), theme.palette.soft),
        )
    )
    width = theme.width - 2 * theme.margin
    tall = head.height(pen, width) + theme.px(24)
    top = theme.over_targets(tall)
    choices = tuple(
        Choice(f"staff.{room.value}", words(f"staff.{room.value}"), words(f"staff.{room.value}.how"), RoomChosen(room))
        for room in states.Room
    )
    place_choices(pen, choices, top + tall, below, send, lambda pen: head.place(pen, theme.margin, top, width))


def _restart(pen: Pen, state: states.StaffRestart, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    if state.begun:
        show(pen, Message(power(palette), words("staff.restart.begun"), palette.ink), send)
        return
    message = Message(
        power(palette),
        words("staff.restart.title"),
        palette.ink,
        (),
        (words("staff.restart.still"),),
        actions=(
            Action("restart", words("staff.restart.do"), RestartConfirmed()),
            Action("back", words("button.return"), ListReopened()),
        ),
        languages=SCREEN_LANGUAGES,
    )
    show(pen, message, send)
