"""Messages between the supervisor and its drivers: a head of JSON and a body of bytes, each with its length."""

import json
import struct
from collections.abc import Iterator
from enum import Enum
from typing import Any, TypeVar, assert_never, cast

from devices.printer import states
from devices.printer.outcome import Confirmed, NotPrinted, PrintOutcome, Sent
from devices.printer.states import PrinterState

_LENGTHS = struct.Struct(">II")
LONGEST = 16 * 1024 * 1024
"""Bytes; a longer head or body is a bug of the other side, not a message."""

Head = dict[str, Any]
EnumT = TypeVar("EnumT", bound=Enum)


class Nonsense(ValueError):
    """The other side says what nobody of us says: it is broken, and is to be replaced."""


def text(head: Head, name: str) -> str:
    """Raises Nonsense."""
    value = head.get(name)
    if not isinstance(value, str):
        raise Nonsense(f"no text {name}")
    return value


def number(head: Head, name: str) -> int:
    """Raises Nonsense."""
    value = head.get(name)
    if not isinstance(value, int) or value < 0:
        raise Nonsense(f"no number {name}")
    return value


def seconds(head: Head, name: str) -> float:
    """Raises Nonsense."""
    value = head.get(name)
    if not isinstance(value, int | float) or not 0 <= value < 1e6:
        raise Nonsense(f"no seconds {name}")
    return value


def member(head: Head, name: str, kind: type[EnumT]) -> EnumT:
    """Raises Nonsense."""
    try:
        return kind(head.get(name))
    except ValueError:
        raise Nonsense(f"no {kind.__name__}") from None


def pack(head: Head, body: bytes = b"") -> bytes:
    text = json.dumps(head, separators=(",", ":")).encode()
    return _LENGTHS.pack(len(text), len(body)) + text + body


class Messages:
    """Feed it what was received; it gives whole messages."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[Head, bytes]]:
        """Raises Nonsense when the other side does not speak this language."""
        self._pending += data
        while len(self._pending) >= _LENGTHS.size:
            head, body = _LENGTHS.unpack_from(self._pending)
            if max(head, body) > LONGEST:
                raise Nonsense("not a message")
            end = _LENGTHS.size + head + body
            if len(self._pending) < end:
                return
            said = _head(bytes(self._pending[_LENGTHS.size : _LENGTHS.size + head]))
            rest = bytes(self._pending[_LENGTHS.size + head : end])
            del self._pending[:end]
            yield said, rest


def _head(encoded: bytes) -> Head:
    try:
        said: object = json.loads(encoded)
    except (ValueError, RecursionError):
        raise Nonsense("not JSON") from None
    if not isinstance(said, dict):
        raise Nonsense("not a head")
    return cast(Head, said)


def state_head(state: PrinterState) -> Head:
    why = state.why if isinstance(state, states.Unknown) else ""
    return {"state": type(state).__name__, "why": why}


def state_from(head: Head) -> PrinterState:
    """Raises Nonsense for a name that is no state."""
    match text(head, "state"):
        case "Ready":
            return states.Ready()
        case "PaperLow":
            return states.PaperLow()
        case "PaperOut":
            return states.PaperOut()
        case "CoverOpen":
            return states.CoverOpen()
        case "Offline":
            return states.Offline()
        case "Unknown":
            return states.Unknown(text(head, "why"))
        case other:
            raise Nonsense(f"{other!r} is no state of a printer")


def outcome_head(outcome: PrintOutcome) -> Head:
    match outcome:
        case Confirmed():
            return {"outcome": "confirmed"}
        case Sent(why):
            return {"outcome": "sent", "why": why}
        case NotPrinted(state, rows):
            return {"outcome": "not_printed", "rows": rows, **state_head(state)}
        case _:
            assert_never(outcome)


def outcome_from(head: Head) -> PrintOutcome:
    """Raises Nonsense for a name that is no outcome."""
    match text(head, "outcome"):
        case "confirmed":
            return Confirmed()
        case "sent":
            return Sent(text(head, "why"))
        case "not_printed":
            return NotPrinted(state_from(head), number(head, "rows"))
        case other:
            raise Nonsense(f"{other!r} is no outcome of a print job")
