"""Where an enrolment code comes from: typed text, a picture, or the terminal's own scanner."""

import queue
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from central_api.contract.enrolment import Enrolment, parse_enrolment, parse_typed
from central_api.contract.errors import DamagedEnrolment, NotAnEnrolment

from .failures import EnrolmentFailed, Why

SCAN_WITHIN: Final = 120.0
"""Seconds to find the sheet and hold it to the scanner."""


def code_of_text(text: str, office: str | None = None) -> Enrolment:
    """Read the text of a code: as a scanner gives it, or, with the office's address, the forty letters as typed.

    Raises EnrolmentFailed.
    """
    try:
        return parse_enrolment(text) if office is None else parse_typed(office, text)
    except DamagedEnrolment:
        raise EnrolmentFailed(Why.DAMAGED_CODE) from None
    except NotAnEnrolment:
        raise EnrolmentFailed(Why.NOT_A_CODE) from None


def code_in_picture(path: Path) -> Enrolment:
    """Read the code in a picture: the first that is an enrolment code. Raises EnrolmentFailed."""
    from devices.scanner.picture import NotAPicture, texts_in

    try:
        texts = texts_in(path)
    except OSError as error:
        raise EnrolmentFailed(Why.NO_PICTURE, f"{path}: {error.strerror}") from None
    except NotAPicture as error:
        raise EnrolmentFailed(Why.NO_PICTURE, f"{path}: {error}") from None
    if not texts:
        raise EnrolmentFailed(Why.NO_PICTURE, str(path))
    return _first_code(texts)


def code_from_scanner(address: str, seconds: float = SCAN_WITHIN) -> Enrolment:
    """Wait for a code at the scanner; what is no code at all is passed over.

    Raises EnrolmentFailed, at once where the first word of its driver is that it is off line, and ValueError for a
    wrong address.
    """
    from devices.address import Absent, scanner_address
    from devices.events import DeviceEvent, ScannerChanged, ScannerRead
    from devices.scanner.states import ScannerOffline, ScannerUnknown
    from devices.supervisor import Supervisor
    from devices.trial import words

    if isinstance(scanner_address(address), Absent):
        raise ValueError("expected a scanner: serial:PATH or frames:FOLDER")
    scans: queue.SimpleQueue[str | EnrolmentFailed] = queue.SimpleQueue()
    began = False

    def heard(event: DeviceEvent) -> None:
        nonlocal began
        match event:
            case ScannerRead(data):
                scans.put(data.decode(errors="replace"))
            case ScannerChanged(state) if not began and state != ScannerUnknown("starting"):
                began = True
                if isinstance(state, ScannerOffline):
                    said = words(state)
                    why = "; ".join(filter(None, (address, said.state, said.todo)))
                    scans.put(EnrolmentFailed(Why.NO_SCANNER, why))
            case _:
                pass

    with TemporaryDirectory() as folder:
        supervisor = Supervisor(scanner=address, printer="none", journal=Path(folder) / "journal")
        supervisor.start(heard)
        try:
            return _next_code(scans, time.monotonic() + seconds)
        finally:
            supervisor.stop()


def _next_code(scans: "queue.SimpleQueue[str | EnrolmentFailed]", until: float) -> Enrolment:
    while True:
        try:
            scan = scans.get(timeout=max(until - time.monotonic(), 0.001))
            if isinstance(scan, EnrolmentFailed):
                raise scan
            return code_of_text(scan)
        except queue.Empty:
            raise EnrolmentFailed(Why.NO_SCAN) from None
        except EnrolmentFailed as error:
            if error.why is not Why.NOT_A_CODE:
                raise


def _first_code(texts: list[str]) -> Enrolment:
    for text in texts:
        try:
            return code_of_text(text)
        except EnrolmentFailed as error:
            if error.why is not Why.NOT_A_CODE:
                raise
    raise EnrolmentFailed(Why.NOT_A_CODE)
