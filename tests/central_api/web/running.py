"""A real office process for the tests: started by the command line, asked over TCP, ended by SIGTERM."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from central_api.contract import keys
from central_api.contract.feed import Tombstone
from central_api.store import Office, Submitted, open_office
from tests import forked


@dataclass
class Running:
    """An office that serves `data` at `url`; `office` is the same folder, opened as a clerk would."""

    url: str
    data: Path
    office: Office
    log: Path
    process: forked.Program

    def get(self, path: str, **options) -> requests.Response:
        return requests.get(self.url + path, timeout=10, **options)

    def post(self, path: str, body: object, **options) -> requests.Response:
        return requests.post(self.url + path, json=body, timeout=10, **options)

    def submit(self, **options) -> Submitted:
        """Take an application in, and wait until the server has published it."""
        given = self.office.submit("work_permits", "renewal", region="beirut", phone="+96171123456", **options)
        until(lambda: self.status_of(given).status_code == 200)
        return given

    def status_of(self, given: Submitted, **options) -> requests.Response:
        return self.get(f"/v1/statuses/{keys.slot(given.slip.key).hex()}", **options)

    def expire(self, given: Submitted) -> None:
        """Withdraw a status as expired. By hand: nothing in this edition does it, but the contract has it."""
        sql, slot = "UPDATE sealed SET sealed = NULL, reason = ? WHERE slot = ?", keys.slot(given.slip.key)
        self.office.execute_write(lambda c: c.execute(sql, (int(Tombstone.EXPIRED), slot))).result()

    def logged(self) -> str:
        return self.log.read_text()


@contextmanager
def running(data: Path, *options: str, port: int = 0) -> Iterator[Running]:
    log = data.with_name(data.name + ".log")
    with log.open("w") as stderr:
        serve = ("serve", "--data", str(data), "--port", str(port), *options)
        process = forked.Program("central_api", *serve, stderr=stderr)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, log.read_text()
        with open_office(data, create=False) as office:
            yield Running(json.loads(line)["listening"], data, office, log, process)
    finally:
        process.terminate()
        assert process.wait(20) == 0, log.read_text()


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something holds; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.02)
