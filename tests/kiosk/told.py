"""What devices and office have confirmed, kept apart from the flow: the screen may show that and nothing else.

The model knows no screens and no presses. It is fed each event that comes from a device or from the office, and each
effect that asks one of them for something; `differs` says where a state shows more, or something else.
"""

from collections.abc import Iterator
from dataclasses import replace

from kiosk.card_events import CardPut, CardTaken, CardTold, OpenByCode, ReadCard, SendCode
from kiosk.card_state import CardFiles, CardProblem, CardRefused, CardTrouble, OnReader, WrongKey
from kiosk.entry_events import CheckPaper, CodeAnswered, LookUpCode, PaperChecked
from kiosk.entry_state import CheckedPaper, DeskReason, EnterCode, EnterNumber, Locked, NoMatch, ShowPaper, ToTheDesk
from kiosk.flow.lobby import SCANNER_MISSED_AFTER
from kiosk.guide_state import ShowRequirements
from kiosk.help_call import CallHelp, HelpCalled, HelpStage, HelpTold
from kiosk.list_state import Listing, ShowList
from kiosk.staff_events import CheckPin, Opened, PinJudged, RoomTold
from kiosk.staff_state import CheckingPin, DevicesTold, EnterPin, PinLocked, StaffScreen
from kiosk.visit_events import (
    Effect,
    Event,
    LanguagesChanged,
    LinkChanged,
    LookedUp,
    LookUp,
    MainsChanged,
    OpeningChanged,
    PrinterChanged,
    PrintFinished,
    PrintReceipt,
    ScannerChanged,
    ServiceChanged,
    WaysChanged,
    Wipe,
)
from kiosk.visit_state import (
    SCREEN_LANGUAGES,
    Closed,
    ClosedUntil,
    Found,
    Home,
    NotFound,
    NotPrinted,
    OutOfOrder,
    PrintConfirmed,
    Printed,
    PrinterHealth,
    PrinterProblem,
    PrintFailed,
    Printing,
    PrintResult,
    PrintSent,
    Problem,
    ProblemKind,
    ScreenLanguage,
    SentToPrinter,
    Sheet,
    ShowStatus,
    StillThere,
    VisitState,
    Way,
)

FOUND_BY_THE_SCANNER = {ProblemKind.NOT_A_SLIP, ProblemKind.FOREIGN, ProblemKind.DAMAGED}
FOUND_BY_THE_CLOCK = {CardProblem.TOO_SLOW, CardProblem.UNREACHABLE}


def sheets_in(state: object) -> Iterator[Sheet]:
    """Every sheet of a state, by the names under which states hold them; a wipe is searched as memory is."""
    if isinstance(state, Sheet):
        yield state
    elif isinstance(state, Listing):
        yield from state.sheets
    else:
        for name in ("sheet", "listing", "under"):
            if (part := getattr(state, name, None)) is not None:
                yield from sheets_in(part)


