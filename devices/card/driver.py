"""The card reader's driver: says what is in the reader, and reads it when asked.

It may block in a card that answers nothing. It says "touching" before and "left" after, so that whoever kills it for
being silent knows that the card was mute, and tells the next one to spare it.
"""

import contextlib
import resource
import time
from collections.abc import Generator
from typing import Final

from devices.card import passport, wire
from devices.card.apdu import SUCCESS, Command
from devices.card.channel import Channel
from devices.card.errors import (
    CardError,
    Malformed,
    Mute,
    NeedsKey,
    Pulled,
    ReaderGone,
    Refused,
    ServiceGone,
    TooSlow,
    WrongKey,
)
from devices.card.keys import CardKey
from devices.card.outcome import CardFault, CardKind, CardNotRead, CardOutcome, IndexRead
from devices.card.pcsc import UNAWARE, Context, ReaderStatus
from devices.card.states import CardMute, CardPresent, CardReaderState, ReaderAbsent, ReaderEmpty, ServiceAbsent
from devices.driver import Host
from devices.wire import Head

SERVICE_AGAIN: Final = 0.25
"""Seconds between attempts to reach pcscd."""

READER_AGAIN: Final = 0.5
"""Seconds between looks for a reader that is not plugged in."""

EMPTY_LOOK: Final = 0.5
"""Seconds to wait for a card at a stretch; it is told at once, what the supervisor asks after at most so long."""

PRESENT_LOOK: Final = 0.2
"""Seconds between looks at a reader with a card in it: then the supervisor is heard at once, a removal after this."""

MEET_SILENCE: Final = 3.0
"""Seconds that a card may think over one command when it is met: most are out of luck long before."""

READ_SILENCE: Final = 8.0
"""Seconds that it may think while it is read: chips hold back their answer after wrong keys."""

READ_DEADLINE: Final = 20.0
"""Seconds for the whole read of a card; slow chips over contactless take six."""

PULLED_OFTEN: Final = 3
"""Times that a card is lost while it is first spoken to, and is there again, until it counts as mute."""

GET_UID: Final = Command(0xFF, 0xCA, 0x00, 0x00, le=256)
"""To the reader, not to the card: PC/SC part 3, 3.2.2.1.3."""

_FAULTS: Final[dict[type[CardError], CardFault]] = {
    WrongKey: CardFault.WRONG_KEY,
    NeedsKey: CardFault.NEEDS_KEY,
    Pulled: CardFault.PULLED,
    ReaderGone: CardFault.READER_GONE,
    ServiceGone: CardFault.READER_GONE,
    Mute: CardFault.MUTE,
    TooSlow: CardFault.TOO_SLOW,
    Malformed: CardFault.UNREADABLE,
    Refused: CardFault.UNREADABLE,
}


