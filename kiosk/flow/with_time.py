"""Time within the machine: what gives up, what asks whether anybody is still there, and what ends by itself."""

import math
from dataclasses import replace
from typing import Final, assert_never

from kiosk.card_state import CardProblem, CardTrouble, OfferCode, PlaceCard, ReadingCard, TakeCard, TypeCode, TypeKey
from kiosk.entry_state import AskingOffice, EnterCode, EnterNumber, OfficeSilent, ShowPaper, ToTheDesk
from kiosk.guide_state import GuideScreen
from kiosk.help_call import HelpCalled, HelpStage
from kiosk.list_state import AddSlip, ListPressed, SearchList, ShowList
from kiosk.staff_state import StaffScreen
from kiosk.visit_events import Effect
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


class WithTime(WithPaper, BySlip, WithGuide, WithStaff):
    """Judges at each tick whether what is on the screen has been there for long enough."""

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

    @property
    def _pace(self) -> int:
        return UNHURRIED if self._comfort.unhurried else 1

    def _leave_for_list(
        self, last: Printed | SentToPrinter | Problem | CardTrouble | ToTheDesk | PowerWasCut
    ) -> tuple[Effect, ...]:
        """What ends by itself ends the visit, unless there is a list to go back to."""
        if isinstance(last, Printed | SentToPrinter) and last.listing is not None:
            self._in_list(ListPressed())
            return ()
        return self._leave()
