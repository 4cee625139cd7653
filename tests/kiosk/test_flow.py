"""The visit, told as stories: what each event does to what the screen shows."""

import gc

import pytest

from central_api.contract.slips import Slip, slip_url
from central_api.contract.status import Language, Office, State, Status, Step
from kiosk.flow import Flow
from kiosk.flow import visit as flow_module
from kiosk.flow.by_slip import READING_GIVES_UP_AFTER, SAME_CODE_AGAIN_AFTER, STATUS_ASKS_AFTER
from kiosk.flow.lobby import SCANNER_MISSED_AFTER
from kiosk.flow.sitting import ANSWER_WITHIN, HOME_DIMS_AFTER
from kiosk.flow.with_time import HOME_FORGETS_LANGUAGE_AFTER, PRINTER_SILENT_AFTER
from kiosk.guide_events import CountReader
from kiosk.visit_events import (
    AnswerJudged,
    Effect,
    Event,
    FinishPressed,
    LanguageChosen,
    LanguagesChanged,
    LinkChanged,
    LookedUp,
    LookUp,
    MainsChanged,
    OpeningChanged,
    PrinterChanged,
    PrintFinished,
    PrintPressed,
    PrintProgressed,
    PrintReceipt,
    Scanned,
    ScannerChanged,
    ServiceChanged,
    StayPressed,
    Ticked,
    Touched,
    WaysChanged,
    Wipe,
)
from kiosk.visit_state import (
    Closed,
    ClosedUntil,
    DataAge,
    Found,
    Home,
    NotFound,
    NotPrinted,
    OutOfOrder,
    PowerWasCut,
    PrintConfirmed,
    Printed,
    PrinterHealth,
    PrinterProblem,
    PrintFailed,
    Printing,
    PrintSent,
    Problem,
    ProblemKind,
    Reading,
    SentToPrinter,
    Sheet,
    ShowStatus,
    StillThere,
    Way,
)

HOST = "istilam.example"
CUT_OFF = PrintFailed(PrinterProblem.PAPER_OUT, cut_off=True)


def slip(n: int = 0) -> Slip:
    from central_api.contract.numbers import check_digit

    body = f"26{n:08d}"
    return Slip(body + check_digit(body), bytes([n]) * 16)


def paper(n: int = 0) -> bytes:
    return slip_url(HOST, slip(n)).encode()


def sheet(n: int = 0, language: Language = Language.AR) -> Sheet:
    status = Status(
        tracking=slip(n).tracking,
        family=1,
        kind=3,
        state=State.UNDER_REVIEW,
        language=language,
        changed=1_790_000_000,
        since=1_790_000_000,
        filed_at=1,
        steps=(Step(Office(2, 1), when=1_790_000_000), Step(Office(3, 1))),
    )
    return Sheet(status, 7, b"plain", DataAge(1_790_000_100, 1_790_000_200, False), "HTTPS://X/R#A")


class Visit:
    """A flow with its time and the effects it asked for."""

    def __init__(self, **options: object) -> None:
        self.now = 1000.0
        self.flow = Flow({HOST}, now=self.now, **options)  # type: ignore[arg-type]
        self.effects: list[Effect] = []
        self.send(ScannerChanged(ready=True), PrinterChanged(PrinterHealth.OK), LinkChanged(up=True))

    def send(self, *events: Event) -> list[Effect]:
        fresh = [effect for event in events for effect in self.flow.handle(event)]
        self.effects += fresh
        return fresh

    def waits(self, seconds: float) -> list[Effect]:
        self.now += seconds
        return self.send(Ticked(self.now))

    @property
    def shows(self) -> object:
        return self.flow.state

    def last(self, kind: type) -> Effect:
        return next(effect for effect in reversed(self.effects) if isinstance(effect, kind))

    def reads(self, n: int = 0, language: Language = Language.AR) -> None:
        self.send(Scanned(paper(n)))
        asked = self.last(LookUp)
        assert isinstance(asked, LookUp)
        self.send(LookedUp(asked.visit, Found(sheet(n, language))))

    def presses_print(self) -> int:
        (effect,) = self.send(PrintPressed())
        assert isinstance(effect, PrintReceipt)
        return effect.job


