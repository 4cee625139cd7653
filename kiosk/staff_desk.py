"""Carries out what the staff corner asks of the terminal, one after the other on a thread of its own.

There is nothing in it that runs a command, opens a file that somebody names, or leads to a shell.
"""

import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, assert_never

from . import machine
from .backlight import brightness, set_brightness
from .frozen import frozen
from .journal import LAST, log
from .selftest.work import BenchWork
from .staff_book import StaffBook
from .staff_door import StaffDoor
from .staff_events import (
    AskForPin,
    BenchOpened,
    CannotCount,
    CheckPin,
    CloseBench,
    InSelfTest,
    OfferLanguages,
    OpenBench,
    Opened,
    PinAsked,
    PinJudged,
    PrintTestPage,
    ReopenDevices,
    Restart,
    RoomTold,
    SetLevel,
    StaffEffect,
    TellOf,
    Waits,
    WorkBench,
)
from .staff_state import (
    DevicesTold,
    DeviceTold,
    JournalLine,
    JournalTold,
    LanguagesTold,
    Level,
    LevelsTold,
    NetworkTold,
    Room,
    Told,
)
from .visit_events import Event, LanguagesChanged

if TYPE_CHECKING:
    from .devices_here import DevicesHere
    from .gauges import Gauges
    from .identity import Identity
    from .own_settings import OwnSettings
    from .selftest.bench import Bench
    from .settings import Settings
    from .sync import LinkReport

MOST_LINES: Final = 40
"""Events of the journal that are shown."""


class OurTerminal(Protocol):
    """What the desk asks of its terminal."""

    own: "OwnSettings"
    restart: threading.Event

    @property
    def link(self) -> "LinkReport | None": ...
    def trusted_time(self) -> int | None: ...
    def synced(self) -> int | None: ...


@frozen
class StaffPlace:
    """What there is on this machine. `system` is the root of its files."""

    settings: "Settings"
    identity: "Identity | None"
    system: Path
    devices: "DevicesHere"
    gauges: "Gauges"


