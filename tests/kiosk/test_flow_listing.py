"""Several files in one visit, told as stories: the list, its search, its papers, and slips that are added to it."""

from dataclasses import replace

import pytest

from central_api.contract.status import State
from kiosk.card_events import BackPressed, KeyEntered, KeyErased, KeyTyped
from kiosk.flow.by_slip import READING_GIVES_UP_AFTER, STATUS_ASKS_AFTER
from kiosk.flow.listing import NEXT_SLIP_WITHIN
from kiosk.flow.sitting import ANSWER_WITHIN
from kiosk.list_state import (
    MOST_LISTED,
    AddSlip,
    AddSlipPressed,
    FileChosen,
    Group,
    Listing,
    ListPressed,
    ListTurned,
    SearchList,
    SearchPressed,
    ShowList,
    group_of,
)
from kiosk.visit_events import (
    FinishPressed,
    LanguageChosen,
    LookedUp,
    LookUp,
    PrinterChanged,
    PrintFinished,
    PrintPressed,
    PrintReceipt,
    Scanned,
    StayPressed,
    Wipe,
)
from kiosk.visit_state import (
    Found,
    Home,
    NotFound,
    NotPrinted,
    PaperKind,
    PrintConfirmed,
    Printed,
    PrinterHealth,
    PrinterProblem,
    PrintFailed,
    ProblemKind,
    Reading,
    Sheet,
    ShowStatus,
    StillThere,
)

from .visits import Visit, paper, sheet, sheets_reachable_from, slip


class ListVisit(Visit):
    """A visit with slips in hand."""

    def adds(self, n: int) -> None:
        """Touch for one more slip, and put it under the light."""
        self.send(AddSlipPressed(), Scanned(paper(n)))
        asked = self.last(LookUp)
        assert isinstance(asked, LookUp)
        self.send(LookedUp(asked.visit, Found(sheet(n))))

    def lists(self, *numbers: int) -> None:
        first, *others = numbers
        self.reads(first)
        for n in others:
            self.adds(n)
        self.send(ListPressed())


@pytest.fixture
def visit() -> ListVisit:
    return ListVisit()


def numbers_of(listing: Listing) -> list[str]:
    return [held.status.tracking for held in listing.shown]


def test_the_next_slip_is_added_by_an_action_of_the_visitor_and_the_list_opens_each(visit: ListVisit) -> None:
    visit.reads(0)
    visit.send(AddSlipPressed())
    assert visit.shows == AddSlip("ar", Listing((sheet(0),)))
    (asked,) = visit.send(Scanned(paper(1)))
    assert asked == LookUp(2, slip(1)), "each look-up has a number of its own"
    assert isinstance(visit.shows, AddSlip)
    assert visit.shows.reading
    visit.send(LookedUp(2, Found(sheet(1))))
    assert visit.shows == AddSlip("ar", Listing((sheet(0), sheet(1))), open=False)
    visit.adds(2)
    visit.send(ListPressed())
    assert isinstance(visit.shows, ShowList)
    assert numbers_of(visit.shows.listing) == [slip(n).tracking for n in (0, 1, 2)]
    visit.send(FileChosen(2))
    assert isinstance(visit.shows, ShowStatus)
    assert visit.shows.sheet == sheet(2)
    visit.send(ListPressed())
    assert isinstance(visit.shows, ShowList)
    assert visit.shows.listing.at == 2, "on the page that it was chosen from"
    assert visit.send(FinishPressed()) == [Wipe()]
    assert not sheets_reachable_from(visit.flow)


def test_without_that_action_another_slip_ends_the_visit_and_its_list(visit: ListVisit) -> None:
    visit.lists(0, 1)
    effects = visit.send(Scanned(paper(2)))
    assert [type(effect) for effect in effects] == [Wipe, LookUp]
    assert visit.shows == Reading("ar")
    assert not sheets_reachable_from(visit.flow)


def test_a_touch_is_for_one_slip_and_the_slip_of_who_comes_then_begins_his_own_visit(visit: ListVisit) -> None:
    visit.reads(0)
    visit.adds(1)
    visit.waits(1.0)
    effects = visit.send(Scanned(paper(2)))
    assert [type(effect) for effect in effects] == [Wipe, LookUp]
    assert visit.shows == Reading("ar")
    assert not sheets_reachable_from(visit.flow)


