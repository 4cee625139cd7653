"""A tree booted under its own systemd, in a container without a network of ours."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# There is no console and no graphics card: the panel is Xvfb, and nothing else is another.
VIRTUAL_PANEL = """\
[Service]
StandardInput=null
TTYPath=
ExecStart=
ExecStart=/usr/bin/Xvfb :0 -screen 0 1080x1920x24 -nolisten tcp -noreset -auth /run/istilam-x/authority
"""
BOOT_SECONDS = 180


@dataclass
class Container:
    """A booted tree; `leader` is its systemd's process."""

    root: Path
    leader: int

    def run(self, command: str, *, check: bool = True) -> str:
        """Run a shell command in the container; its words are shown when it fails."""
        inside = ["nsenter", "-t", str(self.leader), "-a", "sh", "-ec", command]
        done = subprocess.run(inside, capture_output=True, text=True, check=False)
        assert not check or done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout.strip()

    def starts(self, command: str) -> "subprocess.Popen[str]":
        """Start a shell command in the container; gives its process, whose words can be read."""
        inside = ["nsenter", "-t", str(self.leader), "-a", "sh", "-ec", command]
        return subprocess.Popen(inside, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)

    def wait(self, what: str, happened: Callable[[], bool]) -> None:
        """Wait until something is so; the journal is shown where it never is."""
        until = time.monotonic() + BOOT_SECONDS
        while not happened():
            if time.monotonic() >= until:
                raise AssertionError(f"never: {what}\n{self.run('journalctl -b --no-pager | tail -n 80', check=False)}")
            time.sleep(0.2)

    def shows(self, unit: str, name: str) -> str:
        return self.run(f"systemctl show -P {name} {unit}", check=False)

    def wait_for_home(self, *, other_than: str = "0") -> str:
        """Wait until the terminal said that home is drawn; returns its process. systemd is "active" only after that."""

        def at_home() -> bool:
            active = self.shows("istilam-kiosk", "ActiveState") == "active"
            return active and self.shows("istilam-kiosk", "MainPID") not in {"0", other_than}

        self.wait("home is drawn", at_home)
        return self.shows("istilam-kiosk", "MainPID")


@contextmanager
def booted(root: Path, log: Path) -> Iterator[Container]:
    """Boot a tree with the package installed, and end it."""
    drop_in = root / "etc/systemd/system/istilam-x.service.d"
    drop_in.mkdir(parents=True, exist_ok=True)
    (drop_in / "virtual.conf").write_text(VIRTUAL_PANEL)
    command = ["systemd-nspawn", "-q", "--register=no", "--keep-unit", "--private-network", "--console=pipe", "-b"]
    with log.open("w") as words:
        nspawn = subprocess.Popen([*command, "-D", root], stdin=subprocess.DEVNULL, stdout=words, stderr=words)
    try:
        yield Container(root, _leader(nspawn, log))
    finally:
        nspawn.terminate()  # an orderly shutdown
        try:
            nspawn.wait(60)
        except subprocess.TimeoutExpired:
            nspawn.kill()
            nspawn.wait()


def _leader(nspawn: "subprocess.Popen[bytes]", log: Path) -> int:
    until = time.monotonic() + BOOT_SECONDS
    while True:
        assert nspawn.poll() is None and time.monotonic() < until, log.read_text()
        found = Path(f"/proc/{nspawn.pid}/task/{nspawn.pid}/children").read_text().split()
        if found:
            inside = ["nsenter", "-t", found[0], "-a", "systemctl", "is-system-running", "--wait"]
            said = subprocess.run(inside, capture_output=True, text=True, check=False).stdout.strip()
            if said in {"running", "degraded"}:
                return int(found[0])
        time.sleep(0.2)
