"""Whoever looks after the terminal, for random visits: how he knocks, what he presses, what the terminal answers."""

from typing import Any

from kiosk.entry_events import EntryConfirmed, FieldEdited
from kiosk.field import Insert
from kiosk.selftest_state import BeginPressed, LeavePressed
from kiosk.staff_events import (
    AskForPin,
    BenchOpened,
    CannotCount,
    CheckPin,
    CloseBench,
    InSelfTest,
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
    TellOf,
    TrialPageAsked,
    Waits,
    WorkBench,
)
from kiosk.staff_state import (
    CheckingPin,
    DevicesTold,
    DeviceTold,
    EnterPin,
    JournalTold,
    LanguagesTold,
    Level,
    LevelsTold,
    NetworkTold,
    PinLocked,
    Room,
    StaffDevices,
    StaffLanguages,
    StaffLevels,
    StaffMenu,
    StaffRestart,
    StaffScreen,
    StaffSelfTest,
)
from kiosk.visit_events import Effect, Event, FinishPressed, PrintFinished
from kiosk.visit_state import PrintConfirmed, PrinterProblem, PrintFailed, PrintSent, VisitState

PIN = "48392615"
OUTCOMES = [PrintConfirmed(), PrintSent(), PrintFailed(PrinterProblem.PAPER_OUT, True)]
VERDICTS = [Opened(), Opened(), Opened(), Refused(), Waits(30), CannotCount()]
TOLD: dict[Room, Any] = {
    Room.DEVICES: DevicesTold((DeviceTold("printer", "ready"),)),
    Room.NETWORK: NetworkTold("https://office.example", True),
    Room.LEVELS: LevelsTold(70, 60),
    Room.LANGUAGES: LanguagesTold(("ar", "fr")),
    Room.JOURNAL: JournalTold(()),
}
STAFF_PRESSES: list[Event] = [
    *(RoomChosen(room) for room in Room),
    *(ListReopened(), TrialPageAsked(), ReopenAsked(), RestartConfirmed()),
    *(LevelChosen(Level.VOLUME, 40), LevelChosen(Level.BRIGHTNESS, 20)),
    *(LanguageSwitched("fr"), LanguageSwitched("en")),
    *(InSelfTest(BeginPressed()), InSelfTest(LeavePressed())),
]
ANSWERED = (AskForPin, CheckPin, TellOf, ReopenDevices, SetLevel, OfferLanguages, OpenBench)
"""Effects that the terminal answers, by the number of the visit."""
MAY_COME_AGAIN = (TellOf, SetLevel, OfferLanguages, WorkBench, PrintTestPage, ReopenDevices, OpenBench, CloseBench)
"""Effects of presses that mean the same each time: a level is turned, a page is printed once the last one is out."""
SET_OFF_BY: dict[type[Effect], tuple[str, ...]] = {
    AskForPin: ("CornerReleased", "Steered"),
    CheckPin: ("EntryConfirmed",),
    TellOf: ("RoomChosen", "Ticked"),
    PrintTestPage: ("TrialPageAsked",),
    ReopenDevices: ("ReopenAsked",),
    SetLevel: ("LevelChosen",),
    OfferLanguages: ("LanguageSwitched",),
    OpenBench: ("RoomChosen",),
    WorkBench: ("BenchOpened", "InSelfTest", "Ticked"),
    CloseBench: ("ListReopened", "InSelfTest", "FinishPressed", "Ticked", "Scanned", "CardPut", "ServiceChanged"),
    Restart: ("RestartConfirmed",),
}


def typed_pin(state: VisitState) -> list[Event]:
    return [*(FieldEdited(Insert(digit)) for digit in PIN), EntryConfirmed()] if isinstance(state, EnterPin) else []


def offered_to_staff(state: StaffScreen) -> list[Event]:  # noqa: PLR0911 - one screen a line
    """Return what a screen of the corner lets its visitor do."""
    match state:
        case StaffMenu():
            return [*(RoomChosen(room) for room in Room), FinishPressed()]
        case StaffDevices(told=told, printing=printing):
            busy = told is None or told.reopening or printing
            return [ListReopened()] if busy else [TrialPageAsked(), ReopenAsked(), ListReopened()]
        case StaffLevels():
            return [LevelChosen(Level.VOLUME, 40), LevelChosen(Level.BRIGHTNESS, 20), ListReopened()]
        case StaffLanguages():
            return [LanguageSwitched("fr"), LanguageSwitched("en"), ListReopened()]
        case StaffRestart(begun=begun):
            return [] if begun else [RestartConfirmed(), ListReopened()]
        case StaffSelfTest(test=test):
            return [ListReopened()] if test is None else [InSelfTest(BeginPressed()), InSelfTest(LeavePressed())]
        case EnterPin():
            return [FieldEdited(Insert("7")), EntryConfirmed()]
        case _:
            return [] if isinstance(state, CheckingPin | PinLocked) else [ListReopened()]


def answer_of_terminal(asked: Effect, choice: int) -> Event | None:  # noqa: PLR0911 - one effect a line
    """Return what the terminal answers to an effect; None where it answers nothing."""
    match asked:
        case AskForPin(visit):
            return PinAsked(visit, 0 if choice % 4 else 30)
        case CheckPin(visit):
            return PinJudged(visit, VERDICTS[choice % len(VERDICTS)])
        case TellOf(visit, room):
            return RoomTold(visit, TOLD[room])
        case ReopenDevices(visit):
            return RoomTold(visit, TOLD[Room.DEVICES])
        case SetLevel(visit):
            return RoomTold(visit, TOLD[Room.LEVELS], kept=bool(choice % 2))
        case OfferLanguages(visit):
            return RoomTold(visit, TOLD[Room.LANGUAGES], kept=bool(choice % 2))
        case PrintTestPage(job):
            return PrintFinished(job, OUTCOMES[choice % len(OUTCOMES)])
        case OpenBench(visit):
            return BenchOpened(visit)
        case _:
            return None