def test_who_has_added_a_slip_and_walks_away_is_asked_and_forgotten(visit: ListVisit) -> None:
    visit.reads(0)
    visit.adds(1)
    visit.waits(NEXT_SLIP_WITHIN)
    assert isinstance(visit.shows, AddSlip), "he looks for the next one among his papers"
    visit.waits(STATUS_ASKS_AFTER)
    assert isinstance(visit.shows, StillThere)
    assert visit.waits(ANSWER_WITHIN) == [Wipe()]


def test_the_window_for_the_next_slip_is_short_and_shows_nothing(visit: ListVisit) -> None:
    visit.lists(0, 1)
    visit.send(AddSlipPressed())
    visit.waits(NEXT_SLIP_WITHIN)
    assert isinstance(visit.shows, StillThere)
    assert isinstance(visit.shows.under, ShowList)
    effects = visit.send(Scanned(paper(2)))
    assert [type(effect) for effect in effects] == [Wipe, LookUp], "a slip that comes later is another visitor's"


def test_who_adds_nothing_is_back_at_his_status(visit: ListVisit) -> None:
    visit.reads(0)
    visit.send(AddSlipPressed(), ListPressed())
    assert visit.shows == ShowStatus("ar", sheet(0), can_print=True)
    visit.send(AddSlipPressed())
    visit.waits(NEXT_SLIP_WITHIN)
    visit.waits(ANSWER_WITHIN)
    assert isinstance(visit.shows, Home)


def test_a_slip_that_shows_no_status_takes_nothing_from_the_list(visit: ListVisit) -> None:
    visit.reads(0)
    visit.send(AddSlipPressed(), Scanned(b"WIFI:S:lobby;;"))
    listing = Listing((sheet(0),))
    assert visit.shows == AddSlip("ar", listing, open=False, refused=ProblemKind.NOT_A_SLIP)
    visit.send(AddSlipPressed(), Scanned(paper(1)), LookedUp(2, NotFound(ProblemKind.REPLACED)))
    assert visit.shows == AddSlip("ar", listing, open=False, refused=ProblemKind.REPLACED)
    visit.send(AddSlipPressed(), Scanned(paper(2)))
    visit.waits(READING_GIVES_UP_AFTER)
    assert visit.shows == AddSlip("ar", listing, open=False, refused=ProblemKind.UNREACHABLE)
    visit.adds(3)
    assert visit.shows == AddSlip("ar", Listing((sheet(0), sheet(3))), open=False)


def test_the_same_slip_stands_once_and_a_slip_left_under_the_light_is_read_once(visit: ListVisit) -> None:
    visit.lists(0, 1)
    visit.send(AddSlipPressed())
    assert visit.send(Scanned(paper(1))) == []
    visit.adds(0)
    visit.send(ListPressed())
    assert isinstance(visit.shows, ShowList)
    assert sorted(numbers_of(visit.shows.listing)) == sorted(slip(n).tracking for n in (0, 1))


def of_state(n: int, state: State, **fields: object) -> Sheet:
    base = sheet(n)
    return replace(base, status=replace(base.status, state=state, **fields))  # type: ignore[arg-type]


def test_what_waits_for_the_visitor_stands_first() -> None:
    listing = Listing(
        (
            of_state(0, State.REJECTED),
            of_state(1, State.UNDER_REVIEW),
            of_state(2, State.COMPLETED, document_waits=True),
            of_state(3, State.COMPLETED),
            of_state(4, State.RETURNED),
        )
    )
    assert [int(held.status.tracking[2:10]) for held in listing.shown] == [2, 4, 1, 0, 3]
    assert [group_of(held.status) for held in listing.shown] == [
        *[Group.ASKED] * 2,
        Group.UNDER_WAY,
        *[Group.ENDED] * 2,
    ]


