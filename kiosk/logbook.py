"""The terminal's logbook: starts and ends of the machine, and reports that wait for the office. One small SQLite file.

A report is durable before it is sent, so that its number is never given twice. How many may wait is bounded, and the
oldest are thinned first: of a long time without office its beginning is told ever more sparsely.
"""

import sqlite3
from pathlib import Path
from typing import Final

from .small_file import opened

FILE: Final = "logbook.sqlite"
MOST_WAITING: Final = 720
"""Reports: twelve hours, one a minute, in at most 1.5 MB."""

_LAY_OUT: Final = """
    CREATE TABLE IF NOT EXISTS report (sequence INTEGER PRIMARY KEY, body BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS run (
        id INTEGER PRIMARY KEY CHECK (id = 1), boot TEXT NOT NULL, boots INTEGER NOT NULL, unclean INTEGER NOT NULL,
        clean INTEGER NOT NULL, sequence INTEGER NOT NULL
    );
    INSERT OR IGNORE INTO run VALUES (1, '', 0, 0, 1, 0);
"""


class Logbook:
    """The logbook in one data folder. For one thread at a time. Raises sqlite3.DatabaseError where the disk fails."""

    def __init__(self, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self._connection = opened(data / FILE, lambda connection: connection.executescript(_LAY_OUT))
        self._unwritten = 0  # numbers given while the disk took nothing

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    # ---- starts and ends ----

    def begin(self, boot: str) -> None:
        """Note that a terminal starts. A machine that starts again after an end that was never noted ended unclean."""
        was, clean = self._connection.execute("SELECT boot, clean FROM run").fetchone()
        again = int(boot != was)
        self._connection.execute(
            "UPDATE run SET boot = ?, boots = boots + ?, unclean = unclean + ?, clean = 0",
            (boot, again, int(again and not clean)),
        )

    def end(self) -> None:
        """Note that the terminal ends in order."""
        self._connection.execute("UPDATE run SET clean = 1")

    @property
    def boots(self) -> int:
        return self._connection.execute("SELECT boots FROM run").fetchone()[0]

    @property
    def unclean(self) -> int:
        return self._connection.execute("SELECT unclean FROM run").fetchone()[0]

    # ---- reports ----

    def next_number(self) -> int:
        """Give the number of the next report: one more than the last that was given."""
        given = self._connection.execute("SELECT sequence FROM run").fetchone()[0] + self._unwritten
        return given + 1

    def keep(self, number: int, body: bytes) -> bool:
        """Keep a report until it is sent; False where the disk does not take it, and only this run knows its number."""
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.execute("UPDATE run SET sequence = ?", (number,))
                self._connection.execute("INSERT OR REPLACE INTO report VALUES (?, ?)", (number, body))
                self._thin()
        except sqlite3.OperationalError:
            self._unwritten += 1
            return False
        self._unwritten = 0
        return True

    def waiting(self) -> int:
        """Count the reports that wait."""
        return self._connection.execute("SELECT count(*) FROM report").fetchone()[0]

    def oldest(self, most: int) -> list[tuple[int, bytes]]:
        """Give the reports that have waited longest, with their numbers, in order."""
        return self._connection.execute(
            "SELECT sequence, body FROM report ORDER BY sequence LIMIT ?", (most,)
        ).fetchall()

    def sent(self, number: int) -> None:
        """Drop a report that the office has, or will never take."""
        self._connection.execute("DELETE FROM report WHERE sequence = ?", (number,))

    def _thin(self) -> None:
        """Drop every second report of the older half, where there are too many."""
        if self.waiting() <= MOST_WAITING:
            return
        self._connection.execute(
            """DELETE FROM report WHERE sequence IN (
                SELECT sequence FROM (
                    SELECT sequence, row_number() OVER (ORDER BY sequence) AS place FROM report
                    ORDER BY sequence LIMIT ?
                ) WHERE place % 2 = 0)""",
            (MOST_WAITING // 2,),
        )
