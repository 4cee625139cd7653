"""Where a device is, as one word in the settings.

Printers: tcp:HOST:PORT, usb:VID:PID[:SERIAL], serial:PATH[@BAUD], file:PATH; scanners: serial:PATH, wedge:PATH (or
wedge-latin, wedge-french, wedge-arabic), hid:PATH, camera:PATH, frames:FOLDER; keypads: keys:PATH[,PATH]; card
readers: pcsc:NAME; of each kind: none.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

WedgeLayout = Literal["any", "latin", "french", "arabic"]


@dataclass(frozen=True, slots=True)
class Tcp:
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class File:
    path: Path


@dataclass(frozen=True, slots=True)
class Usb:
    """vendor, product: as lsusb shows them; serial: tells two of the same model apart."""

    vendor: int
    product: int
    serial: str | None = None


@dataclass(frozen=True, slots=True)
class SerialPrinter:
    """path: a tty, such as /dev/ttyUSB0; baud: bits a second, as the printer's switches say."""

    path: Path
    baud: int = 115200


@dataclass(frozen=True, slots=True)
class Serial:
    """path: a tty, such as /dev/ttyACM0."""

    path: Path


@dataclass(frozen=True, slots=True)
class Wedge:
    """A scanner that plays a keyboard. path: an input device, such as /dev/input/by-id/...-event-kbd.

    layout: of the keyboard that it plays, as it was set by its own manual's codes; "any" finds out by each slip.
    """

    path: Path
    layout: WedgeLayout


@dataclass(frozen=True, slots=True)
class HidPos:
    """A scanner of the class of its own that USB has for scanners (HID point of sale). path: such as /dev/hidraw0."""

    path: Path


@dataclass(frozen=True, slots=True)
class CameraDevice:
    """path: a V4L2 capture device, such as /dev/video0."""

    path: Path


@dataclass(frozen=True, slots=True)
class Keys:
    """A keypad that sends keys, and the jack that goes with it.

    paths: input devices, such as /dev/input/by-id/...-event-kbd; in the settings with commas between them.
    """

    paths: tuple[Path, ...]


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


PRINTER_FORMS: Final = "tcp:HOST:PORT, usb:VID:PID[:SERIAL], serial:PATH[@BAUD], file:PATH or none"
_USB: Final = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})(?::(.+))?")

PrinterAddress = Tcp | Usb | SerialPrinter | File | Absent
ScannerAddress = Serial | Wedge | HidPos | CameraDevice | Frames | Absent
CardAddress = Pcsc | Absent
KeypadAddress = Keys | Absent


def host_and_port(text: str) -> tuple[str, int]:
    """HOST:PORT, IPv6 in brackets. Raises ValueError."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or int(port) > 65535:
        raise ValueError(f"{text!r} is not HOST:PORT")
    return host.removeprefix("[").removesuffix("]"), int(port)


def is_loopback(url: str) -> bool:
    """Whether a URL names this machine; what cannot be told does not."""
    from ipaddress import ip_address  # every terminal reads addresses as it starts, and few ask this

    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def printer_address(text: str) -> PrinterAddress:
    """Raises ValueError with what was expected."""
    kind, _, rest = text.partition(":")
    match kind:
        case "tcp":
            return Tcp(*host_and_port(rest))
        case "usb":
            return _usb(rest)
        case "serial" if rest:
            return _serial_printer(rest)
        case "file" if rest:
            return File(Path(rest))
        case "none" if text == "none":
            return Absent()
        case _:
            raise ValueError(f"{text!r} is not {PRINTER_FORMS}")


def _usb(text: str) -> Usb:
    numbers = _USB.fullmatch(text)
    if numbers is None:
        raise ValueError(f"usb:{text} is not usb:VID:PID[:SERIAL], with the two numbers that lsusb shows")
    return Usb(int(numbers[1], 16), int(numbers[2], 16), numbers[3])


def _serial_printer(text: str) -> SerialPrinter:
    path, at, baud = text.rpartition("@")
    if not at:
        return SerialPrinter(Path(text))
    if not path or not baud.isascii() or not baud.isdecimal() or not 1200 <= int(baud) <= 921_600:
        raise ValueError(f"serial:{text} is not serial:PATH[@BAUD], with 1200 to 921600 bits a second")
    return SerialPrinter(Path(path), int(baud))


SCANNER_FORMS: Final = "serial:PATH, wedge:PATH, hid:PATH, camera:PATH, frames:FOLDER or none"

_SCANNERS: Final[dict[str, Callable[[Path], ScannerAddress]]] = {
    "serial": Serial,
    "wedge": lambda path: Wedge(path, "any"),
    "wedge-latin": lambda path: Wedge(path, "latin"),
    "wedge-french": lambda path: Wedge(path, "french"),
    "wedge-arabic": lambda path: Wedge(path, "arabic"),
    "hid": HidPos,
    "camera": CameraDevice,
    "frames": Frames,
}


def scanner_address(text: str) -> ScannerAddress:
    """Raises ValueError with what was expected."""
    kind, _, rest = text.partition(":")
    if kind in _SCANNERS and rest:
        return _SCANNERS[kind](Path(rest))
    if text == "none":
        return Absent()
    raise ValueError(f"{text!r} is not {SCANNER_FORMS}")


def card_address(text: str) -> CardAddress:
    """Raises ValueError with what was expected."""
    kind, colon, rest = text.partition(":")
    if kind == "pcsc" and colon:
        return Pcsc(rest)
    if text == "none":
        return Absent()
    raise ValueError(f"{text!r} is not pcsc:NAME or none")


def keypad_address(text: str) -> KeypadAddress:
    """Raises ValueError with what was expected."""
    kind, _, rest = text.partition(":")
    if kind == "keys" and all(paths := rest.split(",")):
        return Keys(tuple(map(Path, paths)))
    if text == "none":
        return Absent()
    raise ValueError(f"{text!r} is not keys:PATH[,PATH] or none")
