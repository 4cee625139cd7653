"""One-time codes by SMS for cards that prove nothing: what a terminal asks, and what the office answers.

Every answer is the same whether or not the office knows the card, until the code was right.
"""

from dataclasses import dataclass, field
from typing import Final

from . import cbor
from .cards import ASK_BYTES
from .errors import ContractError
from .numbers import ONE_TIME_DIGITS

CODE_SECONDS: Final = 300
CODE_TRIES: Final = 3
MAX_CODE_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class CodeSent:
    """A code goes to the phone on file, if there is one. seconds: how long it is good yet; tries: how many it has."""

    seconds: int
    tries: int


@dataclass(frozen=True, slots=True)
class OpeningRequest:
    """ask: the 16 bytes that came with the judgement; code: the six digits that were typed, as 0-9."""

    ask: bytes = field(repr=False)
    code: str = field(repr=False)


def encode_code_request(ask: bytes) -> bytes:
    """Write the wish for a code; `ask` is the judgement's."""
    return cbor.encode({1: ask})


def decode_code_request(data: bytes) -> bytes:
    """Read the wish for a code, as its `ask`. Raises ContractError."""
    return cbor.Fields(cbor.decode(data)).blob(1, ASK_BYTES)


def encode_code_sent(sent: CodeSent) -> bytes:
    """Write the office's answer to it."""
    return cbor.encode({1: sent.seconds, 2: sent.tries})


def decode_code_sent(data: bytes) -> CodeSent:
    """Read the office's answer to it. Raises ContractError."""
    read = cbor.Fields(cbor.decode(data))
    return CodeSent(read.uint(1), read.uint(2))


def encode_opening_request(asked: OpeningRequest) -> bytes:
    """Write a code that was typed; the answer is a Judgement."""
    return cbor.encode({1: asked.ask, 2: asked.code})


def decode_opening_request(data: bytes) -> OpeningRequest:
    """Read a code that was typed. Raises ContractError."""
    read = cbor.Fields(cbor.decode(data))
    code = read.text(2, ONE_TIME_DIGITS)
    if len(code) != ONE_TIME_DIGITS or not (code.isascii() and code.isdigit()):
        raise ContractError("not a one-time code")
    return OpeningRequest(read.blob(1, ASK_BYTES), code)