class StaffDesk:
    """The desk of one run. `post` takes the answers, of any thread."""

    def __init__(self, terminal: OurTerminal, place: StaffPlace, post: Callable[[Event], None]) -> None:
        self._terminal = terminal
        self._place = place
        self._post = post
        self._book: StaffBook | None = None
        self._door: StaffDoor | None = None
        self._bench: Bench | None = None
        self._work: BenchWork | None = None
        self._effects: queue.SimpleQueue[StaffEffect | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work_off, name="staff", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End what is begun, and take nothing more."""
        self._effects.put(None)
        self._thread.join()

    def perform(self, effect: StaffEffect) -> None:
        """Begin to carry out an effect; returns at once."""
        if isinstance(effect, WorkBench):
            self._work_bench(effect)
        else:
            self._effects.put(effect)

    def _work_off(self) -> None:
        while (effect := self._effects.get()) is not None:
            self._one(effect)
        self._close_bench()
        if self._book is not None:
            self._book.close()

    def _one(self, effect: StaffEffect) -> None:
        try:
            self._carry_out(effect)
        except sqlite3.DatabaseError as error:  # of the book: the door judges nothing, the rest goes on
            log("staff", what="not kept", why=str(error))
            if isinstance(effect, CheckPin):
                self._post(PinJudged(effect.visit, CannotCount()))

    def _carry_out(self, effect: StaffEffect) -> None:  # noqa: PLR0912 - one effect a line
        match effect:
            case AskForPin(visit):
                if self._place.settings.staff_pin is not None:
                    self._post(PinAsked(visit, self._opened_door().wait))
            case CheckPin(visit, pin):
                self._judge(visit, pin)
            case TellOf(visit, room):
                self._tell(visit, room)
            case PrintTestPage(job):
                self._print_test_page(job)
            case ReopenDevices(visit):
                self._note("devices")
                self._place.devices.close()
                self._place.devices.open()
                self._tell(visit, Room.DEVICES)
            case SetLevel():
                self._set_level(effect)
            case OfferLanguages(visit, languages):
                kept = self._terminal.own.changes.change(
                    "languages", list(languages), list(self._terminal.own.usual_languages())
                )
                self._note(f"languages {' '.join(languages)}")
                self._post(LanguagesChanged(languages))
                self._tell(visit, Room.LANGUAGES, kept=kept)
            case OpenBench(visit):
                self._open_bench(visit)
            case CloseBench():
                self._close_bench()
                self._place.devices.open()
            case Restart():
                self._note("restart")
                self._terminal.restart.set()
            case WorkBench():
                raise AssertionError("begun by perform")
            case _:
                assert_never(effect)

    # ---- the door ----

    def _opened_door(self) -> StaffDoor:
        if self._door is None:
            assert self._place.settings.staff_pin is not None, "nobody is asked for a PIN that is not set"
            self._door = StaffDoor(self._opened_book(), self._place.settings.staff_pin)
        return self._door

    def _opened_book(self) -> StaffBook:
        if self._book is None:
            self._book = StaffBook(self._place.settings.data)
        return self._book

    def _judge(self, visit: int, pin: str) -> None:
        verdict = self._opened_door().judge(pin)
        self._post(PinJudged(visit, verdict))
        if isinstance(verdict, Opened):
            self._note("entered")
        else:
            self._note(f"refused, {verdict.seconds} s to wait" if isinstance(verdict, Waits) else "refused")

    def _note(self, what: str) -> None:
        """Keep what was done, in the journal and in the book; a disk that takes nothing stops nothing."""
        log("staff", what=what)
        try:
            self._opened_book().note(int(time.time()), what)
        except sqlite3.DatabaseError as error:
            log("staff", what="not kept", why=str(error))

    # ---- what is told ----

    def _tell(self, visit: int, room: Room, *, kept: bool = True) -> None:
        told: Told
        match room:
            case Room.DEVICES:
                told = self._devices()
            case Room.NETWORK:
                told = self._network()
            case Room.LEVELS:
                told = LevelsTold(self._terminal.own.volume(), brightness(self._place.system))
            case Room.LANGUAGES:
                told = LanguagesTold(self._terminal.own.languages())
            case Room.JOURNAL:
                told = self._journal()
            case Room.SELFTEST | Room.RESTART:
                return  # these show nothing of ours
            case _:
                assert_never(room)
        self._post(RoomTold(visit, told, kept))

    def _devices(self) -> DevicesTold:
        states = {report.kind.name.lower(): report.state.name.lower() for report in self._place.gauges.devices()}
        why = {
            _KINDS[health.device]: _why(health.state, health.last_failure) for health in self._place.devices.health()
        }
        return DevicesTold(
            tuple(
                DeviceTold(kind, states.get(kind, "unknown"), "" if states.get(kind) == "absent" else why.get(kind, ""))
                for kind in _KINDS.values()
            )
        )

    def _network(self) -> NetworkTold:
        link, place = self._terminal.link, self._place
        office = place.settings.office_url if place.identity is None else place.identity.office_url
        return NetworkTold(
            office,
            None if link is None else link.up,
            "" if link is None or link.up else link.why,
            self._terminal.synced(),
            self._terminal.trusted_time(),
            machine.addresses(),
        )

    def _journal(self) -> JournalTold:
        """What happened in this run, and before it what the staff did: the rest is in the machine's own journal."""
        lines = [JournalLine(*told) for told in reversed(LAST)]
        before = self._opened_book().of_earlier_runs(MOST_LINES)
        lines += [JournalLine(entry.at, "staff", detail=entry.what) for entry in before]
        return JournalTold(tuple(lines[:MOST_LINES]))

    # ---- what is done ----

    def _set_level(self, effect: SetLevel) -> None:
        changes, percent = self._terminal.own.changes, effect.percent
        kept = True
        match effect.level:
            case Level.VOLUME:
                kept = changes.change("volume", percent, self._terminal.own.usual_volume())
                self._note(f"volume {percent}%")
            case Level.BRIGHTNESS:
                if set_brightness(percent, self._place.system):
                    kept = changes.change("brightness", percent, None)
                    self._note(f"brightness {percent}%")
            case _:
                assert_never(effect.level)
        self._tell(effect.visit, Room.LEVELS, kept=kept)
        if effect.level is Level.VOLUME:
            from .selftest.sound import tone
            from .speech.voices import play

            if percent and (playing := play(tone(percent, (880.0,), 0.15))) is not None:
                playing.wait()  # what was set is heard

    def _print_test_page(self, job: int) -> None:
        from devices.testpage import page

        settings = self._place.settings
        self._place.devices.print(job, page(settings.width_dots, settings.printer))

    def _open_bench(self, visit: int) -> None:
        from .selftest.bench import Bench

        self._note("self-test")
        self._place.devices.close()
        place = self._place
        self._bench = Bench(place.settings, place.identity, system=place.system, shown=place.settings.screen)
        self._work = BenchWork(self._bench, lambda event: self._post(InSelfTest(event)))
        self._bench.start()
        self._post(BenchOpened(visit))

    def _work_bench(self, effect: WorkBench) -> None:
        from .selftest_state import Leave

        if self._work is not None and not isinstance(effect.effect, Leave):
            self._work.perform(effect.effect)

    def _close_bench(self) -> None:
        bench, self._bench, self._work = self._bench, None, None
        if bench is not None:
            bench.stop()


_KINDS: Final = {"printer": "printer", "scanner": "scanner", "card": "card_reader", "keypad": "keypad"}


def _why(state: object, last_failure: str) -> str:
    """Return what a driver says of its device, in English."""
    return str(getattr(state, "why", "")) or (f"its driver {last_failure}" if last_failure else "")
