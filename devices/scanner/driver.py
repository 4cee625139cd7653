"""The scanner's driver: reads codes, joins repeats, and comes back when the scanner does."""

import time
from pathlib import Path
from typing import Final, assert_never

from devices.address import Absent, Frames, Serial, scanner_address
from devices.driver import Host
from devices.scanner import serial

REPLUG_LOOK: Final = 0.5
"""Seconds between looks for a scanner that is not plugged in."""

IDLE: Final = 5.0
"""Seconds to wait for a scan at a stretch."""


class _Reader:
    """What both kinds of scanner share: the visit's epoch, repeats, and what is told."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.repeats = serial.Repeats()
        self._epoch = 0
        self._told = ""

    def obey(self) -> bool:
        """Do what the supervisor asked; True when the visit was forgotten."""
        forgot = bool(self.host.asked)
        while self.host.asked:
            head, _ = self.host.asked.popleft()
            self._epoch = int(head["epoch"])
            self.repeats.clear()
        return forgot

    def tell(self, code: bytes | serial.Overlong) -> None:
        if isinstance(code, serial.Overlong):
            self.host.tell({"is": "overlong", "epoch": self._epoch, "length": code.length})
        elif not self.repeats.seen(code, time.monotonic()):
            self.host.tell({"is": "read", "epoch": self._epoch}, code)

    def tell_state(self, state: str) -> None:
        if state != self._told:
            self._told = state
            self.host.tell({"is": "state", "state": state})


def run(host: Host, address: str) -> None:
    reader = _Reader(host)
    match where := scanner_address(address):
        case Serial(path):
            _serve_tty(reader, path)
        case Frames(folder):
            _serve_frames(reader, folder)
        case Absent():
            raise ValueError("no scanner: no driver")
        case _:
            assert_never(where)


def _serve_tty(reader: _Reader, path: Path) -> None:
    while True:
        try:
            device = serial.Tty(path)
        except OSError:
            reader.tell_state("offline")
            reader.host.wait(-1, False, REPLUG_LOOK)
            reader.obey()
            continue
        reader.tell_state("ready")
        try:
            _read_tty(reader, device)
        except OSError:
            reader.tell_state("offline")
        finally:
            device.close()


def _read_tty(reader: _Reader, device: serial.Tty) -> None:
    """Until the scanner is unplugged: then OSError."""
    frames = serial.Frames()
    while True:
        ready = reader.host.wait(device.fd, False, serial.GAP if frames.open else IDLE)
        if reader.obey():
            frames.clear()
        for code in frames.feed(device.read()) if ready else frames.gap():
            reader.tell(code)


def _serve_frames(reader: _Reader, folder: Path) -> None:
    from devices.scanner.camera import LOOK, Camera

    camera = Camera(folder)
    while True:
        reader.tell_state("ready" if folder.is_dir() else "offline")
        for code in camera.look():
            reader.tell(code)
        reader.host.wait(-1, False, LOOK)
        reader.obey()
