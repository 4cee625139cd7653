"""From a card on the reader to its holder's files: what the reader says, and one reading at a time.

What a card said lies in one thread's hands until the office has it: it is in no event of the visit, no log and no file.
Nothing that reader or office say raises from here.
"""

import queue
from collections.abc import Callable
from threading import Thread
from typing import TYPE_CHECKING, Final, assert_never

from central_api.contract.cards import IndexCard, IndexKind, PassportFiles, chip_challenge
from devices.card.errors import BadKey
from devices.card.events import CardEvent, CardInserted, CardReadEnded, CardReaderChanged, CardRemoved
from devices.card.keys import CardAccessNumber, fields_of_mrz, typed_fields
from devices.card.keys import CardKey as ChipKey
from devices.card.outcome import CardFault, CardNotRead, CardOutcome, IndexRead, PassportRead
from devices.card.states import CardMute, CardPresent, CardReaderState, ReaderEmpty

from .card_events import CardProgressed, CardPut, CardTaken, CardTold, OpenByCode, ReadCard, ReaderChanged, SendCode
from .card_state import (
    AccessNumber,
    CardProblem,
    CardRefused,
    CardResult,
    CardStage,
    IdentityNumber,
    MachineReadableLines,
    OnReader,
    TypedFields,
    WrongKey,
)
from .visit_events import Event
from .ways import Need, WaysIn

if TYPE_CHECKING:
    from .card_office import CardOffice
    from .link import OfficeLink

READ_WITHIN: Final = 30.0
"""Seconds. The driver's own deadline is shorter, and the supervisor ends what its driver does not."""


class CardDesk:
    """Hears the reader, and reads the card that lies there. `ask_reader` is the supervisor's `read_card`.

    `office` is None until it is known: nobody can judge a card before.
    """

    def __init__(
        self,
        post: Callable[[Event], None],
        ways: WaysIn,
        ask_reader: Callable[[int, ChipKey | None, bytes | None], None],
    ) -> None:
        self.office: CardOffice | None = None
        self._post = post
        self._ways = ways
        self._ask_reader = ask_reader
        self._waiting: dict[int, queue.SimpleQueue[CardOutcome]] = {}

    def heard(self, said: CardEvent) -> None:
        """Take what the reader says; from the supervisor's thread."""
        match said:
            case CardReadEnded(read, outcome):
                waiting = self._waiting.pop(read, None)
                if waiting is not None:
                    waiting.put(outcome)
            case CardInserted(kind):
                self._post(CardPut(_ON_READER[kind]))
            case CardRemoved():
                self._post(CardTaken())
            case CardReaderChanged(state):
                self._ways.say(Need.CARD_READER, there=_is_there(state))
                self._post(ReaderChanged(_is_there(state)))
                if isinstance(state, CardMute):
                    self._post(CardPut(OnReader.MUTE))
            case _:
                assert_never(said)

    def start(self, effect: ReadCard | SendCode | OpenByCode) -> None:
        """Do it on a thread of its own; ends in exactly one CardTold."""
        Thread(target=lambda: self._post(CardTold(effect.read, self._do(effect))), name="card", daemon=True).start()

    def _do(self, effect: ReadCard | SendCode | OpenByCode) -> CardResult:
        if self.office is None:
            return CardRefused(CardProblem.UNREACHABLE)
        from .card_office import NoAnswer

        link = self.office.link()
        try:
            match effect:
                case ReadCard():
                    return self._read(effect, self.office, link)
                case SendCode(_, ask):
                    return self.office.send_code(link, ask)
                case OpenByCode(_, ask, code):
                    return self.office.open_by_code(link, ask, code)
                case _:
                    assert_never(effect)
        except NoAnswer as refused:
            return CardRefused(refused.why)
        finally:
            link.close()

    def _read(self, effect: ReadCard, office: "CardOffice", link: "OfficeLink") -> CardResult:
        key = effect.key
        if isinstance(key, IdentityNumber):  # what its chip says tells nobody anything
            challenge = office.challenge(link)
            return office.judgement(link, challenge, IndexCard(IndexKind.IDENTITY, key.text.encode()))
        try:
            opening = chip_key(key)
        except BadKey:
            return WrongKey()
        challenge = office.challenge(link)
        self._post(CardProgressed(effect.read, CardStage.READING))
        outcome = self._from_reader(effect.read, opening, chip_challenge(challenge))
        if isinstance(outcome, CardNotRead):
            return _not_read(outcome.why)
        self._post(CardProgressed(effect.read, CardStage.JUDGING))
        return office.judgement(link, challenge, _relayed(outcome))

    def _from_reader(self, read: int, key: ChipKey | None, challenge: bytes) -> CardOutcome:
        waiting: queue.SimpleQueue[CardOutcome] = queue.SimpleQueue()
        self._waiting[read] = waiting
        self._ask_reader(read, key, challenge)
        try:
            return waiting.get(timeout=READ_WITHIN)
        except queue.Empty:
            self._waiting.pop(read, None)
            return CardNotRead(CardFault.TOO_SLOW)


def chip_key(key: TypedFields | AccessNumber | MachineReadableLines | None) -> ChipKey | None:
    """Return what was typed or sent as the reader takes it. Raises BadKey for what no document has."""
    match key:
        case None:
            return None
        case TypedFields(number, birth, expiry):
            return typed_fields(number, birth, expiry)
        case AccessNumber(digits):
            return CardAccessNumber(digits)
        case MachineReadableLines(text):
            return fields_of_mrz(text)
        case _:
            assert_never(key)


_ON_READER: Final = {"passport": OnReader.PASSPORT, "uid": OnReader.NUMBERED, "chip": OnReader.CHIP}


def _is_there(state: CardReaderState) -> bool:
    return isinstance(state, ReaderEmpty | CardPresent | CardMute)


def _relayed(outcome: PassportRead | IndexRead) -> PassportFiles | IndexCard:
    match outcome:
        case PassportRead():
            return PassportFiles(outcome.sod, outcome.dg1, outcome.dg14, outcome.dg15, outcome.active)
        case IndexRead(kind, number):
            return IndexCard(IndexKind.UID if kind == "uid" else IndexKind.CHIP, number)
        case _:
            assert_never(outcome)


_FAULTS: Final = {
    CardFault.NO_CARD: CardProblem.TAKEN,
    CardFault.PULLED: CardProblem.TAKEN,
    CardFault.READER_GONE: CardProblem.READER_GONE,
    CardFault.MUTE: CardProblem.MUTE,
    CardFault.UNREADABLE: CardProblem.UNREADABLE,
    CardFault.TOO_SLOW: CardProblem.TOO_SLOW,
    CardFault.BUSY: CardProblem.TOO_SLOW,
    CardFault.FORGOTTEN: CardProblem.TAKEN,
}


def _not_read(why: CardFault) -> CardResult:
    match why:
        case CardFault.WRONG_KEY:
            return WrongKey()
        case CardFault.NEEDS_KEY:
            return WrongKey(fields_only=True)
        case _:
            return CardRefused(_FAULTS[why])
