"""The machine that every visit goes through.

One visit begins with a scanned slip and ends with a wipe. Each visit and each print has its own number, so that an
answer that comes late, for a visit that is over, never touches the present one.
"""

import math
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Final, assert_never

from kiosk.comfort import Comfort
from kiosk.visit_events import (
    CardChosen,
    ComfortChosen,
    Effect,
    Event,
    FinishPressed,
    HeadphonesChanged,
    HelpHeld,
    HelpReleased,
    LanguageChosen,
    Listened,
    LookedUp,
    LookUp,
    NumberChosen,
    OtherServicesChosen,
    PrintFinished,
    PrintPressed,
    PrintProgressed,
    PrintReceipt,
    Scanned,
    StayPressed,
    Ticked,
    Touched,
    Wipe,
)
from kiosk.visit_state import (
    SCREEN_LANGUAGES,
    Closed,
    Found,
    Home,
    LookUpResult,
    NotFound,
    NotPrinted,
    OutOfOrder,
    PowerWasCut,
    PrintConfirmed,
    Printed,
    PrinterProblem,
    PrintFailed,
    Printing,
    PrintResult,
    PrintSent,
    Problem,
    ProblemKind,
    Reading,
    ScreenLanguage,
    SentToPrinter,
    ShowStatus,
    StillThere,
    VisitState,
)

from .codes import read_slip
from .lobby import Lobby

if TYPE_CHECKING:
    from central_api.contract.slips import Slip
    from central_api.contract.status import Status

# Seconds. A deadline is judged at a tick, from the tick before the event that set it, so it may fall one tick early.
HOME_FORGETS_LANGUAGE_AFTER: Final = 30.0
HOME_DIMS_AFTER: Final = 120.0
READING_GIVES_UP_AFTER: Final = 10.0
STATUS_ASKS_AFTER: Final = 60.0
ANSWER_WITHIN: Final = 20.0
_LEAVES_AFTER: Final[dict[type[VisitState], float]] = {
    Printed: 12.0,
    SentToPrinter: 12.0,
    Closed: 12.0,  # the word to who showed a slip, not the screen
    Problem: 20.0,
    PowerWasCut: 300.0,
}
# How many times longer for who reads slowly, or listens.
UNHURRIED: Final = 4
# The driver has deadlines of its own; this is for one that died with the job. It ends in words, never silently.
PRINTER_SILENT_AFTER: Final = 90.0
# A slip left under the scanner is read again and again; it must not make a problem flicker.
SAME_CODE_AGAIN_AFTER: Final = 3.0


