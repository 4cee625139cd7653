"""What is plugged into this machine, as addresses for the settings."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from devices.keyboard import EV_KEY, EV_SW
from devices.scanner.hidpos import SCANNER_PAGE

SYS: Final = Path("/sys")
DEV: Final = Path("/dev")

PRINTER_CLASS: Final = "07"
"""bInterfaceClass of a USB printer."""

_ARROWS_AND_ENTER: Final = frozenset({28, 103, 105, 106, 108})
_LETTERS: Final = frozenset({16, 30, 44})
_HEADPHONES: Final = 2


@dataclass(frozen=True, slots=True)
class Plugged:
    """address: for the settings, by a name that stays where udev gives one; name: what the device calls itself.

    driver: of the kernel; firmware: the device's own version (bcdDevice), both empty where nothing says.
    """

    kind: Literal["scanner", "keypad", "printer", "card"]
    address: str
    name: str
    driver: str = ""
    firmware: str = ""


def plugged(sys: Path = SYS, dev: Path = DEV) -> list[Plugged]:
    """USB serial devices, keyboards, HID scanners, cameras, USB printers, and readers that pcscd knows.

    Network printers do not announce themselves.
    """
    found = [*_serial(sys, dev), *_input(sys, dev), *_hid(sys, dev), *_cameras(sys, dev), *_printers(sys)]
    return found + _card_readers()


def _serial(sys: Path, dev: Path) -> Iterator[Plugged]:
    for tty in sorted((sys / "class/tty").glob("tty*")):
        if _usb(tty) is not None:  # a bare UART of the board is no scanner
            yield _found("scanner", "serial", tty, _stable(dev / tty.name, dev / "serial/by-id"))


def _input(sys: Path, dev: Path) -> Iterator[Plugged]:
    """A scanner that plays a keyboard says that it is one: both readings are given, the technician knows which."""
    import evdev

    devices: Any = evdev  # partly typed
    for path in sorted(devices.list_devices(str(dev / "input"), writable=False)):
        try:
            device = devices.InputDevice(path, readonly=True)
        except OSError:
            continue  # gone again
        has = device.capabilities()
        device.close()
        keys, switches = set(has.get(EV_KEY, ())), set(has.get(EV_SW, ()))
        entry = sys / "class/input" / Path(path).name
        address = _stable(Path(path), dev / "input/by-id")
        if keys >= _LETTERS:
            yield _found("scanner", "wedge", entry, address, device.name)
        if keys >= _ARROWS_AND_ENTER or _HEADPHONES in switches:
            yield _found("keypad", "keys", entry, address, device.name)


def _hid(sys: Path, dev: Path) -> Iterator[Plugged]:
    for entry in sorted((sys / "class/hidraw").glob("hidraw*")):
        if _bytes(entry / "device/report_descriptor").startswith(SCANNER_PAGE):
            yield _found("scanner", "hid", entry, dev / entry.name)


def _cameras(sys: Path, dev: Path) -> Iterator[Plugged]:
    for entry in sorted((sys / "class/video4linux").glob("video*")):
        if _text(entry / "index") == "0":  # further nodes of a camera carry its metadata
            yield _found("scanner", "camera", entry, _stable(dev / entry.name, dev / "v4l/by-id"))


def _printers(sys: Path) -> Iterator[Plugged]:
    """By the class of their interface, whether or not the kernel's own driver for printers has taken them.

    The serial number goes into the address only where it is needed to tell two of one model apart.
    """
    interfaces = sorted((sys / "bus/usb/devices").glob("*:*"))
    printers = [entry for entry in interfaces if _text(entry / "bInterfaceClass") == PRINTER_CLASS]
    usb = [entry.resolve().parent for entry in printers]
    models = [f"{_text(device / 'idVendor')}:{_text(device / 'idProduct')}" for device in usb]
    for entry, device, model in zip(printers, usb, models, strict=True):
        serial = _text(device / "serial") if models.count(model) > 1 else ""
        name, firmware = _name_and_firmware(device)
        driver = entry / "driver"
        address = f"usb:{model}:{serial}" if serial else f"usb:{model}"
        yield Plugged("printer", address, name, driver.resolve().name if driver.exists() else "", firmware)


def _card_readers() -> list[Plugged]:
    from devices.card.errors import ServiceGone
    from devices.card.pcsc import Context

    try:
        with Context() as context:
            return [Plugged("card", f"pcsc:{name}", name, "pcscd") for name in context.readers()]
    except ServiceGone:
        return []


def _found(kind: Literal["scanner", "keypad"], way: str, entry: Path, path: Path, name: str = "") -> Plugged:
    name = name or _text(entry / "name")
    usb, firmware = _usb(entry), ""
    if usb is not None:
        of_usb, firmware = _name_and_firmware(usb)
        name = name or of_usb
    return Plugged(kind, f"{way}:{path}", name, _driver(entry), firmware)


def _name_and_firmware(usb: Path) -> tuple[str, str]:
    """What a USB device calls itself, and its own version."""
    name = " ".join(filter(None, (_text(usb / "manufacturer"), _text(usb / "product"))))
    version = _text(usb / "bcdDevice")
    return name, f"{version[:2].lstrip('0') or '0'}.{version[2:]}" if version else ""


def _driver(entry: Path) -> str:
    """The nearest driver of the kernel above a device's entry."""
    return next((up.joinpath("driver").resolve().name for up in _ups(entry) if up.joinpath("driver").exists()), "")


def _usb(entry: Path) -> Path | None:
    """The USB device that an entry of sysfs belongs to."""
    return next((up for up in _ups(entry) if up.joinpath("idVendor").exists()), None)


def _ups(entry: Path) -> list[Path]:
    device = entry / "device"
    if not device.exists():
        return []
    device = device.resolve()
    return [device, *device.parents]


def _stable(path: Path, names: Path) -> Path:
    """udev's name of a device, which stays when it is plugged in elsewhere; its own where there is none."""
    same = (name for name in sorted(names.glob("*")) if name.resolve() == path)
    return next(same, path)


def _text(file: Path) -> str:
    return _bytes(file).decode("utf-8", "replace").strip()


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""
