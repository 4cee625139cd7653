"""A call for a person: on its way, arrived, answered, or not; and always where to go oneself."""

from typing import Final

from kiosk.help_call import HelpCalled, HelpStage
from kiosk.places import tell_place
from kiosk.theme import Palette
from kiosk.visit_events import FinishPressed
from kiosk.visit_state import SCREEN_LANGUAGES

from .actions import Action, Send
from .board import Pen
from .message import Message, show
from .shapes import Draw
from .signs import cloud_cut, information, somebody_comes, waiting

_STILL_OPEN: Final = frozenset({HelpStage.SENDING, HelpStage.SENT})


def build(pen: Pen, state: HelpCalled, send: Send) -> None:
    """Draw how far a call is, on the pen's board."""
    palette, words = pen.theme.palette, pen.words
    key = f"help.{state.stage.value}"
    still: tuple[str, ...] = ()
    if state.place is not None and state.stage is not HelpStage.COMING:
        place = tell_place(state.place, words)
        still = (words("help.prefer" if state.stage in _STILL_OPEN else "help.go", place=place.name), *place.lines)
    colour = palette.green if state.stage is HelpStage.COMING else palette.ink
    message = Message(
        _sign(state.stage, palette),
        words(f"{key}.title"),
        colour,
        (words(f"{key}.text"),),
        still,
        actions=(Action("finish", words("button.home"), FinishPressed()),),
        languages=SCREEN_LANGUAGES,
    )
    show(pen, message, send)


def _sign(stage: HelpStage, palette: Palette) -> Draw:
    """Return the sign of a stage. Only somebody who comes is a person on a filled disc."""
    if stage is HelpStage.COMING:
        return somebody_comes(palette)
    if stage is HelpStage.NOT_SENT:
        return cloud_cut(palette.soft, palette.paper)
    return waiting(palette) if stage in _STILL_OPEN else information(palette)