class Flow:
    """The present visit. `hosts` are the hosts whose slips are ours, `language` the terminal's own, `now` monotonic.

    `languages` are those that home offers, in their order.
    `power_was_cut`: the last run stopped in the middle of a visit.
    """

    def __init__(
        self,
        hosts: Collection[str],
        *,
        now: float,
        language: ScreenLanguage = "ar",
        languages: tuple[ScreenLanguage, ...] = SCREEN_LANGUAGES,
        power_was_cut: bool = False,
    ) -> None:
        self._hosts = hosts
        self._lobby = Lobby(language, languages, now)
        self._chosen: ScreenLanguage | None = None
        self._comfort = Comfort()
        self._now = now
        self._since = now  # the last sign of life in this state
        self._presented = False  # a slip, to a terminal that is closed
        self._waking = False
        self._visit = 0
        self._job = 0
        self._code = b""  # the scanned text of this visit, to know it again
        self._code_seen = now
        self._state: VisitState = PowerWasCut(self._lobby.language) if power_was_cut else self._at_rest()

    @property
    def state(self) -> VisitState:
        """What the screen shows."""
        return self._state

    @property
    def comfort(self) -> Comfort:
        """How the present visitor wants the screen."""
        return self._comfort

    def handle(self, event: Event) -> tuple[Effect, ...]:
        """Take one event; returns what the app must do, in order."""
        match event:
            case Ticked():
                return self._tick(event.now)
            case Touched() | HeadphonesChanged() | ComfortChosen() | Listened():
                self._attend(event)
            case LanguageChosen():
                self._speak(event.language)
            case CardChosen() | NumberChosen() | OtherServicesChosen() | HelpHeld() | HelpReleased():
                pass
            case Scanned():
                return () if self._lobby.withdrawn else self._scanned(event.data)
            case LookedUp():
                self._looked_up(event.visit, event.result)
            case PrintPressed():
                return self._print()
            case FinishPressed():
                return self._finish()
            case StayPressed():
                self._stay()
            case PrintProgressed():
                self._progressed(event.job, event.progress)
            case PrintFinished():
                self._print_finished(event.job, event.result)
            case _:
                self._lobby.changed(event, self._now)
                self._presented = self._presented and self._lobby.closed is not None
                self._redraw()
        return ()

    # ---- time ----

    def _tick(self, now: float) -> tuple[Effect, ...]:
        self._now = max(self._now, now)
        idle = self._now - self._since
        match self._state:
            case Home() | Closed() | OutOfOrder():
                self._rest(idle)
            case Reading(language):
                if idle >= READING_GIVES_UP_AFTER:
                    self._show(Problem(language, ProblemKind.UNREACHABLE))
            case ShowStatus() | NotPrinted() as under:
                if idle >= STATUS_ASKS_AFTER:
                    self._show(StillThere(under.language, under, math.ceil(ANSWER_WITHIN)))
            case StillThere() as asking:
                if idle >= ANSWER_WITHIN:
                    return self._end_visit()
                self._state = replace(asking, seconds_left=math.ceil(ANSWER_WITHIN - idle))
            case Printing(language, sheet):
                if idle >= PRINTER_SILENT_AFTER:
                    self._job += 1  # what the silent printer says later is of no print of ours
                    self._show(NotPrinted(language, sheet, PrinterProblem.SILENT, True, self._lobby.may_print))
            case Printed() | SentToPrinter() | Problem() | PowerWasCut() as last:
                if idle >= _LEAVES_AFTER[type(last)] * (UNHURRIED if self._comfort.unhurried else 1):
                    return self._end_visit()
            case _:
                assert_never(self._state)
        return ()

    def _rest(self, idle: float) -> None:
        if idle >= HOME_FORGETS_LANGUAGE_AFTER * (UNHURRIED if self._comfort.unhurried else 1):
            self._chosen = None
            self._comfort = self._comfort.forgotten()
        if idle >= _LEAVES_AFTER[Closed]:
            self._presented = False
        self._state = self._at_rest(dimmed=idle >= HOME_DIMS_AFTER)

    # ---- touches ----

    def _touched(self) -> None:
        self._waking = isinstance(self._state, Home) and self._state.dimmed
        self._alive()
        self._redraw()

    def _alive(self) -> None:
        if not isinstance(self._state, Reading | Printing):  # these wait for a machine, not for a person
            self._since = self._now

    def _attend(self, event: Touched | HeadphonesChanged | ComfortChosen | Listened) -> None:
        match event:
            case Touched():
                self._touched()
            case HeadphonesChanged(plugged):
                self._comfort = self._comfort.plugged(plugged)
                self._touched()
            case ComfortChosen(comfort):
                if not self._waking:
                    self._comfort = self._comfort.chosen(comfort)
                self._waking = False
            case Listened():
                self._alive()

    def _speak(self, language: ScreenLanguage) -> None:
        dimmed = isinstance(self._state, Home) and self._state.dimmed
        if self._waking or dimmed:  # the tap that wakes the screen presses nothing
            self._waking = False
            self._since = self._now
            self._redraw()
            return
        self._chosen = language
        if isinstance(self._state, StillThere):
            self._state = replace(self._state, under=replace(self._state.under, language=language))
        self._state = replace(self._state, language=language)

    def _finish(self) -> tuple[Effect, ...]:
        match self._state:
            case Home() | Closed() | OutOfOrder():
                return ()
            case Printing():
                # The paper coming out is this visitor's: the screen stays his until its outcome is known.
                return ()
            case _:
                return self._end_visit()

    def _stay(self) -> None:
        if isinstance(self._state, StillThere):
            self._show(self._state.under)

    # ---- slips ----

    def _scanned(self, data: bytes) -> tuple[Effect, ...]:
        code = data.strip().upper()
        again = code == self._code
        seen, self._code_seen = self._code_seen, self._now
        read = read_slip(code, self._hosts)
        match self._state:
            case Printing():
                # Ignored: a new visit would show the next visitor's status while this one's paper comes out.
                return ()
            case Problem():
                if again and self._now - seen < SAME_CODE_AGAIN_AFTER:
                    return ()
                return (*self._end_visit(), *self._begin(code, read))
            case Reading() | ShowStatus() | NotPrinted() | Printed() | SentToPrinter() | StillThere():
                if again or read is ProblemKind.NOT_A_SLIP:  # a ticket or a label passing by takes nothing away
                    self._stay()
                    return ()
                return (*self._end_visit(), *self._begin(code, read))
            case Home() | Closed() | OutOfOrder() | PowerWasCut():
                return self._begin(code, read)
            case _:
                assert_never(self._state)

    def _begin(self, code: bytes, read: "Slip | ProblemKind") -> tuple[Effect, ...]:
        if self._lobby.closed is not None:
            return self._turn_away()
        self._visit += 1
        self._code = code
        language = self._chosen or self._lobby.language
        if isinstance(read, ProblemKind):
            self._show(Problem(language, read))
            return ()
        self._show(Reading(language))
        return (LookUp(self._visit, read),)

    def _turn_away(self) -> tuple[Effect, ...]:
        """Answer a slip that is shown while the office is closed: a terminal that said nothing would seem dead."""
        effects = () if isinstance(self._state, Closed) else self._end_visit()
        self._presented = True
        self._show(self._at_rest())
        return effects

    def _looked_up(self, visit: int, result: LookUpResult) -> None:
        if visit != self._visit or not isinstance(self._state, Reading):
            return
        match result:
            case Found(sheet):
                language = self._chosen or _language_of(sheet.status)
                self._show(ShowStatus(language, sheet, self._lobby.may_print))
            case NotFound(kind):
                self._show(Problem(self._state.language, kind))
            case _:
                assert_never(result)

    # ---- paper ----

    def _print(self) -> tuple[Effect, ...]:
        if not isinstance(self._state, ShowStatus | NotPrinted):
            return ()
        language, sheet = self._state.language, self._state.sheet
        if not self._lobby.may_print:  # no paper can come: the code on the screen is what can be had
            self._show(NotPrinted(language, sheet, self._lobby.why_no_paper, cut_off=False, can_print=False))
            return ()
        self._job += 1
        self._show(Printing(language, sheet))
        return (PrintReceipt(self._visit, self._job, sheet, language),)

    def _progressed(self, job: int, progress: float | None) -> None:
        if job == self._job and isinstance(self._state, Printing):
            self._show(replace(self._state, progress=progress))

    def _print_finished(self, job: int, result: PrintResult) -> None:
        if job != self._job or not isinstance(self._state, Printing):
            return
        language, sheet = self._state.language, self._state.sheet
        match result:
            case PrintConfirmed():
                self._show(Printed(language))
            case PrintSent():
                self._show(SentToPrinter(language))
            case PrintFailed(why, cut_off):
                self._show(NotPrinted(language, sheet, why, cut_off, self._lobby.may_print))
            case _:
                assert_never(result)

    # ---- states ----

    def _show(self, state: VisitState) -> None:
        if type(state) is not type(self._state):
            self._comfort = replace(self._comfort, choosing=False)  # what came is to be seen
        self._state = state
        self._since = self._now

    def _end_visit(self) -> tuple[Effect, ...]:
        self._visit += 1
        self._job += 1
        self._code = b""
        self._chosen = None
        self._comfort = self._comfort.forgotten()
        self._show(self._at_rest())
        return (Wipe(),)

    def _at_rest(self, *, dimmed: bool = False) -> Home | Closed | OutOfOrder:
        return self._lobby.at_rest(self._chosen, presented=self._presented, dimmed=dimmed, now=self._now)

    def _redraw(self) -> None:
        """Bring what the state tells of the terminal itself up to date."""
        match self._state:
            case Home() | Closed() | OutOfOrder():
                self._state = self._at_rest(dimmed=self._now - self._since >= HOME_DIMS_AFTER)
            case ShowStatus() | NotPrinted() as state:
                self._state = replace(state, can_print=self._lobby.may_print)
            case StillThere(under=under) as state:
                self._state = replace(state, under=replace(under, can_print=self._lobby.may_print))
            case _:
                pass


def _language_of(status: "Status") -> ScreenLanguage:
    """Return the slip's language where screens have it; Arabic for the others, as on the ministry's own paper."""
    by_name: dict[str, ScreenLanguage] = {language: language for language in SCREEN_LANGUAGES}
    return by_name.get(status.language.name.lower(), "ar")
