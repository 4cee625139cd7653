"""What the machine knows of the terminal itself: what home offers, and devices, mains and hours during a visit."""

import pytest

from kiosk.flow.lobby import SCANNER_MISSED_AFTER
from kiosk.flow.with_time import HOME_FORGETS_LANGUAGE_AFTER
from kiosk.visit_events import (
    FinishPressed,
    LanguageChosen,
    LanguagesChanged,
    LinkChanged,
    MainsChanged,
    OpeningChanged,
    PrinterChanged,
    PrintFinished,
    PrintPressed,
    Scanned,
    ScannerChanged,
    ServiceChanged,
    WaysChanged,
    Wipe,
)
from kiosk.visit_state import (
    Closed,
    Home,
    NotPrinted,
    OutOfOrder,
    PowerWasCut,
    PrintConfirmed,
    Printed,
    PrinterHealth,
    PrinterProblem,
    Printing,
    ShowStatus,
    Way,
)

from .visits import MORNING, Visit, paper


@pytest.fixture
def visit() -> Visit:
    return Visit()


def test_home_offers_the_ways_in_that_the_terminal_tells_of(visit: Visit) -> None:
    visit.send(WaysChanged(frozenset({Way.HELP})))
    assert visit.shows == Home("ar", True, PrinterHealth.OK, link_cut=False, ways=frozenset({Way.HELP}))
    visit.send(WaysChanged(frozenset()))
    assert visit.shows == Home("ar", True, PrinterHealth.OK, link_cut=False)


def test_home_tells_of_the_scanner_the_printer_and_the_link(visit: Visit) -> None:
    visit.send(LinkChanged(up=False), PrinterChanged(PrinterHealth.LOW), ScannerChanged(ready=False))
    assert visit.shows == Home("ar", False, PrinterHealth.LOW, link_cut=True)
    visit.waits(SCANNER_MISSED_AFTER)
    assert visit.shows == OutOfOrder("ar")
    assert visit.send(FinishPressed()) == []
    visit.send(ScannerChanged(ready=True))
    assert isinstance(visit.shows, Home)


def test_a_scanner_unplugged_during_a_visit_lets_it_end_in_peace(visit: Visit) -> None:
    visit.reads()
    visit.send(ScannerChanged(ready=False))
    visit.waits(SCANNER_MISSED_AFTER)
    assert isinstance(visit.shows, ShowStatus)
    visit.send(FinishPressed())
    assert visit.shows == OutOfOrder("ar")


def test_after_a_power_cut_the_visitor_is_told(visit: Visit) -> None:
    again = Visit(power_was_cut=True, language="fr")
    assert again.shows == PowerWasCut("fr")
    again.reads()
    assert isinstance(again.shows, ShowStatus)
    later = Visit(power_was_cut=True)
    assert later.waits(300) == [Wipe()]
    assert isinstance(later.shows, Home)


def test_without_mains_the_paper_in_hand_is_finished_and_no_other_begun(visit: Visit) -> None:
    visit.reads()
    job = visit.presses_print()
    visit.send(MainsChanged(on=False))
    assert isinstance(visit.shows, Printing)
    visit.send(PrintFinished(job, PrintConfirmed()))
    assert isinstance(visit.shows, Printed)
    visit.send(FinishPressed())
    home = visit.shows
    assert isinstance(home, Home)
    assert not home.printer.may_print
    visit.reads()
    assert visit.send(PrintPressed()) == []
    assert isinstance(visit.shows, NotPrinted)
    assert (visit.shows.why, visit.shows.can_print) == (PrinterProblem.ON_BATTERY, False)
    visit.send(MainsChanged(on=True))
    assert isinstance(visit.shows, NotPrinted)
    assert visit.shows.can_print


def test_a_terminal_that_the_office_withdrew_says_so_and_reads_no_slip(visit: Visit) -> None:
    visit.reads()
    visit.send(ServiceChanged(withdrawn=True))
    assert isinstance(visit.shows, ShowStatus), "who is reading reads on"
    visit.send(FinishPressed())
    assert visit.shows == OutOfOrder("ar", withdrawn=True)
    assert visit.send(Scanned(paper())) == []
    assert visit.shows == OutOfOrder("ar", withdrawn=True)
    visit.send(ServiceChanged(withdrawn=False))
    assert isinstance(visit.shows, Home)


def test_a_visit_under_way_at_closing_time_is_finished_and_the_next_finds_it_closed(visit: Visit) -> None:
    visit.reads()
    visit.send(OpeningChanged(MORNING))
    job = visit.presses_print()
    visit.send(PrintFinished(job, PrintConfirmed()))
    assert isinstance(visit.shows, Printed)
    assert visit.send(FinishPressed()) == [Wipe()]
    assert visit.shows == Closed("ar", MORNING)
    assert visit.send(FinishPressed(), PrintPressed()) == []


def test_who_shows_a_slip_while_closed_is_told_so_for_a_while(visit: Visit) -> None:
    visit.send(OpeningChanged(MORNING), LanguageChosen("fr"))
    assert visit.shows == Closed("fr", MORNING)
    assert visit.send(Scanned(paper())) == []
    assert visit.shows == Closed("fr", MORNING, presented=True)
    visit.waits(11)
    assert visit.send(Scanned(paper())) == [], "a slip that is left under the scanner"
    visit.waits(11)
    assert visit.shows == Closed("fr", MORNING, presented=True)
    visit.waits(2)
    assert visit.shows == Closed("fr", MORNING)
    visit.waits(HOME_FORGETS_LANGUAGE_AFTER)
    assert visit.shows == Closed("ar", MORNING)


def test_another_slip_after_closing_time_ends_the_visit_before_it(visit: Visit) -> None:
    visit.reads(1)
    visit.send(OpeningChanged(MORNING))
    assert visit.send(Scanned(paper(2))) == [Wipe()]
    assert visit.shows == Closed("ar", MORNING, presented=True)


def test_a_closed_terminal_tells_the_hour_first_and_opens_by_itself(visit: Visit) -> None:
    visit.send(OpeningChanged(MORNING), ScannerChanged(ready=False), Scanned(paper()))
    visit.waits(SCANNER_MISSED_AFTER)
    assert isinstance(visit.shows, Closed), "that the scanner is missing helps nobody now"
    visit.send(ScannerChanged(ready=True), OpeningChanged(None))
    assert isinstance(visit.shows, Home)
    visit.send(OpeningChanged(MORNING))
    assert visit.shows == Closed("ar", MORNING), "yesterday's slip is forgotten"
    visit.send(ServiceChanged(withdrawn=True))
    assert visit.shows == OutOfOrder("ar", withdrawn=True)


def test_a_power_cut_is_told_before_the_hour(visit: Visit) -> None:
    visit = Visit(power_was_cut=True)
    visit.send(OpeningChanged(MORNING))
    assert isinstance(visit.shows, PowerWasCut)
    assert visit.send(Scanned(paper())) == [Wipe()]
    assert visit.shows == Closed("ar", MORNING, presented=True)


def test_home_offers_what_the_office_wants_at_once_and_speaks_one_of_them(visit: Visit) -> None:
    visit.send(LanguagesChanged(("fr", "en")))
    assert isinstance(visit.shows, Home)
    assert (visit.shows.language, visit.shows.languages) == ("fr", ("fr", "en"))
    visit.send(LanguagesChanged(("en", "ar")))
    assert (visit.shows.language, visit.shows.languages) == ("ar", ("en", "ar"))
