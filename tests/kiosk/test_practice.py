"""The practice door of the terminal: where it must stay shut."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("office", "enrolled", "more"),
    [
        ("https://follow.labour.example", False, []),
        ("http://127.0.0.1:8400", True, []),
        ("http://127.0.0.1:8400", False, ["--appliance"]),
    ],
)
def test_a_terminal_in_service_has_no_practice_door(
    tmp_path: Path, office: str, enrolled: bool, more: list[str]
) -> None:
    if enrolled:
        (tmp_path / "identity").mkdir()
    door = tmp_path / "door"
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "--office", office, "--data", str(tmp_path), "--practice-door", door, *more],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "--practice-door" in done.stderr
    assert not door.exists()
