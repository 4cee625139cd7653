"""The feed: how sealed statuses reach terminals and mirrors, in signed pages, and in snapshots made of pages.

A page carries the whole of each version in `(after, upto]`: all entries of one version share a page. A snapshot is one
file, a sequence of signed pages of kind SNAPSHOT, each with its part number; together they are the whole register at
`upto`.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple, cast

from . import cbor
from .errors import ContractError, Refused
from .keys import SLOT_BYTES
from .signed import Domain, KeyFinder, SigningKey, open_signed, sign

_UINT32: Final = 2**32 - 1


class Tombstone(IntEnum):
    """Why an entry has no sealed status any more."""

    REISSUED = 1
    EXPIRED = 2


class PageKind(IntEnum):
    """A page of the running feed, or one part of a snapshot."""

    FEED = 1
    SNAPSHOT = 2


class Entry(NamedTuple):
    """What lies at a slot since a version: a sealed status, or the reason why none does.

    A tuple, because pages bring a million of them: it is made in half of a frozen dataclass's time.
    """

    version: int
    slot: bytes
    sealed: bytes | Tombstone

    def __repr__(self) -> str:
        return f"Entry(version={self.version}, slot={self.slot!r})"


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page. `time` is when it was signed (seconds since 1970, UTC), `position` and `head` the audit chain's then.

    `after` is the cursor it continues, `upto` the cursor after it. A snapshot's parts all have `after` 0 and the same
    `upto`, `time`, `position` and `head`; `part` counts from 0 to `parts` - 1. A feed page is part 0 of 1.
    """

    ministry: str
    kind: PageKind
    after: int
    upto: int
    time: int
    position: int
    head: bytes
    entries: tuple[Entry, ...]
    part: int = 0
    parts: int = 1


def sign_page(page: FeedPage, key: SigningKey) -> bytes:
    """Write and sign a page."""
    body = cbor.encode(
        {
            1: page.ministry,
            2: int(page.kind),
            3: page.after,
            4: page.upto,
            5: page.time,
            6: page.position,
            7: page.head,
            8: [[entry.version, entry.slot, _payload(entry)] for entry in page.entries],
            9: page.part,
            10: page.parts,
        }
    )
    return sign(Domain.FEED, body, key)


def open_page(data: bytes, key_of: KeyFinder) -> FeedPage:
    """Verify and read a page. Raises Refused for a signature, shape or order that does not hold.

    What it cannot judge, the vault must: ministry, cursor, and that time and position do not go back.
    """
    body = open_signed(Domain.FEED, data, key_of)
    try:
        return _page(body)
    except Refused:
        raise
    except (ContractError, ValueError) as error:
        raise Refused(f"not a feed page: {error}") from None


def _page(body: bytes) -> FeedPage:
    read = cbor.Fields(cbor.decode(body))
    after, upto = read.uint(3), read.uint(4)
    page = FeedPage(
        ministry=read.text(1),
        kind=PageKind(read.uint(2, 255)),
        after=after,
        upto=upto,
        time=read.uint(5),
        position=read.uint(6),
        head=read.blob(7, 32),
        entries=_entries(read.required_items(8), after, upto),
        part=read.uint(9, _UINT32),
        parts=read.uint(10, _UINT32),
    )
    if not page.after <= page.upto <= page.position:
        raise Refused("a page that ends before it starts, or beyond the chain")
    if page.part >= page.parts or (page.kind is PageKind.FEED and page.parts != 1):
        raise Refused("a part that is not one of its parts")
    return page


def _payload(entry: Entry) -> object:
    return int(entry.sealed) if isinstance(entry.sealed, Tombstone) else entry.sealed


def _entries(items: list[object], after: int, upto: int) -> tuple[Entry, ...]:
    """Read a page's entries. One loop that calls next to nothing: a page has thousands, and calls cost half of it."""
    entries: list[Entry] = []
    for item in items:
        fields = cast(list[object], item)
        if type(item) is not list or len(fields) != 3:
            raise Refused("an entry that is no list of three")
        version, slot, sealed = fields
        if type(version) is not int or type(slot) is not bytes or len(slot) != SLOT_BYTES:
            raise Refused("an entry without version or slot")
        if not after < version <= upto:
            raise Refused("an entry outside its page")
        entries.append(Entry(version, slot, sealed if type(sealed) is bytes else Tombstone(cbor.as_uint(sealed, 255))))
    return tuple(entries)
