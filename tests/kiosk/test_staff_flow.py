"""The staff corner's way in and out: a gesture that idle hands do not make, a PIN, and a minute."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from central_api.contract.slips import Slip, slip_url
from kiosk.entry_events import EntryConfirmed, FieldEdited
from kiosk.field import Insert, filled
from kiosk.flow import Flow
from kiosk.flow.knock import HOLD_AT_LEAST, HOLD_AT_MOST, KEYS, Knock
from kiosk.flow.with_staff import STAFF_LEAVES_AFTER
from kiosk.selftest.findings import Finding
from kiosk.selftest_state import BeginPressed, Checked, LeavePressed, RunChecks
from kiosk.staff_events import (
    AskForPin,
    BenchOpened,
    CannotCount,
    CheckPin,
    CloseBench,
    Corner,
    CornerPressed,
    CornerReleased,
    InSelfTest,
    KnockBroken,
    LanguageSwitched,
    LevelChosen,
    ListReopened,
    OfferLanguages,
    OpenBench,
    Opened,
    PinAsked,
    PinJudged,
    PrintTestPage,
    Refused,
    ReopenAsked,
    ReopenDevices,
    Restart,
    RestartConfirmed,
    RoomChosen,
    RoomTold,
    SetLevel,
    Steered,
    TellOf,
    TrialPageAsked,
    Waits,
    WorkBench,
)
from kiosk.staff_state import (
    CheckingPin,
    DevicesTold,
    EnterPin,
    LanguagesTold,
    Level,
    LevelsTold,
    PinLocked,
    PinNote,
    Room,
    StaffDevices,
    StaffLanguages,
    StaffLevels,
    StaffMenu,
    StaffRestart,
    StaffSelfTest,
)
from kiosk.visit_events import (
    FinishPressed,
    LanguageChosen,
    PrintFinished,
    Scanned,
    ScannerChanged,
    ServiceChanged,
    Ticked,
    Touched,
    Wipe,
)
from kiosk.visit_state import Home, OutOfOrder, PrintConfirmed

HOST = "ISTILAM.EXAMPLE"
LEFT, RIGHT = Corner.LEFT, Corner.RIGHT


class Technician:
    """Somebody before a terminal, with its clock in his hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.flow = Flow([HOST], now=0.0)
        self.does(ScannerChanged(True))

    def does(self, *events):
        return [effect for event in events for effect in self.flow.handle(event)]

    def waits(self, seconds):
        return [effect for _ in range(round(seconds * 2)) for effect in self._half_a_second()]

    def _half_a_second(self):
        self.now += 0.5
        return self.flow.handle(Ticked(self.now))

    def holds(self, corner, seconds=3.0):
        before = self.does(Touched(), CornerPressed(corner))
        self.waits(seconds)
        return before + self.does(CornerReleased(corner))

    def knocks(self):
        return self.holds(LEFT) + self.holds(RIGHT)

    def types(self, pin):
        return self.does(*(FieldEdited(Insert(digit)) for digit in pin), EntryConfirmed())

    def enters(self):
        (asked,) = self.knocks()
        self.does(PinAsked(asked.visit, 0))
        (check,) = self.types("483926")
        self.does(PinJudged(check.visit, Opened()))
        assert isinstance(self.flow.state, StaffMenu)
        return check.visit


@pytest.fixture
def technician():
    return Technician()


def test_both_corners_held_in_order_or_eight_keys_ask_for_the_pin(technician):
    assert [type(effect) for effect in technician.knocks()] == [AskForPin]
    assert isinstance(technician.flow.state, Home), (
        "a terminal without a staff corner answers nothing, and shows nothing"
    )
    assert [type(effect) for effect in technician.does(*(Steered(key) for key in KEYS))] == [AskForPin]
    technician.does(ServiceChanged(withdrawn=True))
    assert isinstance(technician.flow.state, OutOfOrder)
    assert technician.knocks(), "above all a terminal that is out of order lets its technician in"


@pytest.mark.parametrize(
    "held",
    [
        ((RIGHT, 3), (LEFT, 3)),  # the wrong order
        ((LEFT, 1), (RIGHT, 3)),  # a tap
        ((LEFT, 30), (RIGHT, 30)),  # a hand that leans there
        ((LEFT, 3), (LEFT, 3), (RIGHT, 1)),
        ((LEFT, 3), (RIGHT, 9)),
    ],
)
def test_nothing_else_held_opens_it(technician, held):
    assert [effect for corner, seconds in held for effect in technician.holds(corner, seconds)] == []


