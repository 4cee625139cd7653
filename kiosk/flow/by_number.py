"""A visit by typed digits or by a paper of ours within the machine: when one begins, is asked about, and answered."""

from typing import Final, assert_never

from kiosk.entry_events import (
    CheckPaper,
    CodeAnswered,
    EntryConfirmed,
    EntryEvent,
    FieldEdited,
    LookUpCode,
    NumberReopened,
    PaperChecked,
)
from kiosk.entry_state import (
    AskingOffice,
    CodeNote,
    EnterCode,
    EnterNumber,
    Locked,
    NoMatch,
    OfficeSilent,
    ShowPaper,
)
from kiosk.visit_events import Effect
from kiosk.visit_state import (
    Found,
    Home,
    NotFound,
    Problem,
    ProblemKind,
    Reading,
    ScreenLanguage,
    ShowStatus,
)

from . import entry
from .codes import PaperCode
from .sitting import Sitting, language_of

# Seconds. The look-up has a deadline of its own; this is for one that died.
ASKING_GIVES_UP_AFTER: Final = 10.0


class ByNumber(Sitting):
    """Follows what is typed, and papers that are checked."""

    def _number_chosen(self) -> tuple[Effect, ...]:
        match self._state:
            case Home(language):
                if self._lobby.may_ask_codes and not self._only_wakes():
                    self._visit += 1
                    self._show(entry.begin(language))
            case Problem(language, known=known, number=True):
                self._show(entry.begin(language, known))
            case ShowPaper(language, paper, can_ask=True) if paper.says is not None:
                self._show(EnterCode(language, paper.says.tracking, note=CodeNote.FROM_PAPER))
            case _:
                pass
        return ()

    def _entered(self, event: EntryEvent) -> tuple[Effect, ...]:
        match event, self._state:
            case CodeAnswered() as told, _:
                self._code_answered(told)
            case PaperChecked() as told, _:
                self._paper_checked(told)
            case FieldEdited(edit), EnterNumber() | EnterCode() as state:
                self._show(entry.edited(state, edit))
            case EntryConfirmed(), EnterNumber() | EnterCode() | OfficeSilent() as state:
                return self._go_on_with(entry.confirmed(state))
            case NumberReopened(), EnterCode() | OfficeSilent() as state:
                self._show(entry.reopened(state))
            case _:
                pass
        return ()

    def _go_on_with(self, state: EnterNumber | EnterCode | OfficeSilent | AskingOffice) -> tuple[Effect, ...]:
        self._show(state)
        if not isinstance(state, AskingOffice):
            return ()
        self._visit += 1  # each asking has a number of its own: the late answer to an earlier one is none to this
        return (LookUpCode(self._visit, state.tracking, state.code),)

    def _begin_paper(self, language: ScreenLanguage, paper: PaperCode) -> tuple[Effect, ...]:
        self._show(Reading(language))
        return (CheckPaper(self._visit, paper.text),)

    def _paper_checked(self, told: PaperChecked) -> None:
        if told.visit == self._visit and isinstance(self._state, Reading):
            self._show(
                ShowPaper(self._state.language, told.paper, told.paper.says is not None and self._lobby.may_ask_codes)
            )

    def _asks(self, state: AskingOffice, idle: float) -> None:
        if idle >= ASKING_GIVES_UP_AFTER:
            self._show(entry.silent(state))

    def _code_answered(self, told: CodeAnswered) -> None:
        state = self._state
        if told.visit != self._visit or not isinstance(state, AskingOffice):
            return
        match told.answer:
            case Found(sheet):
                language = self._chosen or language_of(sheet.status)
                self._show(ShowStatus(language, sheet, self._lobby.may_print))
            case NotFound(ProblemKind.UNREACHABLE):
                self._show(entry.silent(state))
            case NotFound(kind):
                self._show(Problem(state.language, kind))
            case NoMatch() | Locked() as refusal:
                self._show(entry.refused(state, refusal, self._lobby.desk_hours))
            case _:
                assert_never(told.answer)
