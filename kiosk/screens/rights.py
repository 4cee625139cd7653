"""One topic of workers' rights: what it is about, in the largest type, and what it says."""

from functools import partial
from typing import Final

from kiosk.guide_events import WentBack
from kiosk.guide_state import ShowTopic
from kiosk.places import said
from kiosk.theme import ANSWER_SIZES, USUAL, Colour, Theme
from kiosk.visit_events import Event, FinishPressed

from .actions import Action, Send, place_actions
from .blocks import Block, Heading, Line, Section, Stack
from .board import Pen
from .body import Shorter, place_answer, place_answer_again, place_body
from .foot import place_foot
from .signs import information

_SMALLER: Final = (44, 40)
"""Sizes of a title over large letters that leave no room for a sentence under a larger one."""


def build(pen: Pen, state: ShowTopic, send: Send) -> None:
    """Draw a topic on the pen's board. Who has headphones in hears it once more; nobody else hears it."""
    palette, words = pen.theme.palette, pen.words
    actions: list[Action[Event | None]] = [
        Action("back", words("button.return"), WentBack()),
        Action("finish", words("button.finish"), FinishPressed()),
    ]
    if pen.tell is not None:
        actions.insert(1, Action("listen", words("button.listen"), None))
    notes: list[tuple[str, Colour]] = []
    if pen.speaks and pen.tell is None:
        notes.append((words("rights.headphones"), palette.ink))
    if state.guide.content.draft:
        notes.append((words("guide.draft"), palette.soft))

    def press(event: Event | None) -> None:
        if event is not None:
            send(event)
        elif pen.tell is not None:
            pen.tell()

    def note(theme: Theme) -> Block:
        return Stack(tuple(Line(text, theme.type(30), colour) for text, colour in notes))

    below = place_foot(pen, note if notes else None, place_actions(pen, tuple(actions), press), send)
    heads = [partial(_head, state=state, sizes=sizes) for sizes in (ANSWER_SIZES, _SMALLER)]
    shorter = [Shorter(head) for head in (heads[1], partial(_head_in_a_line, state=state))]
    place_body(
        pen,
        heads[0],
        lambda density: _sections(pen, state, density),
        below,
        tuple(shorter) if pen.theme.text > USUAL else (),
        begins=True,
    )


def _head(pen: Pen, width: int, state: ShowTopic, sizes: tuple[float, ...]) -> int:
    theme, palette = pen.theme, pen.theme.palette
    heading = Heading(said(state.topic.title, pen.words), sizes, palette.ink)
    colours = (palette.blue_ground, palette.blue)
    return place_answer(pen, information(palette), heading, colours, (theme.margin, theme.margin), width)


def _head_in_a_line(pen: Pen, width: int, state: ShowTopic) -> int:
    return place_answer_again(pen, information(pen.theme.palette), said(state.topic.title, pen.words), width)


def _sections(pen: Pen, state: ShowTopic, density: float) -> list[Section]:
    theme = pen.theme
    lines = tuple(Line(said(text, pen.words), theme.type(38), theme.palette.ink) for text in state.topic.body)
    return [Section(None, lines, round(theme.px(30) * density), round(theme.px(40) * density))]
