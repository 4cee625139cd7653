"""The one-time code by SMS, for a card that proves nothing: asked for, typed, right or wrong. Pure functions.

Nothing here tells whether the office knows the card: it answers alike until the code was right.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Final, assert_never

from central_api.contract.numbers import ONE_TIME_DIGITS
from kiosk.card_events import BackPressed, CodeWanted, KeyEntered, KeyErased, KeyPartChosen, KeyTyped
from kiosk.card_state import CardProblem, CardTrouble, CodeOver, CodeSent, CodeWrong, OfferCode, TypeCode
from kiosk.list_state import digit

if TYPE_CHECKING:
    from kiosk.card_state import CardState

# Seconds until the office, asked for a code or about one, counts as out of reach; the request's deadline is shorter.
OFFICE_GIVES_UP_AFTER: Final = 15.0


def after(  # noqa: PLR0911 - one event a line
    state: OfferCode | TypeCode,
    event: KeyTyped | KeyErased | KeyEntered | KeyPartChosen | BackPressed | CodeWanted,
) -> "CardState | None":
    """Return what follows an event; None where the visit is over. While the office is asked, keys do nothing."""
    if waits(state):
        return state
    match event:
        case CodeWanted():
            return OfferCode(state.language, state.ask, sending=True)
        case BackPressed():
            return None if isinstance(state, OfferCode) else OfferCode(state.language, state.ask)
        case _ if isinstance(state, OfferCode):
            return state
        case KeyTyped(text):
            return replace(state, typed=(state.typed + digit(text))[:ONE_TIME_DIGITS], wrong=False)
        case KeyErased():
            return replace(state, typed=event.left_of(state.typed), wrong=False)
        case KeyEntered():
            return replace(state, checking=len(state.typed) == ONE_TIME_DIGITS, wrong=False)
        case KeyPartChosen():
            return state
        case _:
            assert_never(event)


def told(state: OfferCode | TypeCode, result: CodeSent | CodeWrong | CodeOver) -> "CardState":
    """Return what follows the office's answer."""
    match result:
        case CodeSent(tries):
            return TypeCode(state.language, state.ask, tries)
        case CodeWrong(tries_left):
            return TypeCode(state.language, state.ask, tries_left, wrong=True)
        case CodeOver():
            return OfferCode(state.language, state.ask, over=True)
        case _:
            assert_never(result)


def waits(state: OfferCode | TypeCode) -> bool:
    """Tell whether the office is being asked."""
    return state.sending if isinstance(state, OfferCode) else state.checking


def idle(state: OfferCode | TypeCode, seconds: float) -> "CardState":
    """Return what follows when the office answered nothing for so long."""
    if seconds >= OFFICE_GIVES_UP_AFTER:
        return CardTrouble(state.language, CardProblem.UNREACHABLE)
    return state