@pytest.fixture
def visit() -> Visit:
    return Visit()


def test_a_slip_is_read_printed_and_forgotten(visit: Visit) -> None:
    assert visit.shows == Home("ar", True, PrinterHealth.OK, link_cut=False)
    effects = visit.send(Scanned(paper()))
    assert effects == [LookUp(1, slip())]
    assert visit.shows == Reading("ar")
    visit.send(LookedUp(1, Found(sheet())))
    assert visit.shows == ShowStatus("ar", sheet(), can_print=True)
    job = visit.presses_print()
    assert visit.shows == Printing("ar", sheet(), None)
    visit.send(PrintProgressed(job, 0.5))
    assert visit.shows == Printing("ar", sheet(), 0.5)
    visit.send(PrintFinished(job, PrintConfirmed()))
    assert visit.shows == Printed("ar")
    assert visit.send(FinishPressed()) == [Wipe()]
    assert isinstance(visit.shows, Home)


def test_home_offers_the_ways_in_that_the_terminal_tells_of(visit: Visit) -> None:
    visit.send(WaysChanged(frozenset({Way.HELP})))
    assert visit.shows == Home("ar", True, PrinterHealth.OK, link_cut=False, ways=frozenset({Way.HELP}))
    visit.send(WaysChanged(frozenset()))
    assert visit.shows == Home("ar", True, PrinterHealth.OK, link_cut=False)


def test_printed_leaves_by_itself(visit: Visit) -> None:
    visit.reads()
    visit.send(PrintFinished(visit.presses_print(), PrintConfirmed()))
    assert visit.waits(12) == [Wipe()]
    assert isinstance(visit.shows, Home)


def test_a_printer_that_cannot_confirm_never_says_printed(visit: Visit) -> None:
    visit.reads()
    visit.send(PrintFinished(visit.presses_print(), PrintSent()))
    assert visit.shows == SentToPrinter("ar")


@pytest.mark.parametrize(("found", "counted"), [(True, "answered"), (False, "not_answered")])
def test_who_has_his_paper_is_asked_once_whether_he_found_his_answer(visit: Visit, found: bool, counted: str) -> None:
    visit.reads()
    visit.send(PrintFinished(visit.presses_print(), PrintConfirmed()))
    assert visit.shows == Printed("ar", found=None)
    assert visit.send(AnswerJudged(found)) == [CountReader(counted, "ar")]
    assert visit.shows == Printed("ar", found=found)
    assert visit.send(AnswerJudged(not found)) == []
    assert visit.send(FinishPressed()) == [Wipe()]
    assert visit.send(AnswerJudged(True)) == []


def test_a_failed_print_shows_the_code_instead_and_may_be_tried_again(visit: Visit) -> None:
    visit.reads()
    first = visit.presses_print()
    visit.send(PrinterChanged(PrinterHealth.PAPER_OUT), PrintFinished(first, CUT_OFF))
    assert visit.shows == NotPrinted("ar", sheet(), PrinterProblem.PAPER_OUT, cut_off=True, can_print=False)
    visit.send(PrinterChanged(PrinterHealth.OK))
    assert visit.shows == NotPrinted("ar", sheet(), PrinterProblem.PAPER_OUT, cut_off=True, can_print=True)
    second = visit.presses_print()
    visit.send(PrintFinished(first, PrintConfirmed()))  # an echo of the first job is not the second's
    assert isinstance(visit.shows, Printing)
    visit.send(PrintFinished(second, PrintConfirmed()))
    assert visit.shows == Printed("ar")


@pytest.mark.parametrize(
    ("health", "why"),
    [
        (PrinterHealth.PAPER_OUT, PrinterProblem.PAPER_OUT),
        (PrinterHealth.COVER_OPEN, PrinterProblem.COVER_OPEN),
        (PrinterHealth.OFFLINE, PrinterProblem.OFFLINE),
    ],
)
def test_a_printer_known_to_be_unable_is_not_asked(visit: Visit, health: PrinterHealth, why: PrinterProblem) -> None:
    visit.reads()
    visit.send(PrinterChanged(health))
    assert visit.shows == ShowStatus("ar", sheet(), can_print=False)
    assert visit.send(PrintPressed()) == []
    assert visit.shows == NotPrinted("ar", sheet(), why, cut_off=False, can_print=False)