class CardDriver:
    """prefix: how the reader's name begins; the first one that does is used. Empty takes any."""

    def __init__(self, host: Host, prefix: str) -> None:
        self._host = host
        self._prefix = prefix
        self._told: CardReaderState | None = None
        self._atr = b""
        self._count = 0
        self._pulled = 0
        self._sparing = False
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what a visitor's card said must reach no file

    def run(self) -> None:
        self._host.wait(-1, False, 0)
        if self._host.asked and self._host.asked[0][0]["do"] == "spare":
            self._host.asked.popleft()
            self._sparing = True
        while True:
            try:
                with Context() as context:
                    self._serve(context)
            except ServiceGone:
                self._sparing = False
                self._tell(ServiceAbsent())
                self._idle(SERVICE_AGAIN)

    def _serve(self, context: Context) -> None:
        """Until pcscd goes away: then ServiceGone."""
        while True:
            name = next((name for name in context.readers() if name.startswith(self._prefix)), None)
            if name is not None:
                with contextlib.suppress(ReaderGone):
                    self._watch(context, name)
            self._sparing = False
            self._tell(ReaderAbsent())
            self._idle(READER_AGAIN)

    def _watch(self, context: Context, name: str) -> None:
        """Until the reader goes away: then ReaderGone."""
        seen = UNAWARE
        while True:
            present = isinstance(self._told, CardPresent)
            status = context.look(name, seen, EMPTY_LOOK if seen and not present else 0)
            if status is not None:
                seen = status.seen if self._see(context, name, status) else UNAWARE
            self._host.wait(-1, False, PRESENT_LOOK if present or not seen else 0)
            self._obey(context, name)

    def _see(self, context: Context, name: str, status: ReaderStatus) -> bool:
        """Tell what is in the reader; False when that must be looked at again."""
        if status.gone:
            raise ReaderGone
        if not status.present:
            self._sparing = False
            self._pulled = 0
            self._tell(ReaderEmpty())
        elif status.mute or self._sparing:
            self._tell(CardMute())
        elif not (isinstance(self._told, CardPresent) and status.count == self._count):
            return self._meet(context, name, status)
        return True

    def _meet(self, context: Context, name: str, status: ReaderStatus) -> bool:
        """A card that was not there before."""
        if isinstance(self._told, CardPresent):
            self._tell(ReaderEmpty())
        try:
            with self._touching(context, name, MEET_SILENCE) as channel:
                kind = _kind(channel)
        except Pulled:
            self._pulled += 1
            if self._pulled < PULLED_OFTEN:
                return False
            self._tell(CardMute())
            return True
        except Mute:
            self._tell(CardMute())
            return True
        self._pulled = 0
        self._count = status.count
        self._atr = status.atr
        self._tell(CardPresent(kind))
        return True

    def _obey(self, context: Context | None, name: str) -> None:
        """Do what the supervisor asked. Without a context no reader is there."""
        while self._host.asked:
            read, key, challenge = wire.read_asked(*self._host.asked.popleft())
            there = self._told
            outcome: CardOutcome = CardNotRead(CardFault.NO_CARD if context else CardFault.READER_GONE)
            gone: CardError | None = None
            if isinstance(there, CardMute):
                outcome = CardNotRead(CardFault.MUTE)
            elif context is not None and isinstance(there, CardPresent):
                try:
                    outcome = self._read(context, name, there.kind, key, challenge)
                except CardError as fault:
                    outcome = CardNotRead(_FAULTS[type(fault)])
                    gone = fault if isinstance(fault, ReaderGone | ServiceGone) else None
            self._host.tell(*_ended(read, outcome))
            if gone is not None:
                raise gone

    def _read(
        self, context: Context, name: str, kind: CardKind, key: CardKey | None, challenge: bytes | None
    ) -> CardOutcome:
        if kind == "chip":
            return IndexRead("chip", self._atr)
        with self._touching(context, name, READ_SILENCE) as channel:
            if kind == "passport":
                return passport.read(channel, key, challenge)
            uid = _uid(channel)
            if uid is None:
                raise Malformed("its number is gone")
            return IndexRead("uid", uid)

    @contextlib.contextmanager
    def _touching(self, context: Context, name: str, silence: float) -> Generator[Channel]:
        """The card under power. While it lasts the supervisor takes our silence for the card's."""
        self._host.tell({"is": "touching", "silence": silence})
        until = time.monotonic() + READ_DEADLINE
        try:
            with contextlib.closing(context.connect(name)) as card:

                def transmit(command: bytes) -> bytes:
                    self._host.wait(-1, False, 0)  # a sign of life; what is asked waits until this card is done
                    if time.monotonic() > until:
                        raise TooSlow
                    return card.transmit(command)

                yield Channel(transmit)
        finally:
            self._host.tell({"is": "left"})

    def _idle(self, seconds: float) -> None:
        self._host.wait(-1, False, seconds)
        self._obey(None, "")

    def _tell(self, state: CardReaderState) -> None:
        if state != self._told:
            self._told = state
            self._host.tell({"is": "state", **wire.state_head(state)})


def _kind(channel: Channel) -> CardKind:
    """What the card shows itself to be. One that answers in no known way is a chip all the same."""
    try:
        if passport.select(channel):
            return "passport"
        return "chip" if _uid(channel) is None else "uid"
    except Malformed:
        return "chip"


def _uid(channel: Channel) -> bytes | None:
    """The number of a contactless card; None where the reader gives none."""
    answer = channel.send(GET_UID)
    return answer.data if answer.status == SUCCESS and 4 <= len(answer.data) <= 10 else None


def _ended(read: int, outcome: CardOutcome) -> tuple[Head, bytes]:
    head, body = wire.outcome_message(outcome)
    return {"is": "read", "read": read, **head}, body
