"""Every key of a terminal's settings: its default, what it takes, what it means. `docs/settings.md` is made of this."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlsplit

from devices.address import PRINTER_FORMS, SCANNER_FORMS, card_address, keypad_address, printer_address, scanner_address

from .frozen import frozen
from .staff_pin import judge_hash
from .visit_state import CORE_LANGUAGES, SCREEN_LANGUAGES, ScreenLanguage

VERSION: Final = 1
"""Of the file's form; a file without the key `version` is of this one."""

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,15}")
_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?")


@frozen
class Key:
    """One setting. `field` is its name in Settings; `judge` returns its value, or raises ValueError: what is expected.

    `example` is written as in the file. `office`: what of the office's goes before the file's value, where it has one.
    `corner`: whether the staff corner changes it. `secret`: its value is shown to nobody.
    """

    name: str
    field: str
    judge: Callable[[object], object]
    default: object
    expects: str
    example: str
    meaning: str
    office: str = ""
    corner: bool = False
    secret: bool = False

    @property
    def is_text(self) -> bool:
        """Whether the value is text, so that on a command line it needs no quotation marks."""
        return self.example.startswith('"')


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("expected text")
    return value


def _folder(value: object) -> Path:
    if "\0" in _text(value):
        raise ValueError("expected the path of a folder")
    return Path(_text(value))


def _url(value: object) -> str:
    expected = "expected an address such as https://office.example"
    try:
        url = urlsplit(_text(value))
        _ = url.port  # raises ValueError where it is no number
    except ValueError:
        raise ValueError(expected if isinstance(value, str) else "expected text") from None
    if url.scheme not in {"http", "https"} or not url.hostname or url.query or url.fragment:
        raise ValueError(expected)
    return _text(value).rstrip("/")


def _name(value: object) -> str:
    if not _NAME.fullmatch(_text(value)):
        raise ValueError("expected up to 16 letters, digits and dashes, such as T-03")
    return _text(value)


def _language(value: object) -> ScreenLanguage:
    for language in (*SCREEN_LANGUAGES, *CORE_LANGUAGES):
        if value == language:
            return language
    raise ValueError("expected ar, fr, en, am, bn or fil")


def _languages(value: object) -> tuple[ScreenLanguage, ...]:
    listed = cast(list[object], value) if isinstance(value, list) else []
    if (
        not listed
        or any(one not in (*SCREEN_LANGUAGES, *CORE_LANGUAGES) for one in listed)
        or len(set(listed)) != len(listed)
    ):
        raise ValueError('expected a list of ar, fr, en, am, bn and fil, each at most once, such as ["ar", "fr"]')
    return tuple(_language(one) for one in listed)


def _screen(value: object) -> tuple[int, int]:
    return _pair(value, 320, 8192, "expected [width, height] in pixels, 320 to 8192 each")


def _panel(value: object) -> tuple[int, int]:
    return _pair(value, 50, 3000, "expected [width, height] in millimetres, 50 to 3000 each")


def _pair(value: object, least: int, most: int, expected: str) -> tuple[int, int]:
    match value:
        case [int(width), int(height)] if min(width, height) >= least and max(width, height) <= most:
            return width, height
        case _:
            raise ValueError(expected)


def _rotation(value: object) -> int:
    if type(value) is not int or value not in {0, 90, 180, 270}:
        raise ValueError("expected 0, 90, 180 or 270 degrees")
    return value


def _volume(value: object) -> int:
    if type(value) is not int or not 0 <= value <= 100:
        raise ValueError("expected a number from 0 to 100")
    return value


def _hosts(value: object) -> frozenset[str]:
    if not isinstance(value, list) or not value:
        raise ValueError("expected a list of hosts")
    hosts = [_text(host) for host in cast(list[object], value)]
    if not all(_HOST.fullmatch(host) for host in hosts):
        raise ValueError("expected hosts such as ISTILAM.EXAMPLE")
    return frozenset(host.upper() for host in hosts)


def _scanner(value: object) -> str:
    scanner_address(_text(value))
    return _text(value)


def _printer(value: object) -> str:
    printer_address(_text(value))
    return _text(value)


def _card_reader(value: object) -> str:
    card_address(_text(value))
    return _text(value)


def _keypad(value: object) -> str:
    keypad_address(_text(value))
    return _text(value)


def _profile(value: object) -> str:
    from devices.printer.profile import profile

    return profile(_text(value)).name


def _width_dots(value: object) -> int:
    if type(value) is not int or not 256 <= value <= 832 or value % 8:
        raise ValueError("expected a multiple of 8 from 256 to 832, usually 576 or 512")
    return value


