"""A field and our own keypad: what stands in the field, what is wrong with it, and the keys.

Letters and digits stand left to right in every language, as on the documents that they are typed from.
"""

from collections.abc import Callable
from typing import Any

from devices.lettering import Align, Direction
from kiosk.card_events import KeyErased, KeyTyped
from kiosk.visit_state import ScreenLanguage

from ..frozen import frozen
from .actions import Action, language_height, place_actions, place_languages
from .blocks import Block, Heading, Line, Stack
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
        bottom -= theme.px(28) + language_height(pen)
        place_languages(pen, bottom, send, every=True, offered=asked.languages)
    bottom -= theme.gap
    width = theme.width - 2 * theme.margin
    if theme.landscape:
        width = (width - theme.gap) * 2 // 5
    title = Heading(asked.title, (60, 56, 52, 46), palette.ink)
    lines: list[Block] = [Line(asked.hint, theme.type(34), palette.soft)]
    wrong = Line(asked.wrong, theme.type(36, strong=True), palette.amber) if asked.wrong else None
    if wrong is not None:
        lines.append(wrong)
    if asked.note:
        lines.append(Line(asked.note, theme.type(32), palette.soft))
    height = max(theme.target, theme.px(120))
    least = 0 if theme.landscape else theme.gap + least_height(pen, asked.keys)
    said = Stack((title, *lines), theme.px(14)).height(pen, width)
    under = height + theme.gap  # the field is only read: it stands over the keys, within reach or not
    top = theme.over_targets(said + theme.px(28) + under)
    room = bottom - least - height - theme.px(28) - top
    told = place_in_box(pen, title, lines, theme.px(14), (theme.margin, top, width, room), wrong)
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
    style = theme.type(64, strong=True)
    text = pen.letter(asked.shown, style, direction=Direction.LTR, align=Align.START)
    for size in (52, 44, 36, 30):
        if text.width <= width - theme.px(48):
            break
        style = theme.type(size, strong=True)
        text = pen.letter(asked.shown, style, direction=Direction.LTR, align=Align.START)
    shown = asked.shown
    while text.width > width - theme.px(48):  # of large letters, the end: what was typed last
        shown = shown[1:]
        text = pen.letter(f"…{shown}", style, direction=Direction.LTR, align=Align.START)
    x, top = theme.margin + (width - text.width) / 2, y + (height - text.height) / 2
    if asked.shown:
        pen.text(text, palette.ink, x, top)
    # What is typed comes after the last letter: on its right, whatever the screen's direction.
    after = x if pen.words.direction is Direction.RTL else x + text.width
    pen.bar(after - theme.px(CARET) / 2, top, theme.px(CARET), text.height, palette.green)


def _do(key: str, send: Callable[[Any], None]) -> None:
    send(KeyErased(whole=key == CLEAR) if key in {ERASE, CLEAR} else KeyTyped(key))
