"""The machine that every visit goes through.

One visit begins with a slip, a card, a number or a touch, and ends with a wipe. `Sitting` holds its state; the parts
that `Flow` inherits know slips, cards, numbers, paper, the other services, the staff corner and time; here each event
finds its part, and here is what touches do.
"""

from dataclasses import replace

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
from kiosk.card_state import ReadingCard, TakeCard
from kiosk.entry_events import CodeAnswered, EntryConfirmed, FieldEdited, NumberReopened, PaperChecked
from kiosk.entry_state import AskingOffice
from kiosk.guide_events import FamilyOpened, KindOpened, RightsOpened, ServicesOpened, TopicOpened, WentBack
from kiosk.help_call import HelpTold
from kiosk.list_state import AddSlipPressed, FileChosen, ListPressed, ListTurned, SearchPressed
from kiosk.staff_events import StaffEvent
from kiosk.staff_state import EnterPin
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
from kiosk.visit_state import Closed, Home, OutOfOrder, Printing, Reading, ScreenLanguage, StillThere

from .with_time import WithTime


class Flow(WithTime):
    """The whole machine: takes every event of a visit."""

    def handle(self, event: Event) -> tuple[Effect, ...]:  # noqa: PLR0911, PLR0912 - one event a line
        """Take one event; returns what the app must do, in order."""
        if isinstance(event, StaffEvent):
            return self._in_staff(event)
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
            case _:
                if isinstance(event, PaperSeen) and event.held is not None:
                    self._hand_seen()
                self._lobby.changed(event, self._now)
                self._presented = self._presented and self._lobby.closed is not None
                self._redraw()
        return ()

    # ---- touches ----

    def _touched(self) -> None:
        self._waking = isinstance(self._state, Home) and self._state.dimmed
        self._alive()
        self._redraw()

    def _alive(self) -> None:
        # These wait for a machine, or for a hand on the reader, not for a touch.
        if not isinstance(self._state, Reading | Printing | ReadingCard | TakeCard | AskingOffice):
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
        if self._only_wakes():
            return
        self._chosen = language
        self._comfort = self._comfort.spoken(language)
        if isinstance(self._state, StillThere):
            self._state = replace(self._state, under=replace(self._state.under, language=language))
        self._state = replace(self._state, language=language)
        self._speak_in_selftest(language)

    def _finish(self) -> tuple[Effect, ...]:
        match self._state:
            case Home() | Closed() | OutOfOrder() | TakeCard():
                return ()
            case Printing():
                # The paper coming out is this visitor's: the screen stays his until its outcome is known.
                return ()
            case _:
                return self._leave()