class Told:
    """All that was told up to now; what belongs to one visit is forgotten with its wipe."""

    def __init__(self, now: float) -> None:
        self.now = now
        self.printer = PrinterHealth.UNKNOWN
        self.scanner = False
        self.scanner_lost = now
        self.link = False
        self.mains = True
        self.withdrawn = False
        self.closed: ClosedUntil | None = None
        self.languages: tuple[ScreenLanguage, ...] = SCREEN_LANGUAGES
        self.ways: frozenset[Way] = frozenset()
        self.on_reader: OnReader | None = None
        self.forget()

    def forget(self) -> None:
        self.opened: set[str] = set()
        self.by_card = self.card_gone = False
        self.question: LookUp | LookUpCode | CheckPaper | None = None
        self.reading: ReadCard | SendCode | OpenByCode | None = None
        self.job: int | None = None
        self.outcome: PrintResult | None = None
        self.call: int | None = None
        self.help = HelpStage.SENDING
        self.paper: CheckedPaper | None = None
        self.not_found: set[ProblemKind] = set()
        self.card_refused: set[CardProblem] = set()
        self.wrong_keys = self.wrong_codes = 0
        self.locked = False
        self.pin: int | None = None
        self.let_in = False
        self.rooms: list[object] = []

    @property
    def may_print(self) -> bool:
        return self.mains and self.printer.may_print

    def hears(self, event: Event) -> None:  # noqa: PLR0912 - one event a line
        """Take an event before the flow does; those of no device and of no office change nothing."""
        match event:
            case PrinterChanged(health):
                self.printer = health
            case ScannerChanged(ready):
                if self.scanner and not ready:
                    self.scanner_lost = self.now
                self.scanner = ready
            case LinkChanged(up):
                self.link = up
            case MainsChanged(on):
                self.mains = on
            case ServiceChanged(withdrawn):
                self.withdrawn = withdrawn
            case OpeningChanged(closed):
                self.closed = closed
            case LanguagesChanged(languages):
                self.languages = languages
            case WaysChanged(ways):
                self.ways = ways
            case CardPut(what):
                self.on_reader = what
            case CardTaken():
                self.on_reader = None
                self.card_gone = self.card_gone or self.by_card
            case PrintFinished(job, result) if job == self.job and self.outcome is None:
                self.outcome = result
            case HelpTold(visit, stage) if visit == self.call:
                self.help = stage
            case LookedUp() | CodeAnswered() | PaperChecked():
                self._answered(event)
            case CardTold():
                self._card_told(event)
            case PinJudged(visit, verdict):
                self.let_in = self.let_in or (visit == self.pin and isinstance(verdict, Opened))
            case RoomTold(told=told):
                self.rooms.append(told)
            case _:
                pass

    def _answered(self, event: LookedUp | CodeAnswered | PaperChecked) -> None:
        asked = self.question
        if asked is None or asked.visit != event.visit:
            return
        match asked, event:
            case LookUp(), LookedUp(_, answer):
                pass
            case LookUpCode(), CodeAnswered(_, answer):
                pass
            case CheckPaper(), PaperChecked(_, paper):
                self.paper, self.question = paper, None
                return
            case _:
                return
        self.question = None
        match answer:
            case Found(sheet):
                self.opened.add(sheet.status.tracking)
            case NotFound(kind):
                self.not_found.add(kind)
            case NoMatch():
                self.wrong_codes += 1
            case Locked():
                self.locked = True

    def _card_told(self, told: CardTold) -> None:
        if self.reading is None or told.read != self.reading.read:
            return
        self.reading = None
        match told.result:
            case CardFiles(sheets):
                self.opened |= {sheet.status.tracking for sheet in sheets}
                self.by_card = self.on_reader is not None  # a code by SMS opens them without the card
            case CardRefused(why):
                self.card_refused.add(why)
            case WrongKey(fields_only=False):
                self.wrong_keys += 1
            case _:
                pass

    def asked(self, effects: tuple[Effect, ...]) -> None:
        """Take what the flow wants done, in its order."""
        for effect in effects:
            match effect:
                case Wipe():
                    self.forget()
                case LookUp() | LookUpCode() | CheckPaper():
                    self.question = effect
                case ReadCard() | SendCode() | OpenByCode():
                    self.reading = effect
                case PrintReceipt(job=job):
                    self.job, self.outcome = job, None
                case CallHelp(visit):
                    self.call, self.help = visit, HelpStage.SENDING
                case CheckPin(visit):
                    self.pin = visit
                case _:
                    pass

    def differs(self, before: VisitState, state: VisitState) -> Iterator[str]:
        """Say in which way a state shows what nobody told."""
        held = {sheet.status.tracking for sheet in sheets_in(state)}
        if not held <= self.opened:
            yield "a file that nothing opened in this visit"
        if self.card_gone and held and not isinstance(state, Printing):
            yield "a card's files without the card"
        under = state.under if isinstance(state, StillThere) else state
        offers_paper = isinstance(under, ShowStatus | ShowList | ShowRequirements | NotPrinted)
        if offers_paper and self.may_print != under.can_print:
            yield "a paper that is offered, or is not, against what the printer is"
        if isinstance(state, Home | Closed | OutOfOrder):
            yield from self._at_rest(state)
        else:
            yield from self._of_a_visit(before, state)

    def _of_a_visit(self, before: VisitState, state: VisitState) -> Iterator[str]:  # noqa: PLR0912 - one screen a line
        match state:
            case Printed():
                if not isinstance(self.outcome, PrintConfirmed):
                    yield "printed, and no printer confirmed it"
            case SentToPrinter():
                if not isinstance(self.outcome, PrintSent):
                    yield "sent, and no printer took it"
            case NotPrinted() if not isinstance(before, NotPrinted | StillThere):
                yield from self._not_printed(before, state)
            case Printing():
                if self.job is None or self.outcome is not None:
                    yield "printing, and nothing is"
            case HelpCalled(stage=stage):
                if self.call is None or stage is not self.help:
                    yield "a call for help that is otherwise"
            case ShowPaper(paper=paper):
                if paper != self.paper:
                    yield "another verdict on a paper"
            case Problem(kind=kind):
                if kind not in FOUND_BY_THE_SCANNER | {ProblemKind.UNREACHABLE} | self.not_found:
                    yield "a problem that nobody told of"
            case EnterNumber() | EnterCode():
                if self.wrong_codes >= 3:
                    yield "a fourth code"
            case ToTheDesk(why=why):
                if not (self.locked if why is DeskReason.LOCKED else self.wrong_codes >= 3):
                    yield "to the desk without a reason"
            case CardTrouble(why=why) if why not in FOUND_BY_THE_CLOCK:
                yield from self._card_trouble(before, why)
            case StaffScreen() if not isinstance(state, EnterPin | PinLocked | CheckingPin):
                if not self.let_in:
                    yield "the staff corner, and no PIN was right"
                told = getattr(state, "told", None)
                if isinstance(told, DevicesTold):
                    told = replace(told, reopening=False)
                if told is not None and told not in self.rooms:
                    yield "a room that shows what the terminal did not tell"
            case _:
                pass

    def _at_rest(self, state: Home | Closed | OutOfOrder) -> Iterator[str]:
        missed = not self.scanner and self.now - self.scanner_lost >= SCANNER_MISSED_AFTER
        wanted = OutOfOrder if self.withdrawn else Closed if self.closed else OutOfOrder if missed else Home
        if type(state) is not wanted:
            yield f"{type(state).__name__} in place of {wanted.__name__}"
        match state:
            case Home(scanner_ready=scanner, printer=printer, link_cut=cut, languages=languages, ways=ways):
                health = self.printer if self.mains else PrinterHealth.OFFLINE
                if (scanner, printer, cut, languages, ways) != (
                    *(self.scanner, health, not self.link),
                    *(self.languages, self.ways),
                ):
                    yield "a home that is not the terminal's"
            case Closed(until=until):
                if until != self.closed:
                    yield "other hours"
            case OutOfOrder(withdrawn=withdrawn):
                if withdrawn != self.withdrawn:
                    yield "another reason to be out of order"

    def _not_printed(self, before: VisitState, state: NotPrinted) -> Iterator[str]:
        match self.outcome:
            case PrintFailed(why, cut_off) if isinstance(before, Printing):
                if (state.why, state.cut_off) != (why, cut_off):
                    yield "another reason for no paper"
            case _ if isinstance(before, Printing):
                if state.why is not PrinterProblem.SILENT:
                    yield "no paper, and the printer said nothing of it"
            case _ if self.may_print:
                yield "no paper, and the printer is ready"
            case _:
                pass

    def _card_trouble(self, before: VisitState, why: CardProblem) -> Iterator[str]:
        known = set(self.card_refused)
        if self.wrong_keys >= 3:
            known.add(CardProblem.TRIES_USED)
        if self.on_reader is None:
            known.add(CardProblem.TAKEN)
        if self.on_reader is OnReader.MUTE or isinstance(before, CardTrouble):
            known.add(CardProblem.MUTE)
        if why not in known and not isinstance(before, CardTrouble):
            yield f"a card's trouble that nobody told of: {why}"
