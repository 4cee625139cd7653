"""`python -m provisioning staff-pin`: set, change or remove the PIN of a terminal's staff corner."""

import json
import os
import sqlite3
import sys
from getpass import getpass
from pathlib import Path
from typing import Annotated, Final, NoReturn

from cyclopts import Parameter

from central_api.contract.numbers import fold_digits
from kiosk.settings import DEFAULT_FILE, SettingsWrong, judge
from kiosk.staff_book import StaffBook
from kiosk.staff_pin import LEAST_DIGITS, MOST_DIGITS, hash_pin, why_weak

from .settings import FileOption, JsonOption, changed, replace, text_at

KEY: Final = "staff.pin"


def staff_pin(
    *,
    remove: Annotated[
        bool, Parameter(negative="", help="close the staff corner: the terminal asks for no PIN")
    ] = False,
    file: FileOption = DEFAULT_FILE,
    json_: JsonOption = False,
) -> None:
    """Set the PIN of the staff corner; without one there is none. Counts from the terminal's next start.

    The PIN is asked for twice and not shown; from a pipe it is one line. It is never an argument: those can be read by
    others. The settings hold its argon2id hash. Wrong PINs that were counted are forgotten.
    """
    try:
        before = text_at(file)
        data = judge(before, file).data
        hashed = None if remove else hash_pin(_asked())
        text = changed(before, KEY, hashed, file)
        judge(text, file)
        _write(file, text)
        _keep_from_others(file)
        book = StaffBook(data)
        book.forgive()
        book.close()
    except SettingsWrong as wrong:
        _failed(str(wrong), json_)
    except (OSError, sqlite3.DatabaseError) as error:
        _failed(f"{getattr(error, 'filename', None) or file}: {getattr(error, 'strerror', None) or error}", json_)
    said = "there is no staff corner any more" if remove else "the PIN is set"
    print(json.dumps({"file": str(file), "set": not remove}) if json_ else f"{file}: {said}")


def _write(file: Path, text: str) -> None:
    """Write the settings. Raises SettingsWrong, with the file's own name."""
    try:
        replace(file, text)
    except OSError as error:
        raise SettingsWrong(f"{file}: {error.strerror}; nothing was changed") from None


def _asked() -> str:
    if not sys.stdin.isatty():
        return _strong(sys.stdin.readline().strip())
    pin = _strong(getpass(f"PIN ({LEAST_DIGITS} to {MOST_DIGITS} digits): ").strip())
    if _digits(getpass("Again: ").strip()) != pin:
        raise SettingsWrong("the two are not the same; nothing was changed")
    return pin


def _strong(typed: str) -> str:
    pin = _digits(typed)
    if why := why_weak(pin):
        raise SettingsWrong(f"{why}; nothing was changed")
    return pin


def _digits(typed: str) -> str:
    """Digits of three scripts, as the terminal's own keys send them."""
    return fold_digits(typed)


def _keep_from_others(file: Path) -> None:
    """Let nobody else read a file with a hash in it, where it is ours."""
    kept = file.stat()
    if kept.st_uid == os.geteuid():
        file.chmod(kept.st_mode & 0o770)


def _failed(why: str, as_json: bool) -> NoReturn:
    print(
        json.dumps({"error": why}, ensure_ascii=False) if as_json else why, file=sys.stdout if as_json else sys.stderr
    )
    raise SystemExit(1)
