"""A slip was seen and is being looked up."""

from kiosk.visit_state import Reading

from .actions import Send
from .board import Pen
from .message import Message, show
from .signs import ring


def build(pen: Pen, state: Reading, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    sign = ring(palette.green, palette.paper, 0.16)
    show(pen, Message(sign, words("reading.title"), palette.ink, (words("reading.text"),)), send)
