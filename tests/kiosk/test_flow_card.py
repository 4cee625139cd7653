"""A visit by card, told as stories: what each event of reader, office and keypad does to what the screen shows."""

import pytest

from kiosk.card_events import (
    BackPressed,
    CardProgressed,
    CardPut,
    CardTaken,
    CardTold,
    Chime,
    KeyEntered,
    KeyErased,
    KeyPartChosen,
    KeyTyped,
    ReadCard,
    ReaderChanged,
)
from kiosk.card_state import (
    TRIES,
    AccessNumber,
    CardFiles,
    CardProblem,
    CardRefused,
    CardStage,
    CardTrouble,
    CardUnproven,
    IdentityNumber,
    KeyPart,
    MachineReadableLines,
    OfferCode,
    OnReader,
    PlaceCard,
    ReadingCard,
    TakeCard,
    TypedFields,
    TypeKey,
    WrongKey,
)
from kiosk.comfort import Comfort, Contrast
from kiosk.flow.by_card import CARD_LEFT_AFTER, CHIME_EVERY, CHIMES
from kiosk.flow.by_slip import STATUS_ASKS_AFTER
from kiosk.flow.card import LOST_FOR, PLACE_GIVES_UP_AFTER, READING_CARD_GIVES_UP_AFTER
from kiosk.flow.lobby import READER_MISSED_AFTER
from kiosk.flow.sitting import HOME_DIMS_AFTER
from kiosk.list_state import FileChosen, ShowList
from kiosk.visit_events import (
    CardChosen,
    ComfortChosen,
    Event,
    FinishPressed,
    LanguageChosen,
    LinkChanged,
    OpeningChanged,
    PrintFinished,
    PrintPressed,
    Scanned,
    ServiceChanged,
    StayPressed,
    Touched,
    WaysChanged,
    Wipe,
)
from kiosk.visit_state import (
    Closed,
    Home,
    OutOfOrder,
    PrintConfirmed,
    Printed,
    PrinterProblem,
    PrintFailed,
    Printing,
    Problem,
    ProblemKind,
    Reading,
    ShowStatus,
    StillThere,
    Way,
)

from .card_visits import BIRTH, EXPIRY, FIELDS, NUMBER, PASSPORT, TD3, CardVisit
from .visits import MORNING, Visit, paper, sheet, sheets_reachable_from


@pytest.fixture
def visit() -> CardVisit:
    return CardVisit()


def test_a_passport_on_the_reader_is_asked_what_opens_it_read_and_shows_its_holders_files(visit: CardVisit) -> None:
    assert visit.send(PASSPORT) == []
    assert visit.shows == TypeKey("ar")
    (asked,) = visit.types_fields()
    assert asked == ReadCard(1, FIELDS)
    assert isinstance(visit.shows, ReadingCard)
    visit.send(CardProgressed(1, CardStage.JUDGING))
    assert visit.shows.stage is CardStage.JUDGING
    visit.told(CardFiles((sheet(1), sheet(2))))
    assert isinstance(visit.shows, ShowList)
    visit.send(FileChosen(1))
    assert isinstance(visit.shows, ShowStatus)
    assert visit.shows.sheet == sheet(2)


def test_one_file_is_shown_at_once(visit: CardVisit) -> None:
    visit.opens()
    assert visit.shows == ShowStatus("ar", sheet(0), can_print=True)


def test_chosen_on_home_the_card_is_waited_for_and_the_passport_may_be_typed_from_in_hand(visit: CardVisit) -> None:
    assert visit.send(CardChosen()) == []
    assert visit.shows == PlaceCard("ar")
    visit.send(PASSPORT)
    assert visit.shows == TypeKey("ar")
    visit.send(CardTaken())
    assert visit.shows == TypeKey("ar"), "it must be opened to be read by its holder"
    assert visit.types_fields() == []
    assert visit.shows == PlaceCard("ar", FIELDS, visit.shows.typed)  # type: ignore[attr-defined]
    assert visit.send(PASSPORT) == [ReadCard(1, FIELDS)]


