"""Messages between the supervisor and its drivers: a head of JSON and a body of bytes, each with its length."""

import json
import struct
from collections.abc import Iterator
from typing import Any, assert_never

from devices.printer import states
from devices.printer.outcome import Confirmed, NotPrinted, PrintOutcome, Sent
from devices.printer.states import PrinterState

_LENGTHS = struct.Struct(">II")
LONGEST = 16 * 1024 * 1024
"""Bytes; a longer head or body is a bug of the other side, not a message."""

Head = dict[str, Any]


def pack(head: Head, body: bytes = b"") -> bytes:
    text = json.dumps(head, separators=(",", ":")).encode()
    return _LENGTHS.pack(len(text), len(body)) + text + body


class Messages:
    """Feed it what was received; it gives whole messages."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[Head, bytes]]:
        """Raises ValueError when the other side does not speak this language."""
        self._pending += data
        while len(self._pending) >= _LENGTHS.size:
            head, body = _LENGTHS.unpack_from(self._pending)
            if max(head, body) > LONGEST:
                raise ValueError("not a message")
            end = _LENGTHS.size + head + body
            if len(self._pending) < end:
                return
            text = bytes(self._pending[_LENGTHS.size : _LENGTHS.size + head])
            rest = bytes(self._pending[_LENGTHS.size + head : end])
            del self._pending[:end]
            yield json.loads(text), rest


def state_head(state: PrinterState) -> Head:
    why = state.why if isinstance(state, states.Unknown) else ""
    return {"state": type(state).__name__, "why": why}


def state_from(head: Head) -> PrinterState:
    """Raises ValueError for a name that is no state."""
    match head["state"]:
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
            return states.Unknown(str(head["why"]))
        case other:
            raise ValueError(f"{other!r} is no state of a printer")


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
    """Raises ValueError for a name that is no outcome."""
    match head["outcome"]:
        case "confirmed":
            return Confirmed()
        case "sent":
            return Sent(str(head["why"]))
        case "not_printed":
            return NotPrinted(state_from(head), int(head["rows"]))
        case other:
            raise ValueError(f"{other!r} is no outcome of a print job")
