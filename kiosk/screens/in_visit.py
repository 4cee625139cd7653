"""Which screen draws which state once somebody is here. Not imported before the first picture of home."""

from typing import assert_never

from kiosk import visit_state as states

from . import not_printed, printing, problem, reading, status, still_there, stopped
from .actions import Send
from .board import Pen


def draw(
    pen: Pen,
    state: states.Reading
    | states.ShowStatus
    | states.Printing
    | states.Printed
    | states.SentToPrinter
    | states.NotPrinted
    | states.Problem
    | states.StillThere
    | states.PowerWasCut
    | states.OutOfOrder
    | states.Closed,
    send: Send,
) -> None:
    """Draw a state on the pen's board."""
    match state:
        case states.Reading():
            reading.build(pen, state, send)
        case states.ShowStatus():
            status.build(pen, state, send)
        case states.Printing():
            printing.build_printing(pen, state, send)
        case states.Printed():
            printing.build_printed(pen, state, send)
        case states.SentToPrinter():
            printing.build_sent(pen, state, send)
        case states.NotPrinted():
            not_printed.build(pen, state, send)
        case states.Problem():
            problem.build(pen, state, send)
        case states.StillThere():
            still_there.build(pen, state, send)
        case states.PowerWasCut():
            stopped.build_power_was_cut(pen, state, send)
        case states.OutOfOrder():
            stopped.build_out_of_order(pen, state, send)
        case states.Closed():
            stopped.build_closed(pen, state, send)
        case _:
            assert_never(state)
