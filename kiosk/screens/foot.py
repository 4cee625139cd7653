"""What stands under an answer and its cards: a note of how old they are, or of the network, and the other languages."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from kiosk.theme import USUAL, Theme

from .actions import Send, language_height, place_languages
from .blocks import Block
from .board import Pen

_LEAST_ROOM: Final = 0.3
"""Of the width, for the note beside the languages."""
_LEAST_GROWN: Final = 150
"""Percent of the usual that large letters of a note have at least; it may take room above the languages for that."""


def place_foot(pen: Pen, note_of: Callable[[Theme], Block] | None, below: int, send: Send) -> int:
    """Set a note and the other languages above y = below; returns the y that the screen's body must end above.

    Large letters of a note on a wide panel are as large as goes beside the languages and in the gaps over and under
    them: above them it would take a line or two of every page. A note that does not grow by half there takes that line.
    """
    theme = pen.theme
    height = language_height(pen)
    top = below - theme.px(28) - height
    taken = place_languages(pen, top, send)
    if note_of is None:
        return top - theme.px(24)
    whole = theme.width - 2 * theme.margin
    beside = whole - taken - theme.gap
    block = note_of(theme)
    if theme.landscape and theme.text > USUAL and beside >= _LEAST_ROOM * whole:
        gaps = theme.px(16) + height + theme.px(20)
        least = note_of(replace(theme, text=min(_LEAST_GROWN, theme.text))).height(pen, beside)
        room = max(gaps, least)
        sizes = (note_of(replace(theme, text=text)) for text in theme.steps)
        block = next(one for one in sizes if one.height(pen, beside) <= room)
        above = top - (room - gaps)
        start = above - theme.px(16) + (room - block.height(pen, beside)) // 2
        block.place(pen, theme.margin, start, beside)
        pen.keep(min(top, start))
        return above - theme.px(24)
    above, narrow = block.height(pen, whole) + theme.px(16), block.height(pen, beside)
    most = max(above, height) if theme.text == USUAL else above + height
    if beside < _LEAST_ROOM * whole or most < narrow:  # lines of a word or two, one over the other
        start, room = top - above, whole
    else:
        spare = height - narrow
        start, room = top + min(spare // 2, spare), beside
    block.place(pen, theme.margin, start, room)
    pen.keep(min(top, start))
    return min(top, start) - theme.px(24)
