"""Where a key stands in a TOML text. The standard parser tells positions of syntax errors only.

It reads the plain layout that our tables have: headers and keys at the start of a line. Text in multi-line strings
is not told apart, so a table that hides `key =` there gets a wrong line number, never a wrong value.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

Path = Sequence[str | int]

_HEADER: Final = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY: Final = re.compile(r"\s*([\w\"'.-]+)\s*=")


def line_of(text: str, path: Path) -> int:
    """Return the line (from 1) of a key such as `("steps", 2, "limit")`, or of its nearest parent, or 1."""
    places = _places(text)
    wanted = tuple(path)
    while wanted and wanted not in places:
        wanted = wanted[:-1]
    return places.get(wanted, 1)


def _places(text: str) -> dict[tuple[str | int, ...], int]:
    places: dict[tuple[str | int, ...], int] = {}
    repeats: Counter[tuple[str | int, ...]] = Counter()
    inside: tuple[str | int, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            inside = _split(header[2])
            places.setdefault(inside, number)
            if header[1] == "[[":
                repeats[inside] += 1
                inside = (*inside, repeats[inside] - 1)
                places[inside] = number
        elif key := _KEY.match(line):
            places.setdefault((*inside, *_split(key[1])), number)
    return places


def _split(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip(" \"'") for part in dotted.split("."))
