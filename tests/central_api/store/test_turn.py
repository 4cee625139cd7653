"""Several processes write one register: who waits is seen, and let in before who writes one thing after another."""

import sqlite3
import threading

import pytest

from central_api.store import Office, StoreFailed, open_office
from central_api.store.turn import Turn

ROWS = "INSERT OR REPLACE INTO throttle VALUES (?, 0, 0, 0, 0)"


def test_who_acts_waits_for_one_chunk_of_an_import_and_not_for_its_end(office: Office):
    chunks, ends = 0, threading.Event()

    def import_on_and_on() -> None:
        """As another process does: a register that is opened once more, by a writer of its own."""
        nonlocal chunks
        with open_office(office.data) as other:
            while not ends.is_set():
                other.execute_write(lambda c: c.executemany(ROWS, [(f"{n}",) for n in range(20_000)]).rowcount).result()
                chunks += 1
                other.turn.stand_back()

    thread = threading.Thread(target=import_on_and_on)
    thread.start()
    try:
        waited: list[int] = []
        while chunks < 6:  # the import has begun, and has been at work all along
            number, before = len(waited), chunks
            office.execute_write(lambda c, n=number: c.execute(ROWS, (f"act {n}",))).result()
            if before:
                waited.append(chunks - before)
    finally:
        ends.set()
        thread.join()
    assert sorted(waited)[-2] <= 2, waited


def test_a_register_that_is_never_let_go_is_said_to_be_busy(office: Office):
    office._writer._turn = Turn(office.data, 0.05)
    held = sqlite3.connect(office.data / "office.db", isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreFailed, match="SQLITE_BUSY"):
        office.execute_write(lambda c: c.execute(ROWS, ("one",))).result()
    held.execute("ROLLBACK")
    held.close()
    office.execute_write(lambda c: c.execute(ROWS, ("one",))).result()


def test_nobody_stands_back_for_nobody(office: Office):
    office.turn.stand_back()
    assert not office.turn._somebody_waits()
