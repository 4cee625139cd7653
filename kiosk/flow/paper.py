"""Paper in a visit (a receipt, a list, what a service asks for): asked for, on its way, and what became of it."""

from dataclasses import replace
from typing import assert_never

from central_api.contract.readers import ANSWERED, NOT_ANSWERED
from kiosk.guide_events import CountReader
from kiosk.guide_state import ShowRequirements
from kiosk.list_state import ShowList
from kiosk.visit_events import Effect, PrintReceipt
from kiosk.visit_state import (
    NotPrinted,
    PrintConfirmed,
    Printed,
    PrinterProblem,
    PrintFailed,
    Printing,
    PrintResult,
    PrintSent,
    SentToPrinter,
    ShowStatus,
    paper_of,
)

from .sitting import Sitting


class WithPaper(Sitting):
    """Prints what is on the screen."""

    def _print(self) -> tuple[Effect, ...]:
        if not isinstance(self._state, ShowStatus | NotPrinted | ShowList | ShowRequirements):
            return ()
        language = self._state.language
        listing = None if isinstance(self._state, ShowRequirements) else self._state.listing
        sheet = self._state.listing if isinstance(self._state, ShowList) else self._state.sheet
        if not self._lobby.may_print:  # no paper can come: the code on the screen is what can be had
            self._show(NotPrinted(language, sheet, self._lobby.why_no_paper, False, False, listing))
            return ()
        self._job += 1
        self._show(Printing(language, sheet, listing=listing))
        return (PrintReceipt(self._visit, self._job, sheet, language),)

    def _progressed(self, job: int, progress: float | None) -> None:
        if job == self._job and isinstance(self._state, Printing):
            self._show(replace(self._state, progress=progress))

    def _print_finished(self, job: int, result: PrintResult) -> tuple[Effect, ...]:
        if job != self._job or not isinstance(self._state, Printing):
            return ()
        language, listing, paper = self._state.language, self._state.listing, paper_of(self._state.sheet)
        match result:
            case PrintConfirmed():
                self._show(Printed(language, listing, paper=paper))
            case PrintSent():
                self._show(SentToPrinter(language, listing, paper=paper))
            case PrintFailed(why, cut_off):
                return self._not_printed(self._state, why, cut_off=cut_off)
            case _:
                assert_never(result)
        return ()

    def _judged(self, found: bool) -> tuple[Effect, ...]:
        """Count once whether he found his answer, and thank him."""
        state = self._state
        if not isinstance(state, Printed | SentToPrinter) or state.listing is not None or state.found is not None:
            return ()
        self._state = replace(state, found=found)
        return (CountReader(ANSWERED if found else NOT_ANSWERED, state.language),)

    def _printer_is_silent(self, state: Printing) -> tuple[Effect, ...]:
        self._job += 1  # what the silent printer says later is of no print of ours
        return self._not_printed(state, PrinterProblem.SILENT, cut_off=True)

    def _not_printed(self, state: Printing, why: PrinterProblem, *, cut_off: bool) -> tuple[Effect, ...]:
        if self._closes_after_paper:
            return self._close_files_of_card()
        again = self._lobby.may_print
        self._show(NotPrinted(state.language, state.sheet, why, cut_off, again, state.listing))
        return ()
