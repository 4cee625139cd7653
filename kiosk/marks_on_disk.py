"""What a power cut must leave behind: that a visit was open (and nothing of it), and that the office revoked us."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from devices.durable import flush_folder

from .journal import log

_VISIT: Final = "visit-open"
REVOKED: Final = "revoked"
"""Lies in the data folder while the office has revoked this terminal."""


class MarksOnDisk:
    """Empty files in `data`. A disk that takes none costs the word at the next start, never the visit."""

    def __init__(self, data: Path) -> None:
        self.power_was_cut = (data / _VISIT).exists()
        self._data = data
        # One worker: what is noted on the disk is noted in the order in which it happened.
        self.worker = ThreadPoolExecutor(1, thread_name_prefix="terminal")

    def visit_begins(self) -> None:
        """Note, soon, that a visit is open."""
        self.worker.submit(self._note, self._mark_visit)

    def visit_ends(self) -> None:
        """Note, soon, that none is."""
        self.worker.submit(self._note, self._unmark_visit)

    def close(self) -> None:
        """Note that no visit is open, and wait until everything is noted."""
        self.visit_ends()
        self.worker.shutdown()

    @property
    def revoked(self) -> bool:
        return (self._data / REVOKED).exists()

    def note_revoked(self, revoked: bool) -> None:
        """Keep, now, whether the office revoked this terminal."""
        mark = self._data / REVOKED
        self._note(mark.touch if revoked else lambda: mark.unlink(missing_ok=True))

    def _note(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError as error:
            log("visit mark", why=error.strerror)

    def _mark_visit(self) -> None:
        (self._data / _VISIT).touch()
        flush_folder(self._data)

    def _unmark_visit(self) -> None:
        (self._data / _VISIT).unlink(missing_ok=True)
        flush_folder(self._data)
