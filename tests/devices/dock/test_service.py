"""A terminal in service never starts the dock."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from devices.address import is_loopback
from devices.dock.service import InService, refuse_in_service


def enrolled_at(data: Path, office: str) -> Path:
    (data / "identity").mkdir(parents=True)
    (data / "identity" / "identity.json").write_text(json.dumps({"office_url": office}))
    return data


def test_a_terminal_that_is_enrolled_elsewhere_refuses(tmp_path: Path) -> None:
    data = enrolled_at(tmp_path / "terminal", "https://follow.labour.example")
    done = subprocess.run(
        [sys.executable, "-m", "devices", "dock", "--folder", tmp_path, "--data", data, "--port", "0"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "terminal in service" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_identity_that_cannot_be_read_counts_as_one_in_service(tmp_path: Path) -> None:
    (tmp_path / "identity").mkdir()
    with pytest.raises(InService):
        refuse_in_service(tmp_path, None, tmp_path / "no settings")


def test_a_machine_with_a_terminals_settings_refuses(tmp_path: Path) -> None:
    settings = tmp_path / "terminal.toml"
    settings.touch()
    with pytest.raises(InService):
        refuse_in_service(tmp_path, None, settings)


def test_an_office_elsewhere_is_refused_and_one_here_is_not(tmp_path: Path) -> None:
    with pytest.raises(InService):
        refuse_in_service(tmp_path, "https://follow.labour.example", tmp_path / "none")
    refuse_in_service(tmp_path, "http://127.0.0.1:8400", tmp_path / "none")


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://localhost:1", True),
        ("http://[::1]:1", True),
        ("http://127.9.9.9", True),
        ("http://127.0.0.1.evil.example", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_only_loopback_is_this_machine(url: str, here: bool) -> None:
    assert is_loopback(url) is here
