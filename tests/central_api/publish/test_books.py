"""The registry's books: numbers without gaps in the chain's order, and audit verify holds them to the events."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from central_api.imports import import_file
from central_api.publish import Broken, Intact, audit_verify, publish_pending, write_books
from central_api.publish.books import Book, books, lines
from central_api.store import Office

from .conftest import CHAIN, Clock

NEW_YEAR = int(datetime(2026, 12, 31, 22, 0, tzinfo=UTC).timestamp())  # midnight in Beirut


def busy(office: Office, clock: Clock, chance: random.Random, rounds: int) -> None:
    """Files come in, go back, come again and end, over New Year, by a clock that is set back now and then."""
    for _ in range(rounds):
        clock.now = NEW_YEAR + chance.choice([-90_000, -3_600, -1, 0, 3_600, 90_000])
        region = chance.choice(["beirut", "north"])
        given = office.submit("work_permits", "renewal", region=region, phone=None)
        for role in CHAIN[: chance.randrange(6)]:
            if chance.random() < 0.3:
                office.act(given.tracking, "return", role=role, reasons=["document_missing"])
                office.act(given.tracking, "resubmit", role="intake")
            office.act(given.tracking, "approve", role=role)
        if chance.random() < 0.5:
            publish_pending(office)
            if chance.random() < 0.5:
                write_books(office)
    publish_pending(office)


def written(office: Office) -> dict[Book, list[tuple[int, int]]]:
    reader = office.own_reader
    return {book: [(one.number, one.position) for one in lines(reader, book)] for book, _ in books(reader)}


def change(office: Office, *statements: str) -> None:
    for sql in statements:
        office.execute_write(lambda c, sql=sql: c.execute(sql)).result()


def test_numbers_have_no_gaps_and_the_same_books_come_out_whenever_they_are_written(office: Office, clock: Clock):
    busy(office, clock, random.Random(6), 25)
    write_books(office)
    found = written(office)
    assert {(book.direction.word, book.year) for book in found} == {
        (direction, year) for direction in ("incoming", "outgoing") for year in (2026, 2027)
    }
    for some in found.values():
        assert [number for number, _ in some] == list(range(1, len(some) + 1))
        assert sorted(position for _, position in some) == [position for _, position in some]
    assert dict(books(office.own_reader)) == {book: len(some) for book, some in found.items()}
    assert isinstance(audit_verify(office), Intact)
    change(office, "DELETE FROM book", "DELETE FROM book_line", "UPDATE book_written SET position = 0")
    write_books(office)
    assert written(office) == found


def test_where_somebody_always_waits_each_chunk_is_one_event_and_all_comes_out_the_same(
    office: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    busy(office, clock, random.Random(8), 6)
    write_books(office)
    found, events = written(office), office.own_reader.execute("SELECT count(*) FROM event").fetchone()[0]
    change(
        office,
        "DELETE FROM book",
        "DELETE FROM book_line",
        "UPDATE book_written SET position = 0",
        "DELETE FROM sealed",
        "UPDATE event SET position = NULL, head = NULL",
    )
    monkeypatch.setattr(office, "wanted", lambda: True)
    upto = list[int]()

    def told() -> bool:
        upto.append(office.own_reader.execute("SELECT count(position) FROM event").fetchone()[0])
        return True

    assert publish_pending(office, told).count == events
    assert upto == list(range(1, events))
    write_books(office)
    assert written(office) == found
    assert isinstance(audit_verify(office), Intact)


def test_what_older_systems_report_stands_in_their_own_books(office: Office, clock: Clock, tmp_path: Path):
    clock.now = NEW_YEAR
    old = tmp_path / "old.csv"
    day = "2026-02-01T09:00:00Z"
    rows = ["system,legacy_number,action,role,at,family,kind,region"]
    rows += [f"legacy_permits,C-1,submit,,{day},work_permits,renewal,bekaa"]
    rows += [f"legacy_permits,C-1,approve,{role},{day},,," for role in CHAIN[:-1]]
    old.write_text("\n".join(rows) + "\n")
    assert import_file(office, old).applied == 5
    number = office.own_reader.execute("SELECT tracking FROM application").fetchone()[0]
    office.act(f"{number:011d}", "sign", role="minister")
    publish_pending(office)
    write_books(office)
    assert [(book.direction.word, lines) for book, lines in books(office.own_reader)] == [("outgoing", 1)]
    assert isinstance(audit_verify(office), Intact)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE book_line SET number = number + 1000 WHERE number = 3",
        "DELETE FROM book_line WHERE number = 2",
        "UPDATE book_line SET position = -position WHERE number = 2",
        "UPDATE book SET lines = lines + 1",
        "INSERT INTO book_line VALUES (1, 33, 2026, 900, 100000)",
        "INSERT INTO book VALUES (2, 38, 2019, 0)",
    ],
)
def test_a_line_that_is_not_what_the_events_say_is_found(office: Office, clock: Clock, sql: str):
    busy(office, clock, random.Random(7), 8)
    write_books(office)
    assert isinstance(audit_verify(office), Intact)
    change(office, sql)
    found = audit_verify(office)
    assert isinstance(found, Broken)
    assert "books" in found.what


def test_an_objection_comes_in_and_the_decision_on_it_goes_out(office: Office):
    given = office.submit("work_permits", "renewal", region="north", phone=None)
    office.act(given.tracking, "reject", role="registry", reasons=["conditions_not_met"])
    office.act(given.tracking, "object", role="registry")
    publish_pending(office)
    write_books(office)
    assert sorted((book.direction.word, count) for book, count in books(office.own_reader)) == [
        ("incoming", 1),
        ("incoming", 1),
        ("outgoing", 1),
    ]
    assert isinstance(audit_verify(office), Intact)
