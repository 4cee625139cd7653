"""The staff corner within the machine: the knock, the PIN, its rooms, and the way back to home.

Its screens show what the terminal confirmed, never what was wished. It closes by itself; nothing in it is
a visitor's.
"""

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final, assert_never

from kiosk.entry_events import EntryConfirmed, EntryEvent, FieldEdited
from kiosk.field import only_digits
from kiosk.staff_events import (
    AskForPin,
    BenchOpened,
    CannotCount,
    CheckPin,
    CloseBench,
    CornerPressed,
    CornerReleased,
    InSelfTest,
    KnockBroken,
    KnockEvent,
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
    StaffEvent,
    Steered,
    TellOf,
    TrialPageAsked,
    Waits,
    WorkBench,
)
from kiosk.staff_pin import LEAST_DIGITS
from kiosk.staff_state import (
    CheckingPin,
    DevicesTold,
    EnterPin,
    JournalTold,
    LanguagesTold,
    LevelsTold,
    NetworkTold,
    PinLocked,
    PinNote,
    Room,
    StaffDevices,
    StaffJournal,
    StaffLanguages,
    StaffLevels,
    StaffMenu,
    StaffNetwork,
    StaffRestart,
    StaffScreen,
    StaffSelfTest,
    StaffState,
)
from kiosk.visit_events import Effect, LanguageChosen, Ticked
from kiosk.visit_state import ALL_LANGUAGES, Closed, Home, OutOfOrder, PrintResult, ScreenLanguage

from .sitting import Sitting

if TYPE_CHECKING:
    from kiosk.selftest_state import SelfTestEffect, SelfTestEvent

# Seconds.
STAFF_LEAVES_AFTER: Final = 60.0
TOLD_AGAIN_AFTER: Final = 2.0
_SILENT_AFTER: Final = 600.0  # no step of the self-test, and no restart, takes that long: nobody will tell its end

_ROOMS: Final = {
    StaffDevices: Room.DEVICES,
    StaffNetwork: Room.NETWORK,
    StaffLevels: Room.LEVELS,
    StaffLanguages: Room.LANGUAGES,
    StaffJournal: Room.JOURNAL,
}


