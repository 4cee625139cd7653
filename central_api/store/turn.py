"""Whose turn it is to write, among the processes of an office: SQLite knows who writes, and not who waits.

It lets whoever waits ask again after longer and longer pauses, and a process that writes one thing after another is
back before he asks. So who waits holds a lock on a file beside the register and asks each millisecond; who writes much
looks at that lock before each chunk, and stands back.
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

        Who waits is seen to wait from when it is `urgent`: for a chunk of something long no other one ends early. Until
        then he stands back for those who are seen, for a tenth of a second at most.
        """
        if (urgent() or not self.somebody_waits()) and _begins(connection):
            return
        self._wait(connection, urgent)

    def somebody_waits(self) -> bool:
        """Say whether another process, or another writer of this one, waits to write."""
        return is_held(self._path)

    def _wait(self, connection: sqlite3.Connection, urgent: Callable[[], bool]) -> None:
        began, seen = time.monotonic(), False
        with self._path.open("a") as lock:
            while True:
                waited = time.monotonic() - began
                if not seen and urgent():
                    fcntl.flock(lock, fcntl.LOCK_SH)
                    seen = True
                asks = seen or waited > _STAND_BACK or not self.somebody_waits()
                if asks and _begins(connection, at_last=waited > self._seconds):
                    return
                time.sleep(_ASK_EVERY)


def is_held(path: Path) -> bool:
    """Say whether anybody holds a lock on a file, which is made where there is none."""
    # Asked after each event that is published: Python's own files cost three times as much.
    lock = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _begins(connection: sqlite3.Connection, *, at_last: bool = False) -> bool:
    """Begin to write, unless somebody else writes: that is raised `at_last`."""
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if at_last or not _is_busy(error):
            raise
        return False
    return True


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
