"""Runs each driver as a process of its own, replaces one that dies or hangs, and never keeps its caller waiting."""

import contextlib
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from devices import wire
from devices.address import Absent, printer_address
from devices.card.events import CardEvent
from devices.card.keys import CardKey
from devices.card.reader import CardReader
from devices.child import Child, DriverProcess, Flooded
from devices.events import DeviceEvent
from devices.health import DriverHealth, health_of
from devices.keypad.events import KeypadEvent
from devices.keypad.keypad import Keypad
from devices.printer.queue import PrintQueue
from devices.raster import Raster
from devices.scanner.camera_events import CameraEvent
from devices.scanner.scanner import Scanner

HANG: Final = 3.0
"""Seconds without a sign of life after which a driver is killed; it gives one every half second."""

STOP_DEADLINE: Final = 2.0
"""Seconds for a driver to leave by itself before it is killed."""


class Device(Protocol):
    """A device as its supervisor runs it; all of it is called from the supervisor's thread."""

    driver: DriverProcess | None

    def begin(self) -> None:
        """Tell the state before anything is known."""

    def started(self, child: Child) -> None:
        """A new process runs: tell it what it must know."""

    def hear(self, head: wire.Head, body: bytes) -> None:
        """Take one message. Raises Nonsense for what no driver says."""

    def buried(self, how: str) -> None:
        """Its process is gone, and will be started again."""

    def stop(self) -> None:
        """The terminal stops: what is open ends."""


