"""The registry's books, incoming and outgoing: leafed through, printed, and taken along as a file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Final

import msgspec
from starlette.responses import Response

from central_api.contract.catalogue import catalogue
from central_api.publish.books import Book, Line, books, lines
from central_api.store import decode_event, deeds, find_row
from central_api.store.names import names_of
from central_api.store.queues import Entry, entry_of
from central_api.workflow import Duty, Filing, Role
from central_api.workflow.calendar import BEIRUT

from . import spoken, words
from .asked import Asked
from .sheets import Cell, as_sheet

_PAGE: Final = 100


class Shown(msgspec.Struct, frozen=True):
    """One line as it is read: when it was written (seconds since 1970, UTC), what it says, of which file, and whose."""

    line: Line
    recorded: int
    entry: Entry
    filing: Filing
    name: str
    company: str

    def __repr__(self) -> str:
        return f"Shown({self.line.number})"


def show(asked: Asked) -> Response:
    """Show a hundred lines of a book, its last ones first asked for; that they were looked at is written down."""
    known = dict(books(asked.desk.office.own_reader))
    if not _may_read(asked):
        return asked.page("nothing.html", 403)
    book = _wanted(asked, known)
    if book is None:
        return asked.page("books.html", known=known, book=None)
    typed = asked.value("from")
    first = int(typed) if typed.isdecimal() and len(typed) < 10 else max(1, known[book] - _PAGE + 1)
    _look(asked, book, first)
    reader = asked.desk.office.own_reader
    shown = [_shown(reader, line) for line in lines(reader, book, first, _PAGE)]
    return asked.page("books.html", known=known, book=book, shown=shown, first=first, page=_PAGE)


def as_csv(asked: Asked) -> Response:
    """Answer a whole book as a file: each line with its place in the chain, and the chain's head there."""
    book = _wanted(asked, dict(books(asked.desk.office.own_reader))) if _may_read(asked) else None
    if book is None:
        return asked.page("nothing.html", 404)
    _look(asked, book, 1)
    return as_sheet(book.word.replace("/", "-"), _sheet(asked, book))


def _sheet(asked: Asked, book: Book) -> Iterator[list[Cell]]:
    keys = ("line_number", "when", "what", "tracking", "service", "applicant", "field_company", "by_whom")
    yield [asked.say(key) for key in (*keys, "chain_position", "chain_head")]
    office, known = asked.desk.office, catalogue()
    # A reader of its own: the rows go out long after the page was asked for, in any thread.
    with closing(office.connect()) as reader:
        for line in lines(reader, book):
            shown = _shown(reader, line)
            filing, who = shown.filing, spoken.person(asked.language, shown.entry.who)
            service = known.service(filing.family, filing.kind, asked.language) or ""
            day = datetime.fromtimestamp(shown.recorded, BEIRUT).isoformat(timespec="seconds")
            what = asked.say(f"did_{shown.entry.act.action.word}")
            personal = words.number(filing.tracking), service, shown.name, shown.company, who
            yield [line.number, day, what, *personal, line.position, line.head.hex()]


def _shown(reader: sqlite3.Connection, line: Line) -> Shown:
    (row,) = reader.execute("SELECT application FROM event WHERE seq = ?", (line.sequence,)).fetchone()
    entry, filing = entry_of(reader, line.sequence, line.body), find_row(reader, row).filing
    return Shown(line, decode_event(line.body).recorded, entry, filing, *names_of(reader, row))


def _may_read(asked: Asked) -> bool:
    return asked.account.duty is Duty.AUDITOR or asked.holds(Role.REGISTRY)


def _wanted(asked: Asked, known: dict[Book, int]) -> Book | None:
    """Return the book that is asked for, else the first there is."""
    wanted = asked.value("book")
    return next((one for one in known if wanted in {"", one.word}), None)


def _look(asked: Asked, book: Book, first: int) -> None:
    office, account = asked.desk.office, asked.account
    which = f"book {book.word} from {first}"
    asked.write(lambda connection: deeds.looked(connection, office, account, which))
