"""Number and secret code, told as stories: what is typed, what the office answers, and that nothing of it remains."""

import gc

import pytest

from kiosk.entry_events import (
    CheckPaper,
    CodeAnswered,
    DeskHoursChanged,
    EntryConfirmed,
    FieldEdited,
    LookUpCode,
    NumberReopened,
    PaperChecked,
)
from kiosk.entry_state import (
    AskingOffice,
    CheckedPaper,
    CodeNote,
    DeskReason,
    EnterCode,
    EnterNumber,
    Locked,
    NoMatch,
    NumberNote,
    OfficeSilent,
    PaperSays,
    PaperVerdict,
    ShowPaper,
    ToTheDesk,
)
from kiosk.field import Insert
from kiosk.flow.by_number import ASKING_GIVES_UP_AFTER
from kiosk.flow.by_slip import SAME_CODE_AGAIN_AFTER, STATUS_ASKS_AFTER
from kiosk.flow.sitting import ANSWER_WITHIN, HOME_DIMS_AFTER
from kiosk.visit_events import (
    FinishPressed,
    LanguageChosen,
    LookUp,
    NumberChosen,
    OpeningChanged,
    Scanned,
    StayPressed,
    Touched,
    WaysChanged,
    Wipe,
)
from kiosk.visit_state import (
    Closed,
    ClosedUntil,
    Found,
    Home,
    NotFound,
    Problem,
    ProblemKind,
    Reading,
    ShowStatus,
    StillThere,
    Way,
)

from .visits import HOST, Visit, paper, sheet, slip

NUMBER, CODE = slip(7).tracking, "40817352"
HOURS = ((480, 840),)
RECEIPT = f"HTTPS://{HOST}/R#ABCDEFGH".upper().encode()


@pytest.fixture
def visit() -> Visit:
    visit = Visit()
    visit.send(WaysChanged(frozenset({Way.NUMBER})), DeskHoursChanged(HOURS))
    return visit


def types(visit: Visit, text: str) -> None:
    for letter in text:
        visit.send(FieldEdited(Insert(letter)))


def asks(visit: Visit, code: str = CODE) -> LookUpCode:
    """Type the code, confirm it, and return what the office is asked."""
    types(visit, code)
    (asked,) = visit.send(EntryConfirmed())
    assert isinstance(asked, LookUpCode)
    return asked


def at_code(visit: Visit) -> Visit:
    visit.send(NumberChosen())
    types(visit, NUMBER)
    visit.send(EntryConfirmed())
    return visit


def test_a_number_and_its_code_show_the_status_as_a_slip_does(visit: Visit) -> None:
    visit.send(NumberChosen())
    assert visit.shows == EnterNumber("ar")
    types(visit, NUMBER)
    visit.send(EntryConfirmed())
    assert visit.shows == EnterCode("ar", NUMBER)
    asked = asks(visit)
    assert (asked.tracking, asked.code) == (NUMBER, CODE)
    assert isinstance(visit.shows, AskingOffice)
    visit.send(CodeAnswered(asked.visit, Found(sheet(7))))
    assert visit.shows == ShowStatus("ar", sheet(7), can_print=True)
    assert visit.send(FinishPressed()) == [Wipe()]


def test_a_wrong_digit_is_told_as_soon_as_the_last_one_stands(visit: Visit) -> None:
    visit.send(NumberChosen())
    wrong = NUMBER[:4] + str((int(NUMBER[4]) + 1) % 10) + NUMBER[5:]
    types(visit, wrong[:-1])
    assert isinstance(visit.shows, EnterNumber) and visit.shows.note is None
    types(visit, wrong[-1])
    assert isinstance(visit.shows, EnterNumber) and visit.shows.note is NumberNote.WRONG_DIGIT
    visit.send(EntryConfirmed())
    assert isinstance(visit.shows, EnterNumber), "nobody is asked for a code to a number that cannot be"


def test_what_is_not_complete_says_so(visit: Visit) -> None:
    visit.send(NumberChosen(), EntryConfirmed())
    assert isinstance(visit.shows, EnterNumber) and visit.shows.note is NumberNote.INCOMPLETE
    types(visit, NUMBER)
    visit.send(EntryConfirmed(), EntryConfirmed())
    assert isinstance(visit.shows, EnterCode) and visit.shows.note is CodeNote.INCOMPLETE


def test_a_wrong_pair_leaves_two_more_tries_then_the_desk_and_its_hours(visit: Visit) -> None:
    at_code(visit)
    for left in (2, 1):
        visit.send(CodeAnswered(asks(visit).visit, NoMatch()))
        assert visit.shows == EnterCode("ar", NUMBER, tries_left=left, note=CodeNote.NO_MATCH)
    visit.send(CodeAnswered(asks(visit).visit, NoMatch()))
    assert visit.shows == ToTheDesk("ar", DeskReason.THREE_WRONG, None, HOURS)
    assert visit.waits(40) == [Wipe()]
    assert isinstance(visit.shows, Home)