class Supervisor:
    """The devices of one terminal.

    scanner, printer, card, keypad: addresses (devices/address.py); journal: file of the print journal, one a printer.
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
        keypad: str = "none",
        width_dots: int = 576,
        profile: str | None = None,
    ) -> None:
        if width_dots < 8 or width_dots % 8:
            raise ValueError(f"a head of {width_dots} dots: it must be a multiple of 8")
        if profile is not None:
            from devices.printer.profile import check_width

            check_width(profile, width_dots)
        has_printer = not isinstance(printer_address(printer), Absent)
        self._scanner = Scanner(scanner)
        printing = ["printer", printer, str(journal.absolute()), str(width_dots), profile or ""]
        self._printer = PrintQueue(DriverProcess(printing) if has_printer else None)
        self._card = CardReader(card)
        self._keypad = Keypad(keypad)
        self._devices: tuple[Device, ...] = (self._printer, self._scanner, self._card, self._keypad)
        self._width = width_dots
        self._thread: threading.Thread | None = None
        self._asked: deque[Callable[[], None]] = deque()
        self._wake_read, self._wake_write = socket.socketpair()
        self._wake_read.setblocking(False)
        self._wake_write.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._stopping = False

    def start(
        self,
        listener: Callable[[DeviceEvent], None],
        card_listener: Callable[[CardEvent], None] | None = None,
        keypad_listener: Callable[[KeypadEvent], None] | None = None,
        camera_listener: Callable[[CameraEvent], None] | None = None,
    ) -> None:
        """Start the drivers. All listeners are called from the supervisor's thread: be quick, do not raise."""
        if self._thread is not None:
            raise RuntimeError("already started")
        self._printer.listener = self._scanner.listener = listener
        self._card.listener = card_listener
        self._keypad.listener = keypad_listener
        self._scanner.camera_listener = camera_listener
        self._thread = threading.Thread(target=self._run, name="devices", daemon=True)
        self._thread.start()

    def print(self, job: int, raster: Raster) -> None:
        """Print and cut; returns at once. Ends in exactly one PrintEnded, also when the driver dies.

        Raises ValueError for a raster wider than the head: it would print as noise.
        """
        if raster.width_dots > self._width:
            raise ValueError(f"{raster.width_dots} dots do not fit a head of {self._width}")
        self._ask(lambda: self._printer.accept(job, raster))

    def read_card(self, read: int, key: CardKey | None, challenge: bytes | None = None) -> None:
        """Read the card that is in; returns at once. Ends in exactly one CardReadEnded, also when the driver dies.

        key: what opens a passport; other cards need none. challenge: 8 bytes that a passport answers with its own key.
        Raises ValueError for a challenge of another length.
        """
        if challenge is not None and len(challenge) != 8:
            raise ValueError("a challenge of active authentication is 8 bytes")
        self._ask(lambda: self._read_card(read, key, challenge))

    def forget(self) -> None:
        """The visit is over: jobs that wait are dropped (and end as not printed), scans not yet told are never told.

        The card reader's process is replaced if it met a card: nothing of a person stays in its memory.

        A job that the printer has in hand goes on: half a paper would tell more than a whole one.
        """
        self._scanner.forget()
        self._ask(self._forget)

    def health(self) -> tuple[DriverHealth, ...]:
        """How each device and its driver are now, for a self-test or a heartbeat; from any thread, at once."""
        return (
            health_of("printer", self._printer.state, self._printer.driver),
            health_of("scanner", self._scanner.state, self._scanner.driver),
            health_of("card", self._card.state, self._card.driver),
            health_of("keypad", self._keypad.state, self._keypad.driver),
        )

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
        for device in self._devices:
            device.begin()
        while not self._stopping:
            for device, driver in self._drivers():
                self._keep_alive(device, driver)
            printing = self._printer.hand_over()
            if printing is not None and self._printer.driver is not None:
                self._send(self._printer, self._printer.driver, printing)
            for key, events in self._selector.select(self._next_deadline()):
                if key.data is None:
                    self._drain_wake()
                else:
                    self._exchange(key.data, events)
            while self._asked:
                self._asked.popleft()()
        while self._asked:
            self._asked.popleft()()
        self._leave()

    def _drivers(self) -> list[tuple[Device, DriverProcess]]:
        return [(device, device.driver) for device in self._devices if device.driver is not None]

    def _next_deadline(self) -> float:
        deadlines = [driver.child.deadline if driver.child else driver.start_at for _, driver in self._drivers()]
        return max(0.0, min(deadlines, default=time.monotonic() + 60) - time.monotonic())

    def _keep_alive(self, device: Device, driver: DriverProcess) -> None:
        now = time.monotonic()
        if driver.child is None:
            if now < driver.start_at:
                return
            child = driver.start()
            self._selector.register(child.line, selectors.EVENT_READ, device)
            device.started(child)
        elif now >= driver.child.deadline:
            self._bury(device, driver, driver.child, "hung")
            return
        if driver.child is not None:
            self._send(device, driver, driver.child)

    def _send(self, device: Device, driver: DriverProcess, child: Child) -> None:
        try:
            child.flush()
        except OSError:
            self._bury(device, driver, child, "died")
            return
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if child.outgoing else 0)
        self._selector.modify(child.line, events, device)

    def _exchange(self, device: Device, events: int) -> None:
        driver = device.driver
        child = driver.child if driver else None
        if driver is None or child is None:
            return
        if events & selectors.EVENT_WRITE:
            self._send(device, driver, child)
        if not events & selectors.EVENT_READ or driver.child is not child:
            return
        try:
            data = child.line.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._bury(device, driver, child, "died")
            return
        try:
            messages = child.heard(data, HANG)
            for head, body in messages:
                device.hear(head, body)
        except Flooded:
            self._bury(device, driver, child, "flooded us")
        except wire.Nonsense:
            self._bury(device, driver, child, "spoke nonsense")

    def _bury(self, device: Device, driver: DriverProcess, child: Child, how: str) -> None:
        self._end_process(child)
        driver.died(how)
        device.buried(how)

    def _forget(self) -> None:
        self._printer.drop_waiting()
        told = self._scanner.tell_forgotten()
        if told is not None and self._scanner.driver is not None:
            self._send(self._scanner, self._scanner.driver, told)
        replaced = self._card.forget()
        if replaced is not None and self._card.driver is not None:
            self._end_process(replaced)
            self._keep_alive(self._card, self._card.driver)

    def _read_card(self, read: int, key: CardKey | None, challenge: bytes | None) -> None:
        self._card.read(read, key, challenge)
        if self._card.driver is not None and self._card.driver.child is not None:
            self._send(self._card, self._card.driver, self._card.driver.child)

    def _end_process(self, child: Child) -> None:
        self._selector.unregister(child.line)
        child.process.kill()
        child.close(STOP_DEADLINE)

    def _leave(self) -> None:
        for _, driver in self._drivers():
            if driver.child is not None:
                self._selector.unregister(driver.child.line)
                driver.child.close(STOP_DEADLINE)
                driver.child = None
        for device in self._devices:
            device.stop()
        self._selector.close()
        self._wake_read.close()
        self._wake_write.close()

    def _drain_wake(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._wake_read.recv(4096):
                pass
