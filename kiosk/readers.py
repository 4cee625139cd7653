"""Readers of workers' rights, counted on the disk before anybody is told; what the office has is only ever caught up.

The counts of one file only grow, and the office keeps the highest it was told: a count is never lost to a cut network,
and never taken twice.
"""

import secrets
import sqlite3
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, cast

from central_api.contract.readers import COUNT_BYTES, Readers, encode_readers
from central_api.contract.status import Language

from .small_file import opened

if TYPE_CHECKING:
    from .link import OfficeLink
    from .visit_state import ScreenLanguage

FILE: Final = "readers.sqlite"
PATH: Final = "/v1/readers"
_WITHIN: Final = 5.0
_MOST_BYTES: Final = 4096
_LAY_OUT: Final = """
    CREATE TABLE IF NOT EXISTS tally (id INTEGER PRIMARY KEY CHECK (id = 1), name BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS reader (
        topic TEXT NOT NULL, language INTEGER NOT NULL, readers INTEGER NOT NULL, told INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (topic, language)
    ) WITHOUT ROWID;
"""


class ReaderCount:
    """The counts in one data folder; for any thread. Raises sqlite3.DatabaseError where the disk fails."""

    def __init__(self, data: Path) -> None:
        self._lock = Lock()
        self._connection = opened(data / FILE, _lay_out)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def count(self, topic: str, language: "ScreenLanguage") -> None:
        """Count one reader, durably."""
        with self._lock:
            self._connection.execute(
                "INSERT INTO reader (topic, language, readers) VALUES (?, ?, 1)"
                " ON CONFLICT (topic, language) DO UPDATE SET readers = readers + 1",
                (topic, int(Language[language.upper()])),
            )

    def untold(self) -> Readers | None:
        """Return all counts, if there is one that the office does not have yet."""
        with self._lock:
            rows = self._connection.execute("SELECT topic, language, readers, told FROM reader").fetchall()
            name = self._connection.execute("SELECT name FROM tally").fetchone()[0]
        counted = cast(list[tuple[str, int, int, int]], rows)
        if all(readers == told for _, _, readers, told in counted):
            return None
        return Readers(name, tuple(row[:3] for row in counted))

    def told(self, readers: Readers) -> None:
        """Take note that the office has these."""
        rows = [(count, topic, language) for topic, language, count in readers.rows]
        with self._lock:
            self._connection.executemany("UPDATE reader SET told = ? WHERE topic = ? AND language = ?", rows)

    def send(self, link: "OfficeLink") -> None:
        """Tell the office what it does not have; what fails is tried again after the next round."""
        from .link import OfficeUnreachable

        untold = self.untold()
        if untold is None:
            return
        try:
            body = encode_readers(untold)
            answer = link.send("POST", PATH, body, "application/cbor", seconds=_WITHIN, most=_MOST_BYTES)
        except OfficeUnreachable:
            return
        if answer.status == 204:
            self.told(untold)


def _lay_out(connection: sqlite3.Connection) -> None:
    connection.executescript(_LAY_OUT)
    connection.execute("INSERT OR IGNORE INTO tally VALUES (1, ?)", (secrets.token_bytes(COUNT_BYTES),))
