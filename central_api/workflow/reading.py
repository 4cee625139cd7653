"""Reading a TOML text that people edit: every fault at once, each with file, line, key and what was expected."""

import pathlib
import re
import tomllib
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from central_api.contract.catalogue import Section

from .lines import Path, line_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a table, and where."""

    file: str
    line: int
    key: str
    words: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key or 'the file'}: {self.words}"


class InvalidTable(ValueError):
    """A table with faults: all that were found, not only the first."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def text_in(path: pathlib.Path) -> str:
    """Read a file that somebody wrote. Raises InvalidTable where it is no text."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidTable([Fault(path.name, 1, "", f"not text in UTF-8 (byte {error.start})")]) from None


class Reading:
    """One text (`file` is its name in messages) and the faults that were found in it."""

    def __init__(self, text: str, file: str) -> None:
        self.faults: list[Fault] = []
        self._text = text
        self._file = file

    def head(self, shape: type[T]) -> T:
        """Read the text as TOML of a shape. Raises InvalidTable."""
        try:
            raw = tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:
            line = next((int(word) for word in str(error).replace(",", " ").split() if word.isdigit()), 1)
            raise InvalidTable([Fault(self._file, line, "", f"expected TOML: {error}")]) from None
        head = self.shape(raw, shape, ())
        if head is None:
            raise InvalidTable(self.faults)
        return head

    def shape(self, raw: object, shape: type[T], at: Path) -> T | None:
        """Convert what stands at a place; None, and a fault, where it has another shape."""
        try:
            return msgspec.convert(raw, shape)
        except msgspec.ValidationError as error:
            # "Expected `int`, got `str` - at `$.limit`": the path is ours to show, as the editor wrote it.
            words, _, place = str(error).partition(" - at `$")
            inner = (int(part) if part.isdigit() else part for part in re.findall(r"\w+", place))
            self.fault((*at, *inner), words.replace("`", "'"))
            return None

    def code(self, section: Section, key: str, at: Path) -> int:
        """Return the catalogue's code of a key; 0, and a fault, for one that it does not know."""
        if key not in section.codes:
            self.fault(at, f"expected one of {', '.join(section.codes)}, found {key!r}")
        return section.codes.get(key, 0)

    def fault(self, path: Path, words: str) -> None:
        """Note a fault at a place."""
        key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
        self.faults.append(Fault(self._file, line_of(self._text, path), key, words))