def test_a_printer_of_unknown_health_is_tried(visit: Visit) -> None:
    visit.send(PrinterChanged(PrinterHealth.UNKNOWN))
    visit.reads()
    assert visit.presses_print()


def test_a_silent_printer_ends_in_words_and_its_late_answer_counts_no_more(visit: Visit) -> None:
    visit.reads()
    job = visit.presses_print()
    visit.waits(PRINTER_SILENT_AFTER - 1)
    assert isinstance(visit.shows, Printing)
    visit.send(PrintProgressed(job, None))  # a sign of life
    visit.waits(PRINTER_SILENT_AFTER - 1)
    assert isinstance(visit.shows, Printing)
    visit.waits(1)
    silent = NotPrinted("ar", sheet(), PrinterProblem.SILENT, cut_off=True, can_print=True)
    assert visit.shows == silent
    visit.send(PrintFinished(job, PrintConfirmed()), PrintProgressed(job, 1.0))
    assert visit.shows == silent


def test_an_outcome_after_the_visit_does_not_revive_it(visit: Visit) -> None:
    visit.reads()
    job = visit.presses_print()
    visit.waits(PRINTER_SILENT_AFTER)
    assert visit.send(FinishPressed()) == [Wipe()]
    visit.send(PrintFinished(job, CUT_OFF), PrintProgressed(job, 0.7), PrintPressed(), StayPressed())
    assert isinstance(visit.shows, Home)


def test_touching_finish_does_not_leave_while_paper_is_coming(visit: Visit) -> None:
    visit.reads()
    visit.presses_print()
    assert visit.send(FinishPressed()) == []
    assert isinstance(visit.shows, Printing)


def test_a_slip_shown_while_another_prints_is_ignored(visit: Visit) -> None:
    visit.reads()
    visit.presses_print()
    assert visit.send(Scanned(paper(1)), PrintPressed()) == []
    assert visit.shows == Printing("ar", sheet())


def test_the_language_touched_at_home_wins_over_the_slips(visit: Visit) -> None:
    visit.send(Touched(), LanguageChosen("fr"))
    assert isinstance(visit.shows, Home)
    assert visit.shows.language == "fr"
    visit.reads(language=Language.EN)
    assert visit.shows == ShowStatus("fr", sheet(language=Language.EN), can_print=True)


@pytest.mark.parametrize(
    ("printed", "opens"), [(Language.AR, "ar"), (Language.FR, "fr"), (Language.EN, "en"), (Language.AM, "ar")]
)
def test_the_slips_language_opens_the_status(visit: Visit, printed: Language, opens: str) -> None:
    visit.reads(language=printed)
    assert isinstance(visit.shows, ShowStatus)
    assert visit.shows.language == opens


def test_the_language_can_change_on_every_screen(visit: Visit) -> None:
    visit.reads()
    visit.send(LanguageChosen("en"))
    assert visit.shows == ShowStatus("en", sheet(), can_print=True)
    visit.waits(STATUS_ASKS_AFTER)
    visit.send(LanguageChosen("fr"))
    assert visit.shows == StillThere("fr", ShowStatus("fr", sheet(), can_print=True), 20)


def test_the_language_can_change_while_the_paper_comes_and_after_it(visit: Visit) -> None:
    visit.reads()
    job = visit.presses_print()
    assert visit.send(LanguageChosen("en")) == []
    assert visit.shows == Printing("en", sheet())
    visit.send(PrintFinished(job, PrintConfirmed()), LanguageChosen("fr"))
    assert isinstance(visit.shows, Printed)
    assert visit.shows.language == "fr"
    assert len([effect for effect in visit.effects if isinstance(effect, PrintReceipt)]) == 1


def test_home_forgets_a_language_that_nobody_used(visit: Visit) -> None:
    visit.send(Touched(), LanguageChosen("fr"))
    visit.waits(HOME_FORGETS_LANGUAGE_AFTER)
    assert isinstance(visit.shows, Home)
    assert visit.shows.language == "ar"


