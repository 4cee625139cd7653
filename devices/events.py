"""What the supervisor tells its listener."""

from dataclasses import dataclass, field

from devices.printer.outcome import PrintOutcome
from devices.printer.states import PrinterState
from devices.scanner.states import ScannerState


@dataclass(frozen=True, slots=True)
class ScannerRead:
    """One code was read; data: its bytes without the line end. They may be a visitor's: they are never logged."""

    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ScannerOverlong:
    """More than a code can hold came in one piece and was dropped; length: bytes counted until it ended."""

    length: int


@dataclass(frozen=True, slots=True)
class ScannerChanged:
    state: ScannerState


@dataclass(frozen=True, slots=True)
class PrinterChanged:
    state: PrinterState


@dataclass(frozen=True, slots=True)
class PrintProgress:
    """rows of `of` are on paper: confirmed, or taken by a printer that does not confirm."""

    job: int
    rows: int
    of: int


@dataclass(frozen=True, slots=True)
class PrintEnded:
    """Comes exactly once for each job."""

    job: int
    outcome: PrintOutcome


DeviceEvent = ScannerRead | ScannerOverlong | ScannerChanged | PrinterChanged | PrintProgress | PrintEnded
