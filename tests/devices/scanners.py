"""Scanners and a keypad to plug in: a tty (pty), input events and HID reports (FIFO), under udev's names."""

import os
import pty
import random
from pathlib import Path
from typing import Protocol

from devices.keyboard import EV_KEY, InputEvent, pack
from tests.devices.keys import ENTER, PluggedFifo, PluggedKeys, stroke, typed, write_all

_NOISE = random.Random(20261122)


def reports(code: bytes) -> list[bytes]:
    """A code as HID-POS reports."""
    pieces = [code[at : at + 56] for at in range(0, len(code), 56)]
    return [
        bytes((2, len(piece))) + b"]Q1" + piece.ljust(56, b"\0") + bytes((0, 0, at + 1 < len(pieces)))
        for at, piece in enumerate(pieces)
    ]


class PluggedScanner(Protocol):
    name: Path
    way: str

    def plug(self) -> None: ...
    def unplug(self) -> None: ...
    def scan(self, code: bytes) -> None: ...
    def pieces(self, code: bytes) -> list[bytes]:
        """What `raw` takes one by one, as a slow scanner sends a code."""
        ...

    def raw(self, data: bytes) -> None: ...
    def garbage(self) -> None: ...


class SerialPeer:
    way = "serial"

    def __init__(self, name: Path) -> None:
        self.name = name

    def plug(self) -> None:
        self._master, self._slave = pty.openpty()
        self.name.symlink_to(os.ttyname(self._slave))

    def unplug(self) -> None:
        self.name.unlink()
        os.close(self._slave)
        os.close(self._master)

    def scan(self, code: bytes) -> None:
        self.raw(code + b"\r\n")

    def pieces(self, code: bytes) -> list[bytes]:
        return [bytes((byte,)) for byte in code + b"\r\n"]

    def raw(self, data: bytes) -> None:
        write_all(self._master, data, 1024)

    def garbage(self) -> None:
        self.raw(bytes(byte for byte in _NOISE.randbytes(3000) if byte not in b"\r\n"))


class WedgePeer(PluggedKeys):
    way = "wedge"

    def scan(self, code: bytes) -> None:
        self.raw(b"".join(self.pieces(code)))

    def pieces(self, code: bytes) -> list[bytes]:
        text = code.decode()
        return [
            pack(event) for event in [*typed(text, "french" if text.startswith("HTTPS:") else "latin"), *stroke(ENTER)]
        ]

    def garbage(self) -> None:
        self.send(InputEvent(_NOISE.randrange(6), _NOISE.randrange(768), _NOISE.randrange(-1, 3)) for _ in range(900))


class HidPeer(PluggedFifo):
    way = "hid"
    at_once = 64

    def scan(self, code: bytes) -> None:
        for report in reports(code):
            self.raw(report)

    def pieces(self, code: bytes) -> list[bytes]:
        return reports(code)

    def garbage(self) -> None:
        for _ in range(40):
            self.raw(_NOISE.randbytes(64))


class KeypadPeer(PluggedKeys):
    def garbage(self) -> None:
        none = (1, 15, 30, 42, 58, 116, 240, 600)
        self.send(InputEvent(EV_KEY, _NOISE.choice(none), _NOISE.randrange(-1, 3)) for _ in range(900))
