"""What a status tells: the truth, in order, and never more than the office said."""

import pytest

from central_api.contract.status import AgencyCheck, Office, Reason, State, Step
from kiosk.account import tell, tell_row
from kiosk.list_state import Group, group_of
from kiosk.marks import Mark, Sign
from kiosk.samples import at, chain, sheet, sheets, status
from kiosk.visit_state import DataAge
from kiosk.words import words_of

EN = words_of("en")


def plain(text):
    return text.translate(dict.fromkeys(range(0x2066, 0x206A)))


def test_the_chain_tells_who_did_what_when_and_who_has_it_now():
    told = tell(sheet(status()), EN)
    assert plain(told.answer) == "Your application is with the Director General"
    assert [step.mark for step in told.steps] == [Mark.DONE, Mark.DONE, Mark.DONE, Mark.HERE, Mark.COMING]
    assert plain(told.steps[1].title) == "Head of Department: approved"
    assert plain(told.steps[2].detail) == "Beirut · 18/11/2026 · by a deputy"
    assert plain(told.steps[4].detail) == "Usually 2 to 5 working days"


def test_a_line_of_the_chain_begins_with_a_capital_letter_and_goes_on_with_a_small_one():
    """It said “Beyrouth · Le 20/11/2026”, and “d’habitude de 2 à 5 jours ouvrables” alone."""
    returned = tell(sheets()["returned"], words_of("fr"))
    assert plain(returned.steps[1].detail) == "Beyrouth · le 20/11/2026"
    assert plain(returned.steps[2].detail).startswith("Beyrouth · d’habitude")
    assert plain(returned.steps[3].detail).startswith("D’habitude")


def test_a_row_of_the_list_says_what_is_asked_of_a_completed_file():
    """Under “Waiting for you” it once said that the application is completed, and not what for."""
    waits, done = (tell_row(sheets()[name], EN) for name in ("completed", "completed-reported"))
    assert waits.answer == "Completed: collect the document"
    assert done.answer == "Your application is completed"


def test_what_an_older_system_reported_is_never_called_a_signature():
    told = tell(sheets()["completed-reported"], EN)
    assert plain(told.steps[-1].title) == "Minister: step done"
    assert "reported by the former permits system" in plain(told.steps[-1].detail)


def test_missing_documents_are_named_and_not_also_given_as_a_reason():
    told = tell(sheets()["returned"], EN)
    assert told.sign is Sign.RETURNED
    assert [document.name for document in told.documents] == ["Lab tests", "Deposit certificate, Housing Bank"]
    assert told.reasons == ()
    assert plain(told.deadline or "") == "04/12/2026"


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ar", "رئيس الدائرة: أُعيدت لاستكمالها"),
        ("fr", "Chef de département\u202f: retourné pour être complété"),
        ("en", "Head of Department: returned to be completed"),
    ],
)
def test_the_chain_speaks_of_missing_documents_only_where_some_are_listed(language, title):
    """“Returned for missing documents” stood over a file that lacks none: its fee was not paid."""
    listed, bare = (tell(sheets()[name], words_of(language)).steps[1] for name in ("returned", "returned-no-list"))
    assert plain(bare.title) == title != plain(listed.title)


def test_a_date_limit_is_told_only_where_the_office_set_one():
    told = tell(sheet(status(State.RETURNED, chain(9), missing=(1,), since=at(20))), EN)
    assert told.deadline is None
    assert "No later" not in "".join(told.details)


DAY = 20_780
"""23 November 2026, days since 1970."""
JUST_BEFORE, JUST_AFTER = at(23, 21, 59), at(23, 22, 0)
"""Midnight between the 23rd and the 24th in Beirut."""


UNTIL = {State.RETURNED: "No later than 23/11/2026", State.REJECTED: "You may object until 23/11/2026"}


