"""Every word of a device has its word in the visit."""

import pytest

from devices.events import DeviceEvent, PrintEnded, PrintProgress, ScannerOverlong, ScannerRead
from devices.events import PrinterChanged as PrinterReported
from devices.events import ScannerChanged as ScannerReported
from devices.printer.outcome import Confirmed, NotPrinted, Sent
from devices.printer.states import CoverOpen, Offline, PaperLow, PaperOut, Ready, Unknown
from devices.scanner.states import ScannerOffline, ScannerReady, ScannerUnknown
from kiosk.hardware import event_of
from kiosk.visit_events import PrinterChanged, PrintFinished, PrintProgressed, Scanned, ScannerChanged
from kiosk.visit_state import PrintConfirmed, PrinterHealth, PrinterProblem, PrintFailed, PrintSent

SAID = [
    (ScannerRead(b"slip"), Scanned(b"slip")),
    (ScannerOverlong(9000), Scanned(b"")),
    (ScannerReported(ScannerReady()), ScannerChanged(True)),
    (ScannerReported(ScannerOffline()), ScannerChanged(False)),
    (ScannerReported(ScannerUnknown("starting")), ScannerChanged(False)),
    (PrinterReported(Ready()), PrinterChanged(PrinterHealth.OK)),
    (PrinterReported(PaperLow()), PrinterChanged(PrinterHealth.LOW)),
    (PrinterReported(PaperOut()), PrinterChanged(PrinterHealth.PAPER_OUT)),
    (PrinterReported(CoverOpen()), PrinterChanged(PrinterHealth.COVER_OPEN)),
    (PrinterReported(Offline()), PrinterChanged(PrinterHealth.OFFLINE)),
    (PrinterReported(Unknown("silent")), PrinterChanged(PrinterHealth.UNKNOWN)),
    (PrintProgress(3, 64, 256), PrintProgressed(3, 0.25)),
    (PrintProgress(3, 0, 0), PrintProgressed(3, None)),
    (PrintEnded(3, Confirmed()), PrintFinished(3, PrintConfirmed())),
    (PrintEnded(3, Sent("a file")), PrintFinished(3, PrintSent())),
    (PrintEnded(3, NotPrinted(PaperOut(), 0)), PrintFinished(3, PrintFailed(PrinterProblem.PAPER_OUT, False))),
    (PrintEnded(3, NotPrinted(PaperOut(), 64)), PrintFinished(3, PrintFailed(PrinterProblem.PAPER_OUT, True))),
    (PrintEnded(3, NotPrinted(CoverOpen(), 64)), PrintFinished(3, PrintFailed(PrinterProblem.COVER_OPEN, True))),
    (PrintEnded(3, NotPrinted(Offline(), 0)), PrintFinished(3, PrintFailed(PrinterProblem.OFFLINE, False))),
    (PrintEnded(3, NotPrinted(Unknown("silent"), 0)), PrintFinished(3, PrintFailed(PrinterProblem.SILENT, True))),
    (PrintEnded(3, NotPrinted(Ready(), 64)), PrintFinished(3, PrintFailed(PrinterProblem.FAULT, True))),
    (PrintEnded(3, NotPrinted(PaperLow(), 64)), PrintFinished(3, PrintFailed(PrinterProblem.FAULT, True))),
]


@pytest.mark.parametrize(("said", "event"), SAID, ids=lambda value: repr(value)[:48])
def test_a_devices_word_in_the_visits_own(said: DeviceEvent, event: object) -> None:
    assert event_of(said) == event


def test_no_kind_of_event_is_left_out() -> None:
    assert {type(said) for said, _ in SAID} == set(DeviceEvent.__args__)
