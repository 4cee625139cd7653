"""A visit where the scanner is a camera: the driver's own process, the screens and the office are the real ones."""

import os
from pathlib import Path

import pytest
from PIL import Image

from tests.devices.cameras import SIZE, PluggedCamera, frame

from .people import OfficeDesk, standing, wait_for


def test_a_creased_slip_is_explained_read_once_it_is_flat_and_begins_no_visit_after_its_own(
    open_office: OfficeDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slip = open_office.files()
    camera = PluggedCamera(tmp_path, monkeypatch)
    camera.shows(Image.new("L", SIZE, 170).tobytes())
    with standing(tmp_path, open_office.url, "--scanner", f"camera:{camera.path}") as terminal:
        terminal.ready(held=None)
        camera.shows(frame(360, creased=True, text=slip.url))
        terminal.sees("Home", held="creased")
        looked = camera.given
        wait_for("its picture on the screen", lambda: camera.given > looked + 10)
        if shots := os.environ.get("ISTILAM_SHOTS"):
            terminal.photographed(Path(shots) / "camera-creased.png")
        camera.shows(frame(360, text=slip.url))
        assert terminal.sees("ShowStatus")["tracking"] == slip.tracking
        terminal.presses("finish")
        terminal.sees("Home", held=None)
        looked = camera.given
        wait_for("more looks at the slip that lies there", lambda: camera.given > looked + 10)
        terminal.presses("language.fr")
        terminal.sees("Home", language="fr")
        camera.shows(Image.new("L", SIZE, 170).tobytes())
        assert all(screen["drawn"] == "Home" for screen in terminal.screens[-2:])
        assert slip.tracking not in terminal.journal
    camera.close()