@pytest.mark.parametrize(
    ("age", "late"),
    [
        (DataAge(JUST_BEFORE, JUST_BEFORE, False), False),
        (DataAge(JUST_AFTER, JUST_AFTER, False), True),
        (DataAge(at(20), JUST_AFTER, True), True),
        (DataAge(JUST_AFTER, None, True), True),  # the office signed after it: no clock is needed
        (DataAge(JUST_AFTER, at(1), True), True),  # the clock is wrong: the office's word holds
        (DataAge(JUST_BEFORE, None, True), False),  # nobody vouches that it is over
        (DataAge(None, None, True), False),
    ],
)
@pytest.mark.parametrize(
    ("state", "over"),
    [
        (State.RETURNED, "The last day, 23/11/2026, has passed"),
        (State.REJECTED, "The last day to object, 23/11/2026, has passed"),
    ],
)
def test_a_last_day_that_is_over_is_never_told_as_one_to_come(age, late, state, over):
    told = tell(sheet(status(state, chain(9), since=at(10), deadline=DAY), age=age), EN)
    assert told.late is late
    said = plain(" ".join((*told.details, *told.asked, *told.objection)))
    assert (over in said) is late
    assert (UNTIL[state] in said) is not late
    # What follows is no rule of the office's: its desk is asked, and nothing is promised.
    assert ("go to the inquiries desk" in said and told.place_title == "Where to ask") is late
    assert ("goes on from the same step" in said or "Write an objection" in said) is not late
    assert told.place is not None
    assert ("Inquiries desk" in plain(told.place.name)) is late


def test_a_place_s_name_counter_and_floor_stay_apart_where_the_line_breaks_between_them():
    """The dot between them went with the line's end: “counter 1 / Ground floor” was read in one breath."""
    for language, comma in (("ar", "، "), ("fr", ", "), ("am", "፣ "), ("fil", ", ")):
        told = tell(sheets()["returned"], words_of(language))
        assert told.place is not None
        assert plain(told.place.name).count(comma) == 2
        assert "·" not in told.place.name
        assert "\u00a0\u20663\u2069" in told.place.name, "“guichet / 3”"


def test_a_rejection_keeps_its_own_day_beside_the_last_one_to_object():
    """The last day stood alone under “rejected”, as if the rejection were due then."""
    told = tell(sheets()["rejected-by-when"], EN)
    assert [plain(line) for line in told.details] == ["On 20/11/2026", "You may object until 22/01/2027"]


def test_a_file_that_lacks_documents_says_what_its_date_is():
    """“2 documents are missing. On 20/11/2026” was read as the last day to bring them."""
    told = tell(sheets()["returned-many"], EN)
    assert [plain(line) for line in told.details] == ["Returned on 20/11/2026"]


def test_a_dismissed_objection_leaves_no_day_to_object():
    dismissed = status(State.REJECTED, chain(9), since=at(20), reasons=(Reason(8), Reason(10)), deadline=DAY)
    for signed in (JUST_BEFORE, JUST_AFTER):
        told = tell(sheet(dismissed, age=DataAge(signed, signed, False)), EN)
        assert [plain(line) for line in told.details] == ["On 20/11/2026", "The rejection of your application stands"]
        assert (told.deadline, told.late, told.asked) == (None, False, (EN("asked.nothing"),))


def test_an_objection_that_is_examined_is_no_end():
    """It stood in red, with the cross of what has ended."""
    objected = sheets()["rejected-objected"]
    told = tell(objected, EN)
    assert told.sign is tell_row(objected, EN).sign is Sign.WAITING
    assert group_of(objected.status) is Group.UNDER_WAY
    assert group_of(sheets()["rejected-dismissed"].status) is Group.ENDED


def test_the_step_that_examines_an_objection_is_where_it_is():
    """The Director General examined it, and the chain told of the same step that it was not reached."""
    steps = tell(sheets()["rejected-objected"], EN).steps
    assert [step.mark for step in steps[2:]] == [Mark.REJECTED, Mark.HERE, Mark.COMING]
    assert (steps[3].title, plain(steps[3].detail)) == ("Director General: under review", "Since 20/11/2026")
    assert plain(steps[4].detail) == "Step not reached"
    dismissed = tell(sheets()["rejected-dismissed"], EN).steps
    assert [plain(step.detail) for step in dismissed[3:]] == ["Step not reached"] * 2


def test_who_has_not_received_what_an_older_system_completed_knows_where_to_ask():
    told = tell(sheets()["completed-reported"], EN)
    assert "inquiries desk" in told.asked[-1]
    assert tell(sheets()["completed"], EN).asked == (EN("waits.text"),)


