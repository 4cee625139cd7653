"""A visit by slip within the machine: what the scanner reads begins one, joins a list of files, or passes by."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final, assert_never

from kiosk.card_state import CardTrouble, KeyPart, OfferCode, PlaceCard, ReadingCard, TakeCard, TypeCode, TypeKey
from kiosk.entry_state import AskingOffice, EnterCode, EnterNumber, OfficeSilent, ShowPaper, ToTheDesk
from kiosk.guide_state import GuideScreen
from kiosk.help_call import HelpCalled
from kiosk.list_state import AddSlip, ListEvent, SearchList, ShowList
from kiosk.staff_state import StaffScreen
from kiosk.visit_events import Effect, LookUp
from kiosk.visit_state import (
    Closed,
    Found,
    Home,
    LookUpResult,
    NotFound,
    NotPrinted,
    OutOfOrder,
    PowerWasCut,
    Printed,
    Printing,
    Problem,
    ProblemKind,
    Reading,
    SentToPrinter,
    ShowStatus,
    StillThere,
    Way,
)

from . import card, entry, listing
from .by_card import ByCard
from .by_number import ByNumber
from .codes import PaperCode, known_digits, read_code
from .sitting import language_of

if TYPE_CHECKING:
    from central_api.contract.slips import Slip

# Seconds.
READING_GIVES_UP_AFTER: Final = 10.0
STATUS_ASKS_AFTER: Final = 60.0
# A slip left under the scanner is read again and again; it must not make a problem flicker.
SAME_CODE_AGAIN_AFTER: Final = 3.0


class BySlip(ByCard, ByNumber):
    """Slips and receipts that are presented, and the list that several slips make."""

    def _scanned(self, data: bytes) -> tuple[Effect, ...]:  # noqa: PLR0911, PLR0912 - one state a line
        code = data.strip().upper()
        again = code == self._code
        seen, self._code_seen = self._code_seen, self._now
        read = read_code(code, self._hosts)
        match self._state:
            case StaffScreen():
                # Ignored: the corner is left first, so that nothing of a file comes onto its screens.
                return ()
            case Printing():
                # Ignored: a new visit would show the next visitor's status while this one's paper comes out.
                return ()
            case PlaceCard() | TypeKey() | CardTrouble() if (lines := card.lines_in(code)) is not None:
                return self._begin_by_card(lines)
            case PlaceCard(key=None) | TypeKey(part=KeyPart.IDENTITY) as asked if (
                read is ProblemKind.NOT_A_SLIP and (number := card.identity_in(code)) is not None
            ):
                return self._go_on(ReadingCard(asked.language, number))
            case Home(ways=ways) if Way.CARD in ways and (lines := card.lines_in(code)) is not None:
                return self._begin_by_card(lines)
            case AddSlip(open=True) as adding:
                more = ProblemKind.NOT_A_SLIP if isinstance(read, PaperCode) else read
                left_there = again and self._now - seen < SAME_CODE_AGAIN_AFTER
                return () if left_there or adding.reading else self._add(adding, code, more)
            case Problem() as problem:
                if again and self._now - seen < SAME_CODE_AGAIN_AFTER:
                    return ()
                return (*self._end_visit(), *self._begin(code, read, after=problem))
            case (
                Reading()
                | ShowStatus()
                | NotPrinted()
                | Printed()
                | SentToPrinter()
                | StillThere()
                | PlaceCard()
                | TypeKey()
                | ReadingCard()
                | CardTrouble()
                | OfferCode()
                | TypeCode()
                | ShowList()
                | SearchList()
                | AddSlip()
                | EnterNumber()
                | EnterCode()
                | AskingOffice()
                | OfficeSilent()
                | ToTheDesk()
                | ShowPaper()
                | GuideScreen()
                | HelpCalled()
            ):
                # A ticket or a label passing by takes nothing away, nor does the paper that has just come out.
                passing = read is ProblemKind.NOT_A_SLIP or isinstance(read, PaperCode)
                if again or (passing and not isinstance(self._state, ShowPaper)):
                    self._stay()
                    return ()
                return (*self._end_visit(), *self._begin(code, read))
            case TakeCard():
                self._comfort = self._comfort.forgotten()  # a slip is another visitor's
                return self._begin(code, read)
            case Home() | Closed() | OutOfOrder() | PowerWasCut():
                return self._begin(code, read)
            case _:
                assert_never(self._state)

    def _begin(
        self, code: bytes, read: "Slip | PaperCode | ProblemKind", *, after: Problem | None = None
    ) -> tuple[Effect, ...]:
        if self._lobby.closed is not None:
            return self._turn_away()
        self._visit += 1
        self._code = code
        language = self._chosen or self._lobby.language
        if isinstance(read, ProblemKind):
            problem = Problem(language, read)
            if read is ProblemKind.DAMAGED:
                problem = entry.creased(problem, known_digits(code), after, may_type=self._lobby.may_ask_codes)
            self._show(problem)
            return ()
        if isinstance(read, PaperCode):
            return self._begin_paper(language, read)
        self._show(Reading(language))
        return (LookUp(self._visit, read),)

    def _looked_up(self, visit: int, result: LookUpResult) -> None:
        if visit != self._visit or not isinstance(self._state, Reading | AddSlip):
            return
        if isinstance(self._state, AddSlip):
            if self._state.reading:
                self._show(listing.added(self._state, result))
            return
        match result:
            case Found(sheet):
                language = self._chosen or language_of(sheet.status)
                self._show(ShowStatus(language, sheet, self._lobby.may_print))
            case NotFound(kind):
                self._show(Problem(self._state.language, kind))
            case _:
                assert_never(result)

    # ---- several files ----

    def _in_list(self, event: ListEvent) -> None:
        after = listing.after(self._state, event, can_print=self._lobby.may_print)
        if after != self._state:
            self._show(after)

    def _add(self, state: AddSlip, code: bytes, read: "Slip | ProblemKind") -> tuple[Effect, ...]:
        """Take one more slip of the same visitor."""
        self._code = code
        if isinstance(read, ProblemKind):
            self._show(replace(state, open=False, refused=read))
            return ()
        self._visit += 1  # the late answer about the slip before says nothing of this one
        self._show(replace(state, reading=True))
        return (LookUp(self._visit, read),)

    def _await_slip(self, state: AddSlip, idle: float) -> None:
        if state.reading and idle >= READING_GIVES_UP_AFTER:
            self._show(listing.added(state, NotFound(ProblemKind.UNREACHABLE)))
        elif not state.reading and idle >= (listing.NEXT_SLIP_WITHIN if state.open else STATUS_ASKS_AFTER):
            after = listing.back_to_list(state, can_print=self._lobby.may_print)
            if isinstance(after, ShowStatus | ShowList):
                self._ask_still_there(after)
