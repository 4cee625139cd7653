"""The registry's books: what came in and what went out, numbered by year and unit in the order of the audit chain.

A line is an event; its number is how many of its book stand before it in the chain. So numbers have no gaps, no line
can be slipped in later, and the books are written anew from the events at any time. What older systems report stands in
their own books.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final, cast

import msgspec

from central_api.contract.status import Office as Unit
from central_api.store import Event, Office, decode_event, people
from central_api.workflow import Action
from central_api.workflow.calendar import BEIRUT
from central_api.workflow.chain import Word


class Direction(Word):
    """Which book: papers that came in, decisions that went out."""

    INCOMING = 1
    OUTGOING = 2


class Book(msgspec.Struct, frozen=True):
    """One book: of a unit, in a year of the office's own clock (Beirut)."""

    direction: Direction
    unit: Unit
    year: int

    @property
    def key(self) -> tuple[int, int, int]:
        """How it stands in the tables."""
        return int(self.direction), self.unit.code, self.year

    @property
    def word(self) -> str:
        """How it is called in addresses and file names: `incoming-intake/beirut-2026`."""
        return f"{self.direction.word}-{people.unit_name(self.unit)}-{self.year}"


class Line(msgspec.Struct, frozen=True):
    """One line: its number, the event's place in the chain, its sequence number, bytes and head (32 bytes)."""

    number: int
    position: int
    sequence: int
    body: bytes
    head: bytes

    def __repr__(self) -> str:
        return f"Line({self.number})"


WRITTEN: Final = {
    Action.SUBMIT: Direction.INCOMING,
    Action.RESUBMIT: Direction.INCOMING,
    Action.ANSWER: Direction.INCOMING,
    Action.OBJECT: Direction.INCOMING,
    Action.RETURN: Direction.OUTGOING,
    Action.REJECT: Direction.OUTGOING,
    Action.SIGN: Direction.OUTGOING,
    Action.GRANT: Direction.OUTGOING,
    Action.DISMISS: Direction.OUTGOING,
}
_CHUNK: Final = 250
_LINES: Final = """
    SELECT number, event.position, event.seq, CAST(event.body AS BLOB), CAST(event.head AS BLOB)
    FROM book_line JOIN event ON event.position = book_line.position
    WHERE book = ? AND unit = ? AND year = ? AND number >= ? ORDER BY number LIMIT ?
"""


def book_of(event: Event) -> Book | None:
    """Return the book that an event is a line of, if any."""
    direction = WRITTEN.get(event.act.action)
    if direction is None or event.act.reported_by is not None:
        return None
    unit = Unit(event.act.role, event.act.region or 0)
    return Book(direction, unit, datetime.fromtimestamp(event.recorded, BEIRUT).year)


def write_books(office: Office, goes_on: Callable[[], bool] = lambda: True) -> None:
    """Write every line whose event is published. Killed at any point, it goes on with the next. Raises StoreFailed.

    `goes_on` is asked after each chunk: where it says no, the rest is left to the next call.
    """
    more = True
    while more:
        more = office.write_chunk(lambda connection: _write_chunk(office, connection)).result() and goes_on()


def books(connection: sqlite3.Connection) -> list[tuple[Book, int]]:
    """Return the books with how many lines each has, the newest year first."""
    rows = connection.execute("SELECT book, unit, year, lines FROM book ORDER BY year DESC, book, unit").fetchall()
    return [(Book(Direction(book), Unit.of(unit), year), lines) for book, unit, year, lines in rows]


def lines(connection: sqlite3.Connection, book: Book, first: int = 1, most: int = -1) -> Iterator[Line]:
    """Yield the lines of a book from a number on."""
    for row in connection.execute(_LINES, (*book.key, first, most)):
        yield Line(*cast(tuple[int, int, int, bytes, bytes], row))


class Reading:
    """The books as the events say, read along the chain, to be held against those that are written."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._upto: int = connection.execute("SELECT position FROM book_written").fetchone()[0]
        self._counted: Counter[Book] = Counter()

    def agrees(self, position: int, event: Event) -> bool:
        """Say whether the line of a published event is what it must be."""
        book = book_of(event)
        if book is None or position > self._upto:
            return True
        self._counted[book] += 1
        query = "SELECT book, unit, year, number FROM book_line WHERE position = ?"
        return self._connection.execute(query, (position,)).fetchone() == (*book.key, self._counted[book])

    def ends(self) -> bool:
        """Say whether there are no other lines, nor other books."""
        written = self._connection.execute("SELECT count(*) FROM book_line").fetchone()[0]
        return written == self._counted.total() and dict(books(self._connection)) == self._counted


def _write_chunk(office: Office, connection: sqlite3.Connection) -> bool:
    """Write the lines of some events, at least one if there is any; says whether there may be more."""
    (upto,) = connection.execute("SELECT position FROM book_written").fetchone()
    query = "SELECT position, body FROM event WHERE position > ? ORDER BY position LIMIT ?"
    events = cast(list[tuple[int, bytes]], connection.execute(query, (upto, _CHUNK)).fetchall())
    if not events:
        return False
    ends: dict[Book, int] = {}
    written: list[tuple[int, ...]] = []
    seen = 0
    for seen, body in events:
        # The action stands behind the map's head and its key: most events need not be read for their book.
        book = book_of(decode_event(body)) if body[2] in WRITTEN else None
        if book is not None:
            if book not in ends:
                query = "SELECT lines FROM book WHERE book = ? AND unit = ? AND year = ?"
                row = connection.execute(query, book.key).fetchone()
                ends[book] = row[0] if row else 0
            ends[book] += 1
            written.append((*book.key, ends[book], seen))
            if office.wanted():
                break
    connection.executemany("INSERT INTO book_line VALUES (?, ?, ?, ?, ?)", written)
    connection.executemany("REPLACE INTO book VALUES (?, ?, ?, ?)", [(*book.key, end) for book, end in ends.items()])
    connection.execute("UPDATE book_written SET position = ?", (seen,))
    return len(events) == _CHUNK or seen < events[-1][0]
