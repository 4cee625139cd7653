"""One topic of workers' rights: what it is about, in the largest type, and what it says."""

from kiosk.guide_events import WentBack
from kiosk.guide_state import ShowTopic
from kiosk.places import said
from kiosk.theme import ANSWER_SIZES
from kiosk.visit_events import FinishPressed

from .actions import Action, Send, place_actions
from .blocks import Heading, Line, Section
from .board import Pen
from .body import place_answer, place_body, place_foot
from .signs import information


def build(pen: Pen, state: ShowTopic, send: Send) -> None:
    """Draw a topic on the pen's board."""
    theme, palette, words = pen.theme, pen.theme.palette, pen.words
    actions = (
        Action("back", words("button.return"), WentBack()),
        Action("finish", words("button.finish"), FinishPressed()),
    )
    note = Line(words("guide.draft"), theme.type(30), palette.soft) if state.guide.content.draft else None
    below = place_foot(pen, note, place_actions(pen, actions, send), send)
    place_body(pen, lambda pen, width: _head(pen, state, width), lambda density: _sections(pen, state, density), below)


def _head(pen: Pen, state: ShowTopic, width: int) -> int:
    theme, palette = pen.theme, pen.theme.palette
    heading = Heading(said(state.topic.title, pen.words), ANSWER_SIZES, palette.ink)
    colours = (palette.blue_ground, palette.blue)
    return place_answer(pen, information(palette), heading, colours, (theme.margin, theme.margin), width)


def _sections(pen: Pen, state: ShowTopic, density: float) -> list[Section]:
    theme = pen.theme
    lines = tuple(Line(said(text, pen.words), theme.type(38), theme.palette.ink) for text in state.topic.body)
    return [Section(None, lines, round(theme.px(30) * density), round(theme.px(40) * density))]
