"""The services' units as they lie in the tree: judged by systemd's own tool, without a running systemd."""

import re
import subprocess
from pathlib import Path

import pytest

APPLIANCE = Path("provisioning/appliance")
UNITS = sorted(path for path in (APPLIANCE / "usr/lib/systemd/system").glob("istilam-*.service"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_units_exposure_is_at_most_three(unit: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=30", "--no-pager", unit.absolute()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Unknown" not in done.stderr, done.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_what_a_unit_starts_is_in_the_package(unit: Path) -> None:
    for command in re.findall(r"^Exec\w+=\+?(/usr/lib/istilam/\S+)", unit.read_text(), re.MULTILINE):
        if command != "/usr/lib/istilam/bin/python3":  # the virtual environment's own
            program = APPLIANCE / command.lstrip("/")
            assert program.stat().st_mode & 0o111, command
            assert subprocess.run(["sh", "-n", program], check=False).returncode == 0, command


def test_the_terminal_is_watched_and_never_given_up() -> None:
    unit = (APPLIANCE / "usr/lib/systemd/system/istilam-kiosk.service").read_text()
    for line in ("Type=notify", "Restart=always", "StartLimitIntervalSec=0", "WatchdogSignal=SIGKILL", "LimitCORE=0"):
        assert line in unit.splitlines(), line
