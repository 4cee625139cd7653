"""The vault's write-ahead log, which is folded into its file beside the writing of the next pages.

Half of a fold's time is the disk's. SQLite folds while others write; but only a log that is folded whole begins anew,
so what came meanwhile is folded before anything else is written.
"""

import contextlib
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

from .vault_file import NoRoom, disk_trouble_is_no_room, open_to_fold

# Bytes of a log that is folded while the vault catches up, and once it has caught up.
_FOLDED_FROM: Final = 64 << 20
_LEFT: Final = 4 << 20


class Log:
    """The log of the vault at `path`, for the one thread that writes at a time."""

    def __init__(self, path: Path) -> None:
        self._file = path.with_name(f"{path.name}-wal")
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="vault log")
        self._begun: Future[None] | None = None

    def close(self) -> None:
        """Wait for the fold that was begun."""
        self._thread.shutdown()

    def committed(self) -> None:
        """Take note of a commit. The log stays below twice what it is folded from, and one commit more."""
        length = self._length()
        if self._begun is None:
            if length >= _FOLDED_FROM:
                self._begun = self._thread.submit(self._fold, "PASSIVE")
        elif self._begun.done() or length >= 2 * _FOLDED_FROM:
            with contextlib.suppress(NoRoom):  # nothing is lost: the log is longer, and is folded later
                self._await_begun()
                self._fold("PASSIVE")

    def fold_long(self) -> None:
        """Fold what a catch-up left, and give the disk its room back. Raises NoRoom."""
        self._await_begun()
        if self._length() > _LEFT:
            self._fold("TRUNCATE")

    def _await_begun(self) -> None:
        begun, self._begun = self._begun, None
        if begun is not None:
            begun.result()

    def _fold(self, how: str) -> None:
        with disk_trouble_is_no_room(), contextlib.closing(open_to_fold(self._path)) as connection:
            connection.execute(f"PRAGMA wal_checkpoint({how})").fetchall()

    def _length(self) -> int:
        return self._file.stat().st_size if self._file.exists() else 0