def test_going_back_to_the_number_gives_no_more_tries(visit: Visit) -> None:
    at_code(visit)
    for _ in range(2):
        visit.send(CodeAnswered(asks(visit).visit, NoMatch()), NumberReopened(), EntryConfirmed())
    visit.send(CodeAnswered(asks(visit).visit, NoMatch()))
    assert isinstance(visit.shows, ToTheDesk)


def test_when_the_office_locks_it_is_said_for_how_long(visit: Visit) -> None:
    at_code(visit)
    visit.send(CodeAnswered(asks(visit).visit, Locked(61)))
    assert visit.shows == ToTheDesk("ar", DeskReason.LOCKED, 2, HOURS)


@pytest.mark.parametrize("how", ["told", "never answered"])
def test_an_office_that_does_not_answer_calls_nothing_wrong_and_keeps_what_was_typed(visit: Visit, how: str) -> None:
    at_code(visit)
    asked = asks(visit)
    if how == "told":
        visit.send(CodeAnswered(asked.visit, NotFound(ProblemKind.UNREACHABLE)))
    else:
        visit.waits(ASKING_GIVES_UP_AFTER)
    assert visit.shows == OfficeSilent("ar", NUMBER, CODE, 3)
    (again,) = visit.send(EntryConfirmed())
    assert isinstance(again, LookUpCode) and (again.tracking, again.code) == (NUMBER, CODE)
    visit.send(CodeAnswered(asked.visit, NoMatch()))
    assert isinstance(visit.shows, AskingOffice), "a late answer to the first asking is none to the second"
    visit.send(CodeAnswered(again.visit, Found(sheet(7))))
    assert isinstance(visit.shows, ShowStatus)


def test_an_application_that_is_no_longer_shown_says_so(visit: Visit) -> None:
    at_code(visit)
    visit.send(CodeAnswered(asks(visit).visit, NotFound(ProblemKind.EXPIRED)))
    assert visit.shows == Problem("ar", ProblemKind.EXPIRED)


def test_a_way_that_does_not_work_is_not_gone(visit: Visit) -> None:
    visit.send(WaysChanged(frozenset()), NumberChosen())
    assert isinstance(visit.shows, Home)


def test_the_tap_that_wakes_the_screen_opens_nothing(visit: Visit) -> None:
    visit.waits(HOME_DIMS_AFTER)
    visit.send(Touched(), NumberChosen())
    assert isinstance(visit.shows, Home)
    visit.send(Touched(), NumberChosen())
    assert visit.shows == EnterNumber("ar")


def test_the_language_can_change_while_typing_and_nothing_is_lost(visit: Visit) -> None:
    visit.send(NumberChosen())
    types(visit, NUMBER)
    visit.send(LanguageChosen("fr"), EntryConfirmed())
    assert visit.shows == EnterCode("fr", NUMBER)


def test_who_walks_away_is_asked_for_then_wiped(visit: Visit) -> None:
    at_code(visit)
    types(visit, CODE[:3])
    typed = visit.shows
    visit.waits(STATUS_ASKS_AFTER)
    assert isinstance(visit.shows, StillThere)
    visit.send(StayPressed())
    assert visit.shows == typed
    visit.waits(STATUS_ASKS_AFTER)
    assert visit.waits(ANSWER_WITHIN) == [Wipe()]
    assert isinstance(visit.shows, Home)


def test_a_slip_that_is_put_down_while_typing_is_read_instead(visit: Visit) -> None:
    at_code(visit)
    assert [type(effect) for effect in visit.send(Scanned(paper(1)))] == [Wipe, LookUp]
    assert isinstance(visit.shows, Reading)


def test_closing_time_takes_nothing_from_who_is_typing(visit: Visit) -> None:
    at_code(visit)
    visit.send(OpeningChanged(ClosedUntil(5, 1)))
    assert isinstance(visit.shows, EnterCode)
    visit.send(FinishPressed())
    assert isinstance(visit.shows, Closed)


# ---- creased slips ----


def test_a_slip_that_cannot_be_read_twice_offers_its_number_to_be_typed(visit: Visit) -> None:
    cut = paper(7)[:-4]
    visit.send(Scanned(cut))
    assert visit.shows == Problem("ar", ProblemKind.DAMAGED, known=NUMBER)
    visit.now += SAME_CODE_AGAIN_AFTER
    visit.waits(0.1)
    visit.send(Scanned(cut[:30]))
    shown = visit.shows
    assert isinstance(shown, Problem) and (shown.readings, shown.number) == (2, True)
    visit.send(NumberChosen())
    assert isinstance(visit.shows, EnterNumber)
    assert (visit.shows.typed.text, visit.shows.note) == (NUMBER, NumberNote.FROM_SLIP)


