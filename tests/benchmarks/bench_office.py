"""The office's speed: lookups against a bare ASGI answer, acknowledged acts against a bare group commit, publishing."""

import json
import sqlite3
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from central_api.publish import publish_pending
from central_api.store import Office, open_office
from central_api.store.turn import Turn
from central_api.store.writer import GROUP, Writer

from .figures import Figure, middle, timed
from .recorded import Statement, bare, copied, recording

T = TypeVar("T")
APPLICATIONS = 4_000
STEPS = (("accept", "registry"), ("approve", "head_of_department"), ("approve", "head_of_service"))
SLICE = 500
LOAD_SECONDS = 1.5
ROUNDS = 9


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="bench-office-") as folder:
        data = Path(folder) / "office"
        with open_office(data) as office:
            _submit(office)
        acts, bare_acts = _acts(data)
        with open_office(data) as office:
            publishing = timed(lambda: publish_pending(office)) / APPLICATIONS * 1e6
            slots = [row[0] for row in office.own_reader.execute("SELECT slot FROM sealed")]
        lookups, floor = _lookups(data, slots)
    return [
        Figure(
            "lookups by slot",
            lookups,
            "1/s",
            "GET /v1/statuses/{slot} of the real server, each a different slot, 16 connections, client on the other "
            "core; the floor answers 320 fixed bytes on the same server settings; the middle of "
            f"{ROUNDS} rounds in turn",
            limit=0.6,
            higher=True,
            floor=floor,
            of_floor=True,
        ),
        Figure(
            "acknowledged acts",
            acts,
            "1/s",
            f"Office.queue_act with {GROUP} in flight: number, find, rules, update, event, durable commit, future "
            "answered; the floor runs the very lookup, update and insert of each act with the same writer, group and "
            "hand-off",
            limit=0.5,
            higher=True,
            floor=bare_acts,
            of_floor=True,
        ),
        Figure(
            "publishing", publishing, "us/event", "chain, status, receipt signature, sealing and writing, per event"
        ),
    ]


def _submit(office: Office) -> None:
    waiting = [
        office.queue_submit("work_permits", "renewal", region="beirut", phone="+96171123456")
        for _ in range(APPLICATIONS)
    ]
    for future in waiting:
        future.result()


def _acts(data: Path) -> tuple[float, float]:
    """Race real acts against the bare statements that the same acts asked of SQLite, slice by slice; two rates."""
    with copied(data) as copy:
        asked = _record(copy("record"))
        barely = copy("bare")
        writer = Writer(lambda: bare(barely), Turn(barely, 30))
        real = floor = 0.0
        with open_office(copy("real")) as office:
            trackings = _trackings(office)
            for step, (action, role) in enumerate(STEPS):
                act = partial(office.queue_act, action=action, role=role)
                for at in range(0, APPLICATIONS, SLICE):
                    real += timed(partial(_in_flight, trackings[at : at + SLICE], act))
                    first = step * APPLICATIONS + at
                    jobs = [_again(one) for one in asked[first : first + SLICE]]
                    floor += timed(partial(_in_flight, jobs, writer.submit))
        writer.close()
    count = APPLICATIONS * len(STEPS)
    return count / real, count / floor


def _record(data: Path) -> list[list[Statement]]:
    """Do the acts once; returns the statements that each asked of SQLite."""
    recorder = recording(data)
    with open_office(data) as office:
        for action, role in STEPS:
            for tracking in _trackings(office):
                office._local.batch = recorder
                office.act(tracking, action, role=role)
        office._local.batch = None
    recorder.close()
    statements = recorder.single
    each = len(statements) // (APPLICATIONS * len(STEPS))
    assert [sql.split()[0] for sql, _values in statements[:each]] == ["SELECT", "UPDATE", "INSERT"]
    return [statements[at : at + each] for at in range(0, len(statements), each)]


def _again(statements: list[Statement]) -> Callable[[sqlite3.Connection], object]:
    """Ask the same of SQLite again, and take the row that the first of them, the lookup, finds."""
    (lookup, key), *writes = statements

    def work(connection: sqlite3.Connection) -> object:
        found = connection.execute(lookup, key).fetchone()
        for sql, values in writes:
            connection.execute(sql, values)
        return found

    return work


def _trackings(office: Office) -> list[str]:
    return [f"{row[0]:011d}" for row in office.own_reader.execute("SELECT tracking FROM application ORDER BY id")]


def _in_flight(things: list[T], ask: "Callable[[T], Future[Any]]") -> None:
    """Ask for one write after the other with a group in flight."""
    waiting: deque[Future[Any]] = deque()
    for thing in things:
        if len(waiting) == GROUP:
            waiting.popleft().result()
        waiting.append(ask(thing))
    for future in waiting:
        future.result()


def _lookups(data: Path, slots: list[bytes]) -> tuple[float, float]:
    """Race the real server against the bare one under the same client, in turn; returns the rates of one round."""
    paths = "\n".join(f"/v1/statuses/{slot.hex()}" for slot in slots)
    serve = ("central_api", "serve", "--data", str(data), "--port", "0", "--loopback-terminals")
    with _server(*serve) as address, _server("tests.benchmarks.bare_asgi") as floor:
        return middle([(_load(address, paths), _load(floor, paths)) for _ in range(ROUNDS)])


@contextmanager
def _server(*arguments: str) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout
    try:
        yield json.loads(next(line for line in process.stdout if line.startswith("{")))["listening"].removeprefix(
            "http://"
        )
    finally:
        process.terminate()
        process.wait()


def _load(address: str, paths: str) -> float:
    host, port = address.split(":")
    command = [sys.executable, "-m", "tests.benchmarks.load", host, port, str(LOAD_SECONDS)]
    return json.loads(subprocess.run(command, input=paths, capture_output=True, text=True, check=True).stdout)[
        "per_second"
    ]
