"""The terminal itself: the power was cut in the middle of a visit, or there is no reader, or it is withdrawn."""

from kiosk.visit_events import FinishPressed
from kiosk.visit_state import OutOfOrder, PowerWasCut

from .actions import Action, Send
from .board import Pen
from .message import Message, show
from .signs import ended, power


def build_power_was_cut(pen: Pen, state: PowerWasCut, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    message = Message(
        power(palette),
        words("power.title"),
        palette.ink,
        (),
        (words("power.still"), words("power.void")),
        (words("power.now"),),
        actions=(Action("finish", words("button.home"), FinishPressed()),),
        languages=True,
    )
    show(pen, message, send)


def build_out_of_order(pen: Pen, state: OutOfOrder, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    message = Message(
        ended(palette),
        words("out_of_order.withdrawn" if state.withdrawn else "out_of_order.title"),
        palette.ink,
        (),
        (words("out_of_order.still"),),
        (words("out_of_order.now"),),
        languages=True,
    )
    show(pen, message, send)