def test_forty_slips_are_searched_by_digits_of_their_numbers(visit: ListVisit) -> None:
    visit.lists(*range(40))
    visit.send(SearchPressed())
    assert isinstance(visit.shows, SearchList)
    visit.send(*(KeyTyped(letter) for letter in "x٠٠٠37"))
    assert (visit.shows.typed, visit.shows.found) == ("00037", 1)
    visit.send(KeyTyped("9"), KeyEntered())
    assert isinstance(visit.shows, SearchList), "nothing is found: the digits stand there to be corrected"
    visit.send(KeyErased(), KeyEntered())
    assert isinstance(visit.shows, ShowList)
    assert numbers_of(visit.shows.listing) == [slip(37).tracking]
    visit.send(FileChosen(0))
    assert isinstance(visit.shows, ShowStatus)
    assert visit.shows.sheet == sheet(37)
    visit.send(ListPressed(), ListPressed())
    assert isinstance(visit.shows, ShowList)
    assert len(visit.shows.listing.shown) == 40
    visit.send(ListTurned(20), FileChosen(99))
    assert isinstance(visit.shows, ShowList)
    assert visit.shows.listing.at == 20
    visit.send(SearchPressed(), BackPressed())
    assert isinstance(visit.shows, ShowList)


def test_a_list_has_an_end() -> None:
    listing = Listing(tuple(sheet(n) for n in range(MOST_LISTED)))
    assert listing.with_sheet(sheet(MOST_LISTED)) == listing
    assert len(listing.with_sheet(sheet(3)).sheets) == MOST_LISTED


def test_one_summary_for_the_list_and_a_receipt_for_each(visit: ListVisit) -> None:
    visit.lists(0, 1)
    (effect,) = visit.send(PrintPressed())
    assert isinstance(effect, PrintReceipt)
    assert isinstance(effect.sheet, Listing)
    visit.send(PrintFinished(effect.job, PrintConfirmed()))
    assert isinstance(visit.shows, Printed)
    assert visit.shows.paper is PaperKind.LIST
    visit.waits(12)
    assert isinstance(visit.shows, ShowList), "who has a list goes on with it"
    visit.send(FileChosen(1))
    (effect,) = visit.send(PrintPressed())
    assert isinstance(effect, PrintReceipt)
    assert effect.sheet == sheet(1)
    visit.send(PrintFinished(effect.job, PrintFailed(PrinterProblem.PAPER_OUT, cut_off=True)))
    assert isinstance(visit.shows, NotPrinted)
    visit.send(ListPressed(), PrinterChanged(PrinterHealth.PAPER_OUT))
    assert isinstance(visit.shows, ShowList)
    assert not visit.shows.can_print
    visit.send(PrintPressed())
    assert isinstance(visit.shows, NotPrinted)
    assert isinstance(visit.shows.sheet, Listing)


def test_who_walks_away_from_a_list_is_asked_and_forgotten(visit: ListVisit) -> None:
    visit.lists(0, 1)
    visit.waits(STATUS_ASKS_AFTER)
    visit.send(LanguageChosen("fr"), StayPressed())
    assert isinstance(visit.shows, ShowList)
    assert visit.shows.language == "fr"
    visit.waits(STATUS_ASKS_AFTER)
    assert visit.waits(ANSWER_WITHIN) == [Wipe()]
    assert not sheets_reachable_from(visit.flow)


def test_what_comes_late_of_one_slip_is_not_told_of_the_next(visit: ListVisit) -> None:
    visit.reads(0)
    visit.send(AddSlipPressed(), Scanned(paper(1)))
    first = visit.last(LookUp)
    visit.waits(READING_GIVES_UP_AFTER)
    assert visit.shows == AddSlip("ar", Listing((sheet(0),)), open=False, refused=ProblemKind.UNREACHABLE)
    visit.send(AddSlipPressed(), Scanned(paper(2)), LookedUp(first.visit, NotFound(ProblemKind.EXPIRED)))
    assert isinstance(visit.shows, AddSlip)
    assert visit.shows.reading
    second = visit.last(LookUp)
    visit.send(LookedUp(second.visit, Found(sheet(2))), LookedUp(second.visit, NotFound(ProblemKind.EXPIRED)))
    assert visit.shows == AddSlip("ar", Listing((sheet(0), sheet(2))), open=False)


def test_a_slip_that_nobody_answered_about_may_be_shown_once_more(visit: ListVisit) -> None:
    visit.reads(0)
    visit.send(AddSlipPressed(), Scanned(paper(1)))
    visit.waits(READING_GIVES_UP_AFTER)
    visit.send(AddSlipPressed())
    assert [type(effect) for effect in visit.send(Scanned(paper(1)))] == [LookUp]
