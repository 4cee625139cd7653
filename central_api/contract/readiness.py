"""The readiness slip: what a terminal's self-test found, part by part."""

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from . import cbor
from .errors import ContractError

MAX_READINESS_BYTES: Final = 4096
_DETAIL: Final = re.compile(r"[a-z0-9_]{0,64}", re.ASCII)
_MAX_NAME: Final = 64


class Part(IntEnum):
    """What was tested."""

    PANEL = 1
    TOUCH = 2
    SCANNER = 3
    PRINTER = 4
    CARD_READER = 5
    SOUND = 6
    CLOCK = 7
    DISK = 8
    NETWORK = 9
    POWER = 10


class Outcome(IntEnum):
    """What was found. CANNOT_TELL is neither of the first two."""

    PASSED = 1
    FAILED = 2
    NOT_PRESENT = 3
    CANNOT_TELL = 4


@dataclass(frozen=True, slots=True)
class Result:
    """One part's outcome; `detail` is a code of at most 64 of `a-z0-9_`, or empty."""

    part: Part
    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Readiness:
    """A self-test: when it ended (seconds since 1970, UTC, the terminal's clock), of which terminal, its results."""

    taken: int
    terminal: str
    results: tuple[Result, ...]


def encode_readiness(readiness: Readiness) -> bytes:
    """Write the result of a self-test."""
    results = [[int(result.part), int(result.outcome), result.detail] for result in readiness.results]
    return cbor.encode({1: readiness.taken, 2: readiness.terminal, 3: results})


def decode_readiness(data: bytes) -> Readiness:
    """Read the result of a self-test. Raises ContractError. Parts and outcomes of a later edition are passed over."""
    if len(data) > MAX_READINESS_BYTES:
        raise ContractError("a readiness that is too large")
    read = cbor.Fields(cbor.decode(data))
    results = tuple(result for result in map(_result, read.required_items(3)) if result is not None)
    return Readiness(read.uint(1), read.text(2, _MAX_NAME), results)


def _result(item: object) -> Result | None:
    part, outcome, detail = cbor.as_list(item, 3)
    read = cbor.as_uint(part, 255), cbor.as_uint(outcome, 255), cbor.as_text(detail)
    if not _DETAIL.fullmatch(read[2]):
        raise ContractError("a detail that is no code")
    try:
        return Result(Part(read[0]), Outcome(read[1]), read[2])
    except ValueError:
        return None
