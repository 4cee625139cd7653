"""The keypad's driver: five keys and a jack through evdev, and back again when they are."""

import select
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from devices.driver import Host
from devices.keyboard import EV_KEY, EV_SW, EV_SYN, SYN_DROPPED, InputDevice, InputEvent
from devices.keypad.events import Key
from devices.reasons import why_gone

REPLUG_LOOK: Final = 0.5
"""Seconds between looks for a keypad that is not plugged in."""

IDLE: Final = 5.0
"""Seconds to wait for a key at a stretch."""

MOST_PRESSES: Final = 30
"""Presses in a second: no finger does that, a wet contact or what is no keypad does."""

QUIET: Final = 1.0
"""Seconds without a press after which a keypad that sent too many is believed again."""

KEYS: Final = {
    103: Key.UP,
    108: Key.DOWN,
    105: Key.LEFT,
    106: Key.RIGHT,
    28: Key.OK,  # Enter
    96: Key.OK,  # Enter of a number pad
    57: Key.OK,  # space
    352: Key.OK,
    353: Key.OK,  # select
    115: Key.LOUDER,
    114: Key.SOFTER,
}
"""Key codes (linux/input-event-codes.h) that such pads send, from the factory or as they can be set."""

HEADPHONES: Final = 2
"""SW_HEADPHONE_INSERT."""


class KeypadDriver:
    """paths: of the input devices that together are the keypad and its jack."""

    def __init__(self, host: Host, paths: tuple[Path, ...]) -> None:
        self._host = host
        self._paths = paths
        self._told = ("", "")
        self._jack: bool | None = None
        self._since = 0.0
        self._presses = 0
        self._flooded_until = 0.0

    def run(self) -> None:
        while True:
            try:
                with ExitStack() as opened:
                    devices = [self._open(path, opened) for path in self._paths]
                    self._flooded_until = 0.0
                    self._tell_state("ready")
                    self._read(devices, opened)
            except OSError as gone:
                self._tell_state("offline", why_gone(gone))
                self._host.wait(-1, False, REPLUG_LOOK)

    def _open(self, path: Path, opened: ExitStack) -> InputDevice:
        device = InputDevice(path)
        opened.callback(device.close)
        self._tell_jack(device)
        return device

    def _read(self, devices: list[InputDevice], opened: ExitStack) -> None:
        """Until one of them is unplugged: then OSError."""
        ready = opened.enter_context(select.epoll())
        for device in devices:
            ready.register(device.fd, select.EPOLLIN)
        while True:
            self._host.wait(ready.fileno(), False, QUIET if self._flooded_until else IDLE)
            for device in devices:
                for event in device.read():
                    self._take(device, event)
            if self._flooded_until and time.monotonic() >= self._flooded_until:
                self._flooded_until = 0.0
                self._tell_state("ready")

    def _take(self, device: InputDevice, event: InputEvent) -> None:
        if event.kind == EV_KEY and event.value == 1 and event.code in KEYS:
            self._pressed(KEYS[event.code])
        elif event.kind == EV_KEY and event.value == 0 and event.code in KEYS:
            self._host.tell({"is": "released", "key": KEYS[event.code].value})
        elif event.kind == EV_SW and event.code == HEADPHONES:
            self._jack_is(bool(event.value))
        elif event.kind == EV_SYN and event.code == SYN_DROPPED:
            self._tell_jack(device)

    def _pressed(self, key: Key) -> None:
        now = time.monotonic()
        if now - self._since >= 1.0:
            self._since, self._presses = now, 0
        self._presses += 1
        if self._presses > MOST_PRESSES or self._flooded_until:
            self._flooded_until = now + QUIET
            self._tell_state("unknown", "its keys come faster than a finger can press them")
        else:
            self._host.tell({"is": "key", "key": key.value})

    def _tell_jack(self, device: InputDevice) -> None:
        inserted = device.switch(HEADPHONES)
        if inserted is not None:
            self._jack_is(inserted)

    def _jack_is(self, inserted: bool) -> None:
        if inserted != self._jack:
            self._jack = inserted
            self._host.tell({"is": "jack", "inserted": inserted})

    def _tell_state(self, state: str, why: str = "") -> None:
        if (state, why) != self._told:
            self._told = (state, why)
            self._host.tell({"is": "state", "state": state, "why": why})
