"""The log of a register is folded beside those who write, and stays short however long they do."""

import shutil
import sqlite3
import threading
from contextlib import closing, suppress
from pathlib import Path

import pytest

from central_api.store import Office, StoreFailed, checkpoints, open_office
from central_api.store.checkpoints import Checkpoints
from central_api.store.pace import publishing
from tests.central_api.web.running import until

ROWS = "INSERT OR REPLACE INTO throttle VALUES (?, 0, 0, 0, 0)"
PAGE = 4096 + 24


def write(office: Office, first: int, count: int) -> None:
    office.execute_write(lambda c: c.executemany(ROWS, [(f"{n}" * 20,) for n in range(first, first + count)])).result()


def folded(office: Office, aside: Path) -> int:
    """Count what the file holds without its log; -1 of a copy made in the middle of a fold, which is torn."""
    shutil.copyfile(office.data / "office.db", aside)
    with closing(sqlite3.connect(aside)) as connection, suppress(sqlite3.DatabaseError):
        return connection.execute("SELECT count(*) FROM throttle").fetchone()[0]
    return -1


def test_what_was_written_is_folded_without_anybody_asking(office: Office, tmp_path: Path):
    with publishing(office.data):
        write(office, 0, 400)
        assert office._checkpoints._thread is None  # few rows: a command that writes them starts no thread
        write(office, 400, 400)
        until(lambda: folded(office, tmp_path / "aside.db") == 800)


def test_where_no_office_serves_it_is_folded_a_tenth_as_often(office: Office, tmp_path: Path):
    write(office, 0, 3_000)
    assert office._checkpoints._thread is None
    write(office, 3_000, 1_500)
    until(lambda: folded(office, tmp_path / "aside.db") == 4_500)


def test_the_log_stays_short_while_two_processes_write_on_and_on(office: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checkpoints, "_LONG_LOG", 200)
    with open_office(office.data) as other, publishing(office.data):

        def on_and_on(own: Office, first: int) -> None:
            for at in range(first, first + 20_000, 100):
                write(own, at, 100)

        threads = [threading.Thread(target=on_and_on, args=(one, at)) for at, one in enumerate((office, other))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # Some 5,500 pages were written in all.
        assert (office.data / "office.db-wal").stat().st_size < 2_000 * PAGE
    assert office.own_reader.execute("SELECT count(*) FROM throttle").fetchone()[0] == 20_001


def test_a_fold_that_fails_is_made_later(office: Office):
    failing, tried = [True, True], threading.Event()

    def connect() -> sqlite3.Connection:
        tried.set()
        if failing and failing.pop():
            raise StoreFailed("the disk is full")
        return office.connect()

    folding = Checkpoints(connect, lambda: True)
    for changes in (500, 1_000):
        folding.tell(changes)
        assert tried.wait(20)
        until(lambda: not folding._due.is_set())
        tried.clear()
    write(office, 0, 10)
    folding.tell(1_500)
    assert tried.wait(20)
    folding.close()
    assert not failing
    assert folding._thread is not None
    assert not folding._thread.is_alive()
