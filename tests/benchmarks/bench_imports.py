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

FILES = 4_000
ROUNDS = 7
TODAY = 1_790_000_000
_HOLDS = (
    f"{FILES} invented applications of three families as older systems hand them over in CSV: a submit with phone, "
    "then 1 to 5 steps, a tenth by deputies"
)
_INCLUDES = (
    f"parse, validate, number, slot, rules, event, standing, {CHUNK} rows a durable commit; the floor is "
    "executemany of the same rows by the same statements into the same tables, in the same commits, right after the "
    "import, when nothing of it is at work any more"
)


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="bench-imports-") as folder:
        by_time, by_application = _sources(Path(folder))
        with open_office(Path(folder) / "empty"):
            pass
        history, floor, publishing = _race(Path(folder) / "empty", by_application)
        journal, journal_floor, _ = _race(Path(folder) / "empty", by_time)
    return [
        Figure(
            "import of histories",
            history,
            "rows/s",
            f"{_HOLDS}; one application after the other, each by time: {_INCLUDES}",
            limit=0.4,
            higher=True,
            floor=floor,
            of_floor=True,
        ),
        Figure(
            "import of a journal",
            journal,
            "rows/s",
            f"the same rows by time alone, so that hardly any two rows of a chunk are of one application: {_INCLUDES}",
            limit=0.4,
            higher=True,
            floor=journal_floor,
            of_floor=True,
        ),
        Figure(
            "publishing what was imported",
            publishing,
            "us/event",
            "chain, status, receipt signature, sealing and writing, per imported row: not in the figures above",
        ),
    ]


def _sources(folder: Path) -> tuple[Path, Path]:
    """Write the same rows by time and by application."""
    tables = {table.key: list(table.kinds.values()) for table in shipped_tables()}
    by_time, by_application = folder / "journal.csv", folder / "histories.csv"
    write_legacy(by_time, FILES, Random(7), tables, TODAY)
    with by_time.open(encoding="utf-8", newline="") as source, by_application.open("w", newline="") as out:
        header, *rows = csv.reader(source)
        csv.writer(out).writerows([header, *sorted(rows, key=lambda row: row[1])])
    return by_time, by_application


def _race(empty: Path, source: Path) -> tuple[float, float, float]:
    """Import and write barely, in turn; returns both rates, and us an event that publishing took."""
    rounds: list[tuple[float, float]] = []
    publishing: list[float] = []
    with copied(empty) as copy, open_office(copy(f"{source.stem}-record")) as office:
        count, written = _record(office, source)
    gc.freeze()  # what was recorded is not the import's to look through
    for _ in range(ROUNDS):
        with copied(empty) as copy:
            with open_office(copy("real")) as office:
                started = perf_counter()
                done = import_file(office, source)
                real = perf_counter() - started
                assert done.applied == count
                publishing.append(timed(partial(publish_pending, office)) / count * 1e6)
            with closing(bare(copy("bare"))) as connection:
                floor = timed(partial(_write_all, connection, written))
        rounds.append((count / real, count / floor))
    return *middle(rounds), statistics.median(publishing)


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