class WithStaff(Sitting):
    """Lets in who looks after the terminal."""

    # ---- the door ----

    def _knocked(self, event: KnockEvent) -> tuple[Effect, ...]:
        if not isinstance(self._state, Home | Closed | OutOfOrder):
            return ()
        if not self._knock.heard(event, self._now):
            return ()
        return (AskForPin(self._visit),)

    def _pin_asked(self, asked: PinAsked) -> None:
        if asked.visit == self._visit and isinstance(self._state, Home | Closed | OutOfOrder):
            self._visit += 1
            self._ask_pin(asked.wait, None)

    def _ask_pin(self, wait: int, note: PinNote | None) -> None:
        language = self._state.language
        if not wait:
            self._show(EnterPin(language, note=note))
            return
        self._pin_locked_until = self._now + wait
        self._show(PinLocked(language, wait))

    def _pin_typed(self, state: EnterPin, event: EntryEvent) -> tuple[Effect, ...]:
        match event:
            case FieldEdited(edit):
                self._show(replace(state, typed=state.typed.edited(edit, only_digits), note=None))
            case EntryConfirmed() if len(state.typed.text) < LEAST_DIGITS:
                self._show(replace(state, note=PinNote.TOO_SHORT))
            case EntryConfirmed():
                self._show(CheckingPin(state.language))
                return (CheckPin(self._visit, state.typed.text),)
            case _:
                pass
        return ()

    def _pin_judged(self, judged: PinJudged) -> None:
        if judged.visit != self._visit or not isinstance(self._state, CheckingPin):
            return
        match judged.verdict:
            case Opened():
                self._show(StaffMenu(self._state.language))
            case Refused():
                self._ask_pin(0, PinNote.WRONG)
            case Waits(seconds):
                self._ask_pin(seconds, PinNote.WRONG)
            case CannotCount():
                self._ask_pin(0, PinNote.NOT_COUNTED)
            case _:
                assert_never(judged.verdict)

    # ---- inside ----

    def _in_staff(self, event: StaffEvent) -> tuple[Effect, ...]:  # noqa: PLR0911, PLR0912 - one event a line
        match event, self._state:
            case CornerPressed() | CornerReleased() | KnockBroken() | Steered(), _:
                return self._knocked(event)
            case PinAsked(), _:
                self._pin_asked(event)
            case PinJudged(), _:
                self._pin_judged(event)
            case RoomChosen(room), StaffMenu():
                return self._enter(room)
            case ListReopened(), StaffScreen() if not isinstance(self._state, EnterPin | PinLocked | CheckingPin):
                return self._back_to_list()
            case RoomTold(), _:
                self._told(event)
            case TrialPageAsked(), StaffDevices(printing=False) as state:
                self._job += 1
                self._show(replace(state, printing=True, printed=None))
                return (PrintTestPage(self._job),)
            case ReopenAsked(), StaffDevices(told=DevicesTold(reopening=False) as told) as state:
                self._on_reader = None  # what lies there is told anew
                self._show(replace(state, told=replace(told, reopening=True), printing=False, printed=None))
                return (ReopenDevices(self._visit),)
            case LevelChosen(level, percent), StaffLevels():
                return (SetLevel(self._visit, level, percent),)
            case LanguageSwitched(language), StaffLanguages(told=LanguagesTold(offered)):
                return self._switch(language, offered)
            case RestartConfirmed(), StaffRestart(begun=False) as state:
                self._show(replace(state, begun=True))
                return (Restart(),)
            case BenchOpened(visit), StaffSelfTest() if visit == self._visit:
                return self._begin_selftest()
            case InSelfTest(inner), StaffSelfTest() if self._selftest is not None:
                return self._selftested(inner)
            case _:
                pass  # a press on a screen that has just gone
        return ()

    def _enter(self, room: Room) -> tuple[Effect, ...]:
        language = self._state.language
        states: dict[Room, StaffState] = {
            Room.SELFTEST: StaffSelfTest(language),
            Room.DEVICES: StaffDevices(language),
            Room.NETWORK: StaffNetwork(language),
            Room.LEVELS: StaffLevels(language),
            Room.LANGUAGES: StaffLanguages(language),
            Room.JOURNAL: StaffJournal(language),
            Room.RESTART: StaffRestart(language),
        }
        self._show(states[room])
        self._asked_at = self._now
        if room is Room.SELFTEST:
            self._bench, self._on_reader = True, None
            return (OpenBench(self._visit),)
        return () if room is Room.RESTART else (TellOf(self._visit, room),)

    def _back_to_list(self) -> tuple[Effect, ...]:
        self._visit += 1  # what was asked for the room that is left comes too late
        self._show(StaffMenu(self._state.language))
        return self._close_bench()

    def _told(self, event: RoomTold) -> None:
        """Show what was told for this room; that is no sign of life of whoever stands there."""
        if event.visit != self._visit:
            return
        match self._state, event.told:
            case StaffDevices() as state, DevicesTold() as told:
                self._state = replace(state, told=told)
            case StaffNetwork() as state, NetworkTold() as told:
                self._state = replace(state, told=told)
            case StaffLevels() as state, LevelsTold() as told:
                self._state = replace(state, told=told, not_kept=not event.kept)
            case StaffLanguages() as state, LanguagesTold() as told:
                self._state = replace(state, told=told, not_kept=not event.kept)
            case StaffJournal() as state, JournalTold() as told:
                self._state = replace(state, told=told)
            case _:
                pass

    def _switch(self, language: ScreenLanguage, offered: tuple[ScreenLanguage, ...]) -> tuple[Effect, ...]:
        """Offer a language, or no longer; the last one stays."""
        wanted = set(offered) ^ {language}
        if not wanted:
            return ()
        return (OfferLanguages(self._visit, tuple(one for one in ALL_LANGUAGES if one in wanted)),)

    def _test_page_ended(self, job: int, result: PrintResult) -> None:
        if job == self._job and isinstance(self._state, StaffDevices) and self._state.printing:
            self._show(replace(self._state, printing=False, printed=result))

    # ---- the self-test ----

    def _begin_selftest(self) -> tuple[Effect, ...]:
        from kiosk.selftest_flow import SelfTestFlow

        self._selftest = SelfTestFlow(self._state.language, now=self._now)
        return self._of_selftest(self._selftest.begin())

    def _selftested(self, event: "SelfTestEvent") -> tuple[Effect, ...]:
        assert self._selftest is not None
        return self._of_selftest(self._selftest.handle(event))

    def _of_selftest(self, effects: "tuple[SelfTestEffect, ...]") -> tuple[Effect, ...]:
        """Follow the self-test, and hand its effects on; leaving it leads back to the list."""
        from kiosk.selftest_state import Leave

        if any(isinstance(effect, Leave) for effect in effects):
            return self._back_to_list()
        assert self._selftest is not None
        test = self._selftest.state
        if not isinstance(self._state, StaffSelfTest) or self._state.test != test:
            self._show(StaffSelfTest(test.language, test))
        self._chosen = test.language
        return tuple(WorkBench(effect) for effect in effects)

    def _speak_in_selftest(self, language: ScreenLanguage) -> None:
        if self._selftest is not None and isinstance(self._state, StaffSelfTest):
            self._selftested(LanguageChosen(language))

    def _close_bench(self) -> tuple[Effect, ...]:
        was, self._bench, self._selftest = self._bench, False, None
        return (CloseBench(),) if was else ()

    def _end_visit(self) -> tuple[Effect, ...]:
        return (*super()._end_visit(), *self._close_bench())

    # ---- time ----

    def _staff_waits(self, state: StaffState, idle: float) -> tuple[Effect, ...]:
        """Judge what time does to a screen of the corner: it closes by itself, and tells again what it shows."""
        if idle >= (_SILENT_AFTER if self._is_busy(state) else STAFF_LEAVES_AFTER):
            return self._leave()
        match state:
            case PinLocked():
                left = math.ceil(self._pin_locked_until - self._now)
                if left <= 0:
                    self._show(EnterPin(state.language))
                else:
                    self._state = replace(state, seconds_left=left)
            case StaffSelfTest() if self._selftest is not None:
                return self._selftested(Ticked(self._now))
            case StaffDevices() | StaffNetwork() | StaffJournal():
                if self._now - self._asked_at >= TOLD_AGAIN_AFTER:
                    self._asked_at = self._now
                    return (TellOf(self._visit, _ROOMS[type(state)]),)
            case _:
                pass
        return ()

    def _is_busy(self, state: StaffState) -> bool:
        """Tell whether something goes on that ends by itself: a step of the self-test, or a restart."""
        from kiosk.selftest_state import Ended, Overview

        match state:
            case StaffSelfTest(test=None) | StaffSelfTest(test=Overview(begun=False)) | StaffSelfTest(test=Ended()):
                return False
            case StaffSelfTest() | StaffRestart(begun=True):
                return True
            case _:
                return False