def test_digits_of_three_scripts_are_one_and_what_cannot_be_is_refused_before_it_costs_a_try(visit: CardVisit) -> None:
    visit.send(PASSPORT)
    visit.send(KeyEntered())
    assert visit.shows == TypeKey("ar", refused=True)
    visit.types("l898 902-c3")
    visit.send(KeyEntered())
    visit.types("٣١۱۱")
    visit.types("1974")
    assert isinstance(visit.shows, TypeKey)
    assert visit.shows.typed.birth == "31111974"
    visit.send(KeyEntered())
    assert visit.shows.refused, "November has 30 days"
    visit.send(*[KeyErased()] * 8)
    visit.types("00001974")
    visit.send(KeyEntered())
    assert visit.shows.part is KeyPart.EXPIRY
    visit.send(BackPressed())
    assert (visit.shows.part, visit.shows.typed.birth) == (KeyPart.BIRTH, "00001974")
    visit.send(KeyEntered())
    visit.types("00001974")
    visit.send(KeyEntered())
    assert visit.shows.refused, "a document always has a day of expiry"
    visit.send(*[KeyErased()] * 8)
    visit.types(EXPIRY)
    assert visit.send(KeyEntered()) == [ReadCard(1, TypedFields(NUMBER, "74<<<<", "340415"))]


def test_the_card_access_number_opens_it_too(visit: CardVisit) -> None:
    visit.send(PASSPORT, KeyPartChosen(KeyPart.ACCESS_NUMBER))
    visit.types("31415")
    visit.send(KeyEntered())
    assert isinstance(visit.shows, TypeKey)
    assert visit.shows.refused
    visit.types("9")
    assert visit.send(KeyEntered()) == [ReadCard(1, AccessNumber("314159"))]
    visit.told(WrongKey(fields_only=True))
    assert isinstance(visit.shows, TypeKey)
    assert (visit.shows.part, visit.shows.fields_only, visit.shows.tries_left) == (KeyPart.NUMBER, True, 3)


@pytest.mark.parametrize("begun", ["waiting for the card", "typing", "reading"])
def test_nobody_is_told_to_put_a_card_on_a_reader_that_is_gone(visit: CardVisit, begun: str) -> None:
    visit.send(ReaderChanged(ready=True), CardChosen() if begun == "waiting for the card" else PASSPORT)
    if begun == "reading":
        visit.types_fields()
    visit.send(CardTaken(), ReaderChanged(ready=False), ReaderChanged(ready=False))
    visit.waits(READER_MISSED_AFTER - 0.1)
    assert isinstance(visit.shows, PlaceCard | TypeKey), "its service may be back at once"
    visit.waits(0.2)
    assert visit.shows == CardTrouble("ar", CardProblem.READER_GONE)
    visit.send(ReaderChanged(ready=True), PASSPORT)
    visit.waits(READER_MISSED_AFTER)
    assert visit.shows == TypeKey("ar")


def test_a_card_on_a_reader_that_is_gone_is_not_called_taken_for_long(visit: CardVisit) -> None:
    visit.opens(2)
    visit.send(CardTaken(), ReaderChanged(ready=False))
    assert visit.shows == CardTrouble("ar", CardProblem.TAKEN)
    visit.waits(READER_MISSED_AFTER)
    assert visit.shows == CardTrouble("ar", CardProblem.READER_GONE)


def test_the_number_of_an_identity_card_needs_no_reader_any_more(visit: CardVisit) -> None:
    visit.send(CardPut(OnReader.CHIP), ReaderChanged(ready=False), CardTaken())
    visit.waits(READER_MISSED_AFTER)
    assert visit.shows == TypeKey("ar", KeyPart.IDENTITY)
    visit.types("000012345678")
    assert visit.send(KeyEntered()) == [ReadCard(1, IdentityNumber("000012345678"))]


def test_the_lines_of_an_mrz_reader_are_enough(visit: CardVisit) -> None:
    visit.send(WaysChanged(frozenset({Way.CARD})))
    visit.send(Scanned(TD3[:44] + b"\r\n" + TD3[44:]))
    assert visit.shows == PlaceCard("ar", MachineReadableLines(TD3.decode()))
    assert visit.send(PASSPORT) == [ReadCard(1, MachineReadableLines(TD3.decode()))]
    visit.send(FinishPressed(), CardTaken(), PASSPORT)
    assert isinstance(visit.shows, TypeKey)
    assert [type(effect) for effect in visit.send(Scanned(TD3))] == [ReadCard]


def test_what_was_typed_wrong_stands_there_to_be_corrected_and_there_are_three_tries(visit: CardVisit) -> None:
    visit.send(PASSPORT)
    visit.types_fields()
    for left in (2, 1):
        visit.told(WrongKey())
        assert isinstance(visit.shows, TypeKey)
        assert (visit.shows.tries_left, visit.shows.typed.number) == (left, NUMBER)
        visit.send(KeyEntered(), KeyEntered(), KeyEntered())
    visit.told(WrongKey())
    assert visit.shows == CardTrouble("ar", CardProblem.TRIES_USED)


