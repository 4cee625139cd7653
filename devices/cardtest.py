"""The card reader, for an installer: what state it is in and what to do. It never tells what is on a card."""

import queue
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, assert_never

from devices.address import Absent, card_address
from devices.card.events import CardEvent, CardReaderChanged
from devices.card.outcome import CardKind
from devices.card.states import (
    CardMute,
    CardPresent,
    CardReaderState,
    CardReaderUnknown,
    ReaderAbsent,
    ReaderEmpty,
    ServiceAbsent,
)
from devices.supervisor import Supervisor

SETTLE: Final = 10.0
"""Seconds for the driver to start and look, and for a mute card to be given up."""


@dataclass(frozen=True, slots=True)
class Words:
    """reader, state: what is so; todo: what to do about it, empty when all is well."""

    reader: str
    state: str
    todo: str = ""


def look(address: str, seconds: float) -> CardReaderState:
    """The state once it is known, and a card waited for at most `seconds`. Raises ValueError for a wrong address."""
    if isinstance(card_address(address), Absent):
        raise ValueError("no card reader is set")
    said: queue.Queue[CardEvent] = queue.Queue()
    devices = Supervisor(scanner="none", printer="none", journal=Path("/dev/null"), card=address)
    state: CardReaderState = CardReaderUnknown("starting")
    devices.start(lambda _: None, said.put)
    try:
        settled, until = time.monotonic() + SETTLE, time.monotonic() + seconds
        while True:
            waits = isinstance(state, ReaderEmpty | CardReaderUnknown)
            left = (settled if isinstance(state, CardReaderUnknown) else until) - time.monotonic()
            if not waits or left <= 0:
                return state
            try:
                event = said.get(timeout=left)
            except queue.Empty:
                return state
            if isinstance(event, CardReaderChanged):
                state = event.state
    finally:
        devices.stop()


def words(state: CardReaderState) -> Words:
    match state:
        case CardPresent(kind):
            return Words("there", _ANSWERS[kind])
        case CardReaderUnknown(why):
            return Words("unknown", why, "unplug the reader and plug it in again")
        case ReaderEmpty() | CardMute() | ReaderAbsent() | ServiceAbsent():
            return _WORDS[type(state)]
        case _:
            assert_never(state)


_ANSWERS: Final[dict[CardKind, str]] = {
    "passport": "a passport's chip answers",
    "uid": "a contactless card answers",
    "chip": "a chip answers that is no passport's",
}
_WORDS: Final[dict[type[CardReaderState], Words]] = {
    ReaderEmpty: Words("there", "no card in it", "put a card in, or lay one on, to try it"),
    CardMute: Words("there", "the card in it answers nothing", "take it out; turn it round, clean it, or try another"),
    ReaderAbsent: Words("absent", "no reader of that name", "plug it in; `devices list` names those that are there"),
    ServiceAbsent: Words("unreachable", "pcscd is not running", "start it: systemctl start pcscd.socket"),
}
