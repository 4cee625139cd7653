"""The visit, told as stories: what each event does to what the screen shows."""

import pytest

from central_api.contract.slips import slip_url
from central_api.contract.status import Language
from kiosk.flow.by_slip import READING_GIVES_UP_AFTER, SAME_CODE_AGAIN_AFTER, STATUS_ASKS_AFTER
from kiosk.flow.sitting import ANSWER_WITHIN, HOME_DIMS_AFTER
from kiosk.flow.with_time import HOME_FORGETS_LANGUAGE_AFTER, PRINTER_SILENT_AFTER
from kiosk.guide_events import CountReader
from kiosk.visit_events import (
    AnswerJudged,
    FinishPressed,
    LanguageChosen,
    LookedUp,
    LookUp,
    PrinterChanged,
    PrintFinished,
    PrintPressed,
    PrintProgressed,
    PrintReceipt,
    Scanned,
    StayPressed,
    Ticked,
    Touched,
    Wipe,
)
from kiosk.visit_state import (
    Found,
    Home,
    NotFound,
    NotPrinted,
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
    ShowStatus,
    StillThere,
)

from .visits import Visit, paper, sheet, sheets_reachable_from, slip

CUT_OFF = PrintFailed(PrinterProblem.PAPER_OUT, cut_off=True)


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
    assert visit.shows == NotPrinted("ar", sheet(), PrinterProblem.PAPER_OUT, cut_off=True, can_print=True, mended=True)
    second = visit.presses_print()
    visit.send(PrintFinished(first, PrintConfirmed()))  # an echo of the first job is not the second's
    assert isinstance(visit.shows, Printing)
    visit.send(PrintFinished(second, PrintConfirmed()))
    assert visit.shows == Printed("ar")


def test_a_printer_that_was_silent_and_answers_again_leaves_its_paper_unknown(visit: Visit) -> None:
    visit.reads()
    silent = PrintFailed(PrinterProblem.SILENT, cut_off=True)
    visit.send(PrinterChanged(PrinterHealth.OFFLINE), PrintFinished(visit.presses_print(), silent))
    visit.send(PrinterChanged(PrinterHealth.OK))
    assert visit.shows == NotPrinted("ar", sheet(), PrinterProblem.SILENT, cut_off=True, can_print=True)


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


def test_after_a_wipe_nothing_of_the_visitor_can_be_reached(visit: Visit) -> None:
    visit.reads()
    visit.waits(STATUS_ASKS_AFTER)
    assert sheets_reachable_from(visit.flow), "the search must find what is there"
    visit.send(FinishPressed())
    assert not sheets_reachable_from(visit.flow)
    assert slip().tracking not in repr(vars(visit.flow))
