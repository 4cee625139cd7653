"""One thread that writes, so that many acts share one durable commit.

A job that raises takes back only what it did itself. A job may be run again, so it only reads and writes here.
A future is answered only after the commit that holds its work is on the disk. Much is written in chunks: no act that
came before one waits for it, and it ends early where one comes, which shares its commit.
"""

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from typing import Final, TypeVar

from .errors import StoreFailed
from .turn import Turn

T = TypeVar("T")
GROUP: Final = 64

Job = tuple[Callable[[sqlite3.Connection], object], "Future[object]"]
Answer = tuple[object, BaseException | None]


class Writer:
    """The writing thread over a connection of its own. `connect` must give one in autocommit mode that never waits.

    `written` is told after each group how many rows the connection has changed since it was opened.
    """

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        turn: Turn,
        written: Callable[[int], object] = lambda _changes: None,
    ) -> None:
        # Opened here, so that a register that cannot be opened fails its opener and not a thread out of sight.
        self._connection = connect()
        self._turn = turn
        self._written = written
        self._acts: deque[Job] = deque()
        self._chunks: deque[Job] = deque()
        self._closing = False
        self._called = threading.Event()
        self._thread = threading.Thread(target=self._run, name="office-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[sqlite3.Connection], T]) -> "Future[T]":
        """Queue work; its future holds what it returned, or raised, once the commit is durable.

        It raises StoreFailed if nothing could be written.
        """
        future: Future[T] = Future()
        self._acts.append((work, future))  # pyright: ignore[reportArgumentType] - a future of T answers what work gives
        self._called.set()
        return future

    def submit_chunk(self, work: Callable[[sqlite3.Connection], T]) -> "Future[T]":
        """Queue a chunk of something long, behind every act that waits by the time it is taken."""
        future: Future[T] = Future()
        self._chunks.append((work, future))  # pyright: ignore[reportArgumentType] - as above
        self._called.set()
        return future

    def wanted(self) -> bool:
        """Say whether an act waits, so that the chunk that asks should end."""
        return bool(self._acts)

    def close(self) -> None:
        """Write what is queued and stop."""
        self._closing = True
        self._called.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._called.clear()
            if self._acts or self._chunks:
                self._write()
                self._written(self._connection.total_changes)
            elif self._closing:
                break
            else:
                self._called.wait()
        self._connection.close()

    def _write(self) -> None:
        """Write what one commit holds, and answer its futures after it."""
        connection, group = self._connection, list[Job]()
        try:
            # What is written is chosen once it is our turn: an act that came meanwhile goes before a chunk.
            self._turn.begin(connection, self.wanted)
            answers = _run_all(connection, self._taken(group))
            if answers is None:
                connection.execute("ROLLBACK")
                self._turn.begin(connection)
                answers = [_run_apart(connection, work) for work, _future in group]
            connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:  # a turn is taken through files, which may be out too
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            failure = failure_of(error)
            for _work, future in group or self._taken(group):
                future.set_exception(failure)
            return
        for (_work, future), (result, raised) in zip(group, answers, strict=True):
            if raised is None:
                future.set_result(result)
            else:
                future.set_exception(raised)

    def _taken(self, group: list[Job]) -> Iterator[Job]:
        """Take the jobs that share a commit into a group: a chunk where no act waits, and the acts that come by then.

        They come while others of the group are at work, and the chunk ended for them.
        """
        if self._chunks and not self._acts:
            group.append(self._chunks.popleft())
            yield group[-1]
        while self._acts and len(group) < GROUP:
            job = self._acts.popleft()
            if job[1].set_running_or_notify_cancel():
                group.append(job)
                yield job


def _run_all(connection: sqlite3.Connection, group: Iterable[Job]) -> list[Answer] | None:
    """Run jobs one after the other; None once one raised that had written something, and all must be done again.

    What is refused is nearly always refused before anything was written, so a savepoint for each would be paid in vain.
    """
    answers: list[Answer] = []
    for work, _future in group:
        before = connection.total_changes
        try:
            answers.append((work(connection), None))
        except sqlite3.OperationalError:
            raise  # the disk or the database itself: the whole group fails, and is told
        except Exception as error:  # noqa: BLE001 - whatever the job raised belongs to whoever asked for it
            if connection.total_changes != before:
                return None
            answers.append((None, error))
    return answers


def _run_apart(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], object]) -> Answer:
    connection.execute("SAVEPOINT job")
    try:
        result = work(connection)
    except sqlite3.OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - as above
        connection.execute("ROLLBACK TO job")
        connection.execute("RELEASE job")
        return None, error
    connection.execute("RELEASE job")
    return result, None


def failure_of(error: sqlite3.Error | OSError) -> StoreFailed:
    """Say in words what SQLite or the system met."""
    name = getattr(error, "sqlite_errorname", "") or getattr(error, "strerror", "") or str(error)
    if name == "SQLITE_FULL":
        return StoreFailed("the disk is full: nothing was recorded")
    return StoreFailed(f"the register cannot be written ({name}): nothing was recorded")
