"""The machine that every visit goes through.

One visit begins with a scanned slip or a card and ends with a wipe. `Sitting` holds its state; the parts that
`Flow` inherits know what belongs to paper, to cards and to the other services; here is what begins visits by slip, and
what time does.
"""

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final, assert_never

from kiosk.camera import PaperSeen
from kiosk.card_events import (
    BackPressed,
    CardProgressed,
    CardPut,
    CardTaken,
    CardTold,
    CodeWanted,
    KeyEntered,
    KeyErased,
    KeyPartChosen,
    KeyTyped,
)
from kiosk.card_state import (
    CardProblem,
    CardTrouble,
    OfferCode,
    PlaceCard,
    ReadingCard,
    TakeCard,
    TypeCode,
    TypeKey,
)
from kiosk.entry_events import CodeAnswered, EntryConfirmed, FieldEdited, NumberReopened, PaperChecked
from kiosk.entry_state import AskingOffice, EnterCode, EnterNumber, OfficeSilent, ShowPaper, ToTheDesk
from kiosk.guide_events import (
    FamilyOpened,
    KindOpened,
    RightsOpened,
    ServicesOpened,
    TopicOpened,
    WentBack,
)
from kiosk.guide_state import GuideScreen
from kiosk.help_call import HelpCalled, HelpStage, HelpTold
from kiosk.list_state import (
    AddSlip,
    AddSlipPressed,
    FileChosen,
    ListPressed,
    ListTurned,
    SearchList,
    SearchPressed,
    ShowList,
)
from kiosk.staff_events import (
    BenchOpened,
    CornerPressed,
    CornerReleased,
    InSelfTest,
    KnockBroken,
    LanguageSwitched,
    LevelChosen,
    ListReopened,
    PinAsked,
    PinJudged,
    ReopenAsked,
    RestartConfirmed,
    RoomChosen,
    RoomTold,
    Steered,
    TrialPageAsked,
)
from kiosk.staff_state import EnterPin, StaffScreen
from kiosk.visit_events import (
    AnswerJudged,
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
    NumberChosen,
    OtherServicesChosen,
    PrintFinished,
    PrintPressed,
    PrintProgressed,
    Scanned,
    StayPressed,
    Ticked,
    Touched,
)
from kiosk.visit_state import (
    Closed,
    Home,
    NotPrinted,
    OutOfOrder,
    PowerWasCut,
    Printed,
    Printing,
    Problem,
    ProblemKind,
    Reading,
    ScreenLanguage,
    SentToPrinter,
    ShowStatus,
    StillThere,
    VisitState,
)

from . import card, one_time
from .by_slip import READING_GIVES_UP_AFTER, STATUS_ASKS_AFTER, BySlip
from .paper import WithPaper
from .sitting import ANSWER_WITHIN, HOME_DIMS_AFTER
from .with_guide import WithGuide
from .with_staff import WithStaff

if TYPE_CHECKING:
    pass

# Seconds. A deadline is judged at a tick, from the tick before the event that set it, so it may fall one tick early.
HOME_FORGETS_LANGUAGE_AFTER: Final = 30.0
_LEAVES_AFTER: Final[dict[type[VisitState], float]] = {
    Printed: 12.0,
    SentToPrinter: 12.0,
    Closed: 12.0,  # the word to who showed a slip, not the screen
    Problem: 20.0,
    CardTrouble: 30.0,
    ToTheDesk: 40.0,
    PowerWasCut: 300.0,
}
_HELP_LEAVES_AFTER: Final = {
    HelpStage.SENDING: 30.0,
    HelpStage.SENT: 240.0,  # the line itself says before that nobody came
    HelpStage.COMING: 30.0,
    HelpStage.NOBODY: 45.0,
    HelpStage.NOT_SENT: 45.0,
}
# How many times longer for who reads slowly, or listens.
UNHURRIED: Final = 4
# The driver has deadlines of its own; this is for one that died with the job. It ends in words, never silently.
PRINTER_SILENT_AFTER: Final = 90.0


