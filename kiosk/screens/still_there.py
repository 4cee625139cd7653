"""Nobody touched anything for a while: the answer is hidden, and wiped soon."""

from kiosk.visit_events import FinishPressed, StayPressed
from kiosk.visit_state import SCREEN_LANGUAGES, StillThere

from .actions import Action, Send
from .board import Pen
from .message import Message, show
from .signs import information


def build(pen: Pen, state: StillThere, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    message = Message(
        information(palette),
        words("still.title"),
        palette.ink,
        (words.counted("still.text", state.seconds_left),),
        actions=(
            Action("stay", words("button.stay"), StayPressed()),
            Action("finish", words("button.finish"), FinishPressed()),
        ),
        languages=SCREEN_LANGUAGES,
    )
    show(pen, message, send)
