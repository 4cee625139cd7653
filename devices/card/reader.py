"""The card reader as its supervisor runs it: its state, the read in hand, and when its process must be replaced.

A process that met a card may hold what is on it, in memory that Python never wipes. So it is not asked to forget: when
the visit ends it is killed, and another one takes its place.
"""

import time
from collections.abc import Callable

from devices.address import Absent, card_address
from devices.card import wire
from devices.card.events import CardEvent, CardInserted, CardReadEnded, CardReaderChanged, CardRemoved
from devices.card.keys import CardKey
from devices.card.outcome import CardFault, CardNotRead, CardOutcome
from devices.card.states import CardMute, CardPresent, CardReaderState, CardReaderUnknown, ReaderAbsent
from devices.child import Child, DriverProcess
from devices.wire import Head, number, seconds, text


class CardReader:
    """address: see devices/address.py; raises ValueError for one that cannot be."""

    def __init__(self, address: str) -> None:
        there = not isinstance(card_address(address), Absent)
        self.driver = DriverProcess(["card", address]) if there else None
        self.state: CardReaderState = CardReaderUnknown("starting") if there else ReaderAbsent()
        self.listener: Callable[[CardEvent], None] | None = None
        self._in_hand: int | None = None
        self._silence: float | None = None  # seconds that the card may think, while the process is in its hands
        self._met_a_card = False

    def begin(self) -> None:
        self._tell(CardReaderChanged(self.state))

    def started(self, child: Child) -> None:
        """A new process: it leaves a mute card alone, or it would hang as the one before did."""
        self._silence, self._met_a_card = None, False
        if isinstance(self.state, CardMute):
            child.say({"do": "spare"})

    def read(self, read: int, key: CardKey | None, challenge: bytes | None) -> None:
        """Hand it to the process. One read at a time; without a process it ends at once."""
        child = self.driver.child if self.driver else None
        if child is None or self._in_hand is not None:
            busy = self._in_hand is not None
            self._tell(CardReadEnded(read, CardNotRead(CardFault.BUSY if busy else CardFault.READER_GONE)))
            return
        self._in_hand = read
        self._met_a_card = True
        child.say(*wire.read_message(read, key, challenge))

    def hear(self, head: Head, body: bytes) -> None:
        match text(head, "is"):
            case "touching":
                self._silence, self._met_a_card = seconds(head, "silence"), True
            case "left":
                self._silence = None
            case "state":
                self._is(wire.state_from(head))
            case "read" if number(head, "read") == self._in_hand:
                self._end(wire.outcome_from(head, body))
            case _:
                pass  # a sign of life
        if self._silence is not None and self.driver is not None and self.driver.child is not None:
            self.driver.child.deadline = time.monotonic() + self._silence

    def buried(self, how: str) -> None:
        """Its process is gone. One that hung in a card was as mute as the card."""
        mute = self._silence is not None and how == "hung"
        self._is(CardMute() if mute else CardReaderUnknown(f"its driver {how} and is being started again"))
        self._end(CardNotRead(CardFault.MUTE if mute else CardFault.READER_GONE))

    def forget(self) -> Child | None:
        """The visit is over: the process to be ended, if it may hold anything of it. The state stays as it was told."""
        self._end(CardNotRead(CardFault.FORGOTTEN))
        if self.driver is None or self.driver.child is None or not self._met_a_card:
            return None
        child, self.driver.child = self.driver.child, None
        self.driver.start_at = time.monotonic()
        return child

    def stop(self) -> None:
        self._end(CardNotRead(CardFault.FORGOTTEN))

    def _tell(self, event: CardEvent) -> None:
        if self.listener is not None:  # who does not listen to the card reader reads no cards either
            self.listener(event)

    def _end(self, outcome: CardOutcome) -> None:
        read, self._in_hand = self._in_hand, None
        if read is not None:
            self._tell(CardReadEnded(read, outcome))

    def _is(self, state: CardReaderState) -> None:
        before, self.state = self.state, state
        if state == before:
            return
        if isinstance(before, CardPresent | CardMute) and not isinstance(state, CardMute):
            self._tell(CardRemoved())
        self._tell(CardReaderChanged(state))
        if isinstance(state, CardPresent):
            self._tell(CardInserted(state.kind))