def test_an_unknown_duration_is_said_to_be_unknown():
    steps = (Step(Office(2, 1), at(9)), Step(Office(3, 1)), Step(Office(4, 1)))
    told = tell(sheet(status(steps=steps)), EN)
    assert "not known yet" in told.details[1]
    assert "not known yet" in told.steps[2].detail


def test_a_suspended_unit_is_told_as_such():
    told = tell(sheets()["suspended"], EN)
    assert told.steps[2].mark is Mark.SUSPENDED
    assert told.sign is Sign.SUSPENDED
    assert [plain(line) for line in told.details] == [
        "Work at this office has been stopped since 16/11/2026.",
        "Your application has been there since 11/11/2026.",
    ]
    # The step once said “suspended unit since” the day on which the file arrived, and promised the usual time.
    assert plain(told.steps[2].detail) == "Beirut · since 16/11/2026"


def test_a_pending_check_shows_since_when():
    told = tell(sheets()["checks"], EN)
    assert plain(told.notices[0].lines[0]) == "NSSF: since 09/11/2026 (14 days)"


@pytest.mark.parametrize(
    ("now", "told"), [(JUST_BEFORE, "today"), (JUST_AFTER, "1 day"), (at(25, 3), "2 days"), (None, None)]
)
def test_days_are_counted_by_beirut_s_calendar(now, told):
    """Full days of 24 hours were counted: two dates that stand beside each other were a day further apart."""
    checked = status(checks=(AgencyCheck(2, at(23, 9)),))
    (notice,) = tell(sheet(checked, age=DataAge(at(23, 10), now, False)), EN).notices
    assert plain(notice.lines[0]) == "NSSF: since 23/11/2026" + ("" if told is None else f" ({told})")


@pytest.mark.parametrize(
    ("age", "says"),
    [
        (DataAge(at(23, 7, 38), at(23, 7, 41), False), "today 09:38"),
        (DataAge(at(22, 14, 2), at(23, 7, 41), True), "yesterday 16:02"),
        (DataAge(at(3, 14, 2), at(23, 7, 41), True), "03/11/2026 16:02"),
        (DataAge(at(22, 14, 2), None, True), "clock is not verified"),
        (DataAge(at(22, 14, 2), at(1), True), "clock is not verified"),
        (DataAge(None, None, True), "unknown"),
    ],
)
def test_how_old_it_is_comes_from_the_office_s_signed_time_or_is_unknown(age, says):
    assert says in plain(tell(sheet(status(), age=age), EN).age)


def test_on_paper_no_day_is_called_today():
    told = tell(sheet(status()), EN, lasting=True)
    assert plain(told.age) == "Last updated: 23/11/2026 09:38"


def test_a_rejection_names_its_reasons_and_promises_no_further_step():
    told = tell(sheet(status(State.REJECTED, chain(9), reasons=(Reason(5),))), EN)
    assert told.reasons == ("The profession is reserved for Lebanese nationals",)
    assert {step.detail for step in told.steps[3:]} == {"\u2068Step not reached\u2069"}


def test_who_objected_in_vain_reads_that_first():
    """The sentence said “rejected” as before, and what became of the objection stood last, among the reasons."""
    sheet = sheets()["rejected-dismissed"]
    told, row = tell(sheet, EN), tell_row(sheet, EN)
    assert told.answer == row.answer == "Your objection was dismissed"
    assert told.reasons == ("The legal conditions are not met",)
    assert (told.sign, group_of(sheet.status)) == (Sign.REJECTED, Group.ENDED)


def test_a_step_that_rejected_has_no_date_once_an_objection_was_dismissed():
    """The day of the dismissal stood there, beside an office that had rejected days before and dismissed nothing."""
    steps = {name: tell(sheets()[name], EN).steps for name in ("rejected", "rejected-dismissed")}
    shown = {name: [plain(step.detail) for step in told if step.mark is Mark.REJECTED] for name, told in steps.items()}
    assert shown == {"rejected": ["Beirut · on 20/11/2026"], "rejected-dismissed": ["Beirut"]}
