"""Enrolment is killed before each of its lines: it goes on or starts over, and is never half of a terminal."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import TemporaryDirectory

import pytest

from kiosk.identity import FOLDER, Identity
from provisioning.draft import DRAFT
from provisioning.standing import standing_of

from .enrolled import enrolled_at
from .enrolling_office import EnrollingOffice

WHOLE = {"identity.json", "ca.pem", "keys.cbor", "key.pem"}

Machine = Callable[..., list[str]]


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """Gives a function that enrols in a process of its own, killed at a line; 0 is never."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.provisioning.killed"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"COVERAGE_PROCESS_START": ""},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stdin, stdout = process.stdin, process.stdout

    def run(data: Path, code: str, line: int = 0, *how: str) -> list[str]:
        stdin.write(" ".join((str(line), str(data), code, *how)) + "\n")
        stdin.flush()
        return stdout.readline().split()

    yield run
    stdin.close()
    process.wait()


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory: a process that is killed loses nothing there either, and hundreds of flushes cost nothing."""
    with TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        yield Path(folder)


def left(data: Path, office: EnrollingOffice) -> tuple:
    """What a cut leaves: the files, whole or not, and what the office knows. Names and sizes, since keys are random."""
    files = sorted((str(path.relative_to(data)), path.stat().st_size) for path in data.rglob("*") if path.is_file())
    code = list(office.codes.values())[-1]
    return (*files, office.keys[code.used_by].state if code.used_by else "not known")


def is_whole(data: Path, office: EnrollingOffice) -> str:
    """Hold it to what a terminal is; returns its key's name."""
    identity = Identity.read(data)
    assert identity is not None
    assert standing_of(data)["state"] == "enrolled"
    assert office.keys[identity.keyid].state == "accepted"
    identity.sign(b"works")
    return identity.keyid


def test_killed_at_every_line_it_goes_on_or_starts_over(
    office: EnrollingOffice, memory: Path, machine: Machine
) -> None:
    gone_on_from: set[tuple] = set()
    for line in count(1):
        data, code = memory / "machine", office.code()
        if machine(data, code, line)[0] != "killed":
            break
        after = left(data, office)
        if (data / FOLDER).exists():
            is_whole(data, office)  # the rename has happened
        elif after not in gone_on_from:
            gone_on_from.add(after)
            assert machine(data, code)[0] == "enrolled", f"after a cut at line {line}"
            is_whole(data, office)
            assert {path.name for path in (data / FOLDER).iterdir()} == WHOLE
            assert not (data / DRAFT).exists()
        rmtree(data, ignore_errors=True)  # before its first lines there is none
        office.keys.clear()
        office.codes.clear()
    assert line > 300
    assert len(gone_on_from) > 20


def test_killed_while_it_becomes_another_terminal_it_is_always_one_of_the_two(
    office: EnrollingOffice, memory: Path, machine: Machine
) -> None:
    was, data = memory / "was", memory / "machine"
    old = enrolled_at(office, was).keyid
    copytree(was, data)
    lines = int(machine(data, office.code(), 0, "anew")[1])
    became: list[bool] = []
    gone_on_from: set[tuple] = set()
    for line in range(lines - 40, lines):  # before that, nothing of the old one is touched
        rmtree(data)
        copytree(was, data)
        code = office.code()
        assert machine(data, code, line, "anew") == ["killed"]
        became.append(is_whole(data, office) != old)
        if not became[-1] and (after := left(data, office)) not in gone_on_from:
            gone_on_from.add(after)
            assert machine(data, code, 0, "anew")[0] == "enrolled", f"after a cut at line {line}"
            assert is_whole(data, office) != old
            assert {path.name for path in data.iterdir()} == {FOLDER}
    assert became == sorted(became)
    assert not became[0]
    assert became[-1]