def test_a_second_finger_or_a_slide_breaks_it(technician):
    technician.holds(LEFT)
    technician.does(KnockBroken())
    assert technician.holds(RIGHT) == []
    technician.does(CornerPressed(LEFT), CornerPressed(LEFT))  # a palm: several fingers in one corner
    technician.waits(3)
    technician.does(CornerReleased(LEFT), CornerReleased(LEFT))
    assert technician.holds(RIGHT) == []
    technician.holds(LEFT)
    technician.waits(10)
    assert technician.holds(RIGHT) == []


_taps = some.lists(
    some.tuples(
        some.sampled_from(
            [
                *(CornerPressed(corner) for corner in Corner),
                *(CornerReleased(corner) for corner in Corner),
                KnockBroken(),
                *(Steered(key) for key in ("up", "left", "right")),
            ]
        ),
        some.floats(0.0, 0.9),
    ),
    max_size=80,
)


@given(_taps)
def test_idle_tapping_never_opens_it_however_long(taps):
    """Nothing that changes more than once in HOLD_AT_LEAST holds a corner; a child's keys are not the eight."""
    knock, now = Knock(), 0.0
    pressed_at = {}
    for event, pause in taps:
        now += pause
        match event:
            case CornerPressed(corner):
                pressed_at = {corner: now}
            case CornerReleased(corner) if now - pressed_at.get(corner, now) >= HOLD_AT_LEAST:
                continue  # that was a hold, and no tap
        assert not knock.heard(event, now)
    assert HOLD_AT_LEAST < HOLD_AT_MOST


def test_of_the_pin_nothing_is_shown_or_kept(technician):
    (asked,) = technician.knocks()
    technician.does(PinAsked(asked.visit, 0))
    technician.does(*(FieldEdited(Insert(digit)) for digit in "48٣9x2۶"))
    assert technician.flow.state.typed.text == "483926", "digits of three scripts"
    (check,) = technician.does(EntryConfirmed())
    assert (check.pin, type(technician.flow.state)) == ("483926", CheckingPin)
    for seen in (technician.flow.state, check, EnterPin("ar", filled(12, "483926"))):
        assert "4839" not in repr(seen)
    technician.does(PinJudged(check.visit, Refused()))
    assert technician.flow.state == EnterPin("ar", note=PinNote.WRONG), "the field is empty again"


def test_who_is_wrong_waits_and_a_late_verdict_opens_nothing(technician):
    (asked,) = technician.knocks()
    technician.does(PinAsked(asked.visit, 0))
    assert technician.types("123") == []
    assert technician.flow.state.note is PinNote.TOO_SHORT
    (check,) = technician.types("999999")
    technician.does(PinJudged(check.visit, Waits(30)))
    assert technician.flow.state == PinLocked("ar", 30)
    assert technician.types("483926") == [], "no PIN is taken meanwhile"
    technician.waits(10)
    assert technician.flow.state == PinLocked("ar", 20)
    technician.waits(20)
    assert isinstance(technician.flow.state, EnterPin)
    (check,) = technician.types("999999")
    technician.does(PinJudged(check.visit, CannotCount()))
    assert technician.flow.state.note is PinNote.NOT_COUNTED
    technician.does(FinishPressed(), PinJudged(check.visit, Opened()))
    assert isinstance(technician.flow.state, Home)
    (asked,) = technician.knocks()
    technician.does(PinAsked(asked.visit - 1, 0))
    assert isinstance(technician.flow.state, Home)
    technician.does(PinAsked(asked.visit, 600))
    assert technician.flow.state == PinLocked("ar", 600)


def test_it_closes_by_itself_after_a_minute_and_takes_no_slip_meanwhile(technician):
    technician.enters()
    slip = slip_url(HOST, Slip("26318283312", bytes(16))).encode()
    assert technician.does(Scanned(slip)) == []
    technician.waits(STAFF_LEAVES_AFTER - 5)
    technician.does(Touched())
    technician.waits(STAFF_LEAVES_AFTER - 5)
    assert isinstance(technician.flow.state, StaffMenu)
    told = technician.waits(6)
    assert isinstance(technician.flow.state, Home)
    assert Wipe() in told
    assert technician.does(RoomChosen(Room.JOURNAL)) == [], "and asks for the PIN again"


def test_a_room_that_is_told_again_and_again_closes_all_the_same(technician):
    visit = technician.enters()
    assert technician.does(RoomChosen(Room.DEVICES)) == [TellOf(visit, Room.DEVICES)]
    asked = 0
    for _ in range(70):
        for effect in technician.waits(1):
            if isinstance(effect, TellOf):
                asked += 1
                technician.does(RoomTold(effect.visit, DevicesTold(())))
    assert asked > 10
    assert isinstance(technician.flow.state, Home)


