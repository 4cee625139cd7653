"""The snapshot file: the whole register in one file, from the network or a USB stick.

A sequence of parts, each a 4-byte big-endian length and a signed page of kind SNAPSHOT (`feed`), in the order of their
part numbers, and nothing after the last. A bad part shows only when it is met: apply all of them in one transaction.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, Final

from .errors import Refused
from .feed import FeedPage, PageKind, open_page
from .signed import KeyFinder

# 50,000 entries of twice the usual size.
MAX_PART_BYTES: Final = 1 << 25
_LENGTH_BYTES: Final = 4


def frame_part(signed_page: bytes) -> bytes:
    """Return a signed snapshot page behind its length, as it stands in the file."""
    return len(signed_page).to_bytes(_LENGTH_BYTES, "big") + signed_page


def read_parts(file: BinaryIO, key_of: KeyFinder) -> Iterator[FeedPage]:
    """Verify and give the pages of a snapshot one by one, with one part at a time in memory.

    Raises Refused, possibly after good parts, for a part that does not hold, of another snapshot, or out of order, and
    for a file that is cut off or goes on. What it cannot judge, the vault must: ministry, and that it is newer.
    """
    first: FeedPage | None = None
    number = 0
    while first is None or number < first.parts:
        page = open_page(_next_part(file), key_of)
        first = first or page
        if page.kind is not PageKind.SNAPSHOT or page.after != 0:
            raise Refused("not a part of a snapshot")
        if replace(page, entries=()) != replace(first, entries=(), part=number):
            raise Refused("a part out of order, or of another snapshot")
        yield page
        number += 1
    if file.read(1):
        raise Refused("a snapshot that goes on after its last part")


def _next_part(file: BinaryIO) -> bytes:
    head = file.read(_LENGTH_BYTES)
    length = int.from_bytes(head, "big")
    if len(head) != _LENGTH_BYTES or length > MAX_PART_BYTES:
        raise Refused("no length of a part")
    part = file.read(length)
    if len(part) != length:
        raise Refused("a snapshot that is cut off")
    return part
