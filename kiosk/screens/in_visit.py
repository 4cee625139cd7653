"""Which screen draws which state once somebody is here. Not imported before the first picture of home."""

from typing import assert_never

from kiosk import visit_state as states
from kiosk.entry_state import AskingOffice, EnterCode, EnterNumber, EntryState, OfficeSilent, ShowPaper, ToTheDesk
from kiosk.guide_state import Families, GuideState, Kinds, OtherServices, ShowRequirements, ShowTopic, Topics
from kiosk.help_call import HelpCalled
from kiosk.staff_state import StaffScreen, StaffState

from . import (
    card,
    entry,
    guide,
    help,
    listing,
    not_printed,
    paper,
    printing,
    problem,
    reading,
    status,
    still_there,
    stopped,
)
from .actions import Send
from .board import Pen


def draw(  # noqa: PLR0912, PLR0915 - one state a line
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
    | states.Closed
    | states.PlaceCard
    | states.TypeKey
    | states.ReadingCard
    | states.CardTrouble
    | states.OfferCode
    | states.TypeCode
    | states.TakeCard
    | states.ShowList
    | states.SearchList
    | states.AddSlip
    | EntryState
    | GuideState
    | HelpCalled
    | StaffState,
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
        case states.PlaceCard():
            card.build_place(pen, state, send)
        case states.TypeKey():
            card.build_type(pen, state, send)
        case states.ReadingCard():
            card.build_reading(pen, state, send)
        case states.CardTrouble():
            card.build_trouble(pen, state, send)
        case states.OfferCode():
            card.build_offer(pen, state, send)
        case states.TypeCode():
            card.build_code(pen, state, send)
        case states.TakeCard():
            card.build_take(pen, state, send)
        case states.ShowList():
            listing.build_list(pen, state, send)
        case states.SearchList():
            listing.build_search(pen, state, send)
        case states.AddSlip():
            listing.build_add(pen, state, send)
        case OtherServices() | Families() | Kinds() | ShowRequirements() | Topics() | ShowTopic():
            guide.build(pen, state, send)
        case HelpCalled():
            help.build(pen, state, send)
        case StaffScreen():
            from . import staff  # for the few who come here

            staff.build(pen, state, send)
        case EnterNumber() | EnterCode() | AskingOffice() | OfficeSilent() | ToTheDesk() | ShowPaper():
            _draw_entry(pen, state, send)
        case _:
            assert_never(state)


def _draw_entry(pen: Pen, state: EntryState, send: Send) -> None:
    match state:
        case EnterNumber():
            entry.build_number(pen, state, send)
        case EnterCode():
            entry.build_code(pen, state, send)
        case AskingOffice():
            reading.build_asking(pen, state, send)
        case OfficeSilent():
            entry.build_silent(pen, state, send)
        case ToTheDesk():
            entry.build_desk(pen, state, send)
        case ShowPaper():
            paper.build(pen, state, send)
        case _:
            assert_never(state)
