"""PC/SC as we use it, over the bare calls of `smartcard.scard`: all that is untyped of it is here.

Never its reader and card monitors: their threads die for good when pcscd is restarted, and say nothing.
"""

from dataclasses import dataclass
from importlib import import_module
from types import TracebackType
from typing import Any, Final, Self

from devices.card.errors import CardError, Mute, Pulled, ReaderGone, ServiceGone

scard: Any = import_module("smartcard.scard")

UNAWARE: Final = 0x0000
_UNKNOWN, _UNAVAILABLE, _EMPTY, _PRESENT, _MUTE = 0x0004, 0x0008, 0x0010, 0x0020, 0x0200
_CHANGED: Final = 0x0002

_TIMED_OUT: Final = 0x8010000A
_ERRORS: Final[dict[int, type[CardError]]] = {
    0x80100009: ReaderGone,  # SCARD_E_UNKNOWN_READER
    0x80100017: ReaderGone,  # SCARD_E_READER_UNAVAILABLE
    0x8010002E: ReaderGone,  # SCARD_E_NO_READERS_AVAILABLE
    0x8010000B: Pulled,  # SCARD_E_SHARING_VIOLATION: another program's for the moment
    0x8010000C: Pulled,  # SCARD_E_NO_SMARTCARD
    0x80100016: Pulled,  # SCARD_E_NOT_TRANSACTED: lost in the middle, or silent for longer than its reader waits
    0x80100068: Pulled,  # SCARD_W_RESET_CARD: another card in its place, or another's reset
    0x80100069: Pulled,  # SCARD_W_REMOVED_CARD
    0x8010000F: Mute,  # SCARD_E_PROTO_MISMATCH: its ATR names no protocol that it speaks
    0x80100066: Mute,  # SCARD_W_UNRESPONSIVE_CARD
    0x80100067: Mute,  # SCARD_W_UNPOWERED_CARD
}
"""Any other code (a broken line, a stopped service, a worthless handle) is answered alike: begin with a new context."""


def _check(code: int) -> None:
    if code:
        raise _ERRORS.get(code & 0xFFFFFFFF, ServiceGone)


@dataclass(frozen=True, slots=True)
class ReaderStatus:
    """One look at a reader. seen: what to hand back with the next look, so that it tells only what changed since."""

    seen: int
    atr: bytes

    @property
    def gone(self) -> bool:
        return bool(self.seen & (_UNKNOWN | _UNAVAILABLE))

    @property
    def present(self) -> bool:
        return bool(self.seen & _PRESENT) and not self.gone

    @property
    def mute(self) -> bool:
        return self.present and bool(self.seen & _MUTE)

    @property
    def count(self) -> int:
        """Of insertions and removals: differs when a card was changed for another between two looks."""
        return self.seen >> 16


class Context:
    """One client of pcscd, until any of its calls raises: then close it and make another. Raises ServiceGone."""

    def __init__(self) -> None:
        code, self._handle = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        _check(code)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, where: TracebackType | None
    ) -> None:
        scard.SCardReleaseContext(self._handle)

    def readers(self) -> list[str]:
        """Names of the readers that are plugged in."""
        code, names = scard.SCardListReaders(self._handle, [])
        if code & 0xFFFFFFFF == 0x8010002E:
            return []
        _check(code)
        return list(names)

    def look(self, reader: str, seen: int, seconds: float) -> ReaderStatus | None:
        """What changed since `seen`, waited for at most so long; None when nothing did. Raises CardError."""
        code, states = scard.SCardGetStatusChange(self._handle, int(seconds * 1000), [(reader, seen)])
        if code & 0xFFFFFFFF == _TIMED_OUT:
            return None
        _check(code)
        _, now, atr = states[0]
        return ReaderStatus(now & ~_CHANGED, bytes(atr))

    def connect(self, reader: str) -> "Card":
        """Raises CardError."""
        code, handle, protocol = scard.SCardConnect(
            self._handle, reader, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        )
        _check(code)
        return Card(handle, protocol)


class Card:
    """A card under power; leave it by `close`, which resets it, so that its session dies with ours."""

    def __init__(self, handle: int, protocol: int) -> None:
        self._handle = handle
        self._protocol = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1
        self._lost = False

    def transmit(self, command: bytes) -> bytes:
        """Blocks for as long as the card is silent: who calls must be killable. Raises CardError."""
        code, answer = scard.SCardTransmit(self._handle, self._protocol, list(command))
        self._lost = bool(code) or not answer  # a card pulled in the middle: success, and nothing in it
        _check(code)
        if self._lost:
            raise Pulled
        return bytes(byte & 0xFF for byte in answer)  # pyscard has given some of them as negative numbers

    def close(self) -> None:
        """A lost card is left as it is: a reset that fails makes pcscd take the reader for empty until it next is."""
        scard.SCardDisconnect(self._handle, scard.SCARD_LEAVE_CARD if self._lost else scard.SCARD_RESET_CARD)
