"""Finds Arabic whose letters stand apart: what a font without its tables, or a program that helps out, makes of it."""

import re
from functools import cache
from typing import Final

from devices.lettering import Direction, Paragraph, Style
from kiosk.text import Lettered

_JOIN: Final = "بتثجحخسشصضطظعغفقكلمنهيئ"
"""Letters that join on both sides."""
_APART: Final = re.compile(f"(?<=[{_JOIN}])(?=[\u0621-\u064a])")
_PROBE: Final = "معاملتكم"
_NON_JOINER: Final = "\u200c"
_HELPED_OUT: Final = re.compile("[\ufb50-\ufdff\ufe70-\ufeff]|(?<=[\u0621-\u064a])[\u200b\u200c](?=[\u0621-\u064a])")
"""Letters in ready-made forms, and breaks between letters: nobody writes so."""


def unjoined(lettered: Lettered) -> bool:
    """Tell whether Arabic letters of a text stand apart that should join."""
    if _HELPED_OUT.search(lettered.text):
        return True
    if lettered.lines != 1 or not _APART.search(lettered.text):
        return False
    joined, apart = _widths(lettered.text, lettered.style, lettered.direction)
    if not _joins(lettered.style):
        return True
    # The two may be equal by chance: then the font's own word is enough.
    return abs(joined - apart) > apart // 50 and abs(lettered.ink_width - apart) < abs(lettered.ink_width - joined)


@cache
def _joins(style: Style) -> bool:
    """Tell whether the font joins at all: a word whose letters are much wider by themselves."""
    joined, apart = _widths(_PROBE, style, Direction.RTL)
    return joined < apart


def _widths(text: str, style: Style, direction: Direction) -> tuple[int, int]:
    """Return the width of a text's ink as it is lettered, and with every letter by itself."""
    apart = _APART.sub(_NON_JOINER, text)
    return Paragraph(text, style, direction).ink_width, Paragraph(apart, style, direction).ink_width
