"""The terminal's vault: every sealed status of the ministry, on this disk, and none that it can read.

It takes signed feed pages and snapshots, each in one transaction with the cursor, so that a crash at any point leaves
the old page or the new one. What it refuses changes nothing. It is read from other threads meanwhile.
"""

import gc
import sqlite3
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import field
from pathlib import Path
from threading import Lock
from typing import BinaryIO, Final, TypeAlias

from central_api.contract.audit import GENESIS
from central_api.contract.errors import Refused
from central_api.contract.feed import FeedPage, PageKind, Tombstone, open_page
from central_api.contract.keylist import KeyList, Purpose, open_key_list
from central_api.contract.snapshot import read_parts

from .feed_keys import FeedKeys, listed
from .frozen import frozen
from .vault_file import NoRoom, keep, open_as_it_lies, open_to_read, open_to_write, transaction
from .vault_log import Log

FILE: Final = "vault.sqlite"


@frozen
class Applied:
    """The page or snapshot is in the vault: how many entries it had, and the cursor now."""

    entries: int
    cursor: int


@frozen
class PageRefused:
    """Nothing changed, and why. `unknown_key`: signed with a key that the list at hand does not have."""

    why: str
    unknown_key: bool = False


@frozen
class Alarm:
    """Nothing changed: the office shows another history than before at the same position of its audit chain."""

    why: str
    position: int


@frozen
class DiskFull:
    """Nothing changed: the disk has no room or cannot be written. What is in the vault is served as before."""

    why: str


Outcome: TypeAlias = Applied | PageRefused | Alarm | DiskFull


@frozen
class Mark:
    """How far the vault is. `time` is the newest signed time (seconds since 1970, UTC; 0 before the first page)."""

    cursor: int = 0
    time: int = 0
    position: int = 0
    head: bytes = field(default=GENESIS, repr=False)


@frozen
class Pins:
    """Whose statuses these are: ministry, host on its slips, root key (32 bytes)."""

    ministry: str
    host: str
    root_key: bytes = field(repr=False)


@frozen
class Held:
    """What lies at a slot."""

    version: int
    sealed: bytes | Tombstone = field(repr=False)


class NotPinned(Exception):
    """The vault belongs to no office yet, or to another one."""