def test_the_next_visitor_starts_in_the_terminals_language(visit: Visit) -> None:
    visit.send(LanguageChosen("fr"))
    visit.reads(0)
    visit.send(Scanned(paper(1)))
    assert visit.shows == Reading("ar")


def test_the_tap_that_wakes_presses_nothing(visit: Visit) -> None:
    visit.waits(HOME_DIMS_AFTER)
    assert visit.shows == Home("ar", True, PrinterHealth.OK, link_cut=False, dimmed=True)
    visit.send(Touched(), LanguageChosen("fr"))
    assert visit.shows == Home("ar", True, PrinterHealth.OK, link_cut=False)
    visit.send(Touched(), LanguageChosen("fr"))
    assert visit.shows == Home("fr", True, PrinterHealth.OK, link_cut=False)


def test_a_key_that_wakes_presses_nothing_either(visit: Visit) -> None:
    visit.waits(HOME_DIMS_AFTER)
    visit.send(LanguageChosen("fr"))
    assert visit.shows == Home("ar", True, PrinterHealth.OK, link_cut=False)


def test_a_slip_shown_to_a_dimmed_screen_is_read(visit: Visit) -> None:
    visit.waits(HOME_DIMS_AFTER)
    visit.reads()
    assert isinstance(visit.shows, ShowStatus)


def test_who_walks_away_is_asked_and_then_forgotten(visit: Visit) -> None:
    visit.reads()
    visit.waits(STATUS_ASKS_AFTER)
    under = ShowStatus("ar", sheet(), can_print=True)
    assert visit.shows == StillThere("ar", under, 20)
    visit.waits(5.5)
    assert visit.shows == StillThere("ar", under, 15)
    visit.send(PrinterChanged(PrinterHealth.OFFLINE))
    assert visit.shows == StillThere("ar", ShowStatus("ar", sheet(), can_print=False), 15)
    assert visit.waits(ANSWER_WITHIN) == [Wipe()]
    assert isinstance(visit.shows, Home)


def test_who_is_still_there_goes_on(visit: Visit) -> None:
    visit.reads()
    visit.waits(STATUS_ASKS_AFTER)
    visit.waits(10)
    visit.send(Touched())  # a touch beside the button gives time, and presses nothing
    visit.waits(15)
    assert isinstance(visit.shows, StillThere)
    visit.send(StayPressed())
    assert visit.shows == ShowStatus("ar", sheet(), can_print=True)
    visit.waits(STATUS_ASKS_AFTER - 1)
    assert isinstance(visit.shows, ShowStatus)


def test_who_leaves_at_the_question_is_forgotten_at_once(visit: Visit) -> None:
    visit.reads()
    visit.waits(STATUS_ASKS_AFTER)
    assert visit.send(FinishPressed()) == [Wipe()]


def test_touching_keeps_a_status_open(visit: Visit) -> None:
    visit.reads()
    visit.waits(STATUS_ASKS_AFTER - 1)
    visit.send(Touched())
    visit.waits(STATUS_ASKS_AFTER - 1)
    assert isinstance(visit.shows, ShowStatus)


def test_the_same_slip_again_changes_nothing(visit: Visit) -> None:
    visit.send(Scanned(paper()))
    assert visit.send(Scanned(paper().lower() + b"\r\n")) == []
    visit.send(LookedUp(1, Found(sheet())))
    assert visit.send(Scanned(paper())) == []
    assert isinstance(visit.shows, ShowStatus)
    visit.waits(STATUS_ASKS_AFTER)
    visit.send(Scanned(paper()))
    assert isinstance(visit.shows, ShowStatus), "showing the slip again answers the question"


def test_another_slip_starts_another_visit_after_wiping(visit: Visit) -> None:
    visit.reads(0)
    effects = visit.send(Scanned(paper(1)))
    assert [type(effect) for effect in effects] == [Wipe, LookUp]
    assert visit.shows == Reading("ar")
    visit.send(LookedUp(1, Found(sheet(0))))  # a late answer of the first visit
    assert visit.shows == Reading("ar")


