"""Rooms of the staff corner that tell: the devices, the network, and the journal."""

import re
from typing import Final

from devices.lettering import Direction
from kiosk.marks import Mark
from kiosk.staff_events import ListReopened, ReopenAsked, TrialPageAsked
from kiosk.staff_reasons import reason_in_words
from kiosk.staff_state import DeviceTold, JournalLine, NetworkTold, StaffDevices, StaffJournal, StaffNetwork
from kiosk.theme import ANSWER_SIZES, Colour
from kiosk.visit_events import Event, FinishPressed
from kiosk.visit_state import PrintConfirmed, PrintFailed, PrintSent
from kiosk.words import Words

from .actions import Action, Send, place_actions
from .blocks import Block, Heading, Line, Named, Stack
from .board import Pen
from .selftest_lists import Row, place_list
from .shapes import Draw
from .signs import mark_sign, ring

_FINE: Final = {"ready"}
_SOON: Final = {"paper_low", "unknown"}
_OLD: Final = 3600
"""Seconds after which data of the office is told as old."""


def build_devices(pen: Pen, state: StaffDevices, send: Send) -> None:
    words, theme, palette = pen.words, pen.theme, pen.theme.palette
    busy = state.printing or (state.told is not None and state.told.reopening)
    actions: tuple[Action[Event], ...] = (
        Action("test_page", words("staff.devices.test_page"), TrialPageAsked()),
        Action("reopen", words("staff.devices.reopen"), ReopenAsked()),
        Action("back", words("button.return"), ListReopened()),
    )
    below = place_actions(pen, _leave(words) if busy or state.told is None else actions, send)
    lines: list[Block] = [Heading(words("staff.devices"), ANSWER_SIZES, palette.ink)]
    if said := _what_goes_on(state, words):
        lines.append(Line(said, theme.type(34, strong=True), palette.ink))
    told = () if state.told is None else state.told.devices
    place_list(pen, Stack(tuple(lines)), tuple(_device(pen, device) for device in told), below, send)


def _what_goes_on(state: StaffDevices, words: Words) -> str:
    if state.told is None or state.told.reopening:
        return words("staff.devices.asking" if state.told is None else "staff.devices.reopening")
    if state.printing:
        return words("staff.devices.printing")
    match state.printed:
        case None:
            return ""
        case PrintConfirmed():
            return words("staff.devices.printed")
        case PrintSent():
            return words("staff.devices.sent")
        case PrintFailed():
            return words("staff.devices.not_printed")


def _device(pen: Pen, device: DeviceTold) -> Block:
    words, theme, palette = pen.words, pen.theme, pen.theme.palette
    colour = _colour(pen, device.state)
    lines: list[Block] = []
    if device.state not in _FINE:
        lines.append(
            Line(words.agreeing(f"staff.device.{device.state}.now", device.kind), theme.type(30), palette.soft)
        )
    if device.why and device.state not in _FINE:
        lines.append(_reason(pen, device.why))
    name = words(f"staff.device.{device.kind}")
    state = words.agreeing(f"staff.device.{device.state}", device.kind)
    return Row(_sign(pen, device.state), name, state, colour, tuple(lines))


def _reason(pen: Pen, why: str) -> Line:
    """Return what a driver, the link or the journal says, in words; what has none stands as it is."""
    told = reason_in_words(why, pen.words)
    return _technical(pen, why) if told is None else Line(told, pen.theme.type(30), pen.theme.palette.soft)


def _technical(pen: Pen, text: str) -> Line:
    """Return an address, or what is said in English alone, left to right on every screen."""
    return Line(text, pen.theme.type(30), pen.theme.palette.soft, direction=Direction.LTR)


def _sign(pen: Pen, state: str) -> Draw:
    palette = pen.theme.palette
    if state in _FINE:
        return mark_sign(Mark.DONE, palette)
    if state == "absent":
        return ring(palette.edge, palette.card, 0.2)
    return ring(palette.amber, palette.card, 0.2) if state in _SOON else mark_sign(Mark.REJECTED, palette)


def _colour(pen: Pen, state: str) -> Colour:
    palette = pen.theme.palette
    if state in _FINE:
        return palette.green
    if state == "absent":
        return palette.soft
    return palette.amber if state in _SOON else palette.red


def build_network(pen: Pen, state: StaffNetwork, send: Send) -> None:
    words, palette = pen.words, pen.theme.palette
    below = place_actions(pen, _leave(words), send)
    head = Heading(words("staff.network"), ANSWER_SIZES, palette.ink)
    rows = () if state.told is None else _network_rows(pen, state.told)
    place_list(pen, head, rows, below, send)


