"""The card reader: is it there, and does a card in it answer? Asked through its driver, which can be ended."""

from typing import assert_never

from central_api.contract.readiness import Part
from devices.card.states import CardMute, CardPresent, CardReaderUnknown, ReaderAbsent, ReaderEmpty, ServiceAbsent

from .findings import TOO_LATE, Finding

_ANY = "pcsc:"


def check_cards(address: str, seconds: float) -> Finding:
    """Wait so long for a card's answer. `address` none: any reader will do, and none is missed."""
    from devices.cardtest import look

    wanted = address != "none"
    match state := look(address if wanted else _ANY, seconds):
        case CardPresent():
            detail = "good"
        case ReaderEmpty():
            detail = "no_card"
        case CardMute():
            detail = "card_silent"
        case ReaderAbsent():
            detail = "missing" if wanted else "absent"
        case ServiceAbsent():
            detail = "no_service" if wanted else "absent"
        case CardReaderUnknown():
            detail = TOO_LATE
        case _:
            assert_never(state)
    return Finding(Part.CARD_READER, detail)