def test_devices_a_test_page_and_opening_them_anew(technician):
    visit = technician.enters()
    technician.does(RoomChosen(Room.DEVICES), RoomTold(visit, DevicesTold(())))
    (page,) = technician.does(TrialPageAsked(), TrialPageAsked())
    assert isinstance(page, PrintTestPage)
    assert technician.flow.state.printing
    technician.does(PrintFinished(page.job + 1, PrintConfirmed()))
    assert technician.flow.state.printing
    technician.does(PrintFinished(page.job, PrintConfirmed()))
    assert technician.flow.state.printed == PrintConfirmed()
    assert technician.does(ReopenAsked(), ReopenAsked()) == [ReopenDevices(visit)]
    assert technician.flow.state == StaffDevices("ar", DevicesTold((), reopening=True))


def test_what_is_changed_shows_once_the_terminal_says_so(technician):
    visit = technician.enters()
    technician.does(RoomChosen(Room.LEVELS), RoomTold(visit, LevelsTold(70, None)))
    assert technician.does(LevelChosen(Level.VOLUME, 60)) == [SetLevel(visit, Level.VOLUME, 60)]
    assert technician.flow.state == StaffLevels("ar", LevelsTold(70, None))
    technician.does(RoomTold(visit, LevelsTold(60, None), kept=False))
    assert technician.flow.state == StaffLevels("ar", LevelsTold(60, None), not_kept=True)
    technician.does(ListReopened(), RoomChosen(Room.LANGUAGES))
    technician.does(RoomTold(visit + 1, LanguagesTold(("ar", "en"))), LanguageChosen("en"))
    assert technician.does(LanguageSwitched("fr")) == [OfferLanguages(visit + 1, ("ar", "fr", "en"))]
    assert technician.does(LanguageSwitched("ar")) == [OfferLanguages(visit + 1, ("en",))]
    technician.does(RoomTold(visit + 1, LanguagesTold(("en",))))
    assert technician.does(LanguageSwitched("en")) == [], "the last one stays"
    assert technician.flow.state == StaffLanguages("en", LanguagesTold(("en",)))


def test_a_restart_is_asked_twice_and_done_once(technician):
    technician.enters()
    technician.does(RoomChosen(Room.RESTART))
    assert technician.does(RestartConfirmed(), RestartConfirmed()) == [Restart()]
    assert technician.flow.state == StaffRestart("ar", begun=True)


def test_the_self_test_goes_on_in_the_same_window_and_gives_the_devices_back(technician):
    visit = technician.enters()
    assert technician.does(RoomChosen(Room.SELFTEST)) == [OpenBench(visit)]
    (work,) = technician.does(BenchOpened(visit))
    assert isinstance(work, WorkBench) and isinstance(work.effect, RunChecks)
    from central_api.contract.readiness import Part

    technician.does(InSelfTest(Checked(work.effect.run, Finding(Part.DISK, "good"))))
    assert isinstance(technician.flow.state, StaffSelfTest)
    assert (Part.DISK, Finding(Part.DISK, "good")) in technician.flow.state.test.rows
    assert technician.does(InSelfTest(LeavePressed())) == [CloseBench()]
    assert isinstance(technician.flow.state, StaffMenu)
    technician.does(RoomChosen(Room.SELFTEST))
    technician.does(BenchOpened(visit + 1))
    assert CloseBench() in technician.waits(STAFF_LEAVES_AFTER + 1), "who walks away leaves a terminal with its devices"
    assert isinstance(technician.flow.state, Home)


def test_a_self_test_whose_bench_is_silent_ends_and_keeps_the_language_chosen_on_it(technician):
    """Random visits found both: it stood for ever, and went on in the language in which it had begun."""
    visit = technician.enters()
    technician.does(RoomChosen(Room.SELFTEST), BenchOpened(visit), LanguageChosen("fr"), InSelfTest(BeginPressed()))
    state = technician.flow.state
    assert isinstance(state, StaffSelfTest)
    assert state.test is not None
    assert state.language == state.test.language == "fr"
    technician.waits(STAFF_LEAVES_AFTER + 1)
    assert isinstance(technician.flow.state, StaffSelfTest), "a step takes its time"
    assert CloseBench() in technician.waits(600)
    assert isinstance(technician.flow.state, Home)


def test_a_check_is_asked_about_one_pin_only(technician):
    (asked,) = technician.knocks()
    technician.does(PinAsked(asked.visit, 0))
    effects = technician.types("483926") + technician.does(EntryConfirmed(), EntryConfirmed())
    assert effects == [CheckPin(asked.visit + 1, "483926")]
