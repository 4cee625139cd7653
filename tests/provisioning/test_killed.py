"""Enrolment is killed before each of its lines: it goes on or starts over, and is never half of a terminal.

What a killed process leaves is what lies on the disk and what the office knows. So each line is looked at once, and the
kill is tried before every one of them before which either is another than before the line above.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, rmtree

import pytest

from kiosk.identity import FOLDER, Identity
from provisioning.draft import DRAFT
from provisioning.standing import standing_of

from .enrolled import enrolled_at
from .enrolling_office import EnrollingOffice

WHOLE = {"identity.json", "ca.pem", "keys.cbor", "key.pem"}

Left = tuple[tuple[str, int] | str, ...]
"""The files, whole or not, by name and size, since keys are random; and what the office knows."""


@dataclass
class Machine:
    """A machine that enrols at an office, in a process of its own."""

    office: EnrollingOffice
    data: Path
    process: "subprocess.Popen[bytes]"

    def enrols(self, code: str, *how: str, stops_at: str = "0") -> str:
        """Enrol, killed before a line; says how that ended."""
        self._say(" ".join((stops_at, str(self.data), code, *how)) + "\n")
        return self._hear()

    def enrols_slowly(self, code: str, *how: str) -> list[tuple[int, Left]]:
        """Enrol to the end; gives each line before which something is another, and what a cut there leaves."""
        self._say(" ".join(("all", str(self.data), code, *how)) + "\n")
        found: list[tuple[int, Left]] = []
        line = 0
        while (said := self._hear()) == "line":
            line += 1
            left = self.left()
            if not found or left != found[-1][1]:
                found.append((line, left))
            self._say("\n")
        assert said == "enrolled"
        assert line > 300
        return found

    def left(self) -> Left:
        files = (path for path in self.data.rglob("*") if path.is_file())
        sizes = sorted((str(path.relative_to(self.data)), path.stat().st_size) for path in files)
        users = [code.used_by for code in self.office.codes.values()]
        return (*sizes, *(self.office.keys[user].state if user else "unused" for user in users))

    def is_whole(self) -> str:
        """Hold it to what a terminal is; returns its key's name."""
        identity = Identity.read(self.data)
        assert identity is not None
        assert standing_of(self.data)["state"] == "enrolled"
        assert self.office.keys[identity.keyid].state == "accepted"
        identity.sign(b"works")
        return identity.keyid

    def _say(self, words: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(words.encode())
        self.process.stdin.flush()

    def _hear(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().decode().strip()


@pytest.fixture
def machine(office: EnrollingOffice, tmp_path: Path) -> Iterator[Machine]:
    command = [sys.executable, "-m", "tests.provisioning.killed"]
    around = os.environ | {"COVERAGE_PROCESS_START": ""}
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], env=around
    )
    with process:
        yield Machine(office, tmp_path / "machine", process)
        process.kill()


def test_killed_at_every_line_it_goes_on_or_starts_over(office: EnrollingOffice, machine: Machine) -> None:
    cuts = machine.enrols_slowly(office.code())
    assert len(cuts) > 20
    for line, left in cuts:
        rmtree(machine.data)
        office.codes.clear()
        code = office.code()
        assert machine.enrols(code, stops_at=str(line)) == "killed"
        assert machine.left() == left
        if (machine.data / FOLDER).exists():
            machine.is_whole()  # the rename has happened
            continue
        assert standing_of(machine.data)["state"] in {"bare", "enrolling"}
        assert machine.enrols(code) == "enrolled", f"after a cut at line {line}"
        machine.is_whole()
        assert {path.name for path in (machine.data / FOLDER).iterdir()} == WHOLE
        assert not (machine.data / DRAFT).exists()


def test_killed_while_it_becomes_another_terminal_it_is_always_one_of_the_two(
    office: EnrollingOffice, machine: Machine, tmp_path: Path
) -> None:
    was = tmp_path / "was"
    old = enrolled_at(office, was).keyid
    copytree(was, machine.data)
    office.codes.clear()
    became: list[bool] = []
    for line, left in machine.enrols_slowly(office.code(), "anew"):
        rmtree(machine.data)
        copytree(was, machine.data)
        office.codes.clear()
        code = office.code()
        assert machine.enrols(code, "anew", stops_at=str(line)) == "killed"
        assert machine.left() == left
        became.append(machine.is_whole() != old)
        if not became[-1]:
            assert machine.enrols(code, "anew") == "enrolled", f"after a cut at line {line}"
            assert machine.is_whole() != old
            assert {path.name for path in machine.data.iterdir()} == {FOLDER}
    assert became == sorted(became)
    assert not became[0]
    assert became[-1]
