"""Where a device is, as one word in the settings.

Printers: tcp:HOST:PORT, file:PATH; scanners: serial:PATH, frames:FOLDER; card readers: pcsc:NAME; of each kind: none.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Tcp:
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class File:
    path: Path


@dataclass(frozen=True, slots=True)
class Serial:
    """path: a tty, such as /dev/ttyACM0."""

    path: Path


@dataclass(frozen=True, slots=True)
class Frames:
    """folder: where a camera leaves its pictures."""

    folder: Path


@dataclass(frozen=True, slots=True)
class Pcsc:
    """prefix: how the reader's name begins, as PC/SC calls it; empty takes the first there is."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Absent:
    """There is no such device at this terminal."""


PrinterAddress = Tcp | File | Absent
ScannerAddress = Serial | Frames | Absent
CardAddress = Pcsc | Absent


def host_and_port(text: str) -> tuple[str, int]:
    """HOST:PORT, IPv6 in brackets. Raises ValueError."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or int(port) > 65535:
        raise ValueError(f"{text!r} is not HOST:PORT")
    return host.removeprefix("[").removesuffix("]"), int(port)


def printer_address(text: str) -> PrinterAddress:
    """Raises ValueError with what was expected."""
    kind, _, rest = text.partition(":")
    match kind:
        case "tcp":
            return Tcp(*host_and_port(rest))
        case "file" if rest:
            return File(Path(rest))
        case "none" if text == "none":
            return Absent()
        case _:
            raise ValueError(f"{text!r} is not tcp:HOST:PORT, file:PATH or none")


def scanner_address(text: str) -> ScannerAddress:
    """Raises ValueError with what was expected."""
    kind, _, rest = text.partition(":")
    match kind:
        case "serial" if rest:
            return Serial(Path(rest))
        case "frames" if rest:
            return Frames(Path(rest))
        case "none" if text == "none":
            return Absent()
        case _:
            raise ValueError(f"{text!r} is not serial:PATH, frames:FOLDER or none")


def card_address(text: str) -> CardAddress:
    """Raises ValueError with what was expected."""
    kind, colon, rest = text.partition(":")
    if kind == "pcsc" and colon:
        return Pcsc(rest)
    if text == "none":
        return Absent()
    raise ValueError(f"{text!r} is not pcsc:NAME or none")
