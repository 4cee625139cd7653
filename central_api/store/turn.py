"""Whose turn it is to write, among the processes of an office: SQLite knows who writes, and not who waits.

It lets whoever waits ask again after longer and longer pauses, and a process that writes one thing after another is
back before he asks. So who waits holds a lock on a file beside the register and asks each millisecond; who writes much
looks at that lock in between, and stands back.
"""

import fcntl
import sqlite3
import time
from pathlib import Path
from typing import Final

_ASK_EVERY: Final = 0.001
_STAND_BACK: Final = 0.1


class Turn:
    """The register's queue. `seconds`: how long anybody waits before it fails as SQLite says it: busy."""

    def __init__(self, data: Path, seconds: float) -> None:
        self._path = data / ".turn"
        self._seconds = seconds

    def begin(self, connection: sqlite3.Connection) -> None:
        """Begin to write. `connection` must not wait by itself. Raises sqlite3.OperationalError."""
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not _is_busy(error):
                raise
            self._wait(connection)

    def stand_back(self) -> bool:
        """Let those who wait write first, for a tenth of a second at most; says whether anybody did."""
        until, waited = time.monotonic() + _STAND_BACK, False
        while self._somebody_waits() and time.monotonic() < until:
            waited = True
            time.sleep(_ASK_EVERY)
        return waited

    def _wait(self, connection: sqlite3.Connection) -> None:
        until = time.monotonic() + self._seconds
        with self._path.open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            while True:
                try:
                    connection.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError as error:
                    if not _is_busy(error) or time.monotonic() > until:
                        raise
                    time.sleep(_ASK_EVERY)
                else:
                    return

    def _somebody_waits(self) -> bool:
        with self._path.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
