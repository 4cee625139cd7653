"""A terminal's life at a real office over TLS: enrolled, reporting, renewed, revoked; each part its own process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest

from kiosk.errands import Errands
from kiosk.guide_state import Guide
from kiosk.link import OfficeLink
from kiosk.vault import Vault
from tests.journeys.people import process, run

from .enrolled import EnrolledTerminal

FAKE_TIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


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
def enrolling(data: Path, code: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "provisioning", "enrol", "--code", code, "--data", str(data), "--key", "file"]
    running = subprocess.Popen([*command, "--json"], stdout=subprocess.PIPE, text=True, env=os.environ | environment)
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


def enrolled(office: RealOffice, data: Path, name: str, **environment: str) -> None:
    code = office.staff("terminal", "add", "--site", "Beirut", "--name", name)["url"]
    with enrolling(data, code, **environment) as machine:
        office.staff("terminal", "accept", name, said(machine)["digits"])
        assert said(machine)["enrolled"]
        assert machine.wait(30) == 0


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


def test_a_revoked_terminal_goes_on_from_its_vault_only_where_the_office_said_so(
    office: RealOffice, tmp_path: Path
) -> None:
    data = tmp_path / "terminal"
    slip = office.staff("submit", "--family", "work_permits", "--kind", "renewal", "--phone", "+96171123456")
    enrolled(office, data, "T-08")
    office.staff("terminal", "set", "T-08", "--vault-when-revoked")
    terminal = EnrolledTerminal(office, data)  # pyright: ignore[reportArgumentType] - it is enrolled already
    assert terminal.round()
    terminal.reports_now()
    terminal.close()
    office.staff("terminal", "revoke", "T-08")
    seen = office.staff("submit", "--family", "work_permits", "--kind", "renewal", "--phone", "+96171123456")
    assert visit(data, slip["slip_url"])["outcome"] == "status"
    assert visit(data, seen["slip_url"])["outcome"] != "status", "it gets nothing new"


def test_two_machines_with_one_copied_key_are_noticed(office: RealOffice, tmp_path: Path) -> None:
    enrolled(office, tmp_path / "first", "T-09")
    copytree(tmp_path / "first", tmp_path / "copy")
    first, copy = (EnrolledTerminal(office, tmp_path / name) for name in ("first", "copy"))  # pyright: ignore[reportArgumentType]
    for terminal in (first, copy, first):
        assert terminal.round()
        terminal.reports_now()
    assert "copied_key" in office.terminal("T-09")["conditions"]
    first.close()
    copy.close()


def test_a_stick_brings_services_and_rights_to_a_terminal_that_has_no_network(
    office: RealOffice, tmp_path: Path
) -> None:
    data, stick = tmp_path / "terminal", tmp_path / "stick" / "istilam-snapshot"
    stick.parent.mkdir()
    office.staff("submit", "--family", "work_permits", "--kind", "renewal", "--phone", "+96171123456")
    enrolled(office, data, "T-11")
    seeding = ("provisioning", "seed", str(stick), "--data", str(data), "--json")
    source = tmp_path / "content.toml"
    source.write_text(office.staff("content", "show")["source"], encoding="utf-8")
    number = office.staff("content", "publish", str(source))["number"]
    assert office.staff("snapshot", "--out", str(stick))["content"] > 0

    content = stick.with_name("istilam-content")
    whole = content.read_bytes()
    content.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert run(*seeding, expect=1)["error"] == "content_refused"
    content.write_bytes(whole)
    office.staff("submit", "--family", "work_permits", "--kind", "renewal", "--phone", "+96171123456")
    office.staff("snapshot", "--out", str(stick))
    assert run(*seeding)["content"] == number
    told: list[Guide] = []
    vault = Vault(data)
    errands = Errands(
        data, vault.content_key, lambda: None, lambda: OfficeLink("https://office.invalid"), guide=told.append
    )
    assert [guide.content.number for guide in told] == [number], "visitors read it before the office was ever heard"
    assert told[0].content.services and told[0].content.rights and told[0].content.places
    errands.close()
    vault.close()


@pytest.mark.skipif(FAKE_TIME is None, reason="no libfaketime")
def test_a_machine_whose_clock_is_wrong_by_decades_enrols_fills_its_vault_and_renews_its_key(
    office: RealOffice, tmp_path: Path
) -> None:
    """The whole process believes that time, OpenSSL too (Debian: faketime)."""
    in_1970, in_2040 = ({"LD_PRELOAD": str(FAKE_TIME), "FAKETIME": f"@{year}-01-02 00:00:00"} for year in (1970, 2040))
    data = tmp_path / "terminal"
    here = ("--data", str(data), "--json")
    office.staff("submit", "--family", "work_permits", "--kind", "renewal", "--phone", "+96171123456")
    enrolled(office, data, "T-10", **in_2040)
    seeded = run("provisioning", "seed", "--from-office", *here, environment=in_1970)
    assert seeded["entries"] >= 1
    assert seeded["content"] == office.staff("content", "show")["number"]
    assert run("provisioning", "renew", *here, environment=in_2040)["renewed"]
    assert run("provisioning", "status", *here)["since"][:4] not in {"1970", "2040"}
