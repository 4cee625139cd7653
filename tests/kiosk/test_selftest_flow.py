"""The self-test as a state machine: what a technician goes through, and what happens when nobody does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central_api.contract.readiness import Outcome, Part
from kiosk.selftest.findings import DETAILS, Finding
from kiosk.selftest_flow import LOOK_WITHIN, SPOT_WITHIN, TONE_WITHIN, SelfTestFlow
from kiosk.selftest_state import (
    COLOURS,
    SPOTS,
    BeginPressed,
    Checked,
    CodePaper,
    Colours,
    ColoursAhead,
    ColourTouched,
    DotsAnswered,
    DotsAsked,
    Ended,
    InsertCard,
    Leave,
    LeavePressed,
    Overview,
    PlayTone,
    PrintCode,
    Progress,
    ReadCard,
    ReadCode,
    Report,
    RunChecks,
    Sending,
    SendingEnded,
    ShowCode,
    SkipPressed,
    Slip,
    SlipEnded,
    SpotTouched,
    StepEnded,
    ToneAnswered,
    ToneAsked,
    TouchSpots,
)
from kiosk.visit_events import LanguageChosen, Ticked, Touched

WHOLE = {
    Part.PANEL: "not_seen",
    Part.TOUCH: "not_tried",
    Part.SCANNER: "not_tried",
    Part.PRINTER: "not_tried",
    Part.CARD_READER: "no_card",
    Part.SOUND: "not_asked",
    Part.CLOCK: "good",
    Part.DISK: "good",
    Part.NETWORK: "good",
    Part.POWER: "mains",
}
"""What the checks without hands find of a terminal that has everything."""


class Technician:
    """Somebody at the terminal, and the bench that answers what the flow asks."""

    def __init__(self, **checked: str) -> None:
        self.now = 100.0
        self.flow = SelfTestFlow("ar", now=self.now)
        self.run = 1
        self.effects = list(self.flow.begin())
        self.found = WHOLE | {Part[name.upper()]: detail for name, detail in checked.items()}

    @property
    def state(self):
        return self.flow.state

    def does(self, event):
        self.effects += self.flow.handle(Touched())
        self.effects += self.flow.handle(event)

    def hears(self, event):
        self.effects += self.flow.handle(event)

    def checks_end(self, *parts: Part) -> None:
        for part in parts or Part:
            self.hears(Checked(self.run, Finding(part, self.found[part])))

    def step_ends(self, part: Part, detail: str) -> None:
        self.hears(StepEnded(self.run, Finding(part, detail)))

    def waits(self, seconds: float) -> None:
        self.now += seconds
        self.hears(Ticked(self.now))

    def touches_every_spot(self) -> None:
        for at in range(SPOTS):
            assert self.state == TouchSpots("ar", at)
            self.does(SpotTouched(at))

    def looks_at_every_colour(self, *, every_one: bool = True) -> None:
        assert isinstance(self.state, ColoursAhead)
        for at in range(COLOURS):
            self.does(ColourTouched())
            assert self.state == Colours("ar", at)
        self.does(ColourTouched())
        assert isinstance(self.state, DotsAsked)
        self.does(DotsAnswered(every_one))

    def asked(self, effect: type):
        return [one for one in self.effects if isinstance(one, effect)]

    def details(self) -> dict[Part, str]:
        assert isinstance(self.state, Ended)
        return {part: finding.detail for part, finding in self.state.findings.items()}


def test_a_terminal_that_has_everything_is_tested_from_touch_to_tone() -> None:
    tech = Technician()
    assert tech.effects == [RunChecks(1)]
    tech.checks_end()
    tech.does(BeginPressed())
    assert tech.asked(PrintCode) == [PrintCode(1, "ar")]
    tech.touches_every_spot()
    tech.looks_at_every_colour()
    assert tech.state == ShowCode("ar", CodePaper.PRINTING)
    assert not tech.asked(ReadCode)
    tech.step_ends(Part.PRINTER, "good")
    assert tech.state == ShowCode("ar", CodePaper.THERE)
    assert len(tech.asked(ReadCode)) == 1
    tech.step_ends(Part.SCANNER, "good")
    assert isinstance(tech.state, InsertCard) and len(tech.asked(ReadCard)) == 1
    tech.step_ends(Part.CARD_READER, "good")
    assert isinstance(tech.state, ToneAsked) and tech.asked(PlayTone) == [PlayTone(1)]
    tech.does(ToneAnswered(True))
    assert {part: detail for part, detail in tech.details().items() if detail != "good"} == {Part.POWER: "mains"}
    (report,) = tech.asked(Report)
    assert report.paper and report.findings == tech.state.findings
    assert (tech.state.slip, tech.state.sending) == (Slip.PRINTING, Sending.SENDING)
    tech.hears(SlipEnded(1, Slip.PRINTED))
    tech.hears(SendingEnded(1, Sending.SENT))
    assert (tech.state.slip, tech.state.sending) == (Slip.PRINTED, Sending.SENT)
    tech.does(LeavePressed())
    assert tech.effects[-1] == Leave()


def test_a_terminal_that_has_nothing_asks_for_spots_and_eyes_alone() -> None:
    tech = Technician(scanner="not_set", printer="not_set", card_reader="absent", sound="absent")
    tech.checks_end()
    tech.does(BeginPressed())
    tech.touches_every_spot()
    tech.looks_at_every_colour(every_one=False)
    assert tech.details()[Part.PANEL] == "bad_dots"
    assert tech.state.slip is Slip.NONE
    assert not tech.asked(Report)[0].paper


def test_the_code_is_printed_while_hands_are_busy() -> None:
    tech = Technician()
    tech.does(BeginPressed())
    assert not tech.asked(PrintCode)
    tech.checks_end(Part.PRINTER)
    assert tech.asked(PrintCode)
    tech.step_ends(Part.PRINTER, "good")
    tech.checks_end(*(part for part in Part if part is not Part.PRINTER))
    tech.touches_every_spot()
    tech.looks_at_every_colour()
    assert tech.state == ShowCode("ar", CodePaper.THERE)


@pytest.mark.parametrize("detail", ["paper_out", "cover_open", "offline", "silent", "fault"])
def test_without_paper_any_code_will_do(detail: str) -> None:
    tech = Technician(printer=detail)
    tech.checks_end()
    tech.does(BeginPressed())
    tech.touches_every_spot()
    tech.looks_at_every_colour()
    assert tech.state == ShowCode("ar", CodePaper.NONE)
    assert tech.asked(ReadCode) and not tech.asked(PrintCode)


def test_spots_that_do_not_answer_are_counted_and_the_test_goes_on() -> None:
    tech = Technician()
    tech.checks_end()
    tech.does(BeginPressed())
    tech.does(SpotTouched(0))
    tech.waits(SPOT_WITHIN)
    tech.does(SpotTouched(2))
    tech.waits(SPOT_WITHIN)
    for at in range(4, SPOTS):
        tech.does(SpotTouched(at))
    assert isinstance(tech.state, ColoursAhead)
    assert tech.flow._findings[Part.TOUCH] == Finding(Part.TOUCH, "missed", {"missed": 2})


def test_a_touch_beside_the_spot_counts_for_nothing() -> None:
    tech = Technician()
    tech.checks_end()
    tech.does(BeginPressed())
    tech.does(SpotTouched(5))
    assert tech.state == TouchSpots("ar", 0)


def test_when_nobody_stays_every_step_ends_and_the_result_says_so() -> None:
    tech = Technician()
    tech.checks_end()
    tech.does(BeginPressed())
    tech.step_ends(Part.PRINTER, "good")
    for _ in range(3):
        tech.waits(SPOT_WITHIN)
    assert isinstance(tech.state, ColoursAhead)
    tech.waits(LOOK_WITHIN)
    tech.step_ends(Part.SCANNER, "nothing_read")
    tech.step_ends(Part.CARD_READER, "no_card")
    tech.waits(TONE_WITHIN)
    told = tech.details()
    assert (told[Part.TOUCH], told[Part.PANEL], told[Part.SOUND]) == ("missed", "not_seen", "not_asked")
    assert told[Part.CARD_READER] == "no_card"


def test_steps_can_be_skipped_and_what_comes_late_of_them_is_passed_over() -> None:
    tech = Technician()
    tech.checks_end()
    tech.does(BeginPressed())
    tech.step_ends(Part.PRINTER, "good")
    tech.touches_every_spot()
    tech.does(SkipPressed())
    tech.does(SkipPressed())
    assert isinstance(tech.state, InsertCard)
    tech.step_ends(Part.SCANNER, "nothing_read")
    assert isinstance(tech.state, InsertCard)
    tech.does(SkipPressed())
    tech.step_ends(Part.CARD_READER, "good")
    tech.does(ToneAnswered(False))
    told = tech.details()
    assert (told[Part.SCANNER], told[Part.CARD_READER], told[Part.SOUND]) == ("not_tried", "no_card", "not_heard")


def test_a_panel_of_the_wrong_size_is_not_looked_at_dot_by_dot() -> None:
    tech = Technician(panel="wrong_size", scanner="not_set", card_reader="absent", sound="absent")
    tech.checks_end()
    tech.does(BeginPressed())
    tech.step_ends(Part.PRINTER, "good")
    tech.touches_every_spot()
    assert tech.details()[Part.PANEL] == "wrong_size"


def test_the_list_waits_for_a_check_that_a_step_needs() -> None:
    tech = Technician(scanner="not_set", sound="absent")
    tech.checks_end(Part.PANEL, Part.PRINTER)
    tech.does(BeginPressed())
    tech.touches_every_spot()
    tech.looks_at_every_colour()
    assert isinstance(tech.state, Overview) and tech.state.begun
    assert dict(tech.state.rows)[Part.NETWORK] is Progress.RUNNING
    tech.checks_end(Part.SCANNER, Part.CARD_READER)
    assert isinstance(tech.state, InsertCard)


def test_the_result_waits_for_the_last_check_and_the_paper() -> None:
    tech = Technician(scanner="not_set", card_reader="absent", sound="absent")
    tech.checks_end(*(part for part in Part if part is not Part.NETWORK))
    tech.does(BeginPressed())
    tech.touches_every_spot()
    tech.looks_at_every_colour()
    assert isinstance(tech.state, Overview)
    tech.checks_end(Part.NETWORK)
    assert isinstance(tech.state, Overview)
    assert dict(tech.state.rows)[Part.PRINTER] is Progress.RUNNING
    tech.step_ends(Part.PRINTER, "paper_low")
    assert tech.state.slip is Slip.PRINTING


def test_a_tone_that_cannot_be_played_is_not_asked_for() -> None:
    tech = Technician(scanner="not_set", card_reader="absent")
    tech.checks_end()
    tech.does(BeginPressed())
    tech.step_ends(Part.PRINTER, "good")
    tech.touches_every_spot()
    tech.looks_at_every_colour()
    tech.step_ends(Part.SOUND, "refused")
    assert tech.details()[Part.SOUND] == "refused"


def test_a_second_run_takes_nothing_of_the_first() -> None:
    tech = Technician(scanner="not_set", card_reader="absent", sound="absent", printer="not_set")
    tech.checks_end()
    tech.does(BeginPressed())
    tech.touches_every_spot()
    tech.looks_at_every_colour()
    assert isinstance(tech.state, Ended)
    tech.does(BeginPressed())
    assert tech.state == TouchSpots("ar", 0)
    assert tech.asked(RunChecks) == [RunChecks(1), RunChecks(2)]
    tech.hears(Checked(1, Finding(Part.DISK, "failing")))
    tech.hears(SlipEnded(1, Slip.PRINTED))
    assert tech.flow._findings == {}


def test_the_language_changes_wherever_one_is() -> None:
    tech = Technician()
    tech.does(LanguageChosen("fr"))
    assert tech.state.language == "fr"
    tech.checks_end()
    tech.does(BeginPressed())
    assert tech.state == TouchSpots("fr", 0)
    assert tech.asked(PrintCode) == [PrintCode(1, "fr")]


def test_every_finding_names_an_outcome_and_no_other_can_be() -> None:
    assert DETAILS.keys() == set(Part)
    for part, details in DETAILS.items():
        assert {Finding(part, detail).outcome for detail in details} <= set(Outcome)
        assert Finding(part, "too_late").outcome is Outcome.CANNOT_TELL
    with pytest.raises(ValueError, match="never found broken"):
        Finding(Part.PANEL, "broken")


EVENTS = st.one_of(
    st.sampled_from(
        [BeginPressed(), ColourTouched(), SkipPressed(), Touched(), DotsAnswered(True), DotsAnswered(False)]
    ),
    st.builds(ToneAnswered, st.booleans()),
    st.builds(SpotTouched, st.integers(0, SPOTS)),
    st.sampled_from([Finding(part, detail) for part, details in DETAILS.items() for detail in details]).flatmap(
        lambda finding: st.sampled_from([Checked(1, finding), StepEnded(1, finding), StepEnded(2, finding)])
    ),
    st.just("tick"),
)


@given(st.lists(EVENTS, max_size=120))
@settings(max_examples=200)
def test_whatever_is_done_a_whole_result_comes_once_and_time_brings_it(events) -> None:
    """No order of touches and answers breaks it; and when checks are in, time alone leads to the end."""
    tech = Technician()
    tech.does(BeginPressed())
    for event in events:
        if event == "tick":
            tech.waits(SPOT_WITHIN)
        elif not (isinstance(tech.state, Ended) and isinstance(event, BeginPressed)):
            tech.does(event)
        assert len(tech.asked(Report)) == isinstance(tech.state, Ended)
    if not isinstance(tech.state, Ended):
        tech.checks_end(*(part for part in Part if part not in tech.flow._findings))
    for _ in range(20):
        if tech.asked(PrintCode) and tech.flow._findings[Part.PRINTER].detail == "not_tried":
            tech.step_ends(Part.PRINTER, "good")
        match tech.state:
            case ShowCode():
                tech.step_ends(Part.SCANNER, "nothing_read")
            case InsertCard():
                tech.step_ends(Part.CARD_READER, "no_card")
            case _:
                tech.waits(LOOK_WITHIN)
    assert isinstance(tech.state, Ended)
    assert tech.state.findings.keys() == set(Part)


def test_hands_are_asked_for_no_longer_than_ninety_seconds() -> None:
    """Where nobody comes, every step runs to its deadline."""
    tech = Technician()
    tech.checks_end()
    tech.does(BeginPressed())
    tech.step_ends(Part.PRINTER, "good")
    began = tech.now
    while not isinstance(tech.state, Ended):
        match tech.state:
            case ShowCode():
                tech.now += tech.asked(ReadCode)[0].seconds
                tech.step_ends(Part.SCANNER, "nothing_read")
            case InsertCard():
                tech.now += tech.asked(ReadCard)[0].seconds
                tech.step_ends(Part.CARD_READER, "no_card")
            case _:
                tech.waits(0.5)
    assert tech.now - began <= 90
