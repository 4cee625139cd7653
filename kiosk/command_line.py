"""What is typed after `python -m kiosk`: which command, and the settings that the command line gives or overrides.

argparse and not the commands' library of the other packages: it is there in 10 ms, before the first picture.
"""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from devices.address import SCANNER_FORMS

from .settings import DEFAULT_FILE, Settings, SettingsWrong, read_settings
from .settings_keys import KEYS
from .visit_state import SCREEN_LANGUAGES

if TYPE_CHECKING:
    from .visit import NumberInMind, SlipInHand

NO_OFFICE: Final = "https://office.invalid"
"""Where a terminal without settings asks: a name that no office will ever have (RFC 2606)."""

_PICTURES: Final = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"})
"""What ends so is the name of a picture, and no slip's code."""


class Failed(Exception):
    """What was asked cannot be done: no window, no folder, no code in the picture, no visit; says why in one line."""


def parser(description: str | None) -> argparse.ArgumentParser:
    """Make what reads the command line."""
    terminal = argparse.ArgumentParser(prog="python -m kiosk", description=description, parents=[_common()])
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
    # Said after a command or before it: without a default of its own, the command's parser leaves what stood before.
    common = _common(argparse.SUPPRESS)
    visit = commands.add_parser("visit", parents=[common], help="one visit, timed and photographed")
    brings = visit.add_mutually_exclusive_group(required=True)
    brings.add_argument("--slip", help="picture of a slip, or the text of its QR code")
    brings.add_argument("--number", help="tracking number, typed on the screen; with --code")
    visit.add_argument("--code", help="the secret code of that number")
    visit.add_argument("--shots", type=Path, help="folder for a picture of each screen")
    selftest = commands.add_parser("selftest", parents=[common], help="test this terminal, on its screen")
    selftest.add_argument("--scanner", default=argparse.SUPPRESS, help=SCANNER_FORMS)
    return terminal


def _common(default: str | None = None) -> argparse.ArgumentParser:
    """Make what reads the options that every command takes; `default` of each that is not said."""
    common = argparse.ArgumentParser(add_help=False, argument_default=default)
    common.add_argument("--settings", type=Path, help="the terminal's settings (TOML)")
    common.add_argument("--office", help="address of the office, such as http://127.0.0.1:8400")
    common.add_argument("--data", help="the terminal's data folder")
    common.add_argument("--printer", help="tcp:HOST:PORT, usb:VID:PID[:SERIAL], serial:PATH[@BAUD], file:PATH or none")
    common.add_argument("--language", choices=SCREEN_LANGUAGES, help="the visitor's language, or the home screen's")
    common.add_argument("--size", help="the panel in pixels, such as 1080x1920")
    common.add_argument("--json", action="store_true", help="say in JSON what was done")
    return common


def settings_of(options: argparse.Namespace) -> Settings:
    """Join the settings file, where one is given, and what the command line says instead. Raises SettingsWrong."""
    file = cast(Path | None, options.settings)
    if file is None and (options.office is None or options.data is None):
        if not DEFAULT_FILE.exists():
            raise SettingsWrong("give --settings FILE, or --office URL and --data FOLDER")
        file = DEFAULT_FILE
    said = _said(options)
    if file is not None:
        return replace(read_settings(file), **said)
    return Settings(**said)


def _said(options: argparse.Namespace) -> dict[str, Any]:
    """Judge what the command line says as the settings file's own keys are judged; fields of Settings."""
    said = {
        "office_url": ("--office", options.office),
        "data": ("--data", options.data),
        "printer": ("--printer", options.printer),
        "scanner": ("--scanner", options.scanner),
        "card_reader": ("--card-reader", options.card_reader),
        "keypad": ("--keypad", options.keypad),
        "language": ("--language", options.language if options.command != "visit" else None),
        "screen": ("--size", _size(cast(str | None, options.size))),
    }
    judged: dict[str, Any] = {}
    for key in KEYS:
        option, value = said.get(key.field, ("", None))
        try:
            if value is not None:
                judged[key.field] = key.judge(value)
        except ValueError as error:
            raise SettingsWrong(f"{option}: {error}") from None
    return judged


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
    if not (width.isdecimal() and height.isdecimal()):
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


def shots_folder(options: argparse.Namespace) -> Path | None:
    """Make the folder for the pictures of the screens. Raises Failed, before anything is shown."""
    folder = cast(Path | None, options.shots)
    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failed(f"--shots {folder}: {error.strerror}") from None
    return folder


def _slip(what: str) -> bytes:
    """Take the text of a slip's QR code, or read it from a picture."""
    path = Path(what)
    try:
        if not path.is_file():
            if "://" not in what and path.suffix.lower() in _PICTURES:
                raise Failed(f"there is no picture {path}")
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
