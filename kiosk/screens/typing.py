"""A field and our own keypad: what stands in the field, what is wrong with it, and keys of at least 20 mm.

Letters and digits stand left to right in every language, as on the documents that they are typed from.
"""

from collections.abc import Callable
from dataclasses import dataclass
from string import ascii_uppercase, digits
from typing import Any, Final

from devices.lettering import Align, Direction
from kiosk.card_events import KeyErased, KeyTyped
from kiosk.visit_state import ScreenLanguage

from .actions import Action, language_height, place_actions, place_languages
from .blocks import Block, Heading, Line, Stack
from .board import Pen


@dataclass(frozen=True, slots=True)
class Keys:
    """The rows of a keypad, on a panel that stands and on one that lies; the last row ends with the key that erases."""

    tall: tuple[str, ...]
    wide: tuple[str, ...]


def _rows(keys: str, columns: int) -> tuple[str, ...]:
    return tuple(keys[at : at + columns] for at in range(0, len(keys), columns))


_ALL: Final = digits[1:] + "0" + ascii_uppercase
DIGITS: Final = Keys(("123", "456", "789", "0"), ("12345", "67890"))
LETTERS: Final = Keys(_rows(_ALL, 5), _rows(_ALL, 10))


@dataclass(frozen=True, slots=True)
class Asked:
    """What such a screen asks. `shown`: the field as people read it. `wrong`: what is wrong with what stands there."""

    title: str
    hint: str
    shown: str
    keys: Keys
    actions: tuple[Action[Any], ...]
    wrong: str = ""
    note: str = ""
    languages: tuple[ScreenLanguage, ...] = ()


def show(pen: Pen, asked: Asked, send: Callable[[Any], None]) -> None:
    """Draw it on the pen's board."""
    theme, palette = pen.theme, pen.theme.palette
    bottom = place_actions(pen, asked.actions, send)
    if asked.languages:
        bottom -= theme.px(28) + language_height(pen)
        place_languages(pen, bottom, send, every=True, offered=asked.languages)
    bottom -= theme.gap
    width = theme.width - 2 * theme.margin
    if theme.landscape:
        width = (width - theme.gap) * 2 // 5
    lines: list[Block] = [Heading(asked.title, (60, 56, 52, 46), palette.ink)]
    lines += [Line(asked.hint, theme.type(34), palette.soft)]
    if asked.wrong:
        lines.append(Line(asked.wrong, theme.type(36, strong=True), palette.amber))
    if asked.note:
        lines.append(Line(asked.note, theme.type(32), palette.soft))
    head = Stack(tuple(lines), theme.px(14))
    head.place(pen, theme.margin, theme.margin, width)
    y = theme.margin + head.height(pen, width) + theme.px(28)
    height = max(theme.target, theme.px(120))
    _field(pen, asked, y, width, height)
    if theme.landscape:
        x = theme.margin + width + theme.gap
        _place_keys(
            pen, asked.keys.wide, (x, theme.margin, theme.width - theme.margin - x, bottom - theme.margin), send
        )
    else:
        top = y + height + theme.gap
        _place_keys(pen, asked.keys.tall, (theme.margin, top, width, bottom - top), send)


def _field(pen: Pen, asked: Asked, y: int, width: int, height: int) -> None:
    theme, palette = pen.theme, pen.theme.palette
    line = palette.amber if asked.wrong else palette.green
    pen.panel(theme.margin, y, width, height, palette.card, line, theme.px(20))
    if not asked.shown:
        return
    for size in (64, 52, 44, 36, 30):
        text = pen.letter(asked.shown, theme.type(size, strong=True), direction=Direction.LTR, align=Align.START)
        if text.width <= width - theme.px(48):
            break
    pen.text(text, palette.ink, theme.margin + (width - text.width) / 2, y + (height - text.height) / 2)


def _place_keys(pen: Pen, rows: tuple[str, ...], box: tuple[int, int, int, int], send: Callable[[Any], None]) -> None:
    """Set the keys into a box, all alike; the last row ends with the key that erases."""
    theme = pen.theme
    x, y, width, height = box
    gap = theme.px(16)
    columns = max(map(len, rows))
    wide = (width - gap * (columns - 1)) // columns
    tall = min(max(theme.target, (height - gap * (len(rows) - 1)) // len(rows)), theme.px(150))
    style = theme.type(44, strong=True)
    for at, row in enumerate(rows):
        top = y + at * (tall + gap)
        for column, key in enumerate(row):
            left = _from_left(pen, x, width, column * (wide + gap), wide)
            label = pen.letter(key, style, direction=Direction.LTR)
            pen.press(left, top, wide, tall, f"key.{key}", label, lambda key=key: send(KeyTyped(key)))
    begin = len(rows[-1]) * (wide + gap)
    if begin + wide > width:  # the last row is full: it has a row of its own
        top, begin = y + len(rows) * (tall + gap), 0
    else:
        top = y + (len(rows) - 1) * (tall + gap)
    left = _from_left(pen, x, width, begin, width - begin)
    label = pen.letter(pen.words("button.erase"), theme.type(36, strong=True))
    pen.press(left, top, width - begin, tall, "key.erase", label, lambda: send(KeyErased()))


def _from_left(pen: Pen, x: int, width: int, offset: int, wide: int) -> int:
    """Keys stand left to right on a mirrored screen too."""
    return x + (width - offset - wide if pen.words.direction is Direction.RTL else offset)
