"""Several files in one visit: the list, a search in it, one of its files, the next slip. Pure functions."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final, assert_never

from kiosk.card_events import BackPressed, KeyEntered, KeyErased, KeyTyped
from kiosk.list_state import (
    SEARCHED_DIGITS,
    AddSlip,
    AddSlipPressed,
    FileChosen,
    ListEvent,
    Listing,
    ListPressed,
    ListTurned,
    SearchList,
    SearchPressed,
    ShowList,
    digit,
)
from kiosk.visit_state import (
    Found,
    LookUpResult,
    NotPrinted,
    Printed,
    SentToPrinter,
    ShowStatus,
    VisitState,
)

if TYPE_CHECKING:
    from kiosk.visit_state import ScreenLanguage, Sheet

# Seconds that the next slip is awaited. Each touch is for one slip, and not for long: who walked off must not find his
# list longer by another's slip, nor the other a list that is not his.
NEXT_SLIP_WITHIN: Final = 15.0


def of_card(language: "ScreenLanguage", sheets: "tuple[Sheet, ...]", *, can_print: bool) -> ShowStatus | ShowList:
    """Show what a card opened: its one file at once, or the list."""
    if len(sheets) == 1:
        return ShowStatus(language, sheets[0], can_print)
    return ShowList(language, Listing(sheets, of_card=True), can_print)


def after(state: VisitState, event: ListEvent, *, can_print: bool) -> VisitState:
    """Return what follows a choice in or around a list; the state itself where the choice is not on its screen."""
    match event:
        case FileChosen(at) if isinstance(state, ShowList) and at < len(state.listing.shown):
            listing = replace(state.listing, at=at)
            return ShowStatus(state.language, listing.shown[at], can_print, listing)
        case ListTurned(at) if isinstance(state, ShowList):
            return replace(state, listing=replace(state.listing, at=at))
        case SearchPressed() if isinstance(state, ShowList):
            return SearchList(state.language, state.listing)
        case AddSlipPressed():
            return _next_slip(state)
        case ListPressed():
            return back_to_list(state, can_print=can_print)
        case FileChosen() | ListTurned() | SearchPressed():
            return state
        case _:
            assert_never(event)


def back_to_list(state: VisitState, *, can_print: bool) -> VisitState:
    """Return the list that a state came from. One that has a single file is that file."""
    match state:
        case ShowStatus() | Printed() | SentToPrinter() | NotPrinted() | AddSlip() | SearchList():
            listing = state.listing
        case ShowList():
            listing = replace(state.listing, search="", at=0)
        case _:
            return state
    if listing is None:
        return state
    if len(listing.sheets) == 1:
        return ShowStatus(state.language, listing.sheets[0], can_print)
    return ShowList(state.language, listing, can_print)


def searched(
    state: SearchList, event: KeyTyped | KeyErased | KeyEntered | BackPressed, *, can_print: bool
) -> VisitState:
    """Return what follows a key while a number is typed."""
    match event:
        case KeyTyped(text):
            return replace(state, typed=(state.typed + digit(text))[:SEARCHED_DIGITS])
        case KeyErased():
            return replace(state, typed=event.left_of(state.typed))
        case KeyEntered() if state.found:
            return ShowList(state.language, replace(state.listing, search=state.typed, at=0), can_print)
        case KeyEntered():
            return state
        case BackPressed():
            return ShowList(state.language, state.listing, can_print)
        case _:
            assert_never(event)


def added(state: AddSlip, result: LookUpResult) -> AddSlip:
    """Return what follows the look-up of one more slip."""
    if isinstance(result, Found):
        listing = replace(state.listing.with_sheet(result.sheet), search="", at=0)
        return AddSlip(state.language, listing, open=False)
    return AddSlip(state.language, state.listing, open=False, refused=result.kind)


def _next_slip(state: VisitState) -> VisitState:
    match state:
        case ShowStatus(language, sheet, _, listing):
            return AddSlip(language, listing or Listing((sheet,)))
        case ShowList(language, listing):
            return AddSlip(language, listing)
        case AddSlip(language, listing, reading=False):
            return AddSlip(language, listing)
        case _:
            return state
