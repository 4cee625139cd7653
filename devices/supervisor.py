"""Runs each driver as a process of its own, replaces one that dies or hangs, and never keeps its caller waiting."""

import contextlib
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from devices import wire
from devices.address import Absent, printer_address, scanner_address
from devices.card.events import CardEvent
from devices.card.keys import CardKey
from devices.card.reader import CardReader
from devices.child import Child, DriverProcess
from devices.events import (
    DeviceEvent,
    PrintEnded,
    PrinterChanged,
    PrintProgress,
    ScannerChanged,
    ScannerOverlong,
    ScannerRead,
)
from devices.printer.outcome import NotPrinted, PrintOutcome
from devices.printer.states import Offline, PrinterState, Unknown
from devices.raster import Raster
from devices.scanner.states import ScannerOffline, ScannerReady, ScannerState, ScannerUnknown

HANG: Final = 3.0
"""Seconds without a sign of life after which a driver is killed; it gives one every half second."""

STOP_DEADLINE: Final = 2.0
"""Seconds for a driver to leave by itself before it is killed."""


@dataclass(slots=True)
class _Job:
    number: int
    raster: Raster
    rows: int = 0


def _nobody_listens(event: DeviceEvent) -> None:
    raise RuntimeError(f"{type(event).__name__} before start")


