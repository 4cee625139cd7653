"""A register that can be read and not written, as an auditor's copy: what only reads works there."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_api.__main__ import main
from tests.small_disk import small_disk_at

SUBMITTED_AND_LOST_THE_MAINS = """
import os, sys
from pathlib import Path
from central_api.publish import publish_pending
from central_api.store import open_office
office = open_office(Path(sys.argv[1]))
print(office.submit("work_permits", "renewal", region="beirut", phone="+96171123456").tracking, flush=True)
publish_pending(office)
if sys.argv[2] == "cut":
    os._exit(0)
office.close()
"""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk_at(tmp_path / "disk", "8m") as disk:
        yield disk


@pytest.mark.parametrize("left", ["closed", "cut", "cut, copied without its index"])
def test_a_register_that_cannot_be_written_is_shown_and_verified(
    disk: Path, capfd: pytest.CaptureFixture[str], left: str
) -> None:
    data = disk / "office"
    script = [sys.executable, "-c", SUBMITTED_AND_LOST_THE_MAINS, str(data), left[:3]]
    tracking = subprocess.run(script, check=True, stdout=subprocess.PIPE, text=True).stdout.split()[-1]
    assert (data / "office.db-wal").exists() is (left != "closed")
    if left.endswith("index"):
        (data / "office.db-shm").unlink()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    here = ("--data", str(data), "--json")

    def said(*command: str, expect: int = 0) -> dict[str, object]:
        capfd.readouterr()
        assert main([*command, *here]) == expect
        return json.loads(capfd.readouterr().out)

    assert said("show", tracking)["state"] == "under_review"
    assert said("audit", "verify")["position"] == 1
    refused = said("act", tracking, "accept", "--role", "registry", expect=1)
    assert refused["words"] == "the register cannot be written (SQLITE_READONLY): nothing was recorded"
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    assert said("act", tracking, "accept", "--role", "registry")["at"] == "head_of_department"
