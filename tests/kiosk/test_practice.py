"""The practice door of the terminal: where it must stay shut, and who goes away from it."""

import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

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


@pytest.mark.usefixtures("the_window")
def test_who_goes_away_before_his_answer_does_not_end_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not yet sent was sent once more as the line was closed, and that failure ended the terminal."""
    from kiosk import practice

    monkeypatch.setattr(practice, "Clock", SimpleNamespace(schedule_once=lambda *_: None))
    monkeypatch.setattr(practice, "LONGEST_WAIT", 0.0)
    app = SimpleNamespace(window=SimpleNamespace(bind=lambda **_: None), wake=lambda: None)
    door = practice.PracticeDoor(app, tmp_path / "door")
    here, there = socket.socketpair()
    there.sendall(b'{"after": 0, "width": 540}\n')
    there.close()
    door._serve(here)
    assert here.fileno() == -1
