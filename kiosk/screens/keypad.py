"""Our own keys, digits or letters: of at least 20 mm, left to right in every language, as on every telephone."""

from collections.abc import Callable
from string import ascii_uppercase
from typing import TYPE_CHECKING, Final

from devices.lettering import Align, Direction
from kiosk.theme import USUAL

from ..frozen import frozen
from .board import Pen
from .signs import cross, erase

if TYPE_CHECKING:
    from kiosk.text import Lettered

ERASE: Final = "erase"
CLEAR: Final = "clear"
_SIGNS: Final = {ERASE: erase, CLEAR: cross}
_HIGHEST: Final = 210
_GAP: Final = 20
_NARROW_GAP: Final = 16
_FEW_SIZES: Final = (56, 48, 40, 34)
_MANY_SIZES: Final = (44, 38, 32)
_MANY: Final = 5
"""Rows from which on keys stand closer, and their letters are smaller."""


@frozen
class Keys:
    """The rows of a keypad, on a panel that stands and on one that lies; the last key of a short row has its rest.

    `large`: on one that stands, where large letters need the room above the keys.
    """

    tall: tuple[tuple[str, ...], ...]
    wide: tuple[tuple[str, ...], ...]
    large: tuple[tuple[str, ...], ...] | None = None


def _rows(columns: int) -> tuple[tuple[str, ...], ...]:
    keys = (*"1234567890", *ascii_uppercase, ERASE)
    return tuple(keys[at : at + columns] for at in range(0, len(keys), columns))


_DIGITS: Final = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"))
DIGITS: Final = Keys((*_DIGITS, (CLEAR, "0", ERASE)), (*_DIGITS, (CLEAR, "0", ERASE)))
LETTERS: Final = Keys(_rows(5), _rows(10), _rows(7))


def least_height(pen: Pen, keys: Keys) -> int:
    """Return the height below which the keys would be too small."""
    rows = _of(pen, keys)
    return len(rows) * _least(pen, rows) + (len(rows) - 1) * _gap(pen, rows)


def place_keypad(pen: Pen, keys: Keys, box: tuple[int, int, int, int], do: Callable[[str], None]) -> None:
    """Set the keys into a box (x, y, width, height), at its bottom, and in its middle where it is wide.

    `do` takes the key that was pressed: a digit or letter, ERASE or CLEAR.
    """
    x, y, width, height = box
    theme, rows = pen.theme, _of(pen, keys)
    gap, columns = _gap(pen, rows), max(map(len, rows))
    tall = max(_least(pen, rows), min(theme.px(_HIGHEST), (height - (len(rows) - 1) * gap) // len(rows)))
    wide = min((width - (columns - 1) * gap) // columns, 2 * tall)
    whole = columns * wide + (columns - 1) * gap
    x += (width - whole) // 2
    y += height - len(rows) * tall - (len(rows) - 1) * gap
    rtl = pen.words.direction is Direction.RTL
    size = _letters(pen, rows, (wide, tall))
    for row, names in enumerate(rows):
        for column, key in enumerate(names):
            from_left = column * (wide + gap)
            across = whole - from_left if key is names[-1] else wide
            left = x + (whole - from_left - across if rtl else from_left)
            label, top = _label(pen, key, size, across - gap), y + row * (tall + gap)
            if label.width <= across and label.height <= tall:
                pen.press(left, top, across, tall, f"key.{key}", label, lambda key=key: do(key))
            else:  # large letters: a sign for the word, as on other keypads
                sign = _SIGNS[key](theme.palette.green)
                left += (across - tall) / 2
                pen.press_sign(left, top, tall, f"key.{key}", pen.words(f"key.{key}"), sign, lambda key=key: do(key))


def _of(pen: Pen, keys: Keys) -> tuple[tuple[str, ...], ...]:
    if pen.theme.landscape:
        return keys.wide
    return (keys.large or keys.tall) if pen.theme.text > USUAL else keys.tall


def _least(pen: Pen, rows: tuple[tuple[str, ...], ...]) -> int:
    """Return the least height of a key: that of a finger, or of the smallest letter on it."""
    sizes = _FEW_SIZES if len(rows) < _MANY else _MANY_SIZES
    letter = pen.letter("0", pen.theme.type(sizes[-1], strong=True), direction=Direction.LTR)
    return max(pen.theme.target, letter.height)


def _gap(pen: Pen, rows: tuple[tuple[str, ...], ...]) -> int:
    return pen.theme.px(_NARROW_GAP if len(rows) >= _MANY else _GAP)


def _letters(pen: Pen, rows: tuple[tuple[str, ...], ...], room: tuple[int, int]) -> int:
    """Return the size of what stands alone on a key: larger than any text beside it, and alike on every key."""
    sizes = _FEW_SIZES if len(rows) < _MANY else _MANY_SIZES
    keys = [key for row in rows for key in row if key not in _SIGNS]
    for size in sizes:
        labels = [_label(pen, key, size, room[0]) for key in keys]
        if all(label.width <= room[0] - _gap(pen, rows) and label.height <= room[1] for label in labels):
            return size
    return sizes[-1]


def _label(pen: Pen, key: str, size: int, width: int) -> "Lettered":
    if key in _SIGNS:
        return pen.letter(pen.words(f"key.{key}"), pen.theme.type(32, strong=True), width, align=Align.CENTER)
    return pen.letter(key, pen.theme.type(size, strong=True), direction=Direction.LTR)