def test_a_slip_that_lies_there_unreadable_is_one_reading(visit: Visit) -> None:
    for _ in range(10):
        visit.send(Scanned(paper(7)[:-4]))
        visit.waits(1.0)
    assert isinstance(visit.shows, Problem) and visit.shows.readings == 1


def test_digits_of_a_number_that_was_cut_are_filled_in_as_far_as_they_go(visit: Visit) -> None:
    start = paper(7).partition(b"#")[0] + b"#" + NUMBER[:6].encode()
    visit.send(Scanned(paper(7)[:-4][: len(start)]), Scanned(start))
    visit.waits(SAME_CODE_AGAIN_AFTER)
    visit.send(Scanned(start + b" "), NumberChosen())
    assert isinstance(visit.shows, EnterNumber | Problem)


def test_without_the_office_a_creased_slip_offers_no_number(visit: Visit) -> None:
    visit.send(WaysChanged(frozenset()), Scanned(paper(7)[:-4]))
    visit.waits(SAME_CODE_AGAIN_AFTER)
    visit.send(Scanned(paper(7)[:-5]))
    assert isinstance(visit.shows, Problem) and not visit.shows.number
    visit.send(NumberChosen())
    assert isinstance(visit.shows, Problem)


# ---- papers ----


def checked(verdict: PaperVerdict = PaperVerdict.SUPERSEDED) -> CheckedPaper:
    from central_api.contract.status import State

    return CheckedPaper(verdict, PaperSays(NUMBER, State.UNDER_REVIEW, 2, 1_790_000_000), None)


def test_a_paper_is_judged_and_its_number_stands_ready_for_the_code(visit: Visit) -> None:
    (asked,) = visit.send(Scanned(RECEIPT))
    assert asked == CheckPaper(1, RECEIPT.decode())
    visit.send(PaperChecked(1, checked()))
    assert visit.shows == ShowPaper("ar", checked(), can_ask=True)
    visit.send(NumberChosen())
    assert visit.shows == EnterCode("ar", NUMBER, note=CodeNote.FROM_PAPER)


def test_with_the_office_gone_a_paper_still_has_its_verdict_and_no_way_further(visit: Visit) -> None:
    visit.send(Scanned(RECEIPT), PaperChecked(1, checked(PaperVerdict.GENUINE)))
    visit.send(WaysChanged(frozenset()))
    assert visit.shows == ShowPaper("ar", checked(PaperVerdict.GENUINE), can_ask=False)
    visit.send(NumberChosen())
    assert isinstance(visit.shows, ShowPaper)


def test_an_altered_paper_leads_to_no_file(visit: Visit) -> None:
    visit.send(Scanned(RECEIPT), PaperChecked(1, CheckedPaper(PaperVerdict.ALTERED, None, None)), NumberChosen())
    assert visit.shows == ShowPaper("ar", CheckedPaper(PaperVerdict.ALTERED, None, None), can_ask=False)


def test_a_paper_of_another_house_is_no_slip_of_ours(visit: Visit) -> None:
    visit.send(Scanned(b"HTTPS://TAX.EXAMPLE/R#ABCDEFGH"))
    assert isinstance(visit.shows, Problem)


# ---- whatever happens ----


def strings_reachable_from(root: object) -> list[str]:
    seen: set[int] = set()
    found: list[str] = []
    queue = [root]
    while queue:
        value = queue.pop()
        if id(value) in seen or isinstance(value, type) or hasattr(value, "__globals__") or hasattr(value, "__path__"):
            continue
        seen.add(id(value))
        if isinstance(value, str | bytes):
            found.append(value if isinstance(value, str) else value.decode("latin-1"))
        queue += gc.get_referents(value)
    return found


def test_after_a_wipe_no_digit_of_number_or_code_can_be_reached(visit: Visit) -> None:
    at_code(visit)
    asks(visit)
    assert {NUMBER, CODE} <= set(strings_reachable_from(visit.flow)), "the search must find what is there"
    visit.send(FinishPressed())
    assert not [text for text in strings_reachable_from(visit.flow) if NUMBER in text or CODE in text]


def test_no_repr_tells_number_or_code(visit: Visit) -> None:
    at_code(visit)
    told = repr(asks(visit)) + repr(visit.shows) + repr(checked()) + repr(OfficeSilent("ar", NUMBER, CODE, 1))
    assert NUMBER not in told and CODE not in told