@pytest.mark.parametrize("why", [why for why in CardProblem if why is not CardProblem.TAKEN])
def test_a_card_that_opens_nothing_says_why_and_leaves(visit: CardVisit, why: CardProblem) -> None:
    visit.send(PASSPORT)
    visit.types_fields()
    visit.told(CardRefused(why))
    assert visit.shows == CardTrouble("ar", why)
    assert visit.send(CardTaken()) == []
    assert visit.waits(30) == [Wipe()]
    assert isinstance(visit.shows, Home)


def test_a_card_that_was_lifted_in_the_middle_is_asked_back_and_read_anew(visit: CardVisit) -> None:
    visit.send(PASSPORT)
    visit.types_fields()
    visit.told(CardRefused(CardProblem.TAKEN))
    visit.send(CardTaken())
    assert isinstance(visit.shows, PlaceCard)
    assert visit.shows.moved
    assert visit.send(PASSPORT) == [ReadCard(2, FIELDS)]
    visit.send(CardTaken())
    assert isinstance(visit.shows, PlaceCard)
    assert visit.send(CardTold(2, CardFiles((sheet(),)))) == [], "what comes of a reading that was given up"
    assert isinstance(visit.shows, PlaceCard)
    assert visit.waits(PLACE_GIVES_UP_AFTER) == [Wipe()]


def test_a_card_that_the_reader_lost_and_never_missed_is_read_again_but_not_for_ever(visit: CardVisit) -> None:
    visit.send(PASSPORT)
    visit.types_fields()
    for _ in range(2):
        visit.told(CardRefused(CardProblem.TAKEN))
        assert isinstance(visit.shows, PlaceCard)
        assert [type(effect) for effect in visit.waits(LOST_FOR)] == [ReadCard]
    visit.told(CardRefused(CardProblem.TAKEN))
    visit.waits(LOST_FOR)
    assert visit.shows == CardTrouble("ar", CardProblem.TOO_SLOW)


def test_a_card_that_the_reader_lost_costs_its_visitor_no_try(visit: CardVisit) -> None:
    """Found by a random visit: it was read again at the price of one, and two wrong entries were three."""
    visit.send(PASSPORT)
    visit.types_fields()
    visit.told(CardRefused(CardProblem.TAKEN))
    visit.waits(LOST_FOR)
    visit.told(WrongKey())
    assert isinstance(visit.shows, TypeKey)
    assert visit.shows.tries_left == TRIES - 1


def test_a_card_that_answers_nothing(visit: CardVisit) -> None:
    assert visit.send(CardPut(OnReader.MUTE)) == []
    assert visit.shows == CardTrouble("ar", CardProblem.MUTE)
    visit.send(CardTaken(), PASSPORT)
    assert visit.shows == TypeKey("ar")


def test_a_card_that_falls_silent_while_it_is_read(visit: CardVisit) -> None:
    visit.send(PASSPORT)
    visit.types_fields()
    visit.send(CardPut(OnReader.MUTE))
    assert visit.shows == CardTrouble("ar", CardProblem.MUTE)


def test_a_reading_that_never_ends_ends_in_words(visit: CardVisit) -> None:
    visit.send(PASSPORT)
    visit.types_fields()
    visit.waits(READING_CARD_GIVES_UP_AFTER)
    assert visit.shows == CardTrouble("ar", CardProblem.TOO_SLOW)
    visit.told(CardFiles((sheet(),)))
    assert visit.shows == CardTrouble("ar", CardProblem.TOO_SLOW)


def test_taking_the_card_closes_its_files_at_once(visit: CardVisit) -> None:
    visit.opens(2)
    visit.send(LanguageChosen("fr"))
    assert visit.send(CardTaken()) == [Wipe()]
    assert visit.shows == CardTrouble("fr", CardProblem.TAKEN)
    assert not sheets_reachable_from(visit.flow)
    visit.send(PASSPORT)
    assert visit.shows == TypeKey("fr"), "nothing that was typed is kept"


def test_taking_the_card_while_its_paper_comes_out_closes_the_list_and_leaves_the_paper(visit: CardVisit) -> None:
    visit.opens(2)
    visit.send(FileChosen(0))
    job = visit.presses_print()
    assert visit.send(CardTaken()) == []
    assert isinstance(visit.shows, Printing)
    visit.send(PrintFinished(job, PrintConfirmed()))
    assert visit.shows == Printed("ar")
    assert visit.waits(12) == [Wipe()]