def test_a_stray_code_takes_nothing_from_who_is_reading(visit: Visit) -> None:
    visit.reads()
    assert visit.send(Scanned(b"WIFI:S:lobby;;")) == []
    assert isinstance(visit.shows, ShowStatus)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", ProblemKind.NOT_A_SLIP),
        (b"\xff\xfe\x00", ProblemKind.NOT_A_SLIP),
        (b"A" * 4096, ProblemKind.NOT_A_SLIP),
        (b"https://example.com/", ProblemKind.NOT_A_SLIP),
        (slip_url("other.example", slip()).encode(), ProblemKind.FOREIGN),
        (paper()[:-3], ProblemKind.DAMAGED),
    ],
)
def test_what_is_no_slip_says_so_and_does_not_poison_the_next(visit: Visit, data: bytes, kind: ProblemKind) -> None:
    assert visit.send(Scanned(data)) == []
    known = slip().tracking if kind is ProblemKind.DAMAGED else ""
    assert visit.shows == Problem("ar", kind, known=known)
    visit.reads()
    assert isinstance(visit.shows, ShowStatus)


@pytest.mark.parametrize(
    "kind",
    [
        ProblemKind.REPLACED,
        ProblemKind.EXPIRED,
        ProblemKind.UNKNOWN,
        ProblemKind.UNREACHABLE,
        ProblemKind.UNREADABLE,
    ],
)
def test_a_slip_without_a_status_says_why_and_leaves(visit: Visit, kind: ProblemKind) -> None:
    visit.send(Scanned(paper()), LookedUp(1, NotFound(kind)))
    assert visit.shows == Problem("ar", kind)
    assert visit.waits(20) == [Wipe()]
    assert isinstance(visit.shows, Home)


def test_a_slip_left_under_the_scanner_does_not_make_a_problem_flicker(visit: Visit) -> None:
    visit.send(Scanned(paper()), LookedUp(1, NotFound(ProblemKind.UNREACHABLE)))
    visit.waits(1)
    assert visit.send(Scanned(paper())) == []
    visit.waits(SAME_CODE_AGAIN_AFTER)
    assert any(isinstance(effect, LookUp) for effect in visit.send(Scanned(paper()))), "shown anew, it is tried anew"


def test_a_look_up_that_never_answers_ends_in_words(visit: Visit) -> None:
    visit.send(Scanned(paper()))
    visit.waits(READING_GIVES_UP_AFTER)
    assert visit.shows == Problem("ar", ProblemKind.UNREACHABLE)
    visit.send(LookedUp(1, Found(sheet())))
    assert visit.shows == Problem("ar", ProblemKind.UNREACHABLE)


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


MORNING = ClosedUntil(opens=1_790_000_000, in_days=1)


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


def test_presses_that_belong_to_no_screen_do_nothing(visit: Visit) -> None:
    assert visit.send(PrintPressed(), StayPressed(), FinishPressed(), LookedUp(0, Found(sheet()))) == []
    assert isinstance(visit.shows, Home)
    visit.send(Scanned(paper()))
    visit.send(Touched())
    assert visit.send(FinishPressed()) == [Wipe()]


def test_time_does_not_run_backwards(visit: Visit) -> None:
    visit.reads()
    visit.send(Ticked(0.0))
    assert isinstance(visit.shows, ShowStatus)


def sheets_reachable_from(flow: Flow) -> list[Sheet]:
    """Follow every reference that the flow holds, as the garbage collector does."""
    seen: set[int] = set()
    found: list[Sheet] = []
    queue: list[object] = [flow]
    while queue:
        value = queue.pop()
        if id(value) in seen or isinstance(value, type) or value is flow_module:
            continue
        seen.add(id(value))
        if isinstance(value, Sheet):
            found.append(value)
        if not hasattr(value, "__globals__") and not hasattr(value, "__path__"):
            queue += gc.get_referents(value)
    return found


def test_after_a_wipe_nothing_of_the_visitor_can_be_reached(visit: Visit) -> None:
    visit.reads()
    visit.waits(STATUS_ASKS_AFTER)
    assert sheets_reachable_from(visit.flow), "the search must find what is there"
    visit.send(FinishPressed())
    assert not sheets_reachable_from(visit.flow)
    assert slip().tracking not in repr(vars(visit.flow))
