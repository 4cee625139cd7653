"""From keys back to text: what a scanner that plays a keyboard typed, under the layout that it was set to.

Such a scanner sends positions of keys, not letters. Levels and letters are those of the layouts `us`, `fr` (azerty) and
`ara` of xkeyboard-config, which the tests ask.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Layout = Literal["latin", "french", "arabic"]

SHIFTS: Final = frozenset({42, 54})
ALT: Final = 56
ALT_GR: Final = 100
CONTROLS: Final = frozenset({29, 97})
CAPS_LOCK: Final = 58
ENDS: Final = frozenset({15, 28, 96})
"""Tab, Enter and the keypad's Enter: what scanners are set to send after a code."""

_POSITIONS = (41, *range(2, 14), *range(16, 28), *range(30, 41), 43, 86, *range(44, 54))
"""Key codes (linux/input-event-codes.h), row by row as on a keyboard: ` 1..=, q..], a..', \\, <, z../"""

_LEVELS: dict[Layout, tuple[str, str, str]] = {
    "latin": (
        "`1234567890-=qwertyuiop[]asdfghjkl;'\\<zxcvbnm,./",
        '~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"|>ZXCVBNM<>?',
        "",
    ),
    "french": (
        "²&é\"'(-è_çà)=azertyuiop^$qsdfghjklmù*<wxcvbn,;:!",
        "²1234567890°+AZERTYUIOP¨£QSDFGHJKLM%µ>WXCVBN?./§",
        "²&~#{[|`\\^@]}az€rtyuiop^¤qsdfghjklmù*|wxcvbn,;:!",
    ),
    "arabic": (
        "ذ1234567890-=ضصثقفغعهخحجدشسيبلاتنمكط\\|ئءؤرﻻىةوزظ",
        "\u0651!@#$%^&*)(_+\u064e\u064b\u064f\u064cﻹإ`÷×؛<>\u0650\u064d][ﻷأـ،/:\"…¦~\u0652}{ﻵآ',.؟",
        "",
    ),
}
_LAM_ALEF = {"ﻻ": "لا", "ﻹ": "لإ", "ﻷ": "لأ", "ﻵ": "لآ"}

_KEYPAD = {71: "7", 72: "8", 73: "9", 75: "4", 76: "5", 77: "6", 79: "1", 80: "2", 81: "3", 82: "0"}
_EVERYWHERE = {57: " ", 55: "*", 74: "-", 78: "+", 83: ".", 98: "/", **_KEYPAD}


@dataclass(frozen=True, slots=True)
class Stroke:
    """One key that was pressed, and what was held with it; caps: whether Caps Lock was on."""

    key: int
    shift: bool = False
    alt_gr: bool = False
    caps: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """A character typed by its number: Alt held, digits of the keypad, Alt let go. No layout changes it."""

    character: str


def _keys(layout: Layout) -> dict[int, tuple[str, str, str]]:
    plain, shifted, third = _LEVELS[layout]
    rows = zip(_POSITIONS, plain, shifted, third or plain, strict=True)
    return {key: (*(_LAM_ALEF.get(letter, letter) for letter in letters),) for key, *letters in rows}  # pyright: ignore[reportReturnType]


_TABLES: dict[Layout, dict[int, tuple[str, str, str]]] = {
    "latin": _keys("latin"),
    "french": _keys("french"),
    "arabic": _keys("arabic"),
}


def level_of(character: str, layout: Layout) -> tuple[int, int]:
    """Return the key that types a letter, and at which level. Raises ValueError where none does."""
    for key, levels in _TABLES[layout].items():
        if character in levels:
            return key, levels.index(character)
    raise ValueError("no key of this layout")


def text_of(strokes: Iterable[Stroke | Typed], layout: Layout) -> str:
    """Return what the keys say under a layout; keys that write nothing under it are passed over."""
    return "".join(_letter(stroke, _TABLES[layout]) for stroke in strokes)


def _letter(stroke: Stroke | Typed, table: dict[int, tuple[str, str, str]]) -> str:
    if isinstance(stroke, Typed):
        return stroke.character
    if stroke.key not in table:
        return _EVERYWHERE.get(stroke.key, "")
    plain, shifted, third = table[stroke.key]
    if stroke.alt_gr:
        return third
    upper = stroke.shift != (stroke.caps and plain.isalpha() and len(shifted) == 1 and plain.upper() == shifted)
    return shifted if upper else plain


def numbered(digits: str) -> Typed | None:
    """Return the character that Alt and digits of the keypad type, None for none.

    With a leading zero the number is of Windows' code page 1252, without it of the PC's 437.
    """
    if not digits:
        return None
    code = int(digits) & 0xFF
    if code == 0:
        return None
    return Typed(bytes([code]).decode("cp1252" if digits.startswith("0") else "cp437", "replace"))


def digit_of(key: int) -> str:
    """Return the digit of a key of the keypad, empty for any other key."""
    return _KEYPAD.get(key, "")
