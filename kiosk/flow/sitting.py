"""Who stands before the terminal now: the state on the screen, its numbers and its time, and how it is left.

Each visit, each look-up, each print and each reading of a card has a number of its own, so that an answer that comes
late, for a visit that is over, never touches the present one.
"""

import math
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from kiosk.card_events import Chime
from kiosk.card_state import CardProblem, CardTrouble, OnReader, TakeCard
from kiosk.comfort import Comfort
from kiosk.entry_state import ShowPaper
from kiosk.guide_state import ShowRequirements
from kiosk.list_state import ShowList
from kiosk.visit_events import Effect, Wipe
from kiosk.visit_state import (
    SCREEN_LANGUAGES,
    Closed,
    Home,
    Interruptible,
    NotPrinted,
    OutOfOrder,
    PowerWasCut,
    PrinterProblem,
    ScreenLanguage,
    ShowStatus,
    StillThere,
    VisitState,
)

from .guide import Attention
from .knock import Knock
from .lobby import Lobby

if TYPE_CHECKING:
    from central_api.contract.status import Status
    from kiosk.selftest_flow import SelfTestFlow

# Seconds.
HOME_DIMS_AFTER: Final = 120.0
ANSWER_WITHIN: Final = 20.0

_Printable: TypeAlias = ShowStatus | NotPrinted | ShowList | ShowRequirements


class Sitting:
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
        self._visit: int = 0
        self._job: int = 0
        self._read: int = 0
        self._code = b""  # the scanned text of this visit, to know it again
        self._code_seen = now
        self._on_reader: OnReader | None = None
        self._of_card = False  # what is shown was opened by the card on the reader, and closes when it is taken
        self._closes_after_paper = False  # that card was taken while its paper came out
        self._chimes = 0
        self._attention = Attention()
        self._help_held: float | None = None  # since when a finger stays on the call for help
        self._knock = Knock()
        self._pin_locked_until = 0.0
        self._asked_at = 0.0  # when the terminal was last asked what the staff corner shows
        self._selftest: SelfTestFlow | None = None
        self._bench = False  # the self-test has the devices
        self._state: VisitState = PowerWasCut(self._lobby.language) if power_was_cut else self._at_rest()

    @property
    def state(self) -> VisitState:
        """What the screen shows."""
        return self._state

    @property
    def comfort(self) -> Comfort:
        """How the present visitor wants the screen."""
        return self._comfort

    def _show(self, state: VisitState) -> None:
        if type(state) is not type(self._state):
            self._comfort = replace(self._comfort, choosing=False)  # what came is to be seen
        if isinstance(state, ShowStatus) and state.sheet.guide is None:
            state = replace(state, sheet=replace(state.sheet, guide=self._lobby.guide))
        self._state = state
        self._since = self._now

    def _ask_still_there(self, under: Interruptible) -> None:
        self._show(StillThere(under.language, under, math.ceil(ANSWER_WITHIN)))

    def _stay(self) -> None:
        if isinstance(self._state, StillThere):
            self._show(self._state.under)

    def _only_wakes(self) -> bool:
        """Tell whether a press is of the tap that wakes the screen: it presses nothing."""
        if not self._waking and not (isinstance(self._state, Home) and self._state.dimmed):
            return False
        self._waking = False
        self._since = self._now
        self._redraw()
        return True

    def _hand_seen(self) -> None:
        """A hand before the camera wakes the screen, as a touch does; in a visit it is no sign of who is there."""
        if isinstance(self._state, Home):
            self._since = self._now

    def _leave(self) -> tuple[Effect, ...]:
        """End the visit of somebody who goes; who left a card on the reader is reminded of it, as he reads or hears."""
        language, comfort = self._state.language, self._comfort
        effects = self._end_visit()
        if self._on_reader is None:
            return effects
        self._comfort = comfort
        self._chimes = 1
        self._show(TakeCard(language))
        return (*effects, Chime())

    def _close_files_of_card(self) -> tuple[Effect, ...]:
        """End a visit whose files a card opened that is gone."""
        language, comfort = self._state.language, self._comfort
        effects = self._end_visit()
        self._comfort = comfort  # he still stands there, and reads why
        self._show(CardTrouble(language, CardProblem.TAKEN))
        return effects

    def _end_visit(self) -> tuple[Effect, ...]:
        self._visit += 1
        self._job += 1
        self._read += 1
        self._of_card = self._closes_after_paper = False
        self._code = b""
        self._chosen = None
        self._comfort = self._comfort.forgotten()
        self._attention = Attention()
        self._help_held = None
        self._show(self._at_rest())
        return (Wipe(),)

    def _turn_away(self) -> tuple[Effect, ...]:
        """Answer a slip or card that is shown while the office is closed: a silent terminal would seem dead."""
        effects = () if isinstance(self._state, Closed | OutOfOrder) else self._end_visit()
        self._presented = True
        self._show(self._at_rest())
        return effects

    def _at_rest(self, *, dimmed: bool = False) -> Home | Closed | OutOfOrder:
        return self._lobby.at_rest(self._chosen, presented=self._presented, dimmed=dimmed, now=self._now)

    def _redraw(self) -> None:
        """Bring what the state tells of the terminal itself up to date."""
        match self._state:
            case Home() | Closed() | OutOfOrder():
                self._state = self._at_rest(dimmed=self._now - self._since >= HOME_DIMS_AFTER)
            case ShowStatus() | NotPrinted() | ShowList() | ShowRequirements() as state:
                self._state = _by_printer(state, self._lobby.may_print)
            case StillThere(under=ShowStatus() | NotPrinted() | ShowList() | ShowRequirements() as under) as state:
                self._state = replace(state, under=_by_printer(under, self._lobby.may_print))
            case ShowPaper(paper=paper) as state:
                self._state = replace(state, can_ask=paper.says is not None and self._lobby.may_ask_codes)
            case _:
                pass


def _by_printer(state: _Printable, may_print: bool) -> _Printable:
    """Return what is read, with or without an offer to print it."""
    if isinstance(state, NotPrinted) and may_print and not state.can_print:
        # That it did not answer stays true: of the paper that came out nothing more is known.
        return replace(state, can_print=True, mended=state.why is not PrinterProblem.SILENT)
    return replace(state, can_print=may_print)


def language_of(status: "Status") -> ScreenLanguage:
    """Return the slip's language where screens have it; Arabic for the others, as on the ministry's own paper."""
    by_name: dict[str, ScreenLanguage] = {language: language for language in SCREEN_LANGUAGES}
    return by_name.get(status.language.name.lower(), "ar")
