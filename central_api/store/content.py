"""Publications of content, and the readers that terminals counted. Plain rows, written in the office's transactions."""

import sqlite3
from dataclasses import dataclass, field, replace
from typing import cast

from central_api.contract.content import Content
from central_api.contract.content_bytes import encode_content
from central_api.contract.readers import Readers
from central_api.contract.status import Language


@dataclass(frozen=True, slots=True)
class Publication:
    """One number: in force from `effective`, as it was edited, and as bytes. Times are seconds since 1970, UTC."""

    number: int
    effective: int
    published: int
    source: str = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Count:
    """Readers of one topic in one language (its code in lower case), of all terminals."""

    topic: str
    language: str
    readers: int


def newest(connection: sqlite3.Connection, now: int | None = None) -> Publication | None:
    """Return the newest publication, in force at a time or also to come; None before the first."""
    row = connection.execute(
        "SELECT number, effective, published, source, body FROM content WHERE ? IS NULL OR effective <= ?"
        " ORDER BY number DESC LIMIT 1",
        (now, now),
    ).fetchone()
    return None if row is None else Publication(*cast(tuple[int, int, int, str, bytes], row))


def put(connection: sqlite3.Connection, content: Content, source: str, now: int) -> Publication:
    """Publish content, in force from its `effective` on, under the next number. Raises ContractError."""
    last = newest(connection)
    number = 1 if last is None else last.number + 1
    body = encode_content(replace(content, number=number))
    connection.execute(
        "INSERT INTO content (number, effective, published, source, body) VALUES (?, ?, ?, ?, ?)",
        (number, content.effective, now, source, body),
    )
    return Publication(number, content.effective, now, source, body)


def count_readers(connection: sqlite3.Connection, terminal: str, told: Readers, now: int) -> None:
    """Take what a terminal counted. Counts only grow, so what is told twice, or late, changes nothing."""
    connection.executemany(
        "INSERT INTO reader (tally, topic, language, readers, terminal, told) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (tally, topic, language) DO UPDATE SET readers = excluded.readers,"
        " terminal = excluded.terminal, told = excluded.told WHERE excluded.readers > reader.readers",
        [(told.count, topic, language, readers, terminal, now) for topic, language, readers in told.rows],
    )


def readers(connection: sqlite3.Connection) -> list[Count]:
    """Return how many read each topic in each language, the most read first."""
    rows = connection.execute(
        "SELECT topic, language, sum(readers) AS all_readers FROM reader GROUP BY topic, language"
        " ORDER BY all_readers DESC, topic, language"
    ).fetchall()
    names = {int(language): language.name.lower() for language in Language}
    counted = cast(list[tuple[str, int, int]], rows)
    return [Count(topic, names.get(language, str(language)), count) for topic, language, count in counted]
