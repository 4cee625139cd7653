"""The terminal's settings: one small TOML file, judged as a whole before anything starts.

```toml
version = 1

[terminal]
name = "T-03"            # printed on receipts
language = "ar"          # ar, fr or en: what home opens in
data = "/var/lib/istilam"
screen = [1080, 1920]    # pixels, as the panel stands

[office]
url = "http://127.0.0.1:8400"
hosts = ["ISTILAM.EXAMPLE"]   # on slips; where absent, the pinned office's own

[devices]
scanner = "serial:/dev/ttyACM0"
printer = "tcp:192.168.7.20:9100"
width_dots = 576         # 576 on most 80 mm heads, 512 on some
```

Every key: `docs/settings.md`, made from `kiosk/settings_keys.py`.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, Final, cast

from .frozen import frozen
from .settings_keys import KEYS, VERSION, Key
from .visit_state import SCREEN_LANGUAGES, ScreenLanguage

DEFAULT_FILE: Final = Path("/etc/istilam/terminal.toml")

_BY_NAME: Final = {key.name: key for key in KEYS}
_TABLES: Final = tuple(dict.fromkeys(key.name.partition(".")[0] for key in KEYS))
_SYNTAX_LINE: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@frozen
class Mistake:
    """One thing that is wrong in a settings file: its line, counted from 1, its key, "" where none, and why."""

    line: int
    key: str
    why: str


class SettingsWrong(ValueError):
    """A settings file that cannot be used: names file, line and key, and what was expected, for every mistake."""

    def __init__(self, said: str, mistakes: tuple[Mistake, ...] = ()) -> None:
        super().__init__(said)
        self.mistakes = mistakes


@frozen
class Settings:
    """What one terminal is told. `screen` is width and height in pixels; no `hosts`: those of the pinned office."""

    office_url: str
    data: Path
    name: str = "T-01"
    language: ScreenLanguage = "ar"
    languages: tuple[ScreenLanguage, ...] = SCREEN_LANGUAGES
    volume: int = 70
    screen: tuple[int, int] = (1080, 1920)
    panel_mm: tuple[int, int] | None = None
    rotation: int = 0
    hosts: frozenset[str] = frozenset()
    scanner: str = "none"
    printer: str = "none"
    printer_profile: str | None = None
    width_dots: int = 576
    card_reader: str = "none"
    keypad: str = "none"
    staff_pin: str | None = field(default=None, repr=False)

    @property
    def pixels_per_mm(self) -> float | None:
        """Of the panel; the lesser of both ways. None where its size is not set."""
        if self.panel_mm is None:
            return None
        return min(pixels / long for pixels, long in zip(self.screen, self.panel_mm, strict=True))


def read_settings(path: Path) -> Settings:
    """Read and judge a settings file. Raises SettingsWrong with every mistake in it."""
    return judge(read_text(path), path)


def read_text(path: Path) -> str:
    """Return what a settings file says. Raises SettingsWrong where it cannot be read, or is no text."""
    if path.exists() and not (path.is_file() or path.is_dir()):  # a pipe or a device may never end
        raise SettingsWrong(f"{path}: not a file")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SettingsWrong(f"{path}: {error.strerror}") from None
    try:
        text = data.decode("utf-8-sig")  # Windows begins a text with a byte order mark
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _wrong(path, [Mistake(line, "", "is not text in UTF-8; write the file anew")]) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise _wrong(path, [Mistake(line, "", "is not text: it holds zero bytes; write the file anew")])
    return text


def judge(text: str, path: Path) -> Settings:
    """Judge the text of a settings file; `path` is for the message. Raises SettingsWrong with every mistake in it."""
    values, mistakes = _values(text)
    if mistakes:
        raise _wrong(path, mistakes)
    return Settings(**cast(dict[str, Any], {key.field: values.get(key.name, key.default) for key in KEYS}))


def set_in(text: str) -> frozenset[str]:
    """Return the names of the keys that a judged settings text sets."""
    return frozenset(_values(text)[0])


def _values(text: str) -> tuple[dict[str, object], list[Mistake]]:
    """Return what each key is set to, and every mistake in order of its line."""
    if not text.strip():
        return {}, [Mistake(1, "", f"is empty; the least that it says is: version = {VERSION}")]
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _SYNTAX_LINE.search(str(error))
        line = int(at[1]) if at and at[1] else text.count("\n") + 1
        return {}, [Mistake(line, "", _SYNTAX_LINE.sub("", str(error)))]
    version = tables.pop("version", VERSION)
    if type(version) is not int or version != VERSION:
        # What the keys of another edition mean is not known: nothing more is said of them.
        return {}, [Mistake(_line_of(text, "version"), "version", f"expected {VERSION}, the only one known here")]
    values: dict[str, object] = {}
    mistakes: list[Mistake] = []
    for name, value in _flat(tables).items():
        try:
            values[name] = _key(name, value).judge(value)
        except ValueError as error:
            mistakes.append(Mistake(_line_of(text, name), name, str(error)))
    if not mistakes:
        mistakes += [Mistake(_line_of(text, name), name, why) for name, why in _disagreements(values)]
    return values, sorted(mistakes, key=lambda mistake: mistake.line)


def _flat(tables: Mapping[str, object]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for table, keys in tables.items():
        if isinstance(keys, dict) and table in _TABLES:
            flat |= {f"{table}.{key}": value for key, value in cast(dict[str, object], keys).items()}
        else:
            flat[table] = keys
    return flat


def _key(name: str, value: object) -> Key:
    """Return the key of a name. Raises ValueError, with the nearest one that there is."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name in _TABLES:
        raise ValueError(f"is not a table; its keys stand under [{name}]")
    from difflib import get_close_matches

    # Names alone are compared: the table's letters would make strangers alike.
    table, _, last = name.rpartition(".")
    names = {known.rpartition(".")[2]: known for known in sorted(_BY_NAME, key=lambda known: known.startswith(table))}
    near = get_close_matches(last, names, 1, 0.6)
    nearest = names[near[0]] if near else ""
    if isinstance(value, dict) and not nearest:
        raise ValueError(f"is not a table of settings; they are {', '.join(f'[{table}]' for table in _TABLES)}")
    raise ValueError(f"is not a setting; did you mean {nearest}?" if nearest else "is not a setting")


