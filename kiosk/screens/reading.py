"""Something was seen or typed and is being looked up."""

from kiosk.entry_state import AskingOffice
from kiosk.visit_state import Reading

from .actions import Send
from .board import Pen
from .message import Message, show
from .signs import ring


def build(pen: Pen, state: Reading, send: Send) -> None:
    _wait(pen, "reading.title", send)


def build_asking(pen: Pen, state: AskingOffice, send: Send) -> None:
    _wait(pen, "entry.asking", send)


def _wait(pen: Pen, title: str, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    sign = ring(palette.green, palette.paper, 0.16)
    show(pen, Message(sign, words(title), palette.ink, (words("reading.text"),)), send)
