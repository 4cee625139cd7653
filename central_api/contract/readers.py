"""How many visitors read about workers' rights: counts that only grow, so that telling them twice counts nobody twice.

A reader is a visit in which one topic stood open for READ_SECONDS; he counts once, under that topic and its language.
Nothing of him is in it.
"""

import re
from dataclasses import dataclass
from typing import Final

from . import cbor
from .errors import ContractError

ANSWERED: Final = "answered"
NOT_ANSWERED: Final = "not_answered"
"""Beside the topics, the visits in which somebody said that he found his answer, or that he did not: once each."""
READ_SECONDS: Final = 10
COUNT_BYTES: Final = 8
MAX_READERS_BYTES: Final = 1 << 15
_UINT32: Final = 2**32 - 1
_MAX_ROWS: Final = 1000
_TOPIC: Final = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Readers:
    """The readers of one count, all since it began. `count` (8 random bytes) names it: a new disk begins another.

    `rows`: (topic, code of the language, readers).
    """

    count: bytes
    rows: tuple[tuple[str, int, int], ...]


def encode_readers(readers: Readers) -> bytes:
    """Write counts. Raises ContractError."""
    body = cbor.encode({1: readers.count, 2: [list(row) for row in readers.rows]})
    decode_readers(body)
    return body


def decode_readers(data: bytes) -> Readers:
    """Read counts. Raises ContractError."""
    if len(data) > MAX_READERS_BYTES:
        raise ContractError("counts that are too large")
    read = cbor.Fields(cbor.decode(data))
    rows = tuple(map(_row, read.required_items(2)))
    if len(rows) > _MAX_ROWS or len({row[:2] for row in rows}) != len(rows):
        raise ContractError("too many counts, or one twice")
    return Readers(read.blob(1, COUNT_BYTES), rows)


def _row(value: object) -> tuple[str, int, int]:
    topic, language, readers = cbor.as_list(value, 3)
    key = cbor.as_text(topic)
    if not _TOPIC.fullmatch(key):
        raise ContractError("not a topic")
    return key, cbor.as_uint(language, 255), cbor.as_uint(readers, _UINT32)
