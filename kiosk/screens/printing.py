"""The paper: on its way, printed, or sent to a printer that does not tell."""

from kiosk.list_state import ListPressed
from kiosk.visit_events import Event, FinishPressed
from kiosk.visit_state import Printed, Printing, SentToPrinter
from kiosk.words import Words

from .actions import Action, Send
from .board import Pen
from .message import Message, show
from .signs import printer, success


def build_printing(pen: Pen, state: Printing, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    message = Message(
        printer(palette), words("printing.title"), palette.ink, (words("printing.text"),), progress=state.progress
    )
    show(pen, message, send)


def build_printed(pen: Pen, state: Printed, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    message = Message(
        success(palette),
        words("printed.title"),
        palette.green,
        (words("printed.text"),),
        actions=_actions(state, words),
    )
    show(pen, message, send)


def build_sent(pen: Pen, state: SentToPrinter, send: Send) -> None:
    """Not the sign of success: nobody knows that the paper came out."""
    palette, words = pen.theme.palette, pen.words
    message = Message(
        printer(palette), words("sent.title"), palette.ink, (words("sent.text"),), actions=_actions(state, words)
    )
    show(pen, message, send)


def _actions(state: Printed | SentToPrinter, words: Words) -> tuple[Action[Event], ...]:
    """Who has a list goes back to it; the others go."""
    finish: Action[Event] = Action("finish", words("button.finish"), FinishPressed())
    return (finish,) if state.listing is None else (Action("list", words("button.list"), ListPressed()), finish)
