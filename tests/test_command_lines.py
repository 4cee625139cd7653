"""What every command line of the house has in common."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    "command",
    [
        ["central_api", "workflow", "draw"],
        ["central_api", "--help"],
        ["provisioning", "settings", "show", "--settings", "{folder}/none.toml", "--json"],
        ["provisioning", "--help"],
        ["devices", "--help"],
    ],
)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_who_reads_a_command_may_leave(command: list[str], unbuffered: str, tmp_path: Path) -> None:
    """`| head` ended in a traceback."""
    environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}
    reads, writes = os.pipe()
    os.close(reads)
    words = [word.format(folder=tmp_path) for word in command]
    try:
        done = subprocess.run(
            [sys.executable, "-m", *words],
            check=False,
            env=environment,
            stdout=writes,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        os.close(writes)
    assert (done.returncode, done.stderr) == (1, "")


def test_a_gallery_of_no_screen_is_wrong_use_and_takes_no_picture_away(tmp_path: Path) -> None:
    kept = tmp_path / "kept.png"
    kept.touch()
    command = [sys.executable, "-m", "kiosk.gallery", "--only", "nosuch", "--out", str(tmp_path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, kept.exists()) == (2, True)
    assert "no screen's name contains nosuch" in done.stderr
