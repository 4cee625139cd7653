"""Keyboards for the tests: real `struct input_event`s in a FIFO, as a recording is replayed, and fingers for them."""

import contextlib
import os
import select
from collections.abc import Iterable
from pathlib import Path

from devices.keyboard import EV_KEY, EV_SW, EV_SYN, InputEvent, pack
from devices.scanner.keymap import ALT
from devices.simulators.keys import ENTER, SHIFT, stroke, typed
from tests.devices import peers

__all__ = ["ENTER", "SHIFT", "stroke", "typed"]


def by_number(text: str) -> list[InputEvent]:
    """Alt and the keypad's digits, as scanners type that know no layout."""
    pad = dict(zip("7894561230", (71, 72, 73, 75, 76, 77, 79, 80, 81, 82), strict=True))
    events: list[InputEvent] = []
    for character in text:
        events.append(InputEvent(EV_KEY, ALT, 1))
        for digit in f"{ord(character):03}":
            events += stroke(pad[digit])
        events.append(InputEvent(EV_KEY, ALT, 0))
    return events


def write_all(fd: int, data: bytes, at_once: int) -> None:
    """Write so many bytes at once. Fails when the other end does not read."""
    os.set_blocking(fd, False)
    while data:
        assert select.select([], [fd], [], peers.WAIT)[1], "nobody reads the device"
        with contextlib.suppress(BlockingIOError):
            data = data[os.write(fd, data[:at_once]) :]


class PluggedFifo:
    """A device behind a stable name, as udev gives one: what it sends is read as from a recording of it."""

    at_once = 4080
    """Bytes of one write: whole events or reports, and never more than a pipe takes."""

    def __init__(self, name: Path) -> None:
        self.name = name
        self._fd = -1

    def plug(self) -> None:
        os.mkfifo(self.name)
        self._fd = os.open(self.name, os.O_RDWR)

    def unplug(self) -> None:
        self.name.unlink()
        os.close(self._fd)

    def raw(self, data: bytes) -> None:
        write_all(self._fd, data, self.at_once)


class PluggedKeys(PluggedFifo):
    """An input device with keys and a jack."""

    def send(self, events: Iterable[InputEvent]) -> None:
        self.raw(b"".join(map(pack, events)))

    def jack(self, inserted: bool) -> None:
        self.send([InputEvent(EV_SW, 2, int(inserted)), InputEvent(EV_SYN, 0, 0)])
