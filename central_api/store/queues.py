"""What lies where: the files that wait at units, oldest first, and the history of one."""

import heapq
import sqlite3
from collections.abc import Iterable
from operator import itemgetter

import msgspec

from central_api.contract.status import Office as Unit
from central_api.workflow import Act

from .events import FOR, SAID, WHO, decode_event
from .filed import Filed, find_row
from .names import names_of


class Waiting(msgspec.Struct, frozen=True):
    """A file that waits, since when (seconds since 1970, UTC), and whose it is."""

    filed: Filed
    unit: Unit
    since: int
    name: str
    company: str

    def __repr__(self) -> str:
        return f"Waiting({self.filed.row})"


class Entry(msgspec.Struct, frozen=True):
    """One line of a file's history. `who` and `acting_for` are accounts as `number name`, empty where unknown."""

    at: int
    act: Act
    who: str
    acting_for: str
    said: str
    issue: int | None = None

    def __repr__(self) -> str:
        return f"Entry({self.act.action.word})"


def waiting(
    connection: sqlite3.Connection, units: Iterable[Unit], after: tuple[int, int] = (0, 0), limit: int = 50
) -> list[Waiting]:
    """Return the files that wait at units the longest, those after (since, row) of the last one seen."""
    query = "SELECT since, id, unit FROM application WHERE unit = ? AND (since, id) > (?, ?) ORDER BY since, id LIMIT ?"
    lists = [connection.execute(query, (unit.code, *after, limit)).fetchall() for unit in dict.fromkeys(units)]
    shown = list(heapq.merge(*lists, key=itemgetter(0, 1)))[:limit]
    return [
        Waiting(find_row(connection, row), Unit.of(unit), since, *names_of(connection, row))
        for since, row, unit in shown
    ]


def counted(connection: sqlite3.Connection, unit: Unit, before: int | None = None) -> int:
    """Count the files at a unit; those alone that have been there since before a moment, where one is given."""
    query = "SELECT count(*) FROM application WHERE unit = ?" + ("" if before is None else " AND since < ?")
    values = (unit.code,) if before is None else (unit.code, before)
    return connection.execute(query, values).fetchone()[0]


def history(connection: sqlite3.Connection, filed: Filed) -> list[Entry]:
    """Return all that happened to a file, and what was noted beside it, the oldest first."""
    rows = connection.execute(
        "SELECT seq, body FROM event WHERE application = ? UNION ALL"
        " SELECT seq, body FROM note JOIN event ON event.seq = note.event WHERE note.application = ? ORDER BY seq",
        (filed.row, filed.row),
    ).fetchall()
    return [entry_of(connection, seq, body) for seq, body in rows]


def said_at_submission(connection: sqlite3.Connection, filed: Filed, field: int) -> str:
    """Return a personal value of a file's first event; empty where it was not written down, or erased."""
    query = (
        "SELECT personal.value FROM event JOIN personal ON personal.event = event.seq"
        " WHERE event.application = ? AND personal.field = ? ORDER BY event.seq LIMIT 1"
    )
    row = connection.execute(query, (filed.row, field)).fetchone()
    return row[0] if row else ""


def entry_of(connection: sqlite3.Connection, seq: int, body: bytes) -> Entry:
    """Read an event with the personal values that lie beside it still."""
    event = decode_event(body)
    said: dict[int, str] = {}
    if event.personal:
        said = dict(connection.execute("SELECT field, value FROM personal WHERE event = ?", (seq,)).fetchall())
    return Entry(event.act.at, event.act, said.get(WHO, ""), said.get(FOR, ""), said.get(SAID, ""), event.issue)
