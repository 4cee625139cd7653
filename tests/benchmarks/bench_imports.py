"""The import's speed against bare executemany of the very rows that it writes; publishing apart."""

import csv
import gc
import sqlite3
import statistics
import tempfile
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter

from central_api.demo.legacy import write_legacy
from central_api.imports import import_file
from central_api.imports.importer import CHUNK
from central_api.publish import publish_pending
from central_api.store import Office, open_office
from central_api.store.writer import Writer
from central_api.workflow import shipped_tables

from .figures import Figure, middle, timed
from .recorded import Statement, bare, copied, recording

ALL, SOME = 250_000, 4_000
"""Applications: of an office that moves here with a million rows, which takes long, and of one day's small file."""
ROUNDS = 7
TODAY = 1_790_000_000
_HOLDS = (
    "invented applications of three families as older systems hand them over in CSV: a submit with phone, then 1 to 5 "
    "steps, a tenth by deputies"
)
_INCLUDES = (
    f"parse, validate, number, slot, rules, event, standing, {CHUNK} rows a durable commit; the floor is "
    "executemany of the same rows into the same tables, in the same commits, right after the import, when nothing of "
    "it is at work any more"
)


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="bench-imports-") as folder:
        empty = Path(folder) / "empty"
        with open_office(empty):
            pass
        by_time, by_application = _sources(Path(folder), SOME)
        history, journal = _race(empty, by_application), _race(empty, by_time)
        publishing = statistics.median(_publishing(empty, by_application) for _ in range(3))
        _, by_application = _sources(Path(folder), ALL)
        everything = _race(empty, by_application, rounds=1)
    return [
        _figure(f"import of {ALL:,} histories", everything, "one application after the other, by time", limit=0.4),
        _figure(f"import of {SOME:,} histories", history, "few, for a register that caches hold whole"),
        _figure(
            f"import of a journal of {SOME:,} applications",
            journal,
            "as few, by time alone, so that hardly any two rows of a chunk are of one application",
        ),
        Figure(
            "publishing what was imported",
            publishing,
            "us/event",
            f"chain, status, receipt signature, sealing and writing, per imported row of {SOME:,} applications: not in "
            "the figures above",
        ),
    ]


def _figure(name: str, rates: tuple[float, float], order: str, limit: float | None = None) -> Figure:
    rate, floor = rates
    measures = f"{_HOLDS}; {order}: {_INCLUDES}"
    return Figure(name, rate, "rows/s", measures, limit, higher=True, floor=floor, of_floor=True)


def _sources(folder: Path, files: int) -> tuple[Path, Path]:
    """Write the same rows by time and by application."""
    tables = {table.key: list(table.kinds.values()) for table in shipped_tables()}
    by_time, by_application = folder / "journal.csv", folder / "histories.csv"
    write_legacy(by_time, files, Random(7), tables, TODAY)
    with by_time.open(encoding="utf-8", newline="") as source, by_application.open("w", newline="") as out:
        header, *rows = csv.reader(source)
        csv.writer(out).writerows([header, *sorted(rows, key=lambda row: row[1])])
    return by_time, by_application


def _race(empty: Path, source: Path, *, rounds: int = ROUNDS) -> tuple[float, float]:
    """Import and write barely, in turn; returns both rates."""
    rates: list[tuple[float, float]] = []
    with copied(empty) as copy, open_office(copy(f"{source.stem}-record")) as office:
        count, written = _record(office, source)
    gc.freeze()  # what was recorded is not the import's to look through
    for _ in range(rounds):
        with copied(empty) as copy:
            with open_office(copy("real")) as office:
                started = perf_counter()
                done = import_file(office, source)
                real = perf_counter() - started
                assert done.applied == count
            with closing(bare(copy("bare"))) as connection:
                floor = timed(partial(_write_all, connection, written))
        rates.append((count / real, count / floor))
    return middle(rates)


def _publishing(empty: Path, source: Path) -> float:
    """Publish what an import brings; returns us an event."""
    with copied(empty) as copy, open_office(copy("published")) as office:
        count = import_file(office, source).applied
        return timed(partial(publish_pending, office)) / count * 1e6


def _record(office: Office, source: Path) -> tuple[int, list[list[Statement]]]:
    """Import once to learn what is written; returns how many rows it has, and the statements of each commit."""
    recorder = recording(office.data)
    office._writer.close()
    office._writer = Writer(lambda: recorder, office.turn)
    count = import_file(office, source).applied
    per_commit = len(recorder.many) // -(-count // CHUNK)
    return count, [recorder.many[at : at + per_commit] for at in range(0, len(recorder.many), per_commit)]


def _write_all(connection: sqlite3.Connection, written: list[list[Statement]]) -> None:
    for commit in written:
        connection.execute("BEGIN IMMEDIATE")
        for sql, rows in commit:
            connection.executemany(sql, rows)
        connection.execute("COMMIT")