@pytest.mark.parametrize("another", [False, True])
def test_of_a_paper_that_fails_once_its_card_was_taken_nothing_is_shown(visit: CardVisit, another: bool) -> None:
    visit.opens(1)
    job = visit.presses_print()
    visit.send(CardTaken(), *[CardPut(OnReader.CHIP)] * another)
    assert visit.send(PrintFinished(job, PrintFailed(PrinterProblem.PAPER_OUT, cut_off=True))) == [Wipe()]
    assert visit.shows == CardTrouble("ar", CardProblem.TAKEN)
    assert not sheets_reachable_from(visit.flow)


def test_who_leaves_is_reminded_of_the_passport_until_it_is_taken(visit: CardVisit) -> None:
    visit.opens()
    visit.send(LanguageChosen("en"))
    assert visit.send(FinishPressed()) == [Wipe(), Chime()]
    assert visit.shows == TakeCard("en")
    assert not sheets_reachable_from(visit.flow)
    assert visit.send(FinishPressed(), PrintPressed(), KeyEntered(), Touched()) == []
    chimes = sum(len(visit.waits(CHIME_EVERY)) for _ in range(20))
    assert chimes == CHIMES - 1
    assert visit.shows == TakeCard("en", left=True)
    visit.send(CardTaken())
    assert isinstance(visit.shows, Home)


@pytest.mark.parametrize("leaves", [CardTaken(), Scanned(paper(1)), None], ids=["card-taken", "slip", "left"])
def test_the_screen_stays_as_the_visitor_wants_it_until_he_is_gone(visit: CardVisit, leaves: Event | None) -> None:
    large = Comfort(text=200, contrast=Contrast.DARK)
    visit.opens()
    visit.send(ComfortChosen(large), FinishPressed())
    assert visit.flow.comfort == large
    if leaves is None:
        visit.waits(CARD_LEFT_AFTER)
        assert visit.flow.comfort == Comfort(), "its owner is gone"
        visit.send(ComfortChosen(large))
        visit.waits(1.0)
        assert visit.flow.comfort == large, "what somebody chooses then is his"
        return
    visit.send(leaves)
    assert visit.flow.comfort == Comfort()


def test_who_took_his_card_reads_why_his_files_are_closed_as_large_as_before(visit: CardVisit) -> None:
    visit.opens()
    visit.send(ComfortChosen(Comfort(text=200)), CardTaken())
    assert visit.shows == CardTrouble("ar", CardProblem.TAKEN)
    assert visit.flow.comfort.text == 200
    visit.send(FinishPressed())
    assert visit.flow.comfort == Comfort()


@pytest.mark.parametrize("put", [None, CardPut(OnReader.CHIP)], ids=["in-the-hand", "on-the-reader"])
def test_the_barcode_of_an_identity_card_says_its_number_and_nothing_else(visit: CardVisit, put: Event | None) -> None:
    visit.send(WaysChanged(frozenset(Way)), put or CardChosen())
    assert visit.send(Scanned(b"LB<1234567|SURNAME|19800101")) == [], "what is more than a number is not taken apart"
    (asked,) = visit.send(Scanned(b"0000 1234-5678\r"))
    assert asked == ReadCard(1, IdentityNumber("000012345678"))
    assert isinstance(visit.shows, ReadingCard)
    assert visit.send(Scanned(b"000012345678")) == [], "it still lies there"
    visit.told(CardUnproven(bytes(16)))
    assert isinstance(visit.shows, OfferCode)
    assert "000012345678" not in repr(visit.shows)


def test_a_barcode_is_a_card_only_where_one_is_asked_for(visit: CardVisit) -> None:
    visit.send(Scanned(b"000012345678"))
    assert visit.shows == Problem("ar", ProblemKind.NOT_A_SLIP)


def test_a_slip_is_a_slip_also_where_a_card_is_asked_for(visit: CardVisit) -> None:
    visit.send(WaysChanged(frozenset(Way)), CardChosen())
    visit.reads(1)
    assert visit.shows == ShowStatus("ar", sheet(1), can_print=True)


def test_a_passport_that_was_left_behind_keeps_nobody_from_his_slip_and_opens_nothing_by_itself(
    visit: CardVisit,
) -> None:
    visit.opens()
    visit.send(FinishPressed())
    visit.waits(CARD_LEFT_AFTER)
    visit.reads(1)
    assert visit.shows == ShowStatus("ar", sheet(1), can_print=True)
    assert visit.send(CardTaken()) == [], "the slip's status is not the card's"
    assert isinstance(visit.shows, ShowStatus)
    assert visit.send(FinishPressed()) == [Wipe()]


