"""Unicode's own test of the bidirectional algorithm, through our lettering (Debian: unicode-data).

It applies where a paragraph of ours is a paragraph of the test: a base direction that is given, not guessed, and no
separator of paragraphs within. Those are all but some of the test's 91,000 cases. Every tenth is tried, and each that
is the first to ask for its levels and its order; all of them with ISTILAM_BIDI=whole (`make soak`): what is ours takes
one way through them all, and the rest is Pango's.
"""

import ctypes
import os
from collections.abc import Iterator
from ctypes import POINTER, Structure, c_int, c_uint8, c_void_p
from itertools import accumulate
from pathlib import Path

import pytest

from devices.lettering import Direction, Paragraph, Style

CASES = Path("/usr/share/unicode/BidiCharacterTest.txt")
STYLE = Style(16)
WHOLE = os.environ.get("ISTILAM_BIDI") == "whole"
SEPARATORS = frozenset("\n\r\x1c\x1d\x1e\x85\u2029")


class _Item(Structure):
    """The head of PangoItem with its PangoAnalysis: what it covers in bytes, and its level."""

    _fields_ = (
        *((name, c_int) for name in ("offset", "length", "num_chars")),
        *((name, c_void_p) for name in ("shape_engine", "lang_engine", "font")),
        ("level", c_uint8),
    )


class _Run(Structure):
    _fields_ = (("item", POINTER(_Item)), ("glyphs", c_void_p))


class _List(Structure):
    pass


_List._fields_ = (("data", POINTER(_Run)), ("next", POINTER(_List)))


class _Line(Structure):
    _fields_ = (("layout", c_void_p), ("start", c_int), ("length", c_int), ("runs", POINTER(_List)))


# A library of our own: what is said here of its functions must not be said of the lettering's.
_line = ctypes.CDLL("libpango-1.0.so.0").pango_layout_get_line_readonly
_line.restype, _line.argtypes = POINTER(_Line), (c_void_p, c_int)


def shown(text: str, direction: Direction) -> list[int]:
    """Return the places in `text` of its characters, from left to right as they are shown."""
    paragraph = Paragraph(text, STYLE, direction)
    starts = list(accumulate((len(letter.encode()) for letter in text), initial=0))
    order: list[int] = []
    run = _line(ctypes.c_void_p(paragraph._layout), 0).contents.runs
    while run:
        item = run.contents.data.contents.item.contents
        inside = range(starts.index(item.offset), starts.index(item.offset + item.length))
        order += reversed(inside) if item.level % 2 else inside
        run = run.contents.next
    return order


def cases() -> Iterator[tuple[str, Direction, list[str], list[int]]]:
    """Yield text, direction, levels (x: removed) and order of each case that applies, and is to be tried."""
    kinds: set[tuple[str, ...]] = set()
    for number, line in enumerate(CASES.read_text(encoding="utf-8").splitlines()):
        if not line or line.startswith("#"):
            continue
        codes, direction, _, levels, order = kind = tuple(line.split(";"))
        if not WHOLE and number % 10 and kind[1:] in kinds:
            continue
        kinds.add(kind[1:])
        text = "".join(chr(int(code, 16)) for code in codes.split())
        if direction != "2" and not SEPARATORS & set(text):
            yield text, Direction(int(direction)), levels.split(), [int(at) for at in order.split()]


@pytest.mark.skipif(not CASES.exists(), reason="unicode-data is not installed")
def test_characters_stand_in_unicode_s_order():
    tried, wrong = 0, []
    for text, direction, levels, order in cases():
        seen = [at for at in shown(text, direction) if levels[at] != "x"]
        tried += 1
        if seen != order:
            wrong.append(([f"{ord(letter):04X}" for letter in text], direction, seen, order))
    assert tried > (90_000 if WHOLE else 9_000)
    assert wrong == []


def test_the_direction_of_a_paragraph_is_its_own():
    assert shown("\u05d0\u05d1 ab", Direction.RTL) == [3, 4, 2, 1, 0]
    assert shown("\u05d0\u05d1 ab", Direction.LTR) == [1, 0, 2, 3, 4]
