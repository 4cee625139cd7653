"""What the staff corner keeps over restarts: wrong PINs in a row, and who did what there. In the logbook's file.

Who: nobody is named. One PIN opens a terminal; what is kept is that it was opened, refused, and what was changed.
"""

from pathlib import Path
from typing import Final

from .frozen import frozen
from .logbook import FILE
from .small_file import opened

MOST_KEPT: Final = 200
"""Entries; the oldest go."""

_LAY_OUT: Final = """
    CREATE TABLE IF NOT EXISTS staff_entry (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, what TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS staff_pin (id INTEGER PRIMARY KEY CHECK (id = 1), failures INTEGER NOT NULL);
    INSERT OR IGNORE INTO staff_pin VALUES (1, 0);
"""


@frozen
class Entry:
    """One thing that was done, `at` by the machine's own clock: seconds since 1970, UTC."""

    at: int
    what: str


class StaffBook:
    """The book in one data folder, for one thread at a time. Raises sqlite3.DatabaseError where the disk fails."""

    def __init__(self, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._connection = opened(data / FILE, lambda connection: connection.executescript(_LAY_OUT))
        self._found = self._connection.execute("SELECT coalesce(max(id), 0) FROM staff_entry").fetchone()[0]

    def close(self) -> None:
        self._connection.close()

    @property
    def failures(self) -> int:
        """Wrong PINs since the last right one."""
        return self._connection.execute("SELECT failures FROM staff_pin").fetchone()[0]

    def count_try(self) -> int:
        """Count a try before it is judged, so that pulling the plug takes none back; returns how many it makes."""
        return self._connection.execute("UPDATE staff_pin SET failures = failures + 1 RETURNING failures").fetchone()[0]

    def forgive(self) -> None:
        """Begin anew: the PIN was right, or another one was set."""
        self._connection.execute("UPDATE staff_pin SET failures = 0")

    def note(self, at: int, what: str) -> None:
        """Keep what was done."""
        self._connection.execute("INSERT INTO staff_entry (at, what) VALUES (?, ?)", (at, what))
        self._connection.execute(
            "DELETE FROM staff_entry WHERE id <= (SELECT max(id) FROM staff_entry) - ?", (MOST_KEPT,)
        )

    def of_earlier_runs(self, most: int) -> list[Entry]:
        """Return the newest entries that were there when this book was opened, the newest first."""
        rows = self._connection.execute(
            "SELECT at, what FROM staff_entry WHERE id <= ? ORDER BY id DESC LIMIT ?", (self._found, most)
        )
        return [Entry(at, what) for at, what in rows]
