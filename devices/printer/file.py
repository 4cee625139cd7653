"""A printer that only takes bytes: a file, or a device file such as /dev/usb/lp0. What it took is `Sent`."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from devices.printer import escpos
from devices.printer.line import Wait, wait_alone
from devices.printer.outcome import NotPrinted, PrintOutcome, Sent
from devices.printer.profile import UNKNOWN, Profile
from devices.printer.states import Offline, PrinterState, Ready, Unknown
from devices.raster import Raster

WRITE_DEADLINE: Final = 6.0
"""Seconds without a byte taken after which a job has failed."""

_FLAGS: Final = os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class FilePrinter:
    """Appends each job to `path`; no method raises for a fault of the file."""

    connected = True

    def __init__(self, path: Path, model: Profile = UNKNOWN, *, wait: Wait = wait_alone) -> None:
        self.state: PrinterState = Offline()
        self._path = path
        self._model = model
        self._wait = wait

    def connect(self) -> PrinterState:
        there = self._path.exists() or not self._is_device()
        writable = there and os.access(self._path if self._path.exists() else self._path.parent, os.W_OK)
        self.state = Ready() if writable else Offline()
        return self.state

    def watch(self, seconds: float) -> PrinterState:
        del seconds  # a file says nothing: there is nothing to listen to
        return self.connect()

    def print(self, raster: Raster, begun: Callable[[], None], progress: Callable[[int], None]) -> PrintOutcome:
        begin = escpos.INITIALIZE + escpos.motion_unit(self._model.dpi)
        job = begin + b"".join(band.commands for band in escpos.bands(raster))
        end = escpos.FEED_AND_CUT if self._model.cuts else escpos.FEED_TO_TEAR
        begun()
        try:
            fd = os.open(self._path, _FLAGS | (0 if self._is_device() else os.O_CREAT), 0o600)
            try:
                self._write(fd, job + end)
                if self._path.is_file():
                    os.fsync(fd)
            finally:
                os.close(fd)
        except TimeoutError:
            self.state = Unknown("the device stopped taking data")
            return NotPrinted(self.state)
        except OSError:
            self.state = Offline()
            return NotPrinted(self.state)
        progress(raster.rows)
        return Sent("a file confirms nothing")

    def close(self) -> None:
        """Nothing is kept open between jobs."""

    def _is_device(self) -> bool:
        """Where devices are, nothing is made in the place of one that is not there; under /dev/shm are mere files."""
        return self._path.is_relative_to("/dev") and not self._path.is_relative_to("/dev/shm")

    def _write(self, fd: int, data: bytes) -> None:
        rest = memoryview(data)
        until = time.monotonic() + WRITE_DEADLINE
        while rest:
            if self._wait(fd, True, max(0.0, until - time.monotonic())):
                rest = rest[os.write(fd, rest[:4096]) :]
                until = time.monotonic() + WRITE_DEADLINE
            elif time.monotonic() >= until:
                raise TimeoutError
