"""The disk is full: the office says so, what it had acknowledged stays, and it works again once there is room."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_api.publish import Intact, audit_verify, publish_pending
from central_api.store import StoreFailed, open_office
from tests.small_disk import small_disk_at


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte and a half."""
    with small_disk_at(tmp_path / "disk", "1536k") as disk:
        yield disk


def test_a_full_disk_is_said_and_loses_nothing(small_disk: Path) -> None:
    acknowledged: list[str] = []
    with open_office(small_disk / "office") as office:
        ballast = small_disk / "ballast"
        ballast.write_bytes(b"x" * 300_000)
        with pytest.raises(StoreFailed, match="the disk is full: nothing was recorded"):
            while True:
                acknowledged.append(office.submit("work_permits", "renewal", region="beirut", phone=None).tracking)
        assert acknowledged
        assert all(office.find(tracking) for tracking in acknowledged)
        ballast.unlink()
        acknowledged.append(office.submit("work_permits", "renewal", region="beirut", phone=None).tracking)
    with open_office(small_disk / "office", create=False) as again:
        count = again.reader().execute("SELECT count(*) FROM application").fetchone()[0]
        assert count == len(acknowledged)


def test_an_office_that_cannot_be_founded_leaves_none(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    with pytest.raises(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    with pytest.raises((OSError, StoreFailed)):
        open_office(small_disk / "office")
    ballast.unlink()
    with open_office(small_disk / "office") as office:
        office.submit("work_permits", "renewal", region="beirut", phone=None)
        publish_pending(office)
        assert isinstance(audit_verify(office), Intact)


def test_the_command_says_it_in_one_line(small_disk: Path) -> None:
    with open_office(small_disk / "office"):
        pass
    ballast = small_disk / "ballast"
    with pytest.raises(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    command = ["submit", "--family", "work_permits", "--kind", "renewal", "--phone", "71123456", "--data"]
    done = subprocess.run(
        [sys.executable, "-m", "central_api", *command, str(small_disk / "office")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SQLITE_TMPDIR": str(small_disk)},
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr.splitlines()[-1].startswith("error: ")
    assert "Traceback" not in done.stderr
