"""Several processes write one register: who waits is seen, and let in before who writes one thing after another."""

import fcntl
import sqlite3
import threading
from collections.abc import Callable

import pytest

from central_api.store import Office, StoreFailed, open_office, turn
from central_api.store.turn import Turn

ROWS = "INSERT OR REPLACE INTO throttle VALUES (?, 0, 0, 0, 0)"


def test_who_acts_waits_for_one_chunk_of_an_import_and_not_for_its_end(office: Office):
    chunks, ends = 0, threading.Event()

    def import_on_and_on() -> None:
        """As another process does: a register that is opened once more, by a writer of its own."""
        nonlocal chunks
        with open_office(office.data) as other:
            while not ends.is_set():
                other.write_chunk(lambda c: c.executemany(ROWS, [(f"{n}",) for n in range(20_000)]).rowcount).result()
                chunks += 1

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


def told_first(event: threading.Event, function: Callable[..., None]) -> Callable[..., None]:
    """Return a function that sets an event, and then does what it did before."""

    def told(*values: object) -> None:
        event.set()
        function(*values)

    return told


def test_an_act_that_comes_while_a_chunk_waits_for_the_register_goes_before_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    order, waiting = list[str](), threading.Event()
    monkeypatch.setattr(office.turn, "begin", told_first(waiting, office.turn.begin))
    held = office.connect()
    held.execute("BEGIN IMMEDIATE")
    chunk = office.write_chunk(lambda _: order.append("chunk"))
    assert waiting.wait(20)
    act = office.execute_write(lambda _: order.append("act"))
    held.execute("COMMIT")
    held.close()
    act.result(20)
    chunk.result(20)
    assert order == ["act", "chunk"]


def test_an_act_shares_the_commit_of_the_chunk_that_ended_for_it(office: Office, monkeypatch: pytest.MonkeyPatch):
    """In between, whoever wrote in another process had his turn once more."""
    begun, begin = list[int](), office.turn.begin
    monkeypatch.setattr(office.turn, "begin", lambda *values: (begun.append(1), begin(*values)))
    began = threading.Event()

    def work(connection: sqlite3.Connection) -> None:
        began.set()
        while not office.wanted():
            pass
        connection.execute(ROWS, ("chunk",))

    chunk = office.write_chunk(work)
    assert began.wait(20)
    act = office.execute_write(lambda c: c.execute(ROWS, ("act",)).rowcount)
    assert (chunk.result(20), act.result(20)) == (None, 1)
    assert len(begun) == 1


def test_an_act_that_fails_after_it_wrote_takes_nothing_from_the_chunk_whose_commit_it_shares(office: Office):
    began = threading.Event()

    def work(connection: sqlite3.Connection) -> int:
        first = not began.is_set()
        began.set()
        while first and not office.wanted():
            pass
        return connection.execute(ROWS, ("chunk",)).rowcount

    def fail(connection: sqlite3.Connection) -> None:
        connection.execute(ROWS, ("act",))
        raise ValueError("refused, too late")

    chunk = office.write_chunk(work)
    assert began.wait(20)
    act = office.execute_write(fail)
    assert chunk.result(20) == 1
    with pytest.raises(ValueError, match="too late"):
        act.result(20)
    assert office.own_reader.execute("SELECT subject FROM throttle").fetchall() == [("chunk",)]


def test_a_chunk_that_waits_stands_back_for_who_acts_in_another_process(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    """Both asked each millisecond, and the chunk was often the quicker."""
    monkeypatch.setattr(turn, "_STAND_BACK", 20.0)
    waiting = threading.Event()
    monkeypatch.setattr(office.turn, "begin", told_first(waiting, office.turn.begin))
    held = office.connect()
    held.execute("BEGIN IMMEDIATE")
    with (office.data / ".turn").open("a") as theirs:
        fcntl.flock(theirs, fcntl.LOCK_SH)  # as whoever acts in another process
        chunk = office.write_chunk(lambda _: None)
        assert waiting.wait(20)
        held.execute("COMMIT")
        held.close()
        with pytest.raises(TimeoutError):
            chunk.result(0.3)
    chunk.result(20)


def test_a_chunk_does_not_stand_back_for_ever(office: Office):
    held = office.connect()
    held.execute("BEGIN IMMEDIATE")
    with (office.data / ".turn").open("a") as theirs:
        fcntl.flock(theirs, fcntl.LOCK_SH)
        chunk = office.write_chunk(lambda _: None)
        held.execute("COMMIT")
        held.close()
        chunk.result(20)


def test_no_chunk_ends_for_another_processs_chunk_but_for_its_acts(office: Office, monkeypatch: pytest.MonkeyPatch):
    with open_office(office.data) as other:
        held = office.connect()
        held.execute("BEGIN IMMEDIATE")
        waiting = threading.Event()
        monkeypatch.setattr(other.turn, "begin", told_first(waiting, other.turn.begin))
        chunk = other.write_chunk(lambda _: None)
        assert waiting.wait(20)
        assert not office.wanted()
        act = other.execute_write(lambda _: None)
        while not office.wanted():
            assert not act.done()
        held.execute("COMMIT")
        held.close()
        chunk.result(20)
        act.result(20)
        assert not office.wanted()
