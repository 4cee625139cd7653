"""The staff corner's PIN from the command line: never an argument, never shown, never in a file but as its hash."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.settings import read_settings
from kiosk.staff_book import StaffBook
from kiosk.staff_pin import is_pin
from tests import forked

PIN = "483926"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "terminal.toml"
    path.write_text(f'# ours\nversion = 1\n\n[terminal]\ndata = "{tmp_path / "data"}"  # here\n')
    return path


def command(*arguments: str, typed: str = "") -> forked.Done:
    return forked.run("provisioning", *arguments, typed=typed)


def test_a_pin_from_a_pipe_is_kept_as_a_hash_alone(file: Path, tmp_path: Path) -> None:
    book = StaffBook(tmp_path / "data")
    for _ in range(7):
        book.count_try()
    book.close()
    done = command("staff-pin", "--settings", str(file), "--json", typed=f"{PIN}\n")
    assert json.loads(done.stdout) == {"file": str(file), "set": True}
    hashed = read_settings(file).staff_pin
    assert hashed is not None and is_pin(hashed, PIN)
    text = file.read_text()
    assert PIN not in text + done.stdout + done.stderr
    assert "# ours" in text and "# here" in text
    assert file.stat().st_mode & 0o007 == 0
    assert StaffBook(tmp_path / "data").failures == 0, "whoever sets it is no guesser"
    shown = command("settings", "show", "--settings", str(file), "--json")
    rows = {row["key"]: row for row in json.loads(shown.stdout)["settings"]}
    assert rows["staff.pin"] == {"key": "staff.pin", "value": "set", "from": "file"}
    assert hashed not in shown.stdout + repr(read_settings(file))
    assert command("staff-pin", "--remove", "--settings", str(file)).returncode == 0
    assert read_settings(file).staff_pin is None


def test_at_a_console_it_is_asked_for_twice_and_not_echoed(file: Path) -> None:
    for answers, code in (((PIN, PIN), 0), ((PIN, "483927"), 1)):
        master, slave = pty.openpty()
        line = [sys.executable, "-m", "provisioning", "staff-pin", "--settings", str(file)]
        running = subprocess.Popen(line, stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
        os.close(slave)
        seen = b""
        for question, answer in zip((b"digits): ", b"Again: "), answers, strict=True):
            while not seen.endswith(question):
                seen += os.read(master, 1024)
            os.write(master, f"{answer}\n".encode())
        assert running.wait(30) == code
        while True:
            try:
                seen += os.read(master, 1024)
            except OSError:
                break
        os.close(master)
        assert PIN.encode() not in seen


@pytest.mark.parametrize("weak", ["12345", "123456", "000000", "secret", "1234567890123", ""])
def test_a_weak_one_is_refused_and_changes_nothing(file: Path, weak: str) -> None:
    before = file.read_text()
    done = command("staff-pin", "--settings", str(file), typed=f"{weak}\n")
    assert (done.returncode, file.read_text()) == (1, before)
    assert "nothing was changed" in done.stderr


def test_as_a_setting_only_a_hash_is_taken_and_a_pin_is_not_repeated(file: Path) -> None:
    before = file.read_text()
    done = command("settings", "set", "staff.pin", PIN, "--settings", str(file))
    assert (done.returncode, file.read_text()) == (1, before)
    assert "staff-pin" in done.stderr and PIN not in done.stderr
    assert command("staff-pin", PIN, "--settings", str(file)).returncode == 2, "there is no such argument"


def test_a_file_that_cannot_be_written_is_told_by_its_own_name(tmp_path: Path) -> None:
    """It was told by the name of the part that is written first, which nobody typed."""
    file = tmp_path / "nowhere" / "terminal.toml"
    done = command("staff-pin", "--settings", str(file), typed=f"{PIN}\n")
    assert done.returncode == 1
    assert done.stderr == f"{file}: No such file or directory; nothing was changed\n"
