"""A terminal as systemd starts it: the datagrams of sd_notify, heard by a socket as systemd's own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.service import Service
from kiosk.visit_state import Home, OutOfOrder, PrinterHealth

HOME = Home("ar", scanner_ready=True, printer=PrinterHealth.OK, link_cut=False)


class Supervisor:
    """The other end of NOTIFY_SOCKET."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self.socket.settimeout(60)
        self.heard: list[str] = []

    def hears(self, line: str) -> list[str]:
        """Wait until a line was said; returns everything that was said until then."""
        while line not in self.heard:
            self.heard += self.socket.recv(4096).decode().splitlines()
        said, self.heard = self.heard, []
        return said


@contextmanager
def terminal(supervisor: str, folder: Path, settings: str) -> Iterator["subprocess.Popen[str]"]:
    file = folder / "terminal.toml"
    file.write_text(settings)
    (folder / "state").mkdir(exist_ok=True)
    environment = os.environ | {
        "NOTIFY_SOCKET": supervisor,
        "STATE_DIRECTORY": str(folder / "state"),
        "SDL_VIDEODRIVER": "offscreen",
    }
    command = [sys.executable, "-m", "kiosk", "--appliance", "--settings", str(file), "--size", "540x960"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_terminal_with_wrong_settings_is_ready_alive_and_ends_in_order(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    supervisor = Supervisor(address)
    with terminal(address, tmp_path, '[office]\nurl = "ftp://office.example"\n') as process:
        before = supervisor.hears("READY=1")
        assert "STATUS=showing Home" in before
        assert "WATCHDOG=1" not in before, "alive is said by the loop that draws, and by nothing before it"
        supervisor.hears("WATCHDOG=1")
        supervisor.hears("WATCHDOG=1")
        assert "STATUS=showing OutOfOrder" in supervisor.hears("STATUS=showing OutOfOrder")
        process.send_signal(signal.SIGTERM)
        supervisor.hears("STOPPING=1")
        _, journal = process.communicate(timeout=60)
    assert process.returncode == 0
    assert f"{tmp_path}/terminal.toml:2: office.url: expected" in journal
    assert "Traceback" not in journal


@pytest.mark.parametrize("abstract", [False, True])
def test_one_ready_and_no_more_signs_than_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, abstract: bool
) -> None:
    address = f"@istilam-test-{os.getpid()}" if abstract else str(tmp_path / "notify")
    supervisor = Supervisor(address)
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    service = Service()
    assert "NOTIFY_SOCKET" not in os.environ, "a driver's process must not speak for the terminal"
    service.drawn(HOME)
    service.turned()
    service.drawn(OutOfOrder("ar"))
    for _ in range(1000):
        service.turned()
    service.stopping()
    said = supervisor.hears("STOPPING=1")
    assert said.count("READY=1") == 1
    assert 1 <= said.count("WATCHDOG=1") < 100


def test_a_full_or_dead_supervisor_never_holds_the_loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    supervisor = Supervisor(str(tmp_path / "notify"))
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    service = Service()
    for _ in range(2500):  # far more than a datagram socket queues
        service.drawn(HOME)
        service.turned()
        service.drawn(OutOfOrder("ar"))
        service.turned()
    supervisor.socket.close()
    service.drawn(HOME)
    service.turned()
    service.stopping()


def test_started_by_hand_it_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    service = Service()
    service.drawn(HOME)
    service.turned()
    service.stopping()
