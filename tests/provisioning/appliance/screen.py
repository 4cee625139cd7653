"""The home screen on a real Xorg, on a real kernel's graphics card, seen from outside the machine."""

import os
from pathlib import Path

import pytest
from PIL import Image

from .machines import PANEL, powered
from .roots import CACHE, build_package, debian, install

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
PICTURE = CACHE / "home.png"
# A terminal that has what home needs: a scanner (a folder, as a camera's), and slips that are its own.
SETTINGS = """\
[office]
hosts = ["ISTILAM.EXAMPLE"]
[devices]
scanner = "frames:/srv"
"""


def test_the_panel_shows_home_and_nothing_leads_out_of_it(tmp_path: Path) -> None:
    root = debian(tmp_path / "root", kernel=True)
    install(root, build_package(tmp_path))
    (root / "etc/istilam/terminal.toml").write_text(SETTINGS)
    with powered(root, tmp_path) as machine:
        machine.wait_for_home()
        machine.photograph(PICTURE)
        picture = Image.open(PICTURE).convert("RGB")
        assert picture.size == PANEL
        assert_ours(picture)
        # Neither another console nor the end of Xorg.
        for keys in (("ctrl", "alt", "f2"), ("ctrl", "alt", "backspace"), ("alt", "sysrq", "k"), ("alt", "f4")):
            machine.press(*keys)
        machine.photograph(tmp_path / "after.png")
        assert_ours(Image.open(tmp_path / "after.png").convert("RGB"))
        assert "istilam-x.service: Main process exited" not in machine.said()


def assert_ours(picture: Image.Image) -> None:
    """The whole panel is painted: paper-coloured corners, and letters between."""
    width, height = picture.size
    corners = {picture.getpixel(at) for at in ((2, 2), (width - 3, 2), (2, height - 3), (width - 3, height - 3))}
    assert len(corners) == 1, corners
    (corner,) = corners
    assert isinstance(corner, tuple) and min(corner) > 200, corner
    colours = picture.getcolors(1 << 24)
    assert colours is not None and len(colours) > 100
