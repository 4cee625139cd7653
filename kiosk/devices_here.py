"""The terminal's devices, whose drivers can be ended and started anew while the terminal goes on."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from devices.card.events import CardEvent
from devices.card.keys import CardKey
from devices.events import DeviceEvent, PrintEnded
from devices.health import DriverHealth
from devices.keypad.events import KeypadEvent
from devices.printer.outcome import NotPrinted
from devices.printer.states import Unknown
from devices.scanner.camera_events import CameraEvent
from devices.supervisor import Supervisor

if TYPE_CHECKING:
    from devices.raster import Raster

    from .settings import Settings


class DevicesHere:
    """Closed until `open`. The listeners are called from the supervisor's thread, as its `start` says."""

    def __init__(
        self,
        settings: "Settings",
        journal: Path,
        listeners: tuple[
            Callable[[DeviceEvent], None],
            Callable[[CardEvent], None],
            Callable[[KeypadEvent], None],
            Callable[[CameraEvent], None],
        ],
    ) -> None:
        self._settings = settings
        self._journal = journal
        self._listeners = listeners
        self._supervisor: Supervisor | None = None
        self._ended = False
        self._one_at_a_time = threading.Lock()

    def open(self) -> None:
        """Start the drivers, unless the terminal ends."""
        with self._one_at_a_time:
            if self._ended or self._supervisor is not None:
                return
            settings = self._settings
            self._supervisor = Supervisor(
                scanner=settings.scanner,
                printer=settings.printer,
                journal=self._journal,
                card=settings.card_reader,
                keypad=settings.keypad,
                width_dots=settings.width_dots,
                profile=settings.printer_profile,
            )
            self._supervisor.start(*self._listeners)

    def close(self, *, for_good: bool = False) -> None:
        """End the drivers; every open job has ended when this returns, after some seconds at most."""
        with self._one_at_a_time:
            self._ended = self._ended or for_good
            supervisor, self._supervisor = self._supervisor, None
            if supervisor is not None:
                supervisor.stop()

    def print(self, job: int, paper: "Raster") -> None:
        """Print and cut; returns at once. Ends in exactly one PrintEnded."""
        if self._supervisor is None:
            self._listeners[0](PrintEnded(job, NotPrinted(Unknown("its driver is being started anew"), 0)))
        else:
            self._supervisor.print(job, paper)

    def read_card(self, read: int, key: CardKey | None, challenge: bytes | None) -> None:
        """Read the card that is in; returns at once. Who asks has a deadline of his own."""
        if self._supervisor is not None:
            self._supervisor.read_card(read, key, challenge)

    def forget(self) -> None:
        """The visit is over: as the supervisor's own."""
        if self._supervisor is not None:
            self._supervisor.forget()

    def health(self) -> tuple[DriverHealth, ...]:
        """How each device and its driver are; nothing while they are closed."""
        supervisor = self._supervisor
        return () if supervisor is None else supervisor.health()