def _disagreements(values: Mapping[str, object]) -> list[tuple[str, str]]:
    """Tell which keys, each right in itself, cannot be true together."""
    said = {key.name: values.get(key.name, key.default) for key in KEYS}
    found: list[tuple[str, str]] = []
    languages = cast(tuple[str, ...], said["terminal.languages"])
    if said["terminal.language"] not in languages:
        key = "terminal.language" if "terminal.language" in values else "terminal.languages"
        found.append((key, f"{said['terminal.language']} is not among terminal.languages"))
    width, height = cast(tuple[int, int], said["terminal.screen"])
    if panel := cast(tuple[int, int] | None, said["terminal.panel_mm"]):
        across, down = width / panel[0], height / panel[1]
        if not 0.8 < across / down < 1.25:
            found.append(
                ("terminal.panel_mm", f"does not have the shape of terminal.screen, {width} x {height} pixels")
            )
    if said["devices.printer_profile"] is not None:
        from devices.printer.profile import check_width

        try:
            check_width(cast(str, said["devices.printer_profile"]), cast(int, said["devices.width_dots"]))
        except ValueError as error:
            found.append(("devices.printer_profile", str(error)))
    return found


def _wrong(path: Path, mistakes: list[Mistake]) -> SettingsWrong:
    lines = [f"{path}:{one.line}: {f'{one.key}: ' if one.key else ''}{one.why}" for one in mistakes]
    return SettingsWrong("\n".join(lines), tuple(mistakes))


def _line_of(text: str, name: str) -> int:
    """Find the key's line, or its table's, or the first: the standard parser tells lines of syntax errors only."""
    table, _, key = name.rpartition(".")
    inside, found = "", 1
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[([^\]]+)\]", line):
            inside = header[1].strip()
            found = number if inside in {table, name} else found
        elif inside == table and re.match(rf"\s*{re.escape(key)}\s*=", line):
            return number
    return found
