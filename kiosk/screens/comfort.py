"""How the visitor wants the screen: the choices, and a screen that shows nothing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from kivy.graphics import Color, Rectangle

from devices.lettering import Align
from kiosk.comfort import TEXT_SIZES, Comfort, Contrast
from kiosk.theme import ANSWER_SIZES

from .actions import Action, action_bar_height, place_actions
from .blocks import Heading, Line
from .board import Pen, tick_room

Suit = Callable[[Comfort], None]

_SHOWN_AGAIN: Final = "comfort.show"


def build(pen: Pen, comfort: Comfort, suit: Suit, usual_volume: int) -> None:
    """Draw the choices; each is in force at once. `usual_volume`: of this terminal, 0 to 100."""
    theme, words = pen.theme, pen.words
    back = Action("comfort.back", words("comfort.back"), replace(comfort, choosing=False))
    below = place_actions(pen, (back,), suit) - theme.gap
    width = theme.width - 2 * theme.margin
    title = Heading(words("comfort.title"), ANSWER_SIZES, theme.palette.ink)
    tall = title.height(pen, width) + theme.px(20)
    top = theme.over_targets(tall)
    title.place(pen, theme.margin, top, width)
    y = top + tall
    last = Line(words("comfort.forgotten"), theme.type(30), theme.palette.soft)
    last.place(pen, theme.margin, below - last.height(pen, width), width)
    sizes = [
        (f"comfort.text.{size}", words.percent(size), replace(comfort, text=size), size == comfort.text)
        for size in TEXT_SIZES
    ]
    themes = [
        (f"comfort.{one.value}", words(f"comfort.{one.value}"), replace(comfort, contrast=one), one is comfort.contrast)
        for one in Contrast
    ]
    loudness = _loudness(pen, comfort, usual_volume)
    volume = words("comfort.volume", volume=words.percent(comfort.loudness(usual_volume)))
    switches = _switches(pen, comfort)
    if theme.landscape:
        half = (width - theme.gap) // 2
        left = _group(pen, words("comfort.text"), sizes, theme.margin, y, half, suit)
        left = _group(pen, words("comfort.contrast"), themes, theme.margin, left, half, suit)
        if loudness:
            _group(pen, volume, loudness, theme.margin, left, half, suit)
        _rows(pen, switches, theme.margin + half + theme.gap, y, half, 1, suit)
        return
    y = _group(pen, words("comfort.text"), sizes, theme.margin, y, width, suit)
    y = _group(pen, words("comfort.contrast"), themes, theme.margin, y, width, suit)
    if loudness:
        y = _group(pen, volume, loudness, theme.margin, y, width, suit)
    _rows(pen, switches, theme.margin, y + theme.px(12), width, 2, suit)


def cover(pen: Pen, comfort: Comfort, suit: Suit) -> None:
    """Show nothing of the screen; the keys go on, and a finger anywhere shows it again."""
    with pen.board.canvas.after:
        Color(0, 0, 0, 1)
        Rectangle(pos=(0, 0), size=pen.board.size)
    pen.cover(_SHOWN_AGAIN, pen.words(_SHOWN_AGAIN), lambda: suit(replace(comfort, blank=False)))


_Option = tuple[str, str, Comfort, bool]
"""The target's name, its words, what it makes of the comfort, and whether it is in force."""


def _switches(pen: Pen, comfort: Comfort) -> list[_Option]:
    words = pen.words
    offered = [("easy", comfort.easy, replace(comfort, easy=not comfort.easy))]
    if not pen.theme.landscape:
        offered.append(("low_reach", comfort.low_reach, replace(comfort, low_reach=not comfort.low_reach)))
    if comfort.headphones:
        offered.append(("blank", comfort.blank, replace(comfort, blank=True, choosing=False)))
    elif pen.speaks:
        offered.append(("listen", comfort.listen, replace(comfort, listen=not comfort.listen)))
    return [(f"comfort.{name}", words(f"comfort.{name}"), to, on) for name, on, to in offered]


def _loudness(pen: Pen, comfort: Comfort, usual: int) -> list[_Option]:
    """Return what makes the headphones softer and louder; nothing where none are in, or nothing speaks."""
    if not (comfort.headphones and pen.speaks):
        return []
    steps = (("softer", -1), ("louder", 1))
    return [
        (f"comfort.{name}", pen.words(f"comfort.{name}"), comfort.louder(step, usual), False) for name, step in steps
    ]


def _group(  # noqa: PLR0917 - a place and what stands in it
    pen: Pen, title: str, options: list[_Option], x: int, y: int, width: int, suit: Suit
) -> int:
    line = Line(title, pen.theme.type(34, strong=True), pen.theme.palette.ink)
    line.place(pen, x, y, width)
    return _rows(pen, options, x, y + line.height(pen, width) + pen.theme.px(8), width, len(options), suit)


def _rows(  # noqa: PLR0917 - a place and what stands in it
    pen: Pen, options: list[_Option], x: int, y: int, width: int, columns: int, suit: Suit
) -> int:
    """Set options in rows of so many columns; returns the y under them."""
    theme = pen.theme
    gap = theme.px(20)
    wide = (width - gap * (columns - 1)) // columns
    for at in range(0, len(options), columns):
        row = options[at : at + columns]
        labels = [
            pen.letter(label, theme.type(32, strong=True), wide - theme.px(24) - tick_room(theme), align=Align.CENTER)
            for _, label, _, _ in row
        ]
        height = max(action_bar_height(pen) // 2, theme.target, *(label.height + theme.px(24) for label in labels))
        for column, ((name, _, to, on), label) in enumerate(zip(row, labels, strict=True)):
            left = x + column * (wide + gap)
            pen.press(left, y, wide, height, name, label, lambda to=to: suit(to), chosen=on)
        y += height + gap
    return y + theme.px(8)