def test_who_walks_off_while_typing_is_asked_and_forgotten(visit: CardVisit) -> None:
    visit.send(PASSPORT)
    visit.types(NUMBER)
    visit.waits(STATUS_ASKS_AFTER)
    assert isinstance(visit.shows, StillThere)
    visit.send(StayPressed())
    assert isinstance(visit.shows, TypeKey)
    visit.waits(STATUS_ASKS_AFTER)
    assert visit.waits(20) == [Wipe(), Chime()]
    assert NUMBER not in repr(vars(visit.flow))


def test_another_passport_begins_another_visit_and_any_other_card_takes_nothing(visit: CardVisit) -> None:
    visit.reads()
    assert visit.send(CardPut(OnReader.NUMBERED), CardTaken()) == []
    assert isinstance(visit.shows, ShowStatus)
    assert visit.send(PASSPORT) == [Wipe()]
    assert visit.shows == TypeKey("ar")


def test_a_slip_ends_a_visit_by_card(visit: CardVisit) -> None:
    visit.opens(2)
    assert visit.send(Scanned(paper(3)))[0] == Wipe()
    assert visit.shows == Reading("ar")
    assert not sheets_reachable_from(visit.flow)


def test_leaving_while_it_is_read_forgets_the_reading(visit: CardVisit) -> None:
    visit.send(PASSPORT)
    visit.types_fields()
    assert visit.send(FinishPressed()) == [Wipe(), Chime()]
    visit.told(CardFiles((sheet(),)))
    assert visit.shows == TakeCard("ar")


def test_with_the_network_cut_a_card_is_told_so_before_anything_is_typed_and_the_slip_still_works(
    visit: CardVisit,
) -> None:
    visit.send(LinkChanged(up=False))
    assert visit.send(PASSPORT) == []
    assert visit.shows == CardTrouble("ar", CardProblem.UNREACHABLE)
    visit.reads(1)
    assert visit.shows == ShowStatus("ar", sheet(1), can_print=True)
    visit.send(FinishPressed(), CardTaken(), LinkChanged(up=True), PASSPORT)
    assert visit.shows == TypeKey("ar")


def test_the_tap_that_wakes_chooses_no_card_but_a_card_wakes(visit: CardVisit) -> None:
    visit.waits(HOME_DIMS_AFTER)
    visit.send(Touched(), CardChosen())
    assert isinstance(visit.shows, Home)
    visit.waits(HOME_DIMS_AFTER)
    visit.send(PASSPORT)
    assert visit.shows == TypeKey("ar")


def test_a_card_that_is_shown_while_closed_is_told_so(visit: CardVisit) -> None:
    visit.send(OpeningChanged(MORNING))
    assert visit.send(PASSPORT) == []
    assert visit.shows == Closed("ar", MORNING, presented=True)


def test_a_passport_at_a_terminal_that_is_closed_and_withdrawn_ends_the_visit_before_once(visit: CardVisit) -> None:
    visit.reads(1)
    visit.send(ServiceChanged(withdrawn=True), OpeningChanged(MORNING))
    assert visit.send(PASSPORT) == [Wipe()]
    assert visit.shows == OutOfOrder("ar", withdrawn=True)


@pytest.mark.parametrize("before", [Visit.reads, CardVisit.opens])
def test_a_passport_at_a_terminal_that_was_withdrawn_meanwhile_begins_no_visit(visit: CardVisit, before) -> None:
    before(visit, 1)
    visit.send(ServiceChanged(withdrawn=True))
    assert Wipe() in visit.send(PASSPORT)
    assert visit.shows == OutOfOrder("ar", withdrawn=True)
    assert not sheets_reachable_from(visit.flow)


def test_no_repr_shows_what_was_typed(visit: CardVisit) -> None:
    visit.send(PASSPORT)
    visit.types(NUMBER)
    assert NUMBER not in repr(visit.shows)
    visit.send(KeyEntered())
    visit.types(BIRTH)
    visit.send(KeyEntered())
    visit.types(EXPIRY)
    (asked,) = visit.send(KeyEntered())
    for thing in (visit.shows, asked, KeyTyped("7"), FIELDS, MachineReadableLines(TD3.decode())):
        assert not any(text in repr(thing) for text in (NUMBER, BIRTH, "740812", "340415", "7408122"))
