"""What terminals and mirrors read: pages of the feed after a cursor, and the snapshot in slot order."""

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import Final, cast

from central_api.contract.content_bytes import sign_content
from central_api.contract.feed import Entry, FeedPage, PageKind, Tombstone, sign_page
from central_api.contract.keylist import Purpose
from central_api.contract.snapshot import frame_part
from central_api.store import Office
from central_api.store.content import newest as newest_content

from .publisher import chain_end

PAGE_ENTRIES: Final = 5_000
PART_ENTRIES: Final = 50_000


def feed_page(
    office: Office, after: int, limit: int = PAGE_ENTRIES, connection: sqlite3.Connection | None = None
) -> FeedPage:
    """Return the page that continues a cursor: about `limit` entries, whole versions only.

    Where nothing more follows, `upto` is the chain's position. `connection` is the caller's own reader, if it has one.
    """
    reader = connection or office.own_reader
    with one_view(reader):
        position, head = chain_end(reader)
        rows = reader.execute(
            "SELECT version, slot, sealed, reason FROM sealed WHERE version > ? ORDER BY version LIMIT ?",
            (after, limit),
        ).fetchall()
        upto = max(position, after)
        if len(rows) == limit:
            upto = cast(int, rows[-1][0])
            rows = [row for row in rows if row[0] < upto] + reader.execute(
                "SELECT version, slot, sealed, reason FROM sealed WHERE version = ?", (upto,)
            ).fetchall()
    return FeedPage(
        ministry=office.settings.ministry,
        kind=PageKind.FEED,
        after=after,
        upto=upto,
        time=office.clock(),
        position=position,
        head=head,
        entries=tuple(_entry(row) for row in rows),
    )


def snapshot_parts(office: Office, part_entries: int = PART_ENTRIES) -> Iterator[FeedPage]:
    """Yield the parts of a snapshot: everything that lies at any slot, in slot order, all of one moment."""
    with closing(office.connect()) as reader, one_view(reader):
        position, head = chain_end(reader)
        count = cast(int, reader.execute("SELECT count(*) FROM sealed").fetchone()[0])
        rows = reader.execute("SELECT version, slot, sealed, reason FROM sealed ORDER BY slot")
        parts = max(1, -(-count // part_entries))
        time = office.clock()
        for part in range(parts):
            yield FeedPage(
                ministry=office.settings.ministry,
                kind=PageKind.SNAPSHOT,
                after=0,
                upto=position,
                time=time,
                position=position,
                head=head,
                entries=tuple(_entry(row) for row in rows.fetchmany(part_entries)),
                part=part,
                parts=parts,
            )


def snapshot_file(office: Office) -> Iterator[bytes]:
    """Yield a snapshot as terminals read it, signed part by part: one part in memory at a time."""
    key = office.signing_key(Purpose.FEED)
    for part in snapshot_parts(office):
        yield frame_part(sign_page(part, key))


def content_file(office: Office) -> bytes | None:
    """Return the content in force as terminals read it, signed; None where nothing was published yet."""
    published = newest_content(office.own_reader, office.clock())
    return None if published is None else sign_content(published.body, office.signing_key(Purpose.CONTENT))


@contextmanager
def one_view(reader: sqlite3.Connection) -> Generator[None]:
    """Read everything in the block as of one moment, whatever is committed meanwhile."""
    reader.execute("BEGIN")
    try:
        yield
    finally:
        reader.execute("ROLLBACK")


def _entry(row: tuple[object, ...]) -> Entry:
    version, slot, sealed, reason = cast(tuple[int, bytes, bytes | None, int], row)
    return Entry(version, slot, Tombstone(reason) if sealed is None else sealed)
