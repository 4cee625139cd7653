"""`python -m provisioning settings check | show | set`: the terminal's settings file, for technicians and scripts."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final, NoReturn

import tomlkit
from cyclopts import App, Parameter
from tomlkit.exceptions import TOMLKitError

from devices.durable import flush_folder
from kiosk.identity import Identity, IdentityWrong
from kiosk.settings import DEFAULT_FILE, SettingsWrong, judge, read_text, set_in
from kiosk.settings_in_force import Giver, in_force
from kiosk.settings_keys import KEYS, VERSION, Key

app = App(name="settings", help="The terminal's settings file: judge it, show it, change it.")

FileOption = Annotated[Path, Parameter(name="--settings", help="the settings file")]
JsonOption = Annotated[bool, Parameter(name="--json", negative="", help="one JSON object instead of sentences")]
_NEW_FILE_MODE: Final = 0o644


@app.command
def check(*, file: FileOption = DEFAULT_FILE, json_: JsonOption = False) -> None:
    """Judge the file as a whole, and tell every mistake with line, key and what is expected."""
    try:
        judge(read_text(file), file)
    except SettingsWrong as wrong:
        _refuse(wrong, file, json_)
    print(json.dumps({"file": str(file), "mistakes": []}) if json_ else f"{file}: in order")


@app.command
def show(*, file: FileOption = DEFAULT_FILE, json_: JsonOption = False) -> None:
    """Show every key with its value, and where that comes from: default, file, office, or staff for the staff corner.

    Without a file every key has its default.
    """
    try:
        text = text_at(file)
        settings, given = in_force(judged := judge(text, file), _identity(judged.data))
    except SettingsWrong as wrong:
        _refuse(wrong, file, json_)
    rows = [
        {"key": key.name, "value": shown(key, getattr(settings, key.field)), "from": source}
        for key, source in sources(set_in(text), given)
    ]
    if json_:
        print(json.dumps({"file": str(file), "settings": rows}, ensure_ascii=False))
        return
    for row in rows:
        print(f"{row['key']:26} {row['from']:8} {written(row['value'])}")


@app.command(name="set")
def set_key(key: str, value: str, *, file: FileOption = DEFAULT_FILE, json_: JsonOption = False) -> None:
    """Set one key in place; the whole file is judged first, and its comments stay.

    Parameters
    ----------
    key: such as terminal.name
    value: as in the file; text needs no quotation marks
    """
    known = next((one for one in KEYS if one.name == key), None)
    try:
        before = text_at(file)
        text = changed(before, key, _value(known, value), file)
        left = _mistakes_left(before, text, key, file)
    except SettingsWrong as wrong:
        _refuse(wrong, file, json_)
    try:
        replace(file, text)
    except OSError as error:
        _refuse(SettingsWrong(f"{file}: {error.strerror}; nothing was changed"), file, json_)
    told = value if known is None else shown(known, value)
    report = {"file": str(file), "key": key, "value": told, "mistakes_left": [str(left)] if left else []}
    print(json.dumps(report, ensure_ascii=False) if json_ else f"{file}: {key} is set")
    if left:
        print(f"What was wrong before is still wrong:\n{left}", file=sys.stderr)


def text_at(file: Path) -> str:
    """Return what a settings file says; one that is not there says nothing but its version. Raises SettingsWrong."""
    return read_text(file) if file.exists() else f"version = {VERSION}\n"


def sources(in_file: frozenset[str], given: Mapping[str, Giver]) -> list[tuple[Key, str]]:
    """Return each key, and where its value comes from: keys that the file sets, fields that somebody else gave."""
    return [(key, given.get(key.field) or ("file" if key.name in in_file else "default")) for key in KEYS]


def _identity(data: Path) -> Identity | None:
    """Who this terminal is; one that cannot be used is said, and gives nothing."""
    try:
        return Identity.read(data)
    except IdentityWrong as wrong:
        print(f"{data}: {wrong}", file=sys.stderr)
        return None


def shown(key: Key, value: object) -> object:
    """Return a value as people may see it; of a secret only whether it is set."""
    return "set" if key.secret and value is not None else plain(value)


def plain(value: object) -> object:
    """Return a setting's value as JSON has it."""
    match value:
        case frozenset():
            return sorted(str(one) for one in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case tuple():
            return list(value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case Path():
            return str(value)
        case _:
            return value


def written(value: object) -> str:
    """Return a setting's value as the file writes it."""
    return "not set" if value is None or value == [] else json.dumps(value, ensure_ascii=False)


def changed(text: str, key: str, value: object, file: Path) -> str:
    """Return a settings text with one key set in its place, or under its table; None takes it out.

    Raises SettingsWrong.
    """
    try:
        document = tomlkit.parse(text)
    except TOMLKitError:
        judge(text, file)  # tells line and reason
        raise
    table, _, name = key.rpartition(".")
    holder = document
    if table:
        if table not in document and value is None:
            return text
        if table not in document:
            document.add(table, tomlkit.table())
        holder = document[table]
    if value is None:
        holder.pop(name, None)  # pyright: ignore
    else:
        holder[name] = value  # pyright: ignore[reportIndexIssue]
    return tomlkit.dumps(document)  # pyright: ignore[reportUnknownMemberType]


def replace(file: Path, text: str) -> None:
    """Write a file whole or not at all, whenever the power is cut; mode and owner stay. Raises OSError."""
    file = file.resolve()  # a link stays a link
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with partial.open("w", encoding="utf-8") as new:
            new.write(text)
            new.flush()
            if file.exists():
                kept = file.stat()
                os.fchmod(new.fileno(), kept.st_mode & 0o7777)
                if (kept.st_uid, kept.st_gid) != (os.geteuid(), os.getegid()):
                    os.fchown(new.fileno(), kept.st_uid, kept.st_gid)
            else:
                os.fchmod(new.fileno(), _NEW_FILE_MODE)
            os.fsync(new.fileno())
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
    flush_folder(file.parent)


def _value(known: Key | None, said: str) -> object:
    """Read a value as the file writes it; text, and what is no value of TOML, stands for itself."""
    if known is not None and known.is_text and not said.startswith(('"', "'")):
        return said
    try:
        return tomlkit.value(said)
    except TOMLKitError:
        return said


def _mistakes_left(before: str, after: str, key: str, file: Path) -> SettingsWrong | None:
    """Return what was wrong and stays so: mistakes can be mended one by one. Raises SettingsWrong for a new one."""
    try:
        judge(after, file)
    except SettingsWrong as wrong:
        old: set[tuple[str, str]] = set()
        try:
            judge(before, file)
        except SettingsWrong as was:
            old = {(mistake.key, mistake.why) for mistake in was.mistakes}
        if any(one.key == key or (one.key, one.why) not in old for one in wrong.mistakes):
            raise
        return wrong
    return None


def _refuse(wrong: SettingsWrong, file: Path, as_json: bool) -> NoReturn:
    if as_json:
        mistakes = [asdict(mistake) for mistake in wrong.mistakes]
        print(json.dumps({"file": str(file), "mistakes": mistakes, "error": str(wrong)}, ensure_ascii=False))
    else:
        print(wrong, file=sys.stderr)
    raise SystemExit(1)
