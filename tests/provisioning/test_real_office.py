"""A terminal's life at a real office over TLS: enrolled, reporting, renewed, revoked; each part its own process."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.people import process, run


@dataclass
class RealOffice:
    data: Path
    url: str

    def staff(self, *arguments: str, expect: int = 0) -> dict:
        return run("central_api", *arguments, "--data", str(self.data), "--json", expect=expect)

    def terminal(self, name: str) -> dict:
        return next(one for one in self.staff("terminal", "list")["terminals"] if one["terminal"] == name)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealOffice]:
    folder = tmp_path_factory.mktemp("real")
    data = folder / "office"
    with process("central_api", "serve", "--data", str(data), "--port", "0", "--tls", log=folder / "log") as ready:
        yield RealOffice(data, ready["listening"])


@contextmanager
def enrolling(data: Path, code: str) -> Iterator[subprocess.Popen[str]]:
    command = ["provisioning", "enrol", "--code", code, "--data", str(data), "--key", "file", "--json"]
    running = subprocess.Popen([sys.executable, "-m", *command], stdout=subprocess.PIPE, text=True)
    try:
        yield running
    finally:
        running.kill()
        running.wait()
        assert running.stdout is not None
        running.stdout.close()


def said(running: subprocess.Popen[str]) -> dict:
    assert running.stdout is not None
    return json.loads(running.stdout.readline())


def visit(data: Path, slip: str) -> dict:
    # The office's address is the identity's; the one of the settings is for machines that are not enrolled.
    where = ("--office", "https://office.invalid", "--data", str(data))
    return run("kiosk", "visit", *where, "--slip", slip, "--printer", "none", "--language", "fr", "--json")


def test_a_terminals_life(office: RealOffice, tmp_path: Path) -> None:
    data = tmp_path / "terminal"
    slip = office.staff("submit", "--family", "work_permits", "--kind", "renewal", "--phone", "+96171123456")[
        "slip_url"
    ]
    code = office.staff("terminal", "add", "--site", "Beirut", "--name", "T-07")["url"]
    with enrolling(data, code) as machine:
        shown = said(machine)
        assert (shown["name"], shown["site"]) == ("T-07", "Beirut")
        office.staff("terminal", "accept", "T-07", "0000 0000", expect=1)
        assert run("provisioning", "status", "--data", str(data), "--json", expect=1)["state"] == "enrolling"
        office.staff("terminal", "accept", "T-07", shown["digits"])
        assert said(machine)["enrolled"]
        assert machine.wait(30) == 0
    assert visit(data, slip)["outcome"] == "status"
    told = run("provisioning", "status", "--data", str(data), "--json")
    assert (told["name"], told["office"], told["statuses"]) == ("T-07", office.url, 1)
    heard = office.terminal("T-07")
    assert heard["heard"] is not None
    assert heard["conditions"] == {}

    renewed = run("provisioning", "renew", "--data", str(data), "--json")
    assert renewed["keyid"] != told["keyid"]
    assert visit(data, slip)["outcome"] == "status"

    office.staff("terminal", "revoke", "T-07")
    assert visit(data, slip)["outcome"] == "out_of_order", "a revoked terminal opens nothing"
    again = run("provisioning", "enrol", "--code", code, "--data", str(data), "--json", expect=1)
    assert again["error"] == "already"
    used = run("provisioning", "enrol", "--code", code, "--data", str(tmp_path / "other"), "--json", expect=1)
    assert used["error"] == "used"