class Vault:
    """The vault in one folder, for the one process that has it.

    Opening it raises sqlite3.DatabaseError for a file that is no vault. Of one on a disk that takes nothing, what it
    holds is read, until `commit` finds that there is room again; NoRoom where it holds nothing yet.
    One thread writes at a time; `find` has a connection of its own and is never kept waiting by a writer.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / FILE
        self._writing, self._reading = Lock(), Lock()
        self._no_room = ""  # why the disk took nothing as the file was opened
        self._write, self._read = self._opened()
        self._log = Log(self._path)
        pins, keys, self._mark = self._load()
        self._ahead = self._mark  # with the pages that are held, not committed yet
        self._pins: Pins | None = pins
        self._keys: KeyList | None = open_key_list(keys, pins.root_key) if pins and keys else None

    def _opened(self) -> tuple[sqlite3.Connection, sqlite3.Connection]:
        """Open the connection that writes and the one that reads; both only read where the disk takes nothing."""
        self._no_room = ""
        try:
            return open_to_write(self._path), open_to_read(self._path)
        except NoRoom as error:
            self._no_room = str(error)
        try:
            writes, reads = open_as_it_lies(self._path), open_as_it_lies(self._path)
            for connection in (writes, reads):
                connection.execute("SELECT 1 FROM office").fetchone()
        except sqlite3.OperationalError:
            raise NoRoom(self._no_room) from None
        return writes, reads

    def _open_again(self) -> None:
        """Open a vault that only reads to write as well, if the disk takes that now. Raises NoRoom."""
        with self._reading:
            self._read.close()  # first: what it closes would let go of the locks of the others
            self._write.close()
            self._write, self._read = self._opened()

    @contextmanager
    def _transaction(self, *, hold: bool = False) -> Generator[None]:
        if self._no_room:
            raise NoRoom(self._no_room)
        with transaction(self._write, hold=hold):
            yield

    def close(self) -> None:
        """Close both connections."""
        with self._writing, self._reading:
            self._log.close()
            self._read.close()
            self._write.close()

    # ---- whose it is ----

    @property
    def pins(self) -> Pins | None:
        """Whose vault this is; None before the first use."""
        return self._pins

    @property
    def keys(self) -> KeyList | None:
        """The office's newest key list; None before the first."""
        return self._keys

    @property
    def mark(self) -> Mark:
        """How far the vault is, for who reads it."""
        return self._mark

    @property
    def next_cursor(self) -> int:
        """Where the next page must begin: after those that are held, too."""
        return self._ahead.cursor

    def pin(self, pins: Pins) -> None:
        """Give an empty vault to an office, once and for all. Raises NotPinned if it belongs to another, and NoRoom."""
        if self._pins == pins:
            return
        if self._pins is not None:
            raise NotPinned("the vault belongs to another office")
        with self._writing, self._transaction():
            self._write.execute(
                "INSERT INTO office (id, ministry, host, root_key, cursor, time, position, head)"
                " VALUES (1, ?, ?, ?, 0, 0, 0, ?)",
                (pins.ministry, pins.host, pins.root_key, GENESIS),
            )
        self._pins = pins

    def keep_keys(self, data: bytes) -> KeyList:
        """Keep a signed key list.

        Raises Refused unless it holds under the pinned root key and does not go back, NotPinned, and NoRoom.
        """
        if self._pins is None:
            raise NotPinned("no office is pinned")
        keys = open_key_list(data, self._pins.root_key)
        known = self._keys
        if known and (keys.number < known.number or (keys.number == known.number and keys != known)):
            raise Refused("a key list that goes back")
        if keys != known:
            self.commit()
            with self._writing, self._transaction():
                self._write.execute("UPDATE office SET key_list = ?", (data,))
            self._keys = keys
        return keys

    def receipt_key(self, key_id: int) -> bytes:
        """Give a receipt key (32 bytes) by its number. Raises Refused for one that is unknown or revoked.

        Its validity is not judged by a clock: a status keeps its receipt for as long as nothing changes.
        """
        return listed(self._keys, key_id, Purpose.RECEIPT).public

    def content_key(self, key_id: int) -> bytes:
        """Give a content key (32 bytes) by its number, as `receipt_key` does. Raises Refused."""
        return listed(self._keys, key_id, Purpose.CONTENT).public

    # ---- what it holds ----

    def find(self, slot: bytes) -> Held | None:
        """Return what lies at a slot (16 bytes), or None."""
        with self._reading:
            row = self._read.execute("SELECT version, sealed FROM statuses WHERE slot = ?", (slot,)).fetchone()
        if row is None:
            return None
        version, sealed = row
        return Held(version, sealed if isinstance(sealed, bytes) else Tombstone(sealed))

    def count(self) -> int:
        """Return how many slots are known, tombstones too."""
        with self._reading:
            return self._read.execute("SELECT count(*) FROM statuses").fetchone()[0]

    # ---- what comes in ----

    def apply(self, data: bytes, *, hold: bool = False) -> Outcome:
        """Take one signed feed page, whole or not at all.

        `hold`: the next page follows at once, so this one may be committed together with it; until then readers do not
        see it, and a crash leaves the cursor before it.
        """
        finder = FeedKeys(self._keys)
        try:
            with _no_collection():
                page = open_page(data, finder)
            finder.judge(page.time)
        except Refused as error:
            return PageRefused(str(error), finder.unknown)
        if page.kind is not PageKind.FEED:
            return PageRefused("not a page of the feed")
        if page.after != self._ahead.cursor:
            return PageRefused("from another cursor")
        return self._judge(page) or self._take(page, [page], hold=hold)

    def load_snapshot(self, file: BinaryIO) -> Outcome:
        """Replace the whole vault by a newer snapshot, in one transaction, or change nothing."""
        finder = FeedKeys(self._keys)
        self.commit()
        try:
            pages = read_parts(file, finder)
            first = next(pages)
            finder.judge(first.time)
            refusal = self._judge(first)
            if refusal is None and (first.upto, first.time) <= (self._mark.cursor, self._mark.time):
                refusal = PageRefused("a snapshot that is not newer")
            return refusal or self._take(first, finder.judged(first, pages), replace_all=True)
        except Refused as error:
            return PageRefused(str(error), finder.unknown)

    def _judge(self, page: FeedPage) -> PageRefused | Alarm | None:
        """Judge what a signature cannot: whose page it is, and that history only grows."""
        mark = self._ahead
        if self._pins is None or page.ministry != self._pins.ministry:
            return PageRefused("of another ministry")
        if page.position == mark.position and page.head != mark.head:
            return Alarm("another audit head at the same position", page.position)
        if page.time < mark.time:
            return PageRefused("an older time")
        if page.position < mark.position:
            return PageRefused("an older position")
        return None

    def commit(self) -> DiskFull | None:
        """Commit the pages that are held; None when all is well. Frees the memory and disk that writing took."""
        try:
            with self._writing:
                if self._no_room:
                    self._open_again()
                if self._no_room or self._write.in_transaction:
                    with self._transaction():
                        pass
                self._mark = self._ahead
                self._write.execute("PRAGMA shrink_memory")
                self._log.fold_long()
        except NoRoom as error:
            self._ahead = self._mark
            return DiskFull(str(error))
        return None

    def _take(
        self, page: FeedPage, pages: Iterable[FeedPage], *, replace_all: bool = False, hold: bool = False
    ) -> Outcome:
        after = Mark(page.upto, page.time, page.position, page.head)
        if after == self._ahead and not page.entries:  # the same empty page again: spare the disk
            return Applied(0, after.cursor)
        taken = 0
        try:
            with self._writing:
                with self._transaction(hold=hold):
                    if replace_all:
                        self._write.execute("DELETE FROM statuses")
                    for part in pages:
                        taken += len(part.entries)
                        keep(self._write, part.entries)
                    self._write.execute(
                        "UPDATE office SET cursor = ?, time = ?, position = ?, head = ?",
                        (after.cursor, after.time, after.position, after.head),
                    )
                if not hold:
                    self._log.committed()
        except NoRoom as error:
            self._ahead = self._mark  # the pages that were held are gone, too
            return DiskFull(str(error))
        self._ahead = after
        if not hold:
            self._mark = after
        return Applied(taken, after.cursor)

    def _load(self) -> tuple[Pins | None, bytes | None, Mark]:
        row = self._read.execute(
            "SELECT ministry, host, root_key, key_list, cursor, time, position, head FROM office"
        ).fetchone()
        if row is None:
            return None, None, Mark()
        ministry, host, root_key, key_list, *mark = row
        return Pins(ministry, host, root_key), key_list, Mark(*mark)


@contextmanager
def _no_collection() -> Generator[None]:
    """Pause the search for reference cycles: a page is thousands of values and not one cycle.

    Measured: the search takes a tenth of the whole cost of a page.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
