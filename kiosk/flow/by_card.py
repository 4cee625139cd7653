"""A visit by card within the machine: when a card begins one, is read, shows its files, and ends one."""

from dataclasses import replace
from typing import assert_never

from kiosk.card_events import (
    BackPressed,
    CardPut,
    CardTaken,
    CardTold,
    Chime,
    CodeWanted,
    KeyEntered,
    KeyErased,
    KeyPartChosen,
    KeyTyped,
    OpenByCode,
    ReadCard,
    SendCode,
)
from kiosk.card_state import (
    CardFiles,
    CardKey,
    CardProblem,
    CardRefused,
    CardState,
    CardTrouble,
    CardUnproven,
    CodeOver,
    CodeSent,
    CodeWrong,
    KeyPart,
    OfferCode,
    OnReader,
    PlaceCard,
    ReadingCard,
    TakeCard,
    TypeCode,
    TypeKey,
    WrongKey,
)
from kiosk.list_state import AddSlip, SearchList, ShowList
from kiosk.visit_events import Effect
from kiosk.visit_state import (
    Closed,
    Home,
    NotPrinted,
    PowerWasCut,
    Printed,
    Printing,
    Problem,
    SentToPrinter,
    ShowStatus,
    StillThere,
)

from . import card, listing, one_time
from .sitting import Sitting

# Seconds.
CHIME_EVERY = 5.0
CARD_LEFT_AFTER = 60.0
CHIMES = 6


class ByCard(Sitting):
    """Follows the card on the reader."""

    def _card_chosen(self) -> tuple[Effect, ...]:
        if not isinstance(self._state, Home) or self._only_wakes():
            return ()
        return self._begin_by_card()

    def _card_moved(self, event: CardPut | CardTaken) -> tuple[Effect, ...]:
        what = self._on_reader = event.what if isinstance(event, CardPut) else None
        match self._state:
            case PlaceCard() | TypeKey() | ReadingCard() | CardTrouble() | OfferCode() | TypeCode() as state:
                return self._go_on(card.after(state, event, what))
            case TakeCard() if what is None:
                self._comfort = self._comfort.forgotten()
                self._show(self._at_rest())
            case TakeCard():
                self._comfort = self._comfort.forgotten()
                return self._begin_by_card()
            case Home() | PowerWasCut() if what is not None:
                return self._begin_by_card()
            case Closed() if what is not None:
                return self._turn_away()
            case Printing() if what is None and self._of_card:
                self._state = replace(self._state, listing=None)  # the paper in hand is finished, the list is closed
                self._closes_after_paper = True
            case (
                ShowStatus()
                | NotPrinted()
                | Printed()
                | SentToPrinter()
                | Problem()
                | StillThere()
                | ShowList()
                | SearchList()
                | AddSlip()
            ):
                return self._card_moved_meanwhile(what)
            case _:
                pass
        return ()

    def _card_moved_meanwhile(self, what: OnReader | None) -> tuple[Effect, ...]:
        """A passport begins another visit, as another slip does; any other card takes nothing from who is reading."""
        if what is OnReader.PASSPORT:
            return (*self._end_visit(), *self._begin_by_card())
        if what is not None or not self._of_card:
            return ()
        return self._close_files_of_card()

    def _begin_by_card(self, key: CardKey | None = None) -> tuple[Effect, ...]:
        if self._lobby.closed is not None or self._lobby.withdrawn:
            return self._turn_away()
        self._visit += 1
        language = self._chosen or self._lobby.language
        if self._lobby.link_cut:  # said before anybody types anything: the office alone can judge a card
            return self._go_on(CardTrouble(language, CardProblem.UNREACHABLE))
        return self._go_on(card.begin(language, self._on_reader, key))

    def _go_on(self, state: CardState | None) -> tuple[Effect, ...]:
        """Show the next state of a visit by card; one that is to be read now is read."""
        if state is None:
            return self._leave()
        if state == self._state:
            return ()
        before = self._state
        self._show(state)
        match state:
            case ReadingCard(key=key) if not isinstance(before, ReadingCard):
                self._read += 1
                return (ReadCard(self._read, key),)
            case OfferCode(ask=ask, sending=True):
                self._read += 1
                return (SendCode(self._read, ask),)
            case TypeCode(ask=ask, typed=code, checking=True):
                self._read += 1
                return (OpenByCode(self._read, ask, code),)
            case _:
                return ()

    def _card_told(self, told: CardTold) -> tuple[Effect, ...]:  # noqa: PLR0911 - one answer a line
        state = self._state
        if told.read != self._read or not isinstance(state, ReadingCard | OfferCode | TypeCode):
            return ()
        if not isinstance(state, ReadingCard) and not one_time.waits(state):
            return ()  # nothing is asked just now
        match told.result:
            case CardFiles(sheets):
                self._of_card = self._on_reader is not None
                self._show(listing.of_card(state.language, sheets, can_print=self._lobby.may_print))
                return ()
            case CardRefused(CardProblem.TAKEN) if isinstance(state, ReadingCard) and not card.by_number(state):
                return self._go_on(card.after(state, CardTaken(), None))
            case CardRefused(why):
                return self._go_on(CardTrouble(state.language, why))
            case CardUnproven(ask):
                return self._go_on(OfferCode(state.language, ask))
            case WrongKey() as wrong if isinstance(state, ReadingCard):
                return self._go_on(card.not_opened(state, wrong))
            case CodeSent() | CodeWrong() | CodeOver() as answer if not isinstance(state, ReadingCard):
                return self._go_on(one_time.told(state, answer))
            case WrongKey() | CodeSent() | CodeWrong() | CodeOver():
                return ()
            case _:
                assert_never(told.result)

    def _typed(
        self, event: KeyTyped | KeyErased | KeyEntered | KeyPartChosen | BackPressed | CodeWanted
    ) -> tuple[Effect, ...]:
        match self._state:
            case PlaceCard() | TypeKey() | ReadingCard() | CardTrouble() | OfferCode() | TypeCode() as state:
                return self._go_on(card.after(state, event, self._on_reader))
            case SearchList() as state if not isinstance(event, KeyPartChosen | CodeWanted):
                self._show(listing.searched(state, event, can_print=self._lobby.may_print))
            case _:
                pass
        return ()

    def _waits_in_vain(self, state: PlaceCard | TypeKey | CardTrouble) -> bool:
        """Tell whether the card reader is gone that a card is asked back to.

        The number of an identity card needs none; and a card that seems to have been taken may lie there still.
        """
        match state:
            case TypeKey(part=KeyPart.IDENTITY):
                return False
            case CardTrouble(why=why) if why is not CardProblem.TAKEN:
                return False
            case _:
                return self._lobby.misses_card_reader(self._now)

    def _remind_of_card(self, state: TakeCard, idle: float) -> tuple[Effect, ...]:
        left = idle >= CARD_LEFT_AFTER
        if left and not state.left:
            self._comfort = self._comfort.forgotten()  # its owner is gone, and others read this
        self._state = replace(state, left=left)
        if self._chimes >= min(CHIMES, 1 + idle // CHIME_EVERY):
            return ()
        self._chimes += 1
        return (Chime(),)
