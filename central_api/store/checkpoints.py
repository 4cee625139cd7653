"""The log of a register is folded into its file by a thread of its own, so that nobody who acts waits for that.

SQLite itself would do it in whichever commit meets a long log: a thousand pages all over the file and a sync of it,
while the acts behind that commit wait. What is committed is on the disk in the log, folded or not.
"""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from typing import Final

from .errors import StoreFailed

_AFTER_CHANGES: Final = 500
# Where no office serves nobody waits for anything, and an import that folds after each chunk takes a tenth longer.
_AFTER_CHANGES_ALONE: Final = 4_000
# 32 MB: what is written beside a fold stays in the log, so that one which is written on and on would never end.
_LONG_LOG: Final = 8_000


class Checkpoints:
    """Folds the log whenever some hundreds of rows were written, or some thousands where no office is `served`.

    `connect` gives a connection that hardly waits.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection], served: Callable[[], bool]) -> None:
        self._connect = connect
        self._served = served
        self._folded_at = 0
        self._due = threading.Event()
        self._closing = False
        self._thread: threading.Thread | None = None

    def tell(self, changes: int) -> None:
        """Tell how many rows the writer has changed by now."""
        unfolded = changes - self._folded_at
        if unfolded < _AFTER_CHANGES or (unfolded < _AFTER_CHANGES_ALONE and not self._served()):
            return
        self._folded_at = changes
        self._due.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="office-checkpoints", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Finish the fold at hand, and end. Whoever closes the register last folds the rest."""
        self._closing = True
        self._due.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while self._due.wait() and not self._closing:
            self._due.clear()
            try:
                self._fold()
            except (sqlite3.Error, StoreFailed):
                # A full disk: nothing is lost, the log is folded a few hundred rows later, and the writer tells.
                continue

    def _fold(self) -> None:
        with closing(self._connect()) as connection:
            _busy, pages, _folded = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            if pages > _LONG_LOG:
                # Now little is left; while that is folded nobody writes, and the next who does begins the log anew.
                connection.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
