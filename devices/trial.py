"""A scanner or a keypad tried by its own driver, for a technician: what it is, whether it answers, and what to do.

Of a scan only its length is told: the slip may be somebody's.
"""

import queue
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, assert_never

from devices.events import DeviceEvent, ScannerChanged, ScannerOverlong, ScannerRead
from devices.keypad.events import FIVE, JackChanged, Key, KeypadChanged, KeypadEvent, KeyPressed
from devices.keypad.states import KeypadOffline, KeypadReady, KeypadState, KeypadUnknown
from devices.reasons import what_to_do
from devices.scanner.states import ScannerOffline, ScannerReady, ScannerState, ScannerUnknown
from devices.supervisor import Supervisor

STARTING: Final = 10.0
"""Seconds for a driver to say its first word."""

_Event = DeviceEvent | KeypadEvent


@dataclass(frozen=True, slots=True)
class ScannerTrial:
    """length: bytes of the code that was read, None when none came."""

    state: ScannerState
    length: int | None


@dataclass(frozen=True, slots=True)
class KeypadTrial:
    """pressed: in the order of their first press. jack: whether something is plugged in; None where nothing says."""

    state: KeypadState
    pressed: tuple[Key, ...]
    jack: bool | None


@dataclass(frozen=True, slots=True)
class Words:
    """A state for a technician. todo: empty where there is nothing to do."""

    state: str
    todo: str


def try_scanner(address: str, seconds: float) -> ScannerTrial:
    """Wait for one scan, or for the first state when seconds is 0. Raises ValueError for a wrong address."""
    state: ScannerState = ScannerUnknown("its driver does not start")
    with _started(scanner=address) as told:
        for event in _until(told, STARTING):
            if isinstance(event, ScannerChanged) and event.state != ScannerUnknown("starting"):
                state = event.state
                break
        if not isinstance(state, ScannerReady):
            return ScannerTrial(state, None)
        for event in _until(told, seconds):
            match event:
                case ScannerRead(data):
                    return ScannerTrial(state, len(data))
                case ScannerOverlong(length):
                    return ScannerTrial(state, length)
                case ScannerChanged(changed):
                    state = changed
                case _:
                    pass
    return ScannerTrial(state, None)


def try_keypad(address: str, seconds: float) -> KeypadTrial:
    """Wait until every key was pressed once, or for the first state when seconds is 0. Raises ValueError as above."""
    pressed: list[Key] = []
    jack: bool | None = None
    with _started(keypad=address) as told:
        state, jack = _first_word(told)
        if not isinstance(state, KeypadReady):
            return KeypadTrial(state, (), jack)
        for event in _until(told, seconds):
            match event:
                case KeypadChanged(changed):
                    state = changed
                case KeyPressed(key) if key not in pressed:
                    pressed.append(key)
                case JackChanged(inserted):
                    jack = inserted
                case _:
                    pass
            if set(FIVE) <= set(pressed):
                break
    return KeypadTrial(state, tuple(pressed), jack)


def _first_word(told: "queue.Queue[_Event]") -> tuple[KeypadState, bool | None]:
    """What the driver says first. The jack it tells before the state."""
    jack: bool | None = None
    for event in _until(told, STARTING):
        if isinstance(event, JackChanged):
            jack = event.inserted
        elif isinstance(event, KeypadChanged) and event.state != KeypadUnknown("starting"):
            return event.state, jack
    return KeypadUnknown("its driver does not start"), jack


def words(state: ScannerState | KeypadState) -> Words:
    match state:
        case ScannerReady() | KeypadReady():
            return Words("ready", "")
        case ScannerOffline(why) | KeypadOffline(why):
            return Words(f"off line: {why}", what_to_do(why))
        case ScannerUnknown(why) | KeypadUnknown(why):
            return Words(f"unknown: {why}", "unplug it and plug it in again; if that changes nothing, replace it")
        case _:
            assert_never(state)


@contextmanager
def _started(*, scanner: str = "none", keypad: str = "none") -> Generator["queue.Queue[_Event]"]:
    told: queue.Queue[_Event] = queue.Queue()
    supervisor = Supervisor(scanner=scanner, keypad=keypad, printer="none", journal=Path("unused"))
    supervisor.start(told.put, keypad_listener=told.put)
    try:
        yield told
    finally:
        supervisor.stop()


def _until(told: "queue.Queue[_Event]", seconds: float) -> Iterator[_Event]:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        try:
            yield told.get(timeout=left)
        except queue.Empty:
            return
