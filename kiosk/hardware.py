"""What the devices say, in the visit's own words."""

from typing import Final, assert_never

from devices.events import (
    DeviceEvent,
    PrintEnded,
    PrintProgress,
    ScannerOverlong,
    ScannerRead,
)
from devices.events import PrinterChanged as PrinterReported
from devices.events import ScannerChanged as ScannerReported
from devices.printer.outcome import Confirmed, NotPrinted, PrintOutcome, Sent
from devices.printer.states import CoverOpen, Offline, PaperLow, PaperOut, PrinterState, Ready, Unknown
from devices.scanner.camera_events import CameraSees, Hint
from devices.scanner.states import ScannerReady

from .camera import PaperHeld, PaperHint, PaperSeen
from .visit_events import Event, PrinterChanged, PrintFinished, PrintProgressed, Scanned, ScannerChanged
from .visit_state import PrintConfirmed, PrinterHealth, PrinterProblem, PrintFailed, PrintResult, PrintSent


def event_of(said: DeviceEvent) -> Event:
    """Say as an event of the visit what a device said."""
    match said:
        case ScannerRead(data):
            return Scanned(data)
        case ScannerOverlong():
            return Scanned(b"")  # more than any code holds: to the visitor it is not a slip
        case ScannerReported(state):
            return ScannerChanged(isinstance(state, ScannerReady))
        case PrinterReported(state):
            return PrinterChanged(health_of(state))
        case PrintProgress(job, rows, of):
            return PrintProgressed(job, rows / of if of else None)
        case PrintEnded(job, outcome):
            return PrintFinished(job, result_of(outcome))
        case _:
            assert_never(said)


_HINTS: Final = {Hint.CREASED: PaperHint.CREASED, Hint.DARK: PaperHint.DARK, Hint.FAR: PaperHint.FAR}


def seen_of(said: CameraSees) -> PaperSeen:
    """Say as an event of the visit what the scanner's camera sees."""
    if not said.held:
        return PaperSeen(None)
    return PaperSeen(PaperHeld(None if said.hint is None else _HINTS[said.hint]))


def health_of(state: PrinterState) -> PrinterHealth:
    """Say of a printer what matters to a visitor."""
    match state:
        case Ready():
            return PrinterHealth.OK
        case PaperLow():
            return PrinterHealth.LOW
        case PaperOut():
            return PrinterHealth.PAPER_OUT
        case CoverOpen():
            return PrinterHealth.COVER_OPEN
        case Offline():
            return PrinterHealth.OFFLINE
        case Unknown():
            return PrinterHealth.UNKNOWN
        case _:
            assert_never(state)


def result_of(outcome: PrintOutcome) -> PrintResult:
    """Say of a print what matters to a visitor."""
    match outcome:
        case Confirmed():
            return PrintConfirmed()
        case Sent():
            return PrintSent()
        case NotPrinted(state, rows):
            # Of a printer that went silent nobody knows whether the first lines are on paper.
            return PrintFailed(_problem_of(state), cut_off=rows > 0 or isinstance(state, Unknown))
        case _:
            assert_never(outcome)


def _problem_of(state: PrinterState) -> PrinterProblem:
    match state:
        case PaperOut():
            return PrinterProblem.PAPER_OUT
        case CoverOpen():
            return PrinterProblem.COVER_OPEN
        case Offline():
            return PrinterProblem.OFFLINE
        case Unknown():
            return PrinterProblem.SILENT
        case Ready() | PaperLow():
            return PrinterProblem.FAULT
        case _:
            assert_never(state)
