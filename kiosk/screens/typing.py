"""A field and our own keypad: what stands in the field, what is wrong with it, and the keys.

Letters and digits stand left to right in every language, as on the documents that they are typed from.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from devices.lettering import Direction, Style
from kiosk.card_events import KeyErased, KeyTyped
from kiosk.text import Lettered
from kiosk.theme import USUAL
from kiosk.visit_state import ScreenLanguage

from ..frozen import frozen
from .actions import Action, place_actions, place_every_language
from .blocks import Heading, Line, Stack
from .board import Pen
from .in_box import place_in_box
from .keypad import CLEAR, ERASE, Keys, least_height, place_keypad
from .text_field import CARET


@frozen
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
        bottom = place_every_language(pen, bottom, send, asked.languages)
    bottom -= theme.gap
    width = theme.width - 2 * theme.margin
    if theme.landscape:
        width = (width - theme.gap) * 2 // 5
    title = Heading(asked.title, (60, 56, 52, 46), palette.ink)
    lines = [Line(asked.hint, theme.type(34), palette.soft)]
    wrong = Line(asked.wrong, theme.type(36, strong=True), palette.amber) if asked.wrong else None
    if wrong is not None:
        lines.append(wrong)
    note = Line(asked.note, theme.type(32), palette.soft) if asked.note else None
    if note is not None:
        lines.append(note)
    height = max(theme.target, theme.px(120))
    least = 0 if theme.landscape else theme.gap + least_height(pen, asked.keys)
    said = Stack((title, *lines), theme.px(14)).height(pen, width)
    under = height + theme.gap  # the field is only read: it stands over the keys, within reach or not
    top = theme.over_targets(said + theme.px(28) + under)
    room = bottom - least - height - theme.px(28) - top
    told = place_in_box(pen, title, lines, theme.px(14), (theme.margin, top, width, room), wrong or note)
    y = top + told + theme.px(28)
    _field(pen, asked, y, width, height)
    if theme.landscape:
        x = theme.margin + width + theme.gap
        box = (x, theme.margin, theme.width - theme.margin - x, bottom - theme.margin)
    else:
        y += height + theme.gap
        box = (theme.margin, y, width, bottom - y)
    place_keypad(pen, asked.keys, box, lambda key: _do(key, send))


def _field(pen: Pen, asked: Asked, y: int, width: int, height: int) -> None:
    theme, palette = pen.theme, pen.theme.palette
    line = palette.amber if asked.wrong else palette.green
    pen.panel(theme.margin, y, width, height, palette.card, line, theme.px(20))
    lines = _lettered(pen, asked.shown, width - theme.px(48), height)
    top = y + (height - sum(line.height for line in lines)) / 2
    x = theme.margin
    for line in lines:
        x = theme.margin + (width - line.width) / 2
        if asked.shown:
            pen.text(line, palette.ink, x, top)
        top += line.height
    # What is typed comes after the last letter: on its right, whatever the screen's direction.
    after, tall = x if pen.words.direction is Direction.RTL else x + lines[-1].width, lines[-1].height
    pen.bar(after - theme.px(CARET) / 2, top - tall, theme.px(CARET), tall, palette.green)


def _lettered(pen: Pen, shown: str, width: int, height: int) -> list[Lettered]:
    """Letter what stands in the field as large as goes, in one line or two; else its end, which was typed last."""
    theme = pen.theme
    styles = [theme.type(size, strong=True) for size in (64, 52, 44, 36, 30)]
    styles.append(replace(theme, text=USUAL).type(30, strong=True))

    def letter(text: str, style: Style) -> Lettered:
        return pen.letter(text, style, direction=Direction.LTR)

    for style in styles:
        line = letter(shown, style)
        if line.width <= width and line.height <= height:
            return [line]
    middle = (len(shown) + 1) // 2
    halves = [letter(half, styles[-1]) for half in (shown[:middle], shown[middle:])]
    if max(half.width for half in halves) <= width and sum(half.height for half in halves) <= height:
        return halves
    end = shown
    while letter(f"…{end}", styles[-1]).width > width:
        end = end[1:]
    return [letter(f"…{end}", styles[-1])]


def _do(key: str, send: Callable[[Any], None]) -> None:
    send(KeyErased(whole=key == CLEAR) if key in {ERASE, CLEAR} else KeyTyped(key))
