"""Commands to a card and its answers (ISO/IEC 7816-4, 5.1)."""

from dataclasses import dataclass, field
from typing import Final

from devices.card.errors import Malformed, Refused

SUCCESS: Final = 0x9000
WRONG_LENGTH: Final = 0x6C
MORE_THERE: Final = 0x61

SHORT: Final = 256
"""Bytes that a command with a length of one byte can ask for."""


@dataclass(frozen=True, slots=True)
class Command:
    """le: bytes asked for, at most 65,536; None asks for none."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = field(default=b"", repr=False)
    le: int | None = None

    @property
    def header(self) -> bytes:
        return bytes((self.cla, self.ins, self.p1, self.p2))

    def encode(self) -> bytes:
        """Lengths of one byte where they do, of two otherwise."""
        extended = len(self.data) > 255 or (self.le or 0) > SHORT
        encoded = self.header
        if self.data:
            encoded += (b"\0" + len(self.data).to_bytes(2, "big") if extended else bytes((len(self.data),))) + self.data
        if self.le is None:
            return encoded
        if not extended:
            return encoded + bytes((self.le % SHORT,))
        return encoded + (b"" if self.data else b"\0") + (self.le % 65536).to_bytes(2, "big")


@dataclass(frozen=True, slots=True)
class Response:
    data: bytes = field(repr=False)
    status: int

    @classmethod
    def decode(cls, answer: bytes) -> "Response":
        """Raises Malformed for less than a status."""
        if len(answer) < 2:
            raise Malformed("no status")
        return cls(answer[:-2], int.from_bytes(answer[-2:], "big"))

    def checked(self) -> bytes:
        """The data of a success. Raises Refused."""
        if self.status != SUCCESS:
            raise Refused(self.status)
        return self.data


def decode_command(encoded: bytes) -> Command:
    """What a card reads in a command. Raises Malformed."""
    if len(encoded) < 4:
        raise Malformed("no header")
    cla, ins, p1, p2 = encoded[:4]
    body = encoded[4:]
    if not body:
        return Command(cla, ins, p1, p2)
    if len(body) == 1:
        return Command(cla, ins, p1, p2, le=body[0] or SHORT)
    if body[0]:
        size, at, wide = body[0], 1, 1
    elif len(body) == 3:
        return Command(cla, ins, p1, p2, le=int.from_bytes(body[1:], "big") or 65536)
    else:
        size, at, wide = int.from_bytes(body[1:3], "big"), 3, 2
    data, rest = body[at : at + size], body[at + size :]
    if len(data) != size or len(rest) not in (0, wide):
        raise Malformed("its lengths do not agree")
    return Command(cla, ins, p1, p2, data, (int.from_bytes(rest, "big") or 256**wide) if rest else None)