class Supervisor:
    """The devices of one terminal.

    scanner, printer, card: addresses (devices/address.py); journal: file of the print journal, one a printer.
    width_dots: of the printer's head, a multiple of 8. profile: name of a python-escpos capability profile that the
    width must agree with. Raises ValueError for an address, width or profile that cannot be.
    """

    def __init__(
        self,
        *,
        scanner: str,
        printer: str,
        journal: Path,
        card: str = "none",
        width_dots: int = 576,
        profile: str | None = None,
    ) -> None:
        if width_dots < 8 or width_dots % 8:
            raise ValueError(f"a head of {width_dots} dots: it must be a multiple of 8")
        if profile is not None:
            from devices.printer.profile import check_width

            check_width(profile, width_dots)
        has_scanner = not isinstance(scanner_address(scanner), Absent)
        has_printer = not isinstance(printer_address(printer), Absent)
        self._scanner = DriverProcess(["scanner", scanner]) if has_scanner else None
        printing = ["printer", printer, str(journal.absolute()), str(width_dots)]
        self._printer = DriverProcess(printing) if has_printer else None
        self._card = CardReader(card)
        self._width = width_dots
        self._listener: Callable[[DeviceEvent], None] = _nobody_listens
        self._thread: threading.Thread | None = None
        self._asked: deque[Callable[[], None]] = deque()
        self._wake_read, self._wake_write = socket.socketpair()
        self._wake_read.setblocking(False)
        self._wake_write.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._stopping = False
        self._epoch = 0
        self._waiting: deque[_Job] = deque()
        self._in_hand: _Job | None = None
        self._printer_state: PrinterState = Unknown("starting") if has_printer else Offline()
        self._scanner_state: ScannerState = ScannerUnknown("starting") if has_scanner else ScannerOffline()

    def start(
        self, listener: Callable[[DeviceEvent], None], card_listener: Callable[[CardEvent], None] | None = None
    ) -> None:
        """Start the drivers. Both listeners are called from the supervisor's thread: be quick, do not raise."""
        if self._thread is not None:
            raise RuntimeError("already started")
        self._listener = listener
        self._card.listener = card_listener
        self._thread = threading.Thread(target=self._run, name="devices", daemon=True)
        self._thread.start()

    def print(self, job: int, raster: Raster) -> None:
        """Print and cut; returns at once. Ends in exactly one PrintEnded, also when the driver dies.

        Raises ValueError for a raster wider than the head: it would print as noise.
        """
        if raster.width_dots > self._width:
            raise ValueError(f"{raster.width_dots} dots do not fit a head of {self._width}")
        self._ask(lambda: self._accept(_Job(job, raster)))

    def read_card(self, read: int, key: CardKey | None, challenge: bytes | None = None) -> None:
        """Read the card that is in; returns at once. Ends in exactly one CardReadEnded, also when the driver dies.

        key: what opens a passport; other cards need none. challenge: 8 bytes that a passport answers with its own key.
        """
        if challenge is not None and len(challenge) != 8:
            raise ValueError("a challenge of active authentication is 8 bytes")
        self._ask(lambda: self._read_card(read, key, challenge))

    def forget(self) -> None:
        """The visit is over: jobs that wait are dropped (and end as not printed), scans not yet told are never told.

        The card reader's process is replaced if it met a card: nothing of a person stays in its memory.

        A job that the printer has in hand goes on: half a paper would tell more than a whole one.
        """
        self._ask(self._forget)

    def stop(self) -> None:
        """End the drivers; every open job has ended when this returns."""
        if self._thread is None or self._stopping:
            return
        self._stopping = True
        self._wake()
        self._thread.join()

    def _ask(self, what: Callable[[], None]) -> None:
        self._asked.append(what)
        self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):  # a full line wakes as well
            self._wake_write.send(b"!")

    # From here on everything runs in the supervisor's thread.

    def _run(self) -> None:
        self._selector.register(self._wake_read, selectors.EVENT_READ)
        self._listener(PrinterChanged(self._printer_state))
        self._listener(ScannerChanged(self._scanner_state))
        self._card.begin()
        while not self._stopping:
            for driver in self._drivers():
                self._keep_alive(driver)
            self._hand_over()
            for key, events in self._selector.select(self._next_deadline()):
                if key.data is None:
                    self._drain_wake()
                elif key.data.child is not None:
                    self._exchange(key.data, key.data.child, events)
            while self._asked:
                self._asked.popleft()()
        while self._asked:
            self._asked.popleft()()
        self._leave()

    def _drivers(self) -> list[DriverProcess]:
        return [driver for driver in (self._printer, self._scanner, self._card.driver) if driver is not None]

    def _next_deadline(self) -> float:
        deadlines = [driver.child.deadline if driver.child else driver.start_at for driver in self._drivers()]
        return max(0.0, min(deadlines, default=time.monotonic() + 60) - time.monotonic())

    def _keep_alive(self, driver: DriverProcess) -> None:
        now = time.monotonic()
        if driver.child is None:
            if now < driver.start_at:
                return
            child = driver.start()
            self._selector.register(child.line, selectors.EVENT_READ, driver)
            if driver is self._scanner:
                child.say({"do": "forget", "epoch": self._epoch})
            elif driver is self._card.driver:
                self._card.started(child)
        elif now >= driver.child.deadline:
            self._bury(driver, driver.child, "hung")
            return
        if driver.child is not None:
            self._send(driver, driver.child)

    def _send(self, driver: DriverProcess, child: Child) -> None:
        try:
            child.flush()
        except OSError:
            self._bury(driver, child, "died")
            return
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if child.outgoing else 0)
        self._selector.modify(child.line, events, driver)

    def _exchange(self, driver: DriverProcess, child: Child, events: int) -> None:
        if events & selectors.EVENT_WRITE:
            self._send(driver, child)
        if not events & selectors.EVENT_READ or driver.child is not child:
            return
        try:
            data = child.line.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._bury(driver, child, "died")
            return
        child.deadline = time.monotonic() + HANG
        try:
            messages = list(child.messages.feed(data))
        except ValueError:
            self._bury(driver, child, "spoke nonsense")
            return
        for head, body in messages:
            if driver is self._printer:
                self._hear_printer(head)
            elif driver is self._card.driver:
                self._card.hear(head, body)
            else:
                self._hear_scanner(head, body)

    def _bury(self, driver: DriverProcess, child: Child, how: str) -> None:
        self._end_process(child)
        driver.died()
        if driver is self._card.driver:
            self._card.buried(how)
            return
        why = f"its driver {how} and is being started again"
        if driver is self._scanner:
            self._scanner_is(ScannerUnknown(why))
            return
        self._printer_is(Unknown(why))
        if self._in_hand is not None:
            self._end(NotPrinted(self._printer_state, self._in_hand.rows))

    def _hear_printer(self, head: wire.Head) -> None:
        job = self._in_hand
        match head["is"]:
            case "state":
                self._printer_is(wire.state_from(head))
            case "progress" if job is not None and head["job"] == job.number:
                job.rows = int(head["rows"])
                self._listener(PrintProgress(job.number, job.rows, int(head["of"])))
            case "ended" if job is not None and head["job"] == job.number:
                self._end(wire.outcome_from(head))
            case _:
                pass  # a sign of life

    def _hear_scanner(self, head: wire.Head, body: bytes) -> None:
        match head["is"]:
            case "state":
                self._scanner_is(ScannerReady() if head["state"] == "ready" else ScannerOffline())
            case "read" if head["epoch"] == self._epoch:
                self._listener(ScannerRead(body))
            case "overlong" if head["epoch"] == self._epoch:
                self._listener(ScannerOverlong(int(head["length"])))
            case _:
                pass  # a sign of life, or a scan of a visit that is over

    def _printer_is(self, state: PrinterState) -> None:
        if state != self._printer_state:
            self._printer_state = state
            self._listener(PrinterChanged(state))

    def _scanner_is(self, state: ScannerState) -> None:
        if state != self._scanner_state:
            self._scanner_state = state
            self._listener(ScannerChanged(state))

    def _accept(self, job: _Job) -> None:
        if self._printer is None or self._printer.child is None:
            self._listener(PrintEnded(job.number, NotPrinted(self._printer_state)))
        else:
            self._waiting.append(job)

    def _hand_over(self) -> None:
        """One job at a time goes to the driver, so that `forget` can still drop the rest."""
        driver = self._printer
        if self._in_hand is not None or not self._waiting or driver is None:
            return
        if driver.child is None:
            self._drop_waiting()
            return
        job = self._waiting.popleft()
        self._in_hand = job
        head = {"do": "print", "job": job.number, "width": job.raster.width_dots, "rows": job.raster.rows}
        driver.child.say(head, job.raster.data)
        self._send(driver, driver.child)

    def _end(self, outcome: PrintOutcome) -> None:
        job, self._in_hand = self._in_hand, None
        if job is not None:
            self._listener(PrintEnded(job.number, outcome))

    def _drop_waiting(self) -> None:
        while self._waiting:
            self._listener(PrintEnded(self._waiting.popleft().number, NotPrinted(self._printer_state)))

    def _forget(self) -> None:
        self._epoch += 1
        self._drop_waiting()
        if self._scanner is not None and self._scanner.child is not None:
            self._scanner.child.say({"do": "forget", "epoch": self._epoch})
            self._send(self._scanner, self._scanner.child)
        replaced = self._card.forget()
        if replaced is not None and self._card.driver is not None:
            self._end_process(replaced)
            self._keep_alive(self._card.driver)

    def _read_card(self, read: int, key: CardKey | None, challenge: bytes | None) -> None:
        self._card.read(read, key, challenge)
        if self._card.driver is not None and self._card.driver.child is not None:
            self._send(self._card.driver, self._card.driver.child)

    def _end_process(self, child: Child) -> None:
        self._selector.unregister(child.line)
        child.process.kill()
        child.close(STOP_DEADLINE)

    def _leave(self) -> None:
        for driver in self._drivers():
            if driver.child is not None:
                self._selector.unregister(driver.child.line)
                driver.child.close(STOP_DEADLINE)
                driver.child = None
        if self._in_hand is not None:
            self._end(NotPrinted(Unknown("the terminal stopped"), self._in_hand.rows))
        self._drop_waiting()
        self._card.stop()
        self._selector.close()
        self._wake_read.close()
        self._wake_write.close()

    def _drain_wake(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._wake_read.recv(4096):
                pass
