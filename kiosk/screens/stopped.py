"""The terminal itself: the power was cut in the middle of a visit, or there is no reader, it is closed or withdrawn."""

from kiosk.visit_events import FinishPressed
from kiosk.visit_state import SCREEN_LANGUAGES, Closed, ClosedUntil, OutOfOrder, PowerWasCut
from kiosk.words import Words

from .actions import Action, Send
from .board import Pen
from .message import Message, show
from .signs import clock, ended, power


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
        languages=SCREEN_LANGUAGES,
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
        languages=SCREEN_LANGUAGES,
    )
    show(pen, message, send)


def build_closed(pen: Pen, state: Closed, send: Send) -> None:
    palette, words = pen.theme.palette, pen.words
    message = Message(
        clock(palette),
        words("closed.title"),
        palette.ink,
        _opens(pen.words, state.until),
        (words("closed.phone"),),
        (words("closed.presented"),) if state.presented else (),
        languages=state.languages,
    )
    show(pen, message, send)


def _opens(words: Words, until: ClosedUntil) -> tuple[str, ...]:
    if until.opens is None:
        return ()
    if until.hour_known:
        key = {0: "closed.opens.today", 1: "closed.opens.tomorrow"}.get(until.in_days, "closed.opens.day")
    else:
        key = "closed.opens.tomorrow.all_day" if until.in_days == 1 else "closed.opens.day.all_day"
    at = until.opens
    return (words(key, weekday=words.weekday(at), date=words.date(at), time=words.time(at)),)
