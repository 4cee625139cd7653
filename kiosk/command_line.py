"""What is typed after `python -m kiosk`: which command, and the settings that the command line gives or overrides.

argparse and not the commands' library of the other packages: it is there in 10 ms, before the first picture.
"""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from devices.address import SCANNER_FORMS, card_address, keypad_address, printer_address, scanner_address

from .settings import DEFAULT_FILE, Settings, SettingsWrong, read_settings
from .visit_state import SCREEN_LANGUAGES

if TYPE_CHECKING:
    from .visit import NumberInMind, SlipInHand

NO_OFFICE: Final = "https://office.invalid"
"""Where a terminal without settings asks: a name that no office will ever have (RFC 2606)."""


class Failed(Exception):
    """What was asked cannot be done: no window, no folder, no code in the picture, no visit; says why in one line."""


def parser(description: str | None) -> argparse.ArgumentParser:
    """Make what reads the command line."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--settings", type=Path, help="the terminal's settings (TOML)")
    common.add_argument("--office", help="address of the office, such as http://127.0.0.1:8400")
    common.add_argument("--data", type=Path, help="the terminal's data folder")
    common.add_argument("--printer", help="tcp:HOST:PORT, usb:VID:PID[:SERIAL], serial:PATH[@BAUD], file:PATH or none")
    common.add_argument("--language", choices=SCREEN_LANGUAGES, help="the visitor's language, or the home screen's")
    common.add_argument("--size", help="the panel in pixels, such as 1080x1920")
    common.add_argument("--json", action="store_true", help="say in JSON what was done")
    terminal = argparse.ArgumentParser(prog="python -m kiosk", description=description, parents=[common])
    terminal.add_argument("--scanner", help=SCANNER_FORMS)
    terminal.add_argument("--card-reader", help="pcsc:NAME, how the reader's name begins, or none")
    terminal.add_argument("--keypad", help="keys:PATH[,PATH] of keypad and jack, or none")
    terminal.add_argument("--appliance", action="store_true", help="with wrong settings, be out of order, do not end")
    terminal.add_argument(
        "--practice-door", type=Path, metavar="SOCKET", help="picture out and touches in, for the dock; not in service"
    )
    terminal.add_argument(
        "--practice-machine",
        type=Path,
        metavar="FOLDER",
        help="with that door: where /sys is, which tells of the mains",
    )
    commands = terminal.add_subparsers(dest="command", required=False)
    terminal.set_defaults(command="run")  # after its argument is known: else that has a default of its own, None
    visit = commands.add_parser("visit", parents=[common], help="one visit, timed and photographed")
    brings = visit.add_mutually_exclusive_group(required=True)
    brings.add_argument("--slip", help="picture of a slip, or the text of its QR code")
    brings.add_argument("--number", help="tracking number, typed on the screen; with --code")
    visit.add_argument("--code", help="the secret code of that number")
    visit.add_argument("--shots", type=Path, help="folder for a picture of each screen")
    selftest = commands.add_parser("selftest", parents=[common], help="test this terminal, on its screen")
    selftest.add_argument("--scanner", help=SCANNER_FORMS)
    return terminal


def settings_of(options: argparse.Namespace) -> Settings:
    """Join the settings file, where one is given, and what the command line says instead. Raises SettingsWrong."""
    file = cast(Path | None, options.settings)
    if file is None and (options.office is None or options.data is None):
        if not DEFAULT_FILE.exists():
            raise SettingsWrong("give --settings FILE, or --office URL and --data FOLDER")
        file = DEFAULT_FILE
    settings = read_settings(file) if file else Settings(cast(str, options.office), cast(Path, options.data))
    said = {
        "office_url": options.office,
        "data": options.data,
        "printer": options.printer,
        "scanner": getattr(options, "scanner", None),
        "card_reader": getattr(options, "card_reader", None),
        "keypad": getattr(options, "keypad", None),
        "language": options.language if options.command != "visit" else None,
        "screen": _size(cast(str | None, options.size)),
    }
    try:
        printer_address(cast(str | None, options.printer) or "none")
        scanner_address(cast(str | None, said["scanner"]) or "none")
        card_address(cast(str | None, said["card_reader"]) or "none")
        keypad_address(cast(str | None, said["keypad"]) or "none")
    except ValueError as error:
        raise SettingsWrong(str(error)) from None
    return replace(settings, **{name: value for name, value in said.items() if value is not None})


def appliance_settings(options: argparse.Namespace) -> Settings:
    """Read the settings, or be a terminal of no office: a lobby sees "out of order", and the journal says why.

    A process that ended instead would be started again and again, and leave a black screen.
    """
    try:
        return settings_of(options)
    except SettingsWrong as error:
        print(f"kiosk: {error}", file=sys.stderr, flush=True)
        unset = Settings(NO_OFFICE, Path(os.environ.get("STATE_DIRECTORY", "/var/lib/istilam")))
        return replace(unset, screen=_size(cast(str | None, options.size)) or unset.screen)


def _size(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise SettingsWrong(f"--size {text}: expected WIDTHxHEIGHT, such as 1080x1920")
    return int(width), int(height)


def brought(options: argparse.Namespace) -> "SlipInHand | NumberInMind":
    """Take what the visitor comes with. Raises SettingsWrong for what nobody could type."""
    from central_api.contract.numbers import fold_digits

    from .entry_state import CODE_ROOM, TRACKING_ROOM
    from .visit import NumberInMind, SlipInHand

    if options.number is None:
        if options.code is not None:
            raise SettingsWrong("--code: belongs to a --number")
        return SlipInHand(_slip(cast(str, options.slip)))
    number, code = ("".join(fold_digits(cast(str, typed or "")).split("-")) for typed in (options.number, options.code))
    for name, typed, room in (("--number", number, TRACKING_ROOM), ("--code", code, CODE_ROOM)):
        if not (typed.isascii() and typed.isdigit() and len(typed) == room):
            raise SettingsWrong(f"{name}: {room} digits are typed there")
    return NumberInMind(number, code)


def _slip(what: str) -> bytes:
    """Take the text of a slip's QR code, or read it from a picture."""
    path = Path(what)
    try:
        if not path.is_file():
            return what.encode()
    except (OSError, ValueError):  # no name that a file can have: 4 KB of text, or a zero byte
        return what.encode()
    from devices.scanner.picture import NotAPicture, codes_in

    try:
        codes = codes_in(path)
    except (NotAPicture, OSError) as error:
        raise Failed(f"{path}: {error}") from None
    if not codes:
        raise Failed(f"no code can be read in {path}")
    return codes[0]
