"""One job on one printer, for a desk or a technician, and what came of it in words."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, assert_never

from devices.address import printer_address
from devices.printer.confirming import ConfirmingPrinter
from devices.printer.journal import Journal, JournalInUse
from devices.printer.outcome import Confirmed, NotPrinted, PrintOutcome, Sent
from devices.printer.printer import Printer, open_printer
from devices.printer.profile import profile_or_unknown
from devices.printer.states import CoverOpen, Offline, PaperLow, PaperOut, PrinterState, Ready, Unknown
from devices.raster import Raster

JOB = 1
"""A desk prints one paper at a time."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a printer told of itself. model, firmware: None where it does not say."""

    model: str | None = None
    firmware: str | None = None
    confirms: bool = False
    tells: bool = False

    def sentence(self) -> str:
        name = f"it is a {self.model}" if self.model else "it does not say what it is"
        firmware = f", firmware {self.firmware}" if self.firmware else ""
        confirms = "confirms what it printed" if self.confirms else "does not confirm what it printed"
        tells = "tells paper and cover by itself" if self.tells else "does not tell paper and cover by itself"
        return f"{name}{firmware}; it {confirms} and {tells}"


@dataclass(frozen=True, slots=True)
class Report:
    """sentence: for a person; facts: for a script; code: the exit code."""

    sentence: str
    facts: dict[str, Any]
    code: int


def print_once(address: str, raster: Raster, profile: str | None, journal: Path | None) -> tuple[PrintOutcome, Told]:
    """Print and cut; a paper that an earlier call left cut off, as the journal says, is voided first.

    Raises ValueError for an address that cannot be.
    """
    printer = open_printer(printer_address(address), profile_or_unknown(profile))
    try:
        book = None if journal is None else Journal(journal)
    except JournalInUse:
        return NotPrinted(Unknown("another program prints with this journal")), Told()
    except OSError:
        return NotPrinted(Unknown("the print journal cannot be opened")), Told()
    try:
        state = printer.connect()
        told = _told(printer, state)
        return _print(printer, raster, book), told
    finally:
        printer.close()
        if book is not None:
            book.close()


def _print(printer: Printer, raster: Raster, book: Journal | None) -> PrintOutcome:
    if book is None:
        return printer.print(raster, lambda: None, lambda rows: None)
    if book.unfinished:
        from devices.printer.void import void_raster

        outcome = printer.print(void_raster(raster.row_bytes * 8), lambda: None, lambda rows: None)
        if isinstance(outcome, NotPrinted):
            return NotPrinted(outcome.state)
        book.voided()
    outcome = printer.print(raster, lambda: book.begun(JOB), lambda rows: None)
    if not isinstance(outcome, NotPrinted):
        book.ended(JOB)
    return outcome


def _told(printer: Printer, state: PrinterState) -> Told:
    if not isinstance(printer, ConfirmingPrinter):
        return Told()
    firmware = printer.ask_firmware() if printer.name and isinstance(state, Ready | PaperLow) else None
    return Told(printer.name, firmware, printer.confirms, printer.tells_by_itself)


def report(outcome: PrintOutcome, rows: int, told: Told | None = None) -> Report:
    """rows: of the job; told: to be told as well, for a technician."""
    about = "" if told is None else f"; {told.sentence()}"
    facts: dict[str, Any] = {}
    if told is not None:
        facts = {"model": told.model, "firmware": told.firmware, "confirms": told.confirms, "tells": told.tells}
    match outcome:
        case Confirmed():
            sentence = f"confirmed: the printer printed every band and made the cut{about}"
            return Report(sentence, {"outcome": "confirmed", "rows": rows} | facts, 0)
        case Sent(why):
            return Report(f"sent, not confirmed: {why}{about}", {"outcome": "sent", "why": why} | facts, 0)
        case NotPrinted(state, printed):
            came_out = f"; {printed} of {rows} rows came out: destroy that paper" if printed else ""
            why, todo = words(state)
            facts = {"outcome": "not_printed", "why": why, "rows": printed} | facts
            if told is None:
                return Report(f"not printed: {why}{came_out}", facts, 1)
            return Report(f"not printed: {why}{came_out}{about}; {todo}", facts | {"do": todo}, 1)
        case _:
            assert_never(outcome)


def printer_state(address: str, profile: str | None = None) -> tuple[str, str]:
    """What the printer at the address is in, with what it says it is, and what to do; a file says nothing.

    Raises ValueError for an address that cannot be.
    """
    if address == "none":
        return "none", ""
    printer = open_printer(printer_address(address), profile_or_unknown(profile))
    state = printer.connect()
    told = _told(printer, state)
    printer.close()
    state_words, todo = words(state)
    firmware = f", firmware {told.firmware}" if told.firmware else ""
    return f"{state_words} ({told.model}{firmware})" if told.model else state_words, todo


def words(state: PrinterState) -> tuple[str, str]:
    """The state, and what to do about it."""
    match state:
        case Ready():
            return "ready", ""
        case PaperLow():
            return "paper low", "have a new roll at hand"
        case PaperOut():
            return "paper out", "put a new roll in"
        case CoverOpen():
            return "cover open", "close the cover"
        case Offline():
            return "off line", "look whether it is switched on, at its cable, and at the address in the settings"
        case Unknown(why):
            return why, "look at the printer itself; switch it off and on"
        case _:
            assert_never(state)
