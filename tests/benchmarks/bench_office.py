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
from pathlib import Path
from time import perf_counter
from typing import Any

from central_api.publish import publish_pending
from central_api.store import Office, open_office
from central_api.store.writer import GROUP, Writer

from .figures import Figure

APPLICATIONS = 4_000
LOAD_SECONDS = 4
ROUNDS = 3


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="bench-office-") as folder:
        data = Path(folder) / "office"
        with open_office(data) as office:
            trackings = _submit(office)
            published = perf_counter()
            count = publish_pending(office).count
            publishing = (perf_counter() - published) / count * 1e6
            acts, bare = _acts(office, trackings, Path(folder) / "bare.db")
            publish_pending(office)
            slots = [row[0] for row in office.reader().execute("SELECT slot FROM sealed")]
        lookups, floor = _lookups(data, slots)
    return [
        Figure(
            "lookups by slot",
            lookups,
            "1/s",
            "GET /v1/statuses/{slot} of the real server, each a different slot, 16 connections, client on the other core; "
            "the floor answers 320 fixed bytes on the same server settings",
            limit=0.6,
            higher=True,
            floor=floor,
            of_floor=True,
        ),
        Figure(
            "acknowledged acts",
            acts,
            "1/s",
            f"Office.queue_act with {GROUP} in flight: find, rules, update, event, durable commit, future answered; the floor "
            "makes the same insert and update with the same writer thread, group and hand-off",
            limit=0.5,
            higher=True,
            floor=bare,
            of_floor=True,
        ),
        Figure(
            "publishing", publishing, "us/event", "chain, status, receipt signature, sealing and writing, per event"
        ),
    ]


def _submit(office: Office) -> list[str]:
    waiting = [
        office.queue_submit("work_permits", "renewal", region="beirut", phone="+96171123456")
        for _ in range(APPLICATIONS)
    ]
    return [future.result().tracking for future in waiting]


def _acts(office: Office, trackings: list[str], bare: Path) -> tuple[float, float]:
    """Race real acts against the bare writes, in turn; returns the median rates."""
    steps = [("accept", "registry"), ("approve", "head_of_department"), ("approve", "head_of_service")]
    reader = office.reader()
    standing, body = (
        reader.execute(f"SELECT {one}").fetchone()[0]
        for one in ("standing FROM application LIMIT 1", "body FROM event ORDER BY seq DESC LIMIT 1")
    )
    floor = _bare_writer(bare, trackings)
    real_rates: list[float] = []
    bare_rates: list[float] = []
    for action, role in steps[:ROUNDS]:
        real_rates.append(_rate(trackings, lambda t, a=action, r=role: office.queue_act(t, a, role=r)))

        def write(tracking: str) -> "Future[Any]":
            number = int(tracking)

            def work(connection: sqlite3.Connection) -> None:
                connection.execute(
                    "UPDATE application SET standing = ?, unit = ? WHERE id = (SELECT id FROM application WHERE tracking = ?)",
                    (standing, 3, number),
                )
                connection.execute("INSERT INTO event (application, body) VALUES (?, ?)", (number % 4000, body))

            return floor.submit(work)

        bare_rates.append(_rate(trackings, write))
    floor.close()
    return sorted(real_rates)[ROUNDS // 2], sorted(bare_rates)[ROUNDS // 2]


def _rate(trackings: list[str], ask: Callable[[str], "Future[Any]"]) -> float:
    """Ask for one write after the other with a group in flight; writes acknowledged a second."""
    in_flight: deque[Future[Any]] = deque()
    started = perf_counter()
    for tracking in trackings:
        if len(in_flight) == GROUP:
            in_flight.popleft().result()
        in_flight.append(ask(tracking))
    for future in in_flight:
        future.result()
    return len(trackings) / (perf_counter() - started)


def _bare_writer(path: Path, trackings: list[str]) -> Writer:
    """A database with the office's tables and as many rows, and a writer over it."""
    schema = (Path(sys.modules["central_api.store"].__file__ or "").parent / "schema.sql").read_text()

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    connection = connect()
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(schema)
    with connection:
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO application (tracking, family, kind, workflow, region, filed_at, language, secret_id, issue, slot,"
            " unit, standing) VALUES (?, 1, 4, 1, 1, 1, 0, 1, 1, ?, 2, ?)",
            [(int(tracking), bytes(16), bytes(40)) for tracking in trackings],
        )
        connection.execute("COMMIT")
    connection.close()
    return Writer(connect)


def _lookups(data: Path, slots: list[bytes]) -> tuple[float, float]:
    """Race the real server against the bare one under the same client, in turn; returns the best of each."""
    real: list[float] = []
    bare: list[float] = []
    paths = "\n".join(f"/v1/statuses/{slot.hex()}" for slot in slots)
    serve = ("central_api", "serve", "--data", str(data), "--port", "0", "--loopback-terminals")
    with _server(*serve) as address, _server("tests.benchmarks.bare_asgi") as floor:
        for _ in range(ROUNDS):
            real.append(_load(address, paths))
            bare.append(_load(floor, paths))
    return sorted(real)[ROUNDS // 2], sorted(bare)[ROUNDS // 2]


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
