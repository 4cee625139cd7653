"""The printer's driver: keeps the connection, prints what it is asked, and voids what a fault cut off."""

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import Final

from devices.address import printer_address
from devices.driver import Host
from devices.printer.file import FilePrinter
from devices.printer.journal import Journal, JournalInUse
from devices.printer.outcome import NotPrinted, PrintOutcome
from devices.printer.paper import PaperMeter, paper_file
from devices.printer.printer import open_printer
from devices.printer.profile import profile_or_unknown
from devices.printer.states import PaperLow, PrinterState, Ready, Unknown
from devices.raster import Raster
from devices.wire import outcome_head, state_head

RECONNECT_DELAYS: Final = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds between attempts to reach an absent printer; the last one repeats."""

WATCH: Final = 1.0
"""Seconds the driver listens to an idle printer at a stretch."""

VOID_AGAIN: Final = 4.0
"""Seconds until a void mark that did not come out is tried again."""

VOID_DRAWN: Final = 20.0
"""Seconds for the program that draws the void mark."""


class _JournalFailed(Exception):
    """The begin of a job could not be written down: it must not begin."""


class PrinterDriver:
    def __init__(self, host: Host, address: str, journal: Path, width_dots: int, model: str = "") -> None:
        self._host = host
        known = profile_or_unknown(model)
        self._printer = open_printer(printer_address(address), known, host.wait)
        self._meter = PaperMeter(paper_file(journal), known)
        self._journal_path = journal
        self._journal: Journal | None = None
        self._width = width_dots
        self._told: PrinterState | None = None
        self._attempts = 0
        self._void_at = 0.0

    def run(self) -> None:
        while True:
            self._open_journal()
            self._reach()
            self._void_cut_off_paper()
            while self._host.asked:
                head, body = self._host.asked.popleft()
                if head["do"] == "print":
                    self._print(int(head["job"]), Raster(int(head["width"]), int(head["rows"]), body))
                del head, body  # nothing of a visit waits here for the next one
            self._tell_state(self._printer.state)

    def _reach(self) -> None:
        """Be connected, or wait until the next attempt is due or something is asked."""
        if self._printer.connected:
            if isinstance(self._printer, FilePrinter):
                self._host.wait(-1, False, WATCH)
            self._printer.watch(WATCH)
            self._attempts = 0 if self._printer.connected else self._attempts
            return
        if self._attempts:
            delay = RECONNECT_DELAYS[min(self._attempts, len(RECONNECT_DELAYS)) - 1]
            self._host.wait(-1, False, delay)
        self._attempts += 1
        self._printer.connect()

    def _print(self, job: int, raster: Raster) -> None:
        journal = self._journal
        if journal is None:
            self._tell_ended(job, NotPrinted(Unknown("the print journal is in use or cannot be written")))
            return
        if journal.unfinished:
            self._void_at = 0.0
            self._void_cut_off_paper()
        if journal.unfinished:
            self._tell_ended(job, NotPrinted(self._printer.state))
            return

        def begun() -> None:
            try:
                journal.begun(job)
            except OSError as failed:
                raise _JournalFailed from failed

        def progress(rows: int) -> None:
            self._host.tell({"is": "progress", "job": job, "rows": rows, "of": raster.rows})

        try:
            outcome = self._printer.print(raster, begun, progress)
        except _JournalFailed:
            outcome = NotPrinted(Unknown("the print journal cannot be written"))
        self._meter.printed(_rows_out(outcome, raster.rows), cut=not isinstance(outcome, NotPrinted))
        if not isinstance(outcome, NotPrinted):
            with contextlib.suppress(OSError):  # a full disk: at worst a restart prints a void mark too many
                journal.ended(job)
        self._tell_state(self._printer.state)
        self._tell_ended(job, outcome)

    def _void_cut_off_paper(self) -> None:
        """Once the printer can print again, say on the cut-off paper that it is void; nothing is ever resumed."""
        journal = self._journal
        if journal is None or not journal.unfinished or time.monotonic() < self._void_at:
            return
        answers_nothing = isinstance(self._printer.state, Unknown) and self._printer.connected
        if not isinstance(self._printer.state, Ready | PaperLow) and not answers_nothing:
            return
        self._void_at = time.monotonic() + VOID_AGAIN
        mark = self._drawn_void()
        if mark is None:
            return
        outcome = self._printer.print(mark, lambda: None, lambda rows: None)
        self._meter.printed(_rows_out(outcome, mark.rows), cut=not isinstance(outcome, NotPrinted))
        if not isinstance(outcome, NotPrinted):
            with contextlib.suppress(OSError):
                journal.voided()
            self._host.tell({"is": "voided"})

    def _drawn_void(self) -> Raster | None:
        import subprocess

        command = [sys.executable, "-m", "devices.printer.void", str(self._width)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as program:
            assert program.stdout is not None
            until = time.monotonic() + VOID_DRAWN
            fd, data = program.stdout.fileno(), b""
            while time.monotonic() < until:
                if self._host.wait(fd, False, 0.5):
                    piece = os.read(fd, 65536)
                    if not piece:
                        break
                    data += piece
            else:
                program.kill()
        row_bytes = self._width // 8
        if program.returncode or not data or len(data) % row_bytes:
            return None
        return Raster(self._width, len(data) // row_bytes, data)

    def _open_journal(self) -> None:
        if self._journal is not None:
            return
        try:
            self._journal = Journal(self._journal_path)
        except JournalInUse:
            self._tell_state(Unknown("another driver holds the print journal"))
        except OSError:
            self._tell_state(Unknown("the print journal cannot be opened"))

    def _tell_state(self, state: PrinterState) -> None:
        if self._journal is None and isinstance(state, Ready | PaperLow):
            return
        state = self._meter.judged(state)
        if state != self._told:
            self._told = state
            self._host.tell({"is": "state", **state_head(state)})

    def _tell_ended(self, job: int, outcome: PrintOutcome) -> None:
        self._host.tell({"is": "ended", "job": job, **outcome_head(outcome)})


def _rows_out(outcome: PrintOutcome, rows: int) -> int:
    return outcome.rows if isinstance(outcome, NotPrinted) else rows
