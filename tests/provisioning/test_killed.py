"""Enrolment is killed before each of its lines: it goes on or starts over, and is never half of a terminal."""

import itertools
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.identity import FOLDER, Identity
from provisioning.draft import DRAFT
from provisioning.standing import standing_of

from .enrolling_office import EnrollingOffice

# Each cut costs two enrolments; the cuts of one run of the suite are so many lines apart, and all runs meet all lines.
STEP = 11


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Gives a function that enrols in a process of its own, killed at a line; 0 is never."""
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.provisioning.killed"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env=os.environ | {"COVERAGE_PROCESS_START": ""},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stdin, stdout = process.stdin, process.stdout

    def run(data: Path, code: str, line: int = 0) -> str:
        stdin.write(f"{line} {data} {code}\n")
        stdin.flush()
        return stdout.readline().strip()

    yield run
    stdin.close()
    process.wait()


def test_killed_at_every_line_it_goes_on_or_starts_over(
    office: EnrollingOffice, tmp_path: Path, machine: Callable[..., str]
) -> None:
    kills = 0
    for line in itertools.count(random.randint(1, STEP), STEP):
        data, code = tmp_path / f"machine-{line}", office.code()
        ended = machine(data, code, line)
        if ended != "killed":
            assert ended == "0"
            break
        kills += 1
        if (data / FOLDER).exists():
            # The rename has happened: it is a whole terminal, whose key the office has accepted.
            assert standing_of(data)["state"] == "enrolled"
        else:
            assert machine(data, code) == "0", f"after a cut at line {line}"
        identity = Identity.read(data)
        assert identity is not None
        assert office.keys[identity.keyid].state == "accepted"
        identity.sign(b"works")
        assert {path.name for path in identity.folder.iterdir()} == {"identity.json", "ca.pem", "keys.cbor", "key.pem"}
        assert not (data / DRAFT).exists()
    assert kills > 12
