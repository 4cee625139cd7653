"""The terminal's settings: one small TOML file, judged as a whole before anything starts.

```toml
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
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar, cast
from urllib.parse import urlsplit

from devices.address import printer_address, scanner_address

from .visit_state import SCREEN_LANGUAGES, ScreenLanguage

T = TypeVar("T")

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,15}")
_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?")


class SettingsWrong(ValueError):
    """A settings file that cannot be used: names file, line and key, and what was expected."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one terminal is told. `screen` is width and height in pixels; no `hosts`: those of the pinned office."""

    office_url: str
    data: Path
    name: str = "T-01"
    language: ScreenLanguage = "ar"
    screen: tuple[int, int] = (1080, 1920)
    hosts: frozenset[str] = frozenset()
    scanner: str = "none"
    printer: str = "none"
    width_dots: int = 576


def read_settings(path: Path) -> Settings:
    """Read and judge a settings file. Raises SettingsWrong."""
    try:
        text = path.read_text(encoding="utf-8")
        return _settings(_Reader(path, text, tomllib.loads(text)))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsWrong(f"{path}: {error}") from None


def _settings(read: "_Reader") -> Settings:
    settings = Settings(
        office_url=read.value("office.url", _url),
        data=read.value("terminal.data", lambda value: Path(_text(value))),
        name=read.value("terminal.name", _name, "T-01"),
        language=read.value("terminal.language", _language, "ar"),
        screen=read.value("terminal.screen", _screen, (1080, 1920)),
        hosts=read.value("office.hosts", _hosts, frozenset()),
        scanner=read.value("devices.scanner", lambda value: _address(value, scanner_address), "none"),
        printer=read.value("devices.printer", lambda value: _address(value, printer_address), "none"),
        width_dots=read.value("devices.width_dots", _width_dots, 576),
    )
    read.refuse_others()
    return settings


class _Reader:
    """Takes keys out of a TOML table by their dotted names; what is left in the end nobody knows."""

    def __init__(self, path: Path, text: str, tables: Mapping[str, object]) -> None:
        self._path = path
        self._text = text
        self._left: dict[str, object] = {}
        for table, keys in tables.items():
            if not isinstance(keys, dict):
                raise self._wrong(table, "is not a table; keys stand in [terminal], [office] and [devices]")
            for key, value in cast(dict[str, object], keys).items():
                self._left[f"{table}.{key}"] = value

    def value(self, name: str, judge: Callable[[object], T], default: T | None = None) -> T:
        """Take one key; `judge` returns its value, or raises ValueError with what was expected."""
        if name not in self._left:
            if default is None:
                raise self._wrong(name, "is missing")
            return default
        try:
            return judge(self._left.pop(name))
        except ValueError as error:
            raise self._wrong(name, str(error)) from None

    def refuse_others(self) -> None:
        for name in self._left:
            raise self._wrong(name, "is not a setting")

    def _wrong(self, name: str, why: str) -> SettingsWrong:
        return SettingsWrong(f"{self._path}:{self._line_of(name)}: {name}: {why}")

    def _line_of(self, name: str) -> int:
        """Find the key's line, or its table's, or the first: the standard parser tells lines of syntax errors only."""
        table, _, key = name.rpartition(".")
        inside, found = "", 1
        for number, line in enumerate(self._text.splitlines(), 1):
            if header := re.match(r"\s*\[([^\]]+)\]", line):
                inside = header[1].strip()
                found = number if inside == table else found
            elif inside == table and re.match(rf"\s*{re.escape(key)}\s*=", line):
                return number
        return found


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("expected text")
    return value


def _url(value: object) -> str:
    url = urlsplit(_text(value))
    if url.scheme not in {"http", "https"} or not url.hostname or url.query or url.fragment:
        raise ValueError("expected an address such as https://office.example")
    return _text(value).rstrip("/")


def _name(value: object) -> str:
    if not _NAME.fullmatch(_text(value)):
        raise ValueError("expected up to 16 letters, digits and dashes, such as T-03")
    return _text(value)


def _language(value: object) -> ScreenLanguage:
    for language in SCREEN_LANGUAGES:
        if value == language:
            return language
    raise ValueError("expected ar, fr or en")


def _screen(value: object) -> tuple[int, int]:
    match value:
        case [int(width), int(height)] if min(width, height) >= 320 and max(width, height) <= 8192:
            return width, height
        case _:
            raise ValueError("expected [width, height] in pixels, 320 to 8192 each")


def _hosts(value: object) -> frozenset[str]:
    if not isinstance(value, list) or not value:
        raise ValueError("expected a list of hosts")
    hosts = [_text(host) for host in cast(list[object], value)]
    if not all(_HOST.fullmatch(host) for host in hosts):
        raise ValueError("expected hosts such as ISTILAM.EXAMPLE")
    return frozenset(host.upper() for host in hosts)


def _address(value: object, parse: Callable[[str], object]) -> str:
    parse(_text(value))
    return _text(value)


def _width_dots(value: object) -> int:
    if type(value) is not int or not 256 <= value <= 832 or value % 8:
        raise ValueError("expected a multiple of 8 from 256 to 832, usually 576 or 512")
    return value
