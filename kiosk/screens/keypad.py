"""Our own digits to press: keys of at least 20 mm, left to right in every language, as on every telephone."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from devices.lettering import Direction
from kiosk.entry_events import FieldEdited
from kiosk.field import Erase, EraseAll, Insert

from .board import Pen

if TYPE_CHECKING:
    from kiosk.text import Lettered

_ROWS: Final = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), ("clear", "0", "erase"))
_HIGHEST: Final = 210
_GAP: Final = 20


def least_height(pen: Pen) -> int:
    """Return the height below which the keys would be too small."""
    return 4 * pen.theme.target + 3 * pen.theme.px(_GAP)


def place_keypad(pen: Pen, box: tuple[int, int, int, int], send: Callable[[Any], None]) -> None:
    """Set the keys into a box (x, y, width, height), at its bottom, and in its middle where it is wide."""
    x, y, width, height = box
    theme = pen.theme
    gap = theme.px(_GAP)
    tall = max(theme.target, min(theme.px(_HIGHEST), (height - 3 * gap) // 4))
    wide = min((width - 2 * gap) // 3, 2 * tall)
    x += (width - 3 * wide - 2 * gap) // 2
    y += height - 4 * tall - 3 * gap
    rtl = pen.words.direction is Direction.RTL
    for row, keys in enumerate(_ROWS):
        for column, key in enumerate(keys):
            left = x + (2 - column if rtl else column) * (wide + gap)
            pen.press(
                *(left, y + row * (tall + gap), wide, tall, f"key.{key}"),
                _label(pen, key),
                lambda key=key: send(FieldEdited(_EDITS.get(key) or Insert(key))),
            )


_EDITS: Final = {"erase": Erase(), "clear": EraseAll()}


def _label(pen: Pen, key: str) -> "Lettered":
    if key not in _EDITS:
        return pen.letter(key, pen.theme.type(56, strong=True), direction=Direction.LTR)
    return pen.letter(pen.words(f"key.{key}"), pen.theme.type(32, strong=True))
