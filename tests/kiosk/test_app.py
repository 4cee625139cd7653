"""The window's loop in a process of its own: whole pictures, steady memory, and an end that is never silent."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.journeys.people import LobbyTerminal, OfficeDesk

VISITS = int(os.environ.get("ISTILAM_SOAK_VISITS", "160"))


def in_window(*arguments: str, timeout: float = 110) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tests.kiosk.in_window", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=timeout)


def test_a_state_is_reported_drawn_when_its_picture_is_complete(tmp_path: Path) -> None:
    done = in_window("pictures", str(tmp_path))
    assert done.returncode == 0, done.stderr
    for name in ("home", "status"):
        first, _, third = (Image.open(tmp_path / f"{name}-{frame}.png") for frame in range(3))
        assert ImageChops.difference(first, third).getbbox() is None, name
        colours = first.getcolors(1 << 20)
        assert colours is not None
        assert len(colours) > 10, f"{name}: nothing on it"


def test_what_was_touched_is_answered_in_the_next_picture() -> None:
    """Kivy's own turn draws the old screen once more between a touch and its answer: a third of the wait."""
    assert [pictures for pictures, _ in touches(4)] == [1, 1, 1, 1]


def test_no_garbage_is_looked_for_while_somebody_waits_for_a_picture() -> None:
    """It was seven times a screen: 3 ms of a status's 17."""
    assert [collections for _, collections in touches(6)] == [0] * 6


def touches(count: int) -> list[tuple[int, int]]:
    """Return the pictures, and the collections of garbage, from each touch to its answer."""
    done = in_window("touched", str(count))
    assert done.returncode == 0, done.stderr
    return [tuple(needed) for needed in json.loads(done.stdout.splitlines()[-1])]


@pytest.mark.timeout(7200)
def test_visits_leave_no_memory_no_thread_and_no_open_file_behind() -> None:
    """Binding a screen's widgets to a long-lived object once leaked 2 MB a screen."""
    done = in_window("visits", str(VISITS), timeout=7000)
    assert done.returncode == 0, done.stderr
    tenth, _, half, _, last = json.loads(done.stdout.splitlines()[-1])
    assert (last["threads"], last["files"]) == (tenth["threads"], tenth["files"])
    if VISITS >= 1000:
        assert last["rss"] - tenth["rss"] <= 5 * 1024, (tenth, half, last)
    # Of few visits the first half is warming up: fonts, shaders, Python's own arenas.
    assert last["rss"] - half["rss"] < 6 * 1024, (tenth, half, last)


def test_a_screen_that_cannot_be_drawn_fails_the_visit_and_shows_where(tmp_path: Path) -> None:
    office = OfficeDesk(tmp_path)
    with office.open():
        slip = office.files()
        where = ("--office", office.url, "--data", str(tmp_path / "terminal"))
        done = in_window("broken", "visit", *where, "--slip", slip.url, "--json")
        assert done.returncode == 1
        assert "a pen that broke" in done.stderr
        assert "Traceback" in done.stderr
        assert "outcome" not in done.stdout
        # The visit that it tore is told at the next start, and that one goes well.
        again = LobbyTerminal(tmp_path, office).visited_with(slip)
        assert again["power_was_cut"]
        assert again["outcome"] == "status"


def test_a_thread_that_fails_ends_the_terminal(tmp_path: Path) -> None:
    done = in_window("thread", "--office", "http://127.0.0.1:9", "--data", str(tmp_path / "terminal"))
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
