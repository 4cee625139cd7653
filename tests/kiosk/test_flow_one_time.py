"""A card that proves nothing: its files open by a one-time code, sent to the phone on file."""

import pytest

from kiosk.card_events import (
    BackPressed,
    CardPut,
    CardTaken,
    CardTold,
    CodeWanted,
    KeyEntered,
    KeyTyped,
    OpenByCode,
    ReadCard,
    SendCode,
)
from kiosk.card_state import (
    CardFiles,
    CardProblem,
    CardRefused,
    CardTrouble,
    CardUnproven,
    CodeOver,
    CodeSent,
    CodeWrong,
    IdentityNumber,
    KeyPart,
    OfferCode,
    OnReader,
    ReadingCard,
    TypeCode,
    TypeKey,
)
from kiosk.flow.by_slip import STATUS_ASKS_AFTER
from kiosk.flow.one_time import OFFICE_GIVES_UP_AFTER
from kiosk.list_state import ShowList
from kiosk.visit_events import (
    FinishPressed,
    StayPressed,
    Wipe,
)
from kiosk.visit_state import (
    StillThere,
)

from .card_visits import PASSPORT, CardVisit
from .visits import sheet

ASK = bytes(range(16))


@pytest.fixture
def visit() -> CardVisit:
    return CardVisit()


def test_a_contactless_card_is_an_index_and_a_code_by_sms_opens_its_files(visit: CardVisit) -> None:
    assert visit.send(CardPut(OnReader.NUMBERED)) == [ReadCard(1, None)]
    visit.told(CardUnproven(ASK))
    assert visit.shows == OfferCode("ar", ASK)
    visit.send(CardTaken())
    assert visit.send(CodeWanted()) == [SendCode(2, ASK)]
    assert visit.send(CodeWanted(), KeyTyped("1"), BackPressed()) == [], "it is on its way"
    visit.send(CardTold(2, CodeSent(3)))
    visit.types("٤711")
    assert visit.send(KeyEntered()) == [], "six digits"
    visit.types("0099")
    assert visit.send(KeyEntered()) == [OpenByCode(3, ASK, "471100")]
    visit.send(CardTold(3, CodeWrong(2)))
    assert visit.shows == TypeCode("ar", ASK, 2, wrong=True)
    visit.types("471101")
    assert visit.send(KeyEntered()) == [OpenByCode(4, ASK, "471101")]
    visit.send(CardTold(4, CardFiles((sheet(1), sheet(2)))))
    assert isinstance(visit.shows, ShowList)
    assert visit.send(FinishPressed()) == [Wipe()]


def test_of_an_identity_card_the_number_is_typed(visit: CardVisit) -> None:
    assert visit.send(CardPut(OnReader.CHIP)) == []
    visit.types("001")
    visit.send(KeyEntered())
    assert visit.shows == TypeKey("ar", KeyPart.IDENTITY, visit.shows.typed, refused=True)  # type: ignore[attr-defined]
    visit.types("2345678")
    assert visit.send(KeyEntered()) == [ReadCard(1, IdentityNumber("0012345678"))]
    visit.send(CardTaken())
    assert isinstance(visit.shows, ReadingCard), "its chip says nothing: it need not lie there"
    visit.told(CardUnproven(ASK))
    assert visit.shows == OfferCode("ar", ASK)
    visit.send(PASSPORT)
    assert visit.shows == TypeKey("ar")


def test_a_code_that_is_over_may_be_asked_for_again_and_an_ask_that_is_over_needs_the_card(visit: CardVisit) -> None:
    visit.send(CardPut(OnReader.NUMBERED))
    visit.told(CardUnproven(ASK))
    visit.send(CodeWanted(), CardTold(2, CodeSent(1)))
    visit.types("123456")
    visit.send(KeyEntered(), CardTold(3, CodeOver()))
    assert visit.shows == OfferCode("ar", ASK, over=True)
    visit.send(CodeWanted(), CardTold(4, CardRefused(CardProblem.ASK_OVER)))
    assert visit.shows == CardTrouble("ar", CardProblem.ASK_OVER)


def test_an_office_that_says_nothing_of_a_code_is_told_as_such(visit: CardVisit) -> None:
    visit.send(CardPut(OnReader.NUMBERED))
    visit.told(CardUnproven(ASK))
    visit.send(CodeWanted())
    visit.waits(OFFICE_GIVES_UP_AFTER)
    assert visit.shows == CardTrouble("ar", CardProblem.UNREACHABLE)
    visit.send(CardTold(2, CodeSent(3)))
    assert visit.shows == CardTrouble("ar", CardProblem.UNREACHABLE)


def test_who_waits_for_a_message_is_asked_whether_he_is_still_there(visit: CardVisit) -> None:
    visit.send(CardPut(OnReader.NUMBERED))
    visit.told(CardUnproven(ASK))
    visit.send(CodeWanted(), CardTold(2, CodeSent(3)))
    visit.types("123")
    visit.waits(STATUS_ASKS_AFTER)
    assert isinstance(visit.shows, StillThere)
    assert "123" not in repr(visit.shows)
    visit.send(StayPressed())
    assert visit.shows == TypeCode("ar", ASK, 3, "123")
    visit.send(BackPressed())
    assert visit.shows == OfferCode("ar", ASK)
