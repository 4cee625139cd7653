"""A technician's ten minutes: a bare Debian, the package, one code, the self-test, a receipt that the printer confirms.

The commands are those of docs/appliance.md, run in the tree where the package is installed; office and printer are
other machines' programs, reached over TCP.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.people import LobbyPrinter, printer
from tests.provisioning.test_real_office import RealOffice, office, said

from .roots import build_package, debian, install, run

__all__ = ["office"]

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@dataclass
class Machine:
    """A tree with the package installed; what is handed to it lies in its /tmp."""

    root: Path

    def starts(self, command: str, *arguments: str) -> "subprocess.Popen[str]":
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
        inside = ["chroot", str(self.root), command, *arguments, "--json"]
        return subprocess.Popen(inside, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)

    def runs(self, command: str, *arguments: str) -> dict:
        done = self.starts(command, *arguments)
        words, _ = done.communicate(timeout=120)
        assert done.returncode == 0, words
        return json.loads(words.splitlines()[-1])

    def is_handed(self, picture: Path) -> str:
        shutil.copy(picture, self.root / "tmp")
        (self.root / "tmp" / picture.name).chmod(0o644)
        return f"/tmp/{picture.name}"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("machine")
    root = debian(folder / "root")
    install(root, build_package(folder))
    for name in ("proc", "dev"):
        run("mount", "--rbind", f"/{name}", root / name)
    try:
        yield Machine(root)
    finally:
        for name in ("proc", "dev"):
            run("umount", "--recursive", "--lazy", root / name)


@pytest.fixture(scope="module")
def lobby(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LobbyPrinter]:
    with printer(tmp_path_factory.mktemp("lobby")) as peer:
        yield peer


def test_from_a_bare_machine_to_a_confirmed_receipt(
    machine: Machine, office: RealOffice, lobby: LobbyPrinter, tmp_path: Path
) -> None:
    machine.runs("istilam-provisioning", "settings", "set", "devices.printer", lobby.address)
    code = tmp_path / "code.png"
    office.staff("terminal", "add", "--site", "Beirut, ground floor", "--name", "T-09", "--qr", str(code))
    with machine.starts("istilam-provisioning", "enrol", "--picture", machine.is_handed(code)) as enrolling:
        office.staff("terminal", "accept", "T-09", said(enrolling)["digits"])
        assert said(enrolling)["enrolled"]
    told = machine.runs("istilam-provisioning", "selftest", "--language", "ar")
    outcomes = {part["part"]: part["outcome"] for part in told["parts"]}
    assert "failed" not in outcomes.values()
    assert (outcomes["printer"], outcomes["network"], outcomes["clock"]) == ("passed", "passed", "passed")
    slip = tmp_path / "slip.png"
    office.staff(
        "submit", "--family", "work_permits", "--kind", "renewal", "--phone", "+96171123456", "--slip", str(slip)
    )
    presented = machine.is_handed(slip)
    settings = "/etc/istilam/terminal.toml"
    visit = machine.runs("istilam-kiosk", "visit", "--settings", settings, "--slip", presented, "--language", "ar")
    assert (visit["outcome"], visit["printed"]) == ("status", "confirmed")
    heard = office.terminal("T-09")
    assert heard["heard"] is not None
    assert len(lobby.sheets()) >= 2, "the readiness slip and the receipt"