KEYS: Final[tuple[Key, ...]] = (
    Key(
        "terminal.name",
        "name",
        _name,
        "T-01",
        "up to 16 letters, digits and dashes",
        '"T-03"',
        "The terminal's name, on its screens and papers.",
        office="the name it was enrolled under",
    ),
    Key(
        "terminal.data",
        "data",
        _folder,
        Path("/var/lib/istilam"),
        "the path of a folder",
        '"/var/lib/istilam"',
        "Where the terminal keeps vault, identity and journals.",
    ),
    Key(
        "terminal.language",
        "language",
        _language,
        "ar",
        "ar, fr, en, am, bn or fil; one of `terminal.languages`",
        '"ar"',
        "What the home screen opens in.",
    ),
    Key(
        "terminal.languages",
        "languages",
        _languages,
        SCREEN_LANGUAGES,
        "a list of ar, fr, en, am, bn and fil, each at most once",
        '["ar", "fr", "en"]',
        "The languages that the home screen offers, in this order; am, bn and fil for the core visit, awaiting review.",
        office="the languages of its signed settings",
        corner=True,
    ),
    Key(
        "terminal.volume",
        "volume",
        _volume,
        70,
        "0 to 100",
        "70",
        "How loud sounds are; 0 is silence.",
        office="the volume of its signed settings",
        corner=True,
    ),
    Key(
        "terminal.screen",
        "screen",
        _screen,
        (1080, 1920),
        "[width, height] in pixels, 320 to 8192 each",
        "[1080, 1920]",
        "The picture as visitors see it: after any rotation.",
    ),
    Key(
        "terminal.panel_mm",
        "panel_mm",
        _panel,
        None,
        "[width, height] in millimetres, 50 to 3000 each",
        "[268, 476]",
        "The lit part of the panel, turned as `terminal.screen` is. With it, what is to be pressed is 20 mm on this "
        "panel; without it, as on one of 21.5 inches.",
    ),
    Key(
        "terminal.rotation",
        "rotation",
        _rotation,
        0,
        "0, 90, 180 or 270",
        "90",
        "Degrees by which the picture is turned counter-clockwise on the panel. 0 where the display server turns it.",
    ),
    Key(
        "office.url",
        "office_url",
        _url,
        "http://127.0.0.1:8400",
        "an address, http or https",
        '"https://office.example"',
        "Where the office is. Without enrolment only an office on this machine is of use.",
        office="the office it was enrolled at",
    ),
    Key(
        "office.hosts",
        "hosts",
        _hosts,
        frozenset[str](),
        "a list of hosts",
        '["ISTILAM.EXAMPLE"]',
        "The hosts whose slips are ours. Without it: the pinned office's own.",
    ),
    Key(
        "devices.scanner",
        "scanner",
        _scanner,
        "none",
        SCANNER_FORMS,
        '"serial:/dev/ttyACM0"',
        "The scanner: on a serial line, as a keyboard (`wedge-latin`, `-french`, `-arabic` where its layout is known), "
        "of USB's own class for scanners, or a camera.",
    ),
    Key(
        "devices.printer",
        "printer",
        _printer,
        "none",
        PRINTER_FORMS,
        '"tcp:192.168.7.20:9100"',
        "The receipt printer: on the network, on USB (the numbers that `lsusb` shows), or on a serial line.",
    ),
    Key(
        "devices.printer_profile",
        "printer_profile",
        _profile,
        None,
        "a model of python-escpos or of devices/printer/models.toml",
        '"TM-T88IV"',
        "The printer's model: its head, cutter, sensors and serial flow control. The width must allow "
        "`devices.width_dots`, and a printer that says it is a model with another head is not printed on.",
    ),
    Key(
        "devices.width_dots",
        "width_dots",
        _width_dots,
        576,
        "a multiple of 8 from 256 to 832",
        "512",
        "Dots across the printer's head: 576 on most for 80 mm paper, 512 on some.",
    ),
    Key(
        "devices.card_reader",
        "card_reader",
        _card_reader,
        "none",
        "pcsc:NAME, how the reader's name begins, or none",
        '"pcsc:ACS ACR39U"',
        "The card reader that this terminal must have. The self-test misses none where none is set.",
    ),
    Key(
        "devices.keypad",
        "keypad",
        _keypad,
        "none",
        "keys:PATH[,PATH] or none",
        '"keys:/dev/input/by-id/usb-pad-event-kbd,/dev/input/event5"',
        "The tactile keypad with five keys, and the jack of headphones or handset where that is a device of its own.",
    ),
    Key(
        "staff.pin",
        "staff_pin",
        judge_hash,
        None,
        "what `python -m provisioning staff-pin` writes",
        '"$argon2id$v=19$m=19456,t=2,p=1$8wWlCjkv5JAQ00YnY/uL+Q$sp3hdKbdJp/h4petYgUV1O4VhE0+cF1l71WEmmEpDjE"',
        "The hash of the PIN that opens the staff corner; without it there is none.",
        secret=True,
    ),
)
