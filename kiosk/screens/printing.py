"""The paper: on its way, printed, or sent to a printer that does not tell."""

from kiosk.visit_events import FinishPressed
from kiosk.visit_state import Printed, Printing, SentToPrinter

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
    finish = Action("finish", words("button.finish"), FinishPressed())
    message = Message(
        success(palette), words("printed.title"), palette.green, (words("printed.text"),), actions=(finish,)
    )
    show(pen, message, send)


def build_sent(pen: Pen, state: SentToPrinter, send: Send) -> None:
    """Not the sign of success: nobody knows that the paper came out."""
    palette, words = pen.theme.palette, pen.words
    finish = Action("finish", words("button.finish"), FinishPressed())
    message = Message(printer(palette), words("sent.title"), palette.ink, (words("sent.text"),), actions=(finish,))
    show(pen, message, send)
