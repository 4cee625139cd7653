"""Whose turn it is to write, among the processes of an office: SQLite knows who writes, and not who waits.

It lets whoever waits ask again after longer and longer pauses, and a process that writes one thing after another is
back before he asks. So who waits holds a lock on a file beside the register and asks each millisecond; who writes much
looks at that lock in between, and stands back.
"""

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

_ASK_EVERY: Final = 0.001
_STAND_BACK: Final = 0.1


class Turn:
    """The register's queue. `seconds`: how long anybody waits before it fails as SQLite says it: busy."""

    def __init__(self, data: Path, seconds: float) -> None:
        self._path = data / ".turn"
        self._seconds = seconds

    def begin(self, connection: sqlite3.Connection, urgent: Callable[[], bool] = lambda: True) -> None:
        """Begin to write. `connection` must not wait by itself. Raises sqlite3.OperationalError.

        Who waits is seen to wait from when it is `urgent`: for a chunk of something long no other one ends early.
        """
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not _is_busy(error):
                raise
            self._wait(connection, urgent)

    def stand_back(self) -> bool:
        """Let those who wait write first, for a tenth of a second at most; says whether anybody did."""
        until, waited = time.monotonic() + _STAND_BACK, False
        while self.somebody_waits() and time.monotonic() < until:
            waited = True
            time.sleep(_ASK_EVERY)
        return waited

    def somebody_waits(self) -> bool:
        """Say whether another process, or another writer of this one, waits to write."""
        # Asked after each event that is published: Python's own files cost three times as much.
        lock = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(lock)
        return False

    def _wait(self, connection: sqlite3.Connection, urgent: Callable[[], bool]) -> None:
        until, seen = time.monotonic() + self._seconds, False
        with self._path.open("a") as lock:
            while True:
                if not seen and urgent():
                    fcntl.flock(lock, fcntl.LOCK_SH)
                    seen = True
                try:
                    connection.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError as error:
                    if not _is_busy(error) or time.monotonic() > until:
                        raise
                    time.sleep(_ASK_EVERY)
                else:
                    return


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
