"""The register's file on disk: connections that read, the one thread that writes, and batches."""

import os
import sqlite3
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self, TypeVar, cast

from .checkpoints import Checkpoints
from .pace import somebody_publishes
from .turn import Turn
from .writer import Writer, failure_of

T = TypeVar("T")
_BUSY_SECONDS: Final = 30.0
# Folding waits hardly: where somebody is in the way, it is for the next time.
_FOLD_SECONDS: Final = 0.01
# Where it never succeeds, the log is folded by who writes: 80 MB.
_MOST_LOG: Final = 20_000
# How a register is read where SQLite can make nothing beside it: with what only its log holds, or without a log.
_WITH_LOG: Final = "?mode=ro&vfs=unix-none"
_WITHOUT_LOG: Final = "?mode=ro&immutable=1"


class Database:
    """An open register. Several processes may hold the same one open at once; each has one writing thread."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self.turn = Turn(data, _BUSY_SECONDS)
        self._checkpoints = Checkpoints(lambda: self.connect(_FOLD_SECONDS), lambda: somebody_publishes(data))
        self._writer = Writer(lambda: self.connect(0.0), self.turn, self._checkpoints.tell)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write what is queued, and let go of the folder."""
        self._writer.close()
        self._checkpoints.close()
        for connection in self._readers:
            connection.close()

    def connect(self, waits: float = _BUSY_SECONDS) -> sqlite3.Connection:
        """Open a connection in autocommit mode, usable from any thread, durable at every commit. Raises StoreFailed.

        It `waits` so many seconds while another process writes. Of a copy that cannot be written it only reads.
        """
        path = self.data / "office.db"
        address = f"{path.absolute().as_uri()}{_as_it_lies(path)}"
        connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=waits, check_same_thread=False)
        try:
            if address.endswith(_WITH_LOG):
                connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # the index of the log is in memory
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute(f"PRAGMA wal_autocheckpoint = {_MOST_LOG}")
        except sqlite3.Error as error:
            connection.close()
            raise failure_of(error) from error
        return connection

    def reader(self) -> sqlite3.Connection:
        """Open a connection that only reads; it is closed with the office."""
        connection = self.connect()
        connection.execute("PRAGMA query_only = ON")
        self._readers.append(connection)
        return connection

    @property
    def own_reader(self) -> sqlite3.Connection:
        """This thread's own connection for reading."""
        if not hasattr(self._local, "reader"):
            self._local.reader = self.reader()
        return cast(sqlite3.Connection, self._local.reader)

    def execute_write(self, work: Callable[[sqlite3.Connection], T]) -> "Future[T]":
        """Run `work` inside the writer's transaction. The future answers after the durable commit.

        `work` may raise: then what it wrote is taken back, and the future raises the same. Raises StoreFailed if the
        register cannot be written.
        """
        return self._in_batch(work) or self._writer.submit(work)

    def write_chunk(self, work: Callable[[sqlite3.Connection], T]) -> "Future[T]":
        """Run one chunk of something long, as `execute_write` does, behind the acts that wait."""
        return self._in_batch(work) or self._writer.submit_chunk(work)

    def wanted(self) -> bool:
        """Say whether anybody waits to write, here or in another process: a chunk ends then, however little it did."""
        return self._writer.wanted() or self.turn.somebody_waits()

    def _in_batch(self, work: Callable[[sqlite3.Connection], T]) -> "Future[T] | None":
        connection = cast(sqlite3.Connection | None, getattr(self._local, "batch", None))
        if connection is None:
            return None
        future: Future[T] = Future()
        future.set_result(work(connection))
        return future

    @contextmanager
    def batch(self) -> Generator[None]:
        """Make all that this thread writes one transaction, durable when the block ends; an error undoes it all.

        Other writers wait meanwhile, so keep it to some hundreds of acts.
        """
        connection = self.connect()
        try:
            connection.execute("BEGIN IMMEDIATE")
            self._local.batch = connection
            yield
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise failure_of(error) from error
        finally:
            self._local.batch = None
            connection.close()


def _as_it_lies(path: Path) -> str:
    """Say how to open a register in a folder that cannot be written, as an auditor's copy; empty for any other.

    Where an index of the log is there, an office may be at work: SQLite then reads beside it by itself.
    """
    log, index = (path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))
    if not path.exists() or os.access(path.parent, os.W_OK) or index.exists():
        return ""
    return _WITH_LOG if log.exists() and log.stat().st_size else _WITHOUT_LOG
