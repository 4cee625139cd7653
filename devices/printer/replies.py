"""What a printer sends back, read byte by byte: whatever arrives, the parser gets back into step.

Four kinds of reply share the line without framing and are told apart by their fixed bits (Epson's reference):
automatic status, four bytes `0xx1xx00 0xx0xxxx 0xx0xxxx 0xx0xxxx`; an answer to DLE EOT, one byte `0xx1xx10`; a
process id, `37 22 d1 d2 d3 d4 00`; and, only while one is expected, a name, `5F text 00`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from devices.printer.states import CoverOpen, PaperLow, PaperOut, PrinterState, Ready, Unknown

_STATUS_BYTES: Final = 4
_PROCESS_ID_HEAD: Final = b"\x37\x22"
_PROCESS_ID_BYTES: Final = 7
_NAME_HEAD: Final = 0x5F
_LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class AutomaticStatus:
    """The printer told its state by itself."""

    state: PrinterState


@dataclass(frozen=True, slots=True)
class Answer:
    """One byte in answer to DLE EOT; which question it answers only the asker knows."""

    byte: int


@dataclass(frozen=True, slots=True)
class Processed:
    """Everything before this process id has been printed."""

    identity: bytes


@dataclass(frozen=True, slots=True)
class Named:
    """The answer to GS I: text of up to 80 printable ASCII characters; which question it answers the asker knows."""

    text: str


Reply = AutomaticStatus | Answer | Processed | Named


class ReplyParser:
    """Feed it whatever was received; bytes that are no reply are counted in `garbage` and dropped.

    names_expected: how many names were asked for and have not come; set by whoever asks.
    """

    def __init__(self) -> None:
        self.garbage = 0
        self.names_expected = 0
        self._pending = bytearray()

    def feed(self, data: bytes) -> Iterator[Reply]:
        self._pending += data
        while self._pending:
            reply, used = _first_reply(self._pending, self.names_expected > 0)
            if not used:
                return  # the rest of a reply is still to come
            del self._pending[:used]
            if reply is None:
                self.garbage += used
                continue
            if isinstance(reply, Named):
                self.names_expected -= 1
            yield reply


def _first_reply(data: bytearray, names: bool) -> tuple[Reply | None, int]:
    """The reply at the start of data and its length; (None, 1) for a stray byte, (None, 0) for "not all here yet"."""
    first = data[0]
    if first == _PROCESS_ID_HEAD[0]:
        return _process_id(data)
    if first & 0x93 == 0x12:
        return Answer(first), 1
    if first & 0x93 == 0x10:
        return _automatic_status(data)
    if names and first == _NAME_HEAD:
        return _name(data)
    return None, 1


def _name(data: bytearray) -> tuple[Reply | None, int]:
    text = bytes(data[1:]).partition(b"\0")[0]
    if len(text) > _LONGEST_NAME or not all(0x20 <= byte <= 0x7E for byte in text):
        return None, 1
    whole = len(data) > 1 + len(text)
    return (Named(text.decode("ascii")), 2 + len(text)) if whole else (None, 0)


def _process_id(data: bytearray) -> tuple[Reply | None, int]:
    if not data.startswith(_PROCESS_ID_HEAD[: len(data)]):
        return None, 1
    if len(data) < _PROCESS_ID_BYTES:
        return None, 0
    identity = bytes(data[2:6])
    if data[6] != 0 or not all(0x20 <= byte <= 0x7E for byte in identity):
        return None, 1
    return Processed(identity), _PROCESS_ID_BYTES


def _automatic_status(data: bytearray) -> tuple[Reply | None, int]:
    if any(byte & 0x90 for byte in data[1:_STATUS_BYTES]):
        return None, 1
    if len(data) < _STATUS_BYTES:
        return None, 0
    printer, error, paper = data[0], data[1], data[2]
    return AutomaticStatus(
        _state(
            cover_open=bool(printer & 0x20),
            paper_out=bool(paper & 0x0C),
            error=_error(error),
            offline=bool(printer & 0x08),
            paper_low=bool(paper & 0x03),
        )
    ), _STATUS_BYTES


def state_of_answers(printer: int, cause: int, paper: int) -> PrinterState:
    """The state told by the answers to DLE EOT 1 (printer), 2 (cause of being offline) and 4 (paper sensor)."""
    return _state(
        cover_open=bool(cause & 0x04),
        paper_out=bool(cause & 0x20 or paper & 0x60),
        error="the printer reports an error" if cause & 0x40 else None,
        offline=bool(printer & 0x08),
        paper_low=bool(paper & 0x0C),
    )


def _error(byte: int) -> str | None:
    if byte & 0x08:
        return "the cutter is jammed"
    if byte & 0x20:
        return "the printer needs service"
    if byte & 0x44:
        return "the printer reports an error"
    return None


def _state(*, cover_open: bool, paper_out: bool, error: str | None, offline: bool, paper_low: bool) -> PrinterState:
    if cover_open:
        return CoverOpen()
    if paper_out:
        return PaperOut()
    if error is not None:
        return Unknown(error)
    if offline:
        return Unknown("the printer is off line")
    return PaperLow() if paper_low else Ready()
