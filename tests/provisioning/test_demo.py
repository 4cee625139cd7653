"""`make demo` where it cannot start: said at once, and in one line."""

import socket
from pathlib import Path

import pytest

from provisioning import demo


def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    monkeypatch.setattr("sys.argv", ["demo", *arguments])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    assert demo.main() == 1
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


@pytest.mark.parametrize("option", ["--port", "--dock-port"])
def test_a_port_that_another_has_is_told_before_the_data_is_made(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It was told after the minutes that the first demonstration data takes."""
    other = {"--port": "--dock-port", "--dock-port": "--port"}[option]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused(monkeypatch, capsys, "--folder", str(tmp_path / "demo"), option, str(port), other, "0")
    assert said.startswith(f"demo: port {port} of 127.0.0.1 cannot be had")
    assert f"{option} 0" in said
    assert not (tmp_path / "demo").exists()


def test_what_is_no_port_and_no_folder_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(monkeypatch, capsys, "--folder", str(tmp_path), "--port", "99999")
    assert said == "demo: --port 99999: expected a port, from 0 to 65535\n"
    (tmp_path / "file").write_text("")
    said = refused(monkeypatch, capsys, "--folder", str(tmp_path / "file" / "demo"), "--port", "0", "--dock-port", "0")
    assert said.startswith(f"demo: {tmp_path / 'file' / 'demo' / 'logs'}: ")
