"""A visitor's call for a person: asked by his terminal, again and again until it is answered or nobody came.

The call's own number makes asking again harmless. The office alone says that somebody comes.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from . import cbor
from .errors import ContractError

HELP_SECONDS: Final = 180
"""After so long without an answer nobody is there, for the office and for the visitor alike."""
CALL_BYTES: Final = 16
MAX_CALL_BYTES: Final = 64


class HelpState(IntEnum):
    """What became of a call."""

    WAITING = 1
    ANSWERED = 2
    NOBODY = 3


@dataclass(frozen=True, slots=True)
class HelpCall:
    """A call (16 random bytes), and for how many seconds the visitor has been waiting."""

    call: bytes
    waited: int


def encode_call(call: HelpCall) -> bytes:
    """Write a call."""
    return cbor.encode({1: call.call, 2: call.waited})


def decode_call(data: bytes) -> HelpCall:
    """Read a call. Raises ContractError."""
    if len(data) > MAX_CALL_BYTES:
        raise ContractError("a call that is too large")
    read = cbor.Fields(cbor.decode(data))
    return HelpCall(read.blob(1, CALL_BYTES), read.uint(2, 24 * 3600))


def encode_help_state(state: HelpState) -> bytes:
    """Write the office's answer."""
    return cbor.encode({1: int(state)})


def decode_help_state(data: bytes) -> HelpState:
    """Read the office's answer. Raises ContractError, also for a state of a later edition."""
    code = cbor.Fields(cbor.decode(data)).uint(1, 255)
    if code not in set(HelpState):
        raise ContractError("an unknown state of a call")
    return HelpState(code)
