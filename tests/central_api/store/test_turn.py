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
    assert not office.turn.somebody_waits()


def test_a_chunk_lets_every_act_pass_that_waits_and_ends_for_the_one_that_comes(office: Office):
    order, began, seen = list[str](), threading.Event(), threading.Event()

    def first(_connection: sqlite3.Connection) -> None:
        began.set()
        while not office.wanted():  # an act comes while it is at work
            assert not seen.wait(0.001)
        order.append("first chunk")

    chunk = office.write_chunk(first)
    assert began.wait(20)
    second = office.write_chunk(lambda _: order.append("second chunk"))
    assert not office.wanted()
    acts = [office.execute_write(lambda _, n=n: order.append(f"act {n}")) for n in range(2)]
    for done in (chunk, second, *acts):
        done.result(20)
    assert order == ["first chunk", "act 0", "act 1", "second chunk"]


def test_no_chunk_ends_for_another_processs_chunk_but_for_its_acts(office: Office):
    with open_office(office.data) as other:
        held = office.connect()
        held.execute("BEGIN IMMEDIATE")
        chunk = other.write_chunk(lambda _: None)
        while other._writer._chunks:  # taken up, and waiting for the register
            pass
        assert not office.wanted()
        act = other.execute_write(lambda _: None)
        while not office.wanted():
            assert not act.done()
        held.execute("COMMIT")
        held.close()
        chunk.result(20)
        act.result(20)
        assert not office.wanted()
