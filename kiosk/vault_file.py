"""The vault's file: how it is opened, laid out and written, whole or not at all."""

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Final

from central_api.contract.feed import Entry

# Measured with a million rows of 293 bytes at random slots: each entry dirties one page of the index, and an update one
# of the table, which goes into the log, out of it again and into the file. So the smallest page that wastes nothing is
# the best: three rows fill one of 1 KiB as closely as six fill 2 KiB. While writing, this cache holds what one commit
# changes and most of the index; it is given back with the last commit.
_PAGE_BYTES: Final = 1024
_WRITER_CACHE_KIB: Final = 49_152
_READER_CACHE_KIB: Final = 512

# A newer status replaces an older one; a tombstone is never replaced.
_KEEP: Final = """
    INSERT INTO statuses (version, slot, sealed) VALUES (?, ?, ?)
    ON CONFLICT (slot) DO UPDATE SET version = excluded.version, sealed = excluded.sealed
    WHERE excluded.version > statuses.version AND typeof(statuses.sealed) = 'blob'
"""
# As many rows in one statement take a tenth less of SQLite's time, and ask for Python's lock once.
_ROWS_AT_ONCE: Final = 500
_KEEP_MANY: Final = _KEEP.replace("(?, ?, ?)", ", ".join(["(?, ?, ?)"] * _ROWS_AT_ONCE))
_BY_SLOT: Final = attrgetter("slot")


_FULL: Final = {"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"}
_NOT_WRITTEN: Final = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}


class NoRoom(Exception):
    """The disk is full or cannot be written; nothing changed. Says which, and SQLite's name of the error."""


def open_to_write(path: Path) -> sqlite3.Connection:
    """Open the file for its one writer, and lay it out if it is new. Raises sqlite3.DatabaseError, or NoRoom."""
    with disk_trouble_is_no_room():
        connection = _connect(path, _WRITER_CACHE_KIB)
        _lay_out(connection)
    return connection


def open_to_fold(path: Path) -> sqlite3.Connection:
    """Open the file to fold its log, beside its writer."""
    return _connect(path, _READER_CACHE_KIB)


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open the file for reading, beside its writer."""
    connection = _connect(path, _READER_CACHE_KIB)
    connection.execute("PRAGMA query_only = ON")
    return connection


def open_as_it_lies(path: Path) -> sqlite3.Connection:
    """Open the file for reading on a disk that takes nothing, not even SQLite's index of the log.

    Only for the process that has the data folder: nothing is locked. With exclusive locking the index is in memory, so
    that what only the log holds is read; without a log there is nothing that the file alone does not say.
    """
    log = path.with_name(f"{path.name}-wal")
    how = "vfs=unix-none" if log.exists() and log.stat().st_size else "immutable=1"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro&{how}", uri=True, isolation_level=None, check_same_thread=False
    )
    for pragma in ("locking_mode = EXCLUSIVE", "query_only = ON", f"cache_size = -{_READER_CACHE_KIB}"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection, *, hold: bool = False) -> Generator[None]:
    """Do what is inside as a whole, or nothing of it; goes on with a transaction that was held before.

    `hold` leaves it open, to be committed with the next. Raises NoRoom where the disk does not take it; what was held
    is then gone as well.
    """
    with disk_trouble_is_no_room():
        try:
            if not connection.in_transaction:
                connection.execute("BEGIN IMMEDIATE")
            yield
            if not hold:
                connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # SQLite has ended it by itself after some errors
                connection.execute("ROLLBACK")
            raise


def keep(connection: sqlite3.Connection, entries: Sequence[Entry]) -> None:
    """Put entries into the table; of several for one slot, the newest stays, and a tombstone always does.

    They come in the order of the index, so that each page of it is found once.
    """
    in_order = sorted(entries, key=_BY_SLOT)
    whole = len(in_order) - len(in_order) % _ROWS_AT_ONCE
    for start in range(0, whole, _ROWS_AT_ONCE):
        connection.execute(_KEEP_MANY, [*chain.from_iterable(in_order[start : start + _ROWS_AT_ONCE])])
    connection.executemany(_KEEP, in_order[whole:])


@contextmanager
def disk_trouble_is_no_room() -> Generator[None]:
    """Raise NoRoom for what SQLite says of a disk that is full or cannot be written."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _NOT_WRITTEN:
            raise
        what = "the disk is full" if error.sqlite_errorname in _FULL else "the disk cannot be written"
        raise NoRoom(f"{what} ({error.sqlite_errorname})") from None


def _connect(path: Path, cache_kib: int) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
    for pragma in (
        f"page_size = {_PAGE_BYTES}",
        "journal_mode = WAL",
        # With a write-ahead log, NORMAL loses at most the last pages at a power cut and never half of one; they come
        # again with the next poll.
        "synchronous = NORMAL",
        f"cache_size = -{cache_kib}",
        "wal_autocheckpoint = 0",  # kiosk/vault_log.py folds
        "journal_size_limit = 0",  # a log that begins anew is cut, so that its file is as long as it is
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _lay_out(connection: sqlite3.Connection) -> None:
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'office'").fetchone():
        return  # it is made last; and what lays out takes 4 MB for as long as the process lives
    from sqlite_utils import Database

    database = Database(connection)
    statuses = database.table("statuses")
    statuses.create(
        {"slot": bytes, "version": int, "sealed": bytes},
        not_null={"slot", "version", "sealed"},
        if_not_exists=True,
    )
    statuses.create_index(["slot"], unique=True, if_not_exists=True)
    database.table("office").create(
        {
            "id": int,
            "ministry": str,
            "host": str,
            "root_key": bytes,
            "key_list": bytes,
            "cursor": int,
            "time": int,
            "position": int,
            "head": bytes,
        },
        pk="id",
        if_not_exists=True,
    )