def _network_rows(pen: Pen, told: NetworkTold) -> tuple[Block, ...]:
    words, theme, palette = pen.words, pen.theme, pen.theme.palette
    answers = {True: "ready", None: "unknown", False: "offline"}[told.up]
    said: list[Block] = [_technical(pen, told.office)]
    if told.why:
        said.append(_reason(pen, told.why))
    if told.up is False:
        said.append(Line(words("staff.network.now"), theme.type(30), palette.soft))
    up = {True: "yes", None: "unknown", False: "no"}[told.up]
    rows: list[Block] = [
        Row(
            _sign(pen, answers),
            words("staff.network.office"),
            words(f"staff.network.office.{up}"),
            _colour(pen, answers),
            tuple(said),
        )
    ]
    if told.synced is None:
        rows.append(_fact(pen, "unknown", words("staff.network.synced"), words("staff.network.never")))
    else:
        old = told.now is None or told.now - told.synced > _OLD
        when = words.moment(told.synced, told.now)
        rows.append(_fact(pen, "unknown" if old else "ready", words("staff.network.synced"), when))
    rows += [
        _fact(pen, "ready", words("staff.network.address", line=words.code(line)), words.code(address))
        for line, address in told.addresses
    ]
    if not told.addresses:
        rows.append(_fact(pen, "offline", words("staff.network.addresses"), words("staff.network.no_address")))
    return tuple(rows)


def _fact(pen: Pen, state: str, name: str, told: str) -> Row:
    return Row(_sign(pen, state), name, told, pen.theme.palette.ink)


def build_journal(pen: Pen, state: StaffJournal, send: Send) -> None:
    words, theme, palette = pen.words, pen.theme, pen.theme.palette
    below = place_actions(pen, _leave(words), send)
    lines: list[Block] = [Heading(words("staff.journal"), ANSWER_SIZES, palette.ink)]
    told = () if state.told is None else state.told.lines
    if state.told is not None and not told:
        lines.append(Line(words("staff.journal.empty"), theme.type(34), palette.ink))
    place_list(pen, Stack(tuple(lines)), tuple(row for line in told for row in _event(pen, line)), below, send)


def _event(pen: Pen, line: JournalLine) -> tuple[Block, ...]:
    """Return one event's rows: when, in words what, and what the terminal says of it."""
    words, theme, palette = pen.words, pen.theme, pen.theme.palette
    name, detail = _named(line, words)
    when = f"{words.date(line.at)} {words.time(line.at)}"
    row = Line(f"{when} · {name}", theme.type(32, strong=True), palette.ink)
    return (Named(row, (_reason(pen, detail),), theme.px(6)),) if detail else (row,)


def _named(line: JournalLine, words: Words) -> tuple[str, str]:
    """Return an event in words, and what is left to say of it as the journal says it."""
    event = line.event.replace(" ", "_")
    if event in _COMES_AND_GOES:
        # Of what came back the words say it all.
        return words(f"staff.event.{event}.{'came' if line.turned else 'went'}"), "" if line.turned else line.detail
    if event == "staff" and (level := _LEVEL.fullmatch(line.detail)):
        return words(f"staff.did.{level[1]}", percent=words.percent(int(level[2]))), ""
    if event == "staff" and (waits := _WAITS.fullmatch(line.detail)):
        return words("staff.did.refused.waits", seconds=words.number(int(waits[1]))), ""
    did, _, rest = line.detail.partition(" ")
    if event == "staff" and did in _DEEDS:
        return words(f"staff.did.{did}"), rest
    return words(f"staff.event.{event if event in _EVENTS else 'other'}"), line.detail


_COMES_AND_GOES: Final = {"link", "mains", "hours"}
_DEEDS: Final = {"entered", "refused", "devices", "languages", "self-test", "restart"}
_LEVEL: Final = re.compile(r"(volume|brightness) (\d+)%")
_WAITS: Final = re.compile(r"refused, (\d+) s to wait")
_EVENTS: Final = {
    "sync",
    "content",
    "readers",
    "vault",
    "identity",
    "visit_mark",
    "recordings",
    "office_settings",
    "staff_settings",
    "logbook",
    "staff",
}


def _leave(words: Words) -> tuple[Action[Event], ...]:
    return (
        Action("back", words("button.return"), ListReopened()),
        Action("finish", words("button.home"), FinishPressed()),
    )
