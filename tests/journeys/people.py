"""Who takes part in a journey: the office, the desk's and the lobby's printer, the terminal. Each is a real process."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image

ROLES = ("registry", "head_of_department", "head_of_service", "director_general", "minister")
PATIENCE_SECONDS = 60


def run(*arguments: str, expect: int = 0) -> dict[str, Any]:
    """Run `python -m ...` and return what its last line of JSON says."""
    done = subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == expect, f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return json.loads(lines[-1]) if lines else {"said": done.stdout + done.stderr}


def wait_for(what: str, condition: Callable[[], Any]) -> Any:
    """Wait until a condition gives something true, and return it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited in vain for {what}")


def free_port() -> int:
    """Return a TCP port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def process(*arguments: str, log: Path) -> Iterator[dict[str, Any]]:
    """Run `python -m ...` beside the test; gives the line of JSON with which it said that it is ready."""
    with log.open("w") as errors:
        running = subprocess.Popen(
            [sys.executable, "-m", *arguments], stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True
        )
    assert running.stdout is not None
    try:
        line = next((line for line in running.stdout if line.startswith("{")), "")
        assert line, f"{arguments} did not start:\n{log.read_text()}"
        yield json.loads(line) | {"pid": running.pid}
    finally:
        running.terminate()
        try:
            running.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
        running.stdout.close()


@dataclass
class FiledSlip:
    """What the visitor carries home from the desk."""

    tracking: str
    secret_code: str
    url: str
    picture: Path


class OfficeDesk:
    """The office, by its commands; its server runs on loopback while `open`."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "office"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._slips = 0

    @contextmanager
    def open(self) -> Iterator[None]:
        """Serve terminals and phones, until the office closes."""
        arguments = ("serve", "--data", str(self.data), "--port", str(self.port), "--loopback-terminals")
        with process("central_api", *arguments, log=self._folder / "office.log"):
            yield

    def files(self, family: str = "work_permits", kind: str = "renewal", *, language: str = "ar") -> FiledSlip:
        """Take in an application and hand out its slip."""
        self._slips += 1
        picture = self._folder / f"slip-{self._slips}.png"
        said = run(
            *("central_api", "submit", "--data", str(self.data), "--family", family, "--kind", kind),
            *("--phone", "+96171123456", "--language", language, "--slip", str(picture), "--json"),
        )
        return FiledSlip(said["tracking"], said["secret_code"], said["slip_url"], picture)

    def acts(self, slip: FiledSlip, action: str, role: str, *options: str, expect: int = 0) -> dict[str, Any]:
        """Let one officer act on a file."""
        return run(
            *(
                "central_api",
                "act",
                "--data",
                str(self.data),
                slip.tracking,
                action,
                "--role",
                role,
                *options,
                "--json",
            ),
            expect=expect,
        )

    def approves_up_to(self, slip: FiledSlip, last: str) -> None:
        """Let every officer in order approve, up to and with the last one named."""
        for role in ROLES[: ROLES.index(last) + 1]:
            self.acts(slip, "approve", role)

    def verifies(self, receipt: str | None = None, *, expect: int = 0) -> dict[str, Any]:
        """Replay the register, and check a receipt against it."""
        options = ("--receipt", receipt) if receipt else ()
        return run("central_api", "audit", "verify", "--data", str(self.data), *options, "--json", expect=expect)


class LobbyPrinter:
    """A virtual printer with its paper in a folder."""

    def __init__(self, folder: Path, address: str) -> None:
        self.paper = folder
        self.address = f"tcp:{address}"

    def sheets(self) -> list[Path]:
        """Every piece of paper that was cut, oldest first."""
        return sorted(self.paper.glob("paper-????.png"))

    def receipt_on(self, sheet: Path) -> str:
        """Read the QR code on a piece of paper, as any phone would."""
        codes = zxingcpp.read_barcodes(Image.open(sheet))
        assert len(codes) == 1, f"{len(codes)} codes on {sheet.name}"
        return codes[0].text


@contextmanager
def printer(folder: Path, *options: str) -> Iterator[LobbyPrinter]:
    """Run a virtual printer, as fast as it can, with the faults that the options name."""
    paper = folder / "paper"
    paper.mkdir(exist_ok=True)
    arguments = ("printer", "--listen", "127.0.0.1:0", "--paper", str(paper), "--speed", "0", "--json", *options)
    with process("devices", *arguments, log=folder / "printer.log") as ready:
        yield LobbyPrinter(paper, ready["listening"])


class LobbyTerminal:
    """The terminal, by `kiosk visit`: the same process and screens as in the lobby."""

    def __init__(self, folder: Path, office: OfficeDesk) -> None:
        self.data = folder / "terminal"
        self._folder = folder
        self._office = office
        self._visits = 0

    def visited_with(
        self, slip: FiledSlip | str, *, language: str = "ar", printer: str = "none", expect: int = 0
    ) -> dict[str, Any]:
        """Let a visitor present a slip, read, print if there is a printer, and leave."""
        self._visits += 1
        what = slip if isinstance(slip, str) else str(slip.picture)
        return run(
            *("kiosk", "visit", "--office", self._office.url, "--data", str(self.data), "--slip", what),
            *("--language", language, "--printer", printer, "--json"),
            *("--shots", str(self._folder / f"shots-{self._visits}")),
            expect=expect,
        )