class Flow(WithPaper, BySlip, WithGuide, WithStaff):
    """The whole machine: takes every event of a visit."""

    def handle(self, event: Event) -> tuple[Effect, ...]:  # noqa: PLR0911, PLR0912 - one event a line
        """Take one event; returns what the app must do, in order."""
        match event:
            case Ticked():
                return self._tick(event.now)
            case Touched() | HeadphonesChanged() | ComfortChosen() | Listened():
                self._attend(event)
            case LanguageChosen():
                self._speak(event.language)
            case CardChosen():
                return self._card_chosen()
            case NumberChosen():
                return self._number_chosen()
            case OtherServicesChosen() | HelpHeld() | HelpReleased():
                self._beside(event)
            case FieldEdited() | EntryConfirmed() | NumberReopened() | CodeAnswered() | PaperChecked():
                if isinstance(self._state, EnterPin):
                    return self._pin_typed(self._state, event)
                return self._entered(event)
            case Scanned():
                return () if self._lobby.withdrawn else self._scanned(event.data)
            case LookedUp():
                self._looked_up(event.visit, event.result)
            case PrintPressed():
                return self._print()
            case AnswerJudged(found):
                return self._judged(found)
            case FinishPressed():
                return self._finish()
            case StayPressed():
                self._stay()
            case PrintProgressed():
                self._progressed(event.job, event.progress)
            case PrintFinished():
                self._test_page_ended(event.job, event.result)
                return self._print_finished(event.job, event.result)
            case CardPut() | CardTaken():
                return self._card_moved(event)
            case CardProgressed(read, stage):
                if read == self._read and isinstance(self._state, ReadingCard):
                    self._state = replace(self._state, stage=stage)
            case CardTold():
                return self._card_told(event)
            case KeyTyped() | KeyErased() | KeyEntered() | KeyPartChosen() | BackPressed() | CodeWanted():
                return self._typed(event)
            case ServicesOpened() | FamilyOpened() | KindOpened() | RightsOpened() | TopicOpened() | WentBack():
                return self._guided(event)
            case HelpTold():
                self._help_told(event)
            case FileChosen() | ListTurned() | ListPressed() | SearchPressed() | AddSlipPressed():
                self._in_list(event)
            case (
                CornerPressed()
                | CornerReleased()
                | KnockBroken()
                | Steered()
                | PinAsked()
                | PinJudged()
                | RoomChosen()
                | ListReopened()
                | RoomTold()
                | TrialPageAsked()
                | ReopenAsked()
                | LevelChosen()
                | LanguageSwitched()
                | RestartConfirmed()
                | BenchOpened()
                | InSelfTest()
            ):
                return self._in_staff(event)
            case _:
                if isinstance(event, PaperSeen) and event.held is not None:
                    self._hand_seen()
                self._lobby.changed(event, self._now)
                self._presented = self._presented and self._lobby.closed is not None
                self._redraw()
        return ()

    # ---- time ----

    def _tick(self, now: float) -> tuple[Effect, ...]:
        self._now = max(self._now, now)
        return (*self._watch(), *self._judge_deadlines())

    def _judge_deadlines(self) -> tuple[Effect, ...]:  # noqa: PLR0911, PLR0912 - one state a line
        idle = self._now - self._since
        match self._state:
            case Home() | Closed() | OutOfOrder():
                self._rest(idle)
            case Reading(language):
                if idle >= READING_GIVES_UP_AFTER:
                    self._show(Problem(language, ProblemKind.UNREACHABLE))
            case PlaceCard() | TypeKey() | CardTrouble() as waiting if self._waits_in_vain(waiting):
                return self._go_on(CardTrouble(waiting.language, CardProblem.READER_GONE))
            case OfferCode() | TypeCode() as waiting if one_time.waits(waiting):
                return self._go_on(one_time.idle(waiting, idle))
            case (
                ShowStatus()
                | NotPrinted()
                | ShowList()
                | SearchList()
                | TypeKey()
                | OfferCode()
                | TypeCode()
                | EnterNumber()
                | EnterCode()
                | OfficeSilent()
                | ShowPaper()
                | GuideScreen()
            ) as under:
                if idle >= STATUS_ASKS_AFTER:
                    self._ask_still_there(under)
            case StillThere() as asking:
                if idle >= ANSWER_WITHIN:
                    return self._leave()
                self._state = replace(asking, seconds_left=math.ceil(ANSWER_WITHIN - idle))
            case Printing() as silent:
                if idle >= PRINTER_SILENT_AFTER:
                    return self._printer_is_silent(silent)
            case AskingOffice() as asking:
                self._asks(asking, idle)
            case Printed() | SentToPrinter() | Problem() | CardTrouble() | ToTheDesk() | PowerWasCut() as last:
                if idle >= _LEAVES_AFTER[type(last)] * self._pace:
                    return self._leave_for_list(last)
            case HelpCalled(stage=stage):
                return self._leave() if idle >= _HELP_LEAVES_AFTER[stage] * self._pace else ()
            case PlaceCard() | ReadingCard() as waiting:
                return self._go_on(card.idle(waiting, idle, self._on_reader))
            case TakeCard() as left:
                return self._remind_of_card(left, idle)
            case AddSlip() as adding:
                self._await_slip(adding, idle)
            case StaffScreen() as staff:
                return self._staff_waits(staff, idle)
            case _:
                assert_never(self._state)
        return ()

    def _rest(self, idle: float) -> None:
        if idle >= HOME_FORGETS_LANGUAGE_AFTER * self._pace:
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
        # These wait for a machine, or for a hand on the reader, not for a touch.
        if not isinstance(self._state, Reading | Printing | ReadingCard | TakeCard | AskingOffice):
            self._since = self._now

    @property
    def _pace(self) -> int:
        return UNHURRIED if self._comfort.unhurried else 1

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
        if self._only_wakes():
            return
        self._chosen = language
        if isinstance(self._state, StillThere):
            self._state = replace(self._state, under=replace(self._state.under, language=language))
        self._state = replace(self._state, language=language)

    def _finish(self) -> tuple[Effect, ...]:
        match self._state:
            case Home() | Closed() | OutOfOrder() | TakeCard():
                return ()
            case Printing():
                # The paper coming out is this visitor's: the screen stays his until its outcome is known.
                return ()
            case _:
                return self._leave()

    # ---- ends ----

    def _leave_for_list(
        self, last: Printed | SentToPrinter | Problem | CardTrouble | ToTheDesk | PowerWasCut
    ) -> tuple[Effect, ...]:
        """What ends by itself ends the visit, unless there is a list to go back to."""
        if isinstance(last, Printed | SentToPrinter) and last.listing is not None:
            self._in_list(ListPressed())
            return ()
        return self._leave()
