"""Who takes part in a journey: the office, the desk's and the lobby's printer, the terminal. Each is a real process."""

import fcntl
import json
import os
import queue
import signal
import socket
import sqlite3
import subprocess
import sys
import termios
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import requests
import zxingcpp
from PIL import Image

from central_api.contract import keys
from central_api.contract.slips import Slip
from devices.keyboard import EV_KEY, EV_SW, EV_SYN, InputEvent, pack
from devices.printer.void import void_raster
from tests import forked

ROLES = ("registry", "head_of_department", "head_of_service", "director_general", "minister")
PATIENCE_SECONDS = 60


def run(*arguments: str, expect: int = 0, environment: dict[str, str] | None = None) -> dict[str, Any]:
    """Run `python -m ...` and return what its last line of JSON says. `environment` is added to ours."""
    if environment:  # such as LD_PRELOAD, which is heard at the very beginning
        command, around = [sys.executable, "-m", *arguments], os.environ | environment
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240, env=around)
    else:
        done = forked.run(*arguments)
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
        running = forked.Program(*arguments, stderr=errors, new_session=True)
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
        self._server = 0

    @contextmanager
    def open(self, *options: str) -> Iterator[None]:
        """Serve terminals and phones, until the office closes."""
        arguments = ("serve", "--data", str(self.data), "--port", str(self.port), "--loopback-terminals", *options)
        with process("central_api", *arguments, log=self._folder / "office.log") as ready:
            self._server = ready["pid"]
            yield

    def breaks_down(self) -> None:
        """End the server at once, in the middle of whatever it does."""
        os.kill(self._server, signal.SIGKILL)

    def files(
        self,
        family: str = "work_permits",
        kind: str = "renewal",
        *,
        language: str = "ar",
        opened_by: tuple[str, ...] = (),
    ) -> FiledSlip:
        """Take in an application and hand out its slip. `opened_by`: `submit`'s option for a card, and its number."""
        self._slips += 1
        picture = self._folder / f"slip-{self._slips}.png"
        said = run(
            *("central_api", "submit", "--data", str(self.data), "--family", family, "--kind", kind),
            *("--phone", "+96171123456", "--language", language, "--slip", str(picture), "--json"),
            *opened_by,
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
    """A virtual printer with its paper in a folder, and a hand on its cover and its roll."""

    def __init__(self, folder: Path, address: str, control: str) -> None:
        self.paper = folder
        self.address = f"tcp:{address}"
        host, _, port = control.rpartition(":")
        self._control = socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS).makefile("rw")

    def sheets(self) -> list[Path]:
        """Every piece of paper that was cut, oldest first."""
        return sorted(self.paper.glob("paper-????.png"))

    def receipt_on(self, sheet: Path) -> str:
        """Read the QR code on a piece of paper, as any phone would."""
        return code_in(sheet)

    def says_void(self, sheet: Path) -> bool:
        """Tell whether a piece of paper ends in the mark that voids it."""
        picture = Image.open(sheet).convert("1")
        mark = void_raster(picture.width).to_image().convert("1")
        return picture.crop((0, picture.height - mark.height, *picture.size)).tobytes() == mark.tobytes()

    def told(self, command: str) -> dict[str, Any]:
        """Let a technician's hand do something to it: `fault NAME`, `clear`; gives its state."""
        self._control.write(command + "\n")
        self._control.flush()
        return json.loads(self._control.readline())

    def close(self) -> None:
        self._control.close()


def code_in(picture: Path) -> str:
    """Read the one QR code in a picture, as any phone would."""
    codes = zxingcpp.read_barcodes(Image.open(picture))
    assert len(codes) == 1, f"{len(codes)} codes in {picture.name}"
    return codes[0].text


@contextmanager
def printer(folder: Path, *options: str, listen: str = "127.0.0.1:0") -> Iterator[LobbyPrinter]:
    """Run a virtual printer, as fast as it can, with the faults that the options name."""
    paper = folder / "paper"
    paper.mkdir(exist_ok=True)
    where = ("--listen", listen, "--control", "127.0.0.1:0", "--paper", str(paper))
    with process("devices", "printer", *where, "--speed", "0", "--json", *options, log=folder / "printer.log") as ready:
        peer = LobbyPrinter(paper, ready["listening"], ready["control"])
        yield peer
        peer.close()


class LobbyTerminal:
    """The terminal, by `kiosk visit`: the same process and screens as in the lobby."""

    def __init__(self, folder: Path, office: OfficeDesk) -> None:
        self.data = folder / "terminal"
        self._office = office

    def visited_with(
        self,
        slip: FiledSlip | str | tuple[str, str],
        *,
        language: str = "ar",
        printer: str = "none",
        shots: Path | None = None,
        expect: int = 0,
    ) -> dict[str, Any]:
        """Let a visitor present a slip, or type number and code, read, print if there is a printer, and leave.

        `shots`: a folder for a picture of each screen.
        """
        if isinstance(slip, tuple):
            brings = ("--number", slip[0], "--code", slip[1])
        else:
            brings = ("--slip", slip if isinstance(slip, str) else str(slip.picture))
        return run(
            *("kiosk", "visit", "--office", self._office.url, "--data", str(self.data), *brings),
            *("--language", language, "--printer", printer, "--json"),
            *(("--shots", str(shots)) if shots else ()),
            expect=expect,
        )


class PluggedScanner:
    """A pty behind a stable name, as udev gives one to a USB scanner."""

    def __init__(self, name: Path) -> None:
        self.name = name
        self.address = f"serial:{name}"
        self.plug()

    def plug(self) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.name.symlink_to(os.ttyname(self._slave))

    def unplug(self) -> None:
        self.name.unlink()
        os.close(self._slave)
        os.close(self._master)

    def reads(self, code: str | bytes) -> None:
        """Do as a scanner that read a code: send its bytes and a carriage return."""
        data = (code.encode() if isinstance(code, str) else code) + b"\r"
        while data:
            data = data[os.write(self._master, data[:1024]) :]


class TactileKeypad:
    """Five keys and a jack, as recorded from such a device: what the kernel gives, through a FIFO of its own."""

    CODES: ClassVar = {"up": 103, "down": 108, "left": 105, "right": 106, "ok": 28, "louder": 115, "softer": 114}

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.address = f"keys:{path}"
        self._line = os.open(path, os.O_RDWR)

    def presses(self, *names: str) -> None:
        for name in names:
            for value in (1, 0):
                self._sends(InputEvent(EV_KEY, self.CODES[name], value))

    def headphones(self, plugged: bool) -> None:
        self._sends(InputEvent(EV_SW, 2, int(plugged)))

    def _sends(self, event: InputEvent) -> None:
        """Send an event to who listens: what came before a driver did is nobody's, and it throws that away."""
        os.write(self._line, pack(InputEvent(EV_SYN, 0, 0)))
        wait_for("a driver that reads the keypad", lambda: not self._unread())
        os.write(self._line, pack(event))

    def _unread(self) -> int:
        """Tell how many bytes nobody has read."""
        return int.from_bytes(fcntl.ioctl(self._line, termios.FIONREAD, bytes(4)), sys.byteorder)


class StandingTerminal:
    """A terminal that is on, with someone before it: tells what is on its screen, and can be killed at any moment."""

    def __init__(self, folder: Path, office_url: str, *options: str, printer: str = "none") -> None:
        self.data = folder / "terminal"
        self.scanner = PluggedScanner(folder / f"scanner-{time.monotonic_ns()}")
        self._log = folder / "terminal.log"
        where = ("--office", office_url, "--data", str(self.data), "--scanner", self.scanner.address)
        lobby = ("tests.journeys.lobby", *where, "--printer", printer, *options)
        with self._log.open("a") as log:
            self._process = forked.Program(*lobby, stdin=True, stderr=log)
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        self.screens: list[dict[str, Any]] = []
        self.spoken: list[dict[str, Any]] = []
        self._heard = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.put(json.loads(line))
        self._said.put({"ended": True})

    def sees(self, *screens: str, **expected: Any) -> dict[str, Any]:
        """Wait until one of these screens stands there complete, with what is expected on it."""

        def awaited(said: dict[str, Any]) -> bool:
            return said.get("drawn") in screens and all(said.get(name) == value for name, value in expected.items())

        return self._until(f"{screens} {expected}", awaited)

    def ready(self, **expected: Any) -> dict[str, Any]:
        """Wait until home says that slips are read, unless it does already."""
        expected |= {"drawn": "Home", "scanner_ready": True}
        if self.screens and expected.items() <= self.screens[-1].items():
            return self.screens[-1]
        return self._until("home", lambda said: expected.items() <= said.items())

    def offers(self, way: str) -> None:
        """Wait until home offers this way in beside the slip."""
        self._until(way, lambda said: said.get("drawn") == "Home" and way in said["ways"])

    def presses(self, name: str) -> None:
        """Touch what stands on the screen under this name."""
        self._ask(press=name)
        assert self._until("a touch", lambda said: "pressed" in said)["pressed"], f"no {name} on the screen"

    def writes(self, text: str) -> None:
        """Write by a keyboard."""
        self._ask(type=text)

    def dials(self, digits: str) -> None:
        """Touch the keys of the screen's keypad one after the other."""
        for digit in digits:
            self.presses(f"key.{digit}")

    def remembers(self, text: str) -> int:
        """Tell how many texts in the terminal's memory hold this."""
        self._ask(find=text[::-1])
        return self._until("what is in memory", lambda said: "found" in said)["found"]

    def keys(self, name: str) -> str | None:
        """Press one of the five keys; tells what the focus is on."""
        self._ask(key=name)
        return self._until("a key", lambda said: "focus" in said)["focus"]

    def goes_to(self, name: str, *, by: str = "down") -> None:
        """Press a key until the focus is on what has this name, then OK."""
        self.walks_to(name, by=by)
        self.keys("ok")

    def walks_to(self, name: str, *, by: str = "down") -> None:
        """Press a key until the focus is on what has this name."""
        wait_for(f"the focus on {name}", lambda: self.keys(by) == name)

    def holds(self, name: str) -> None:
        """Lay a finger on what has this name, and leave it there."""
        self._ask(hold=name)
        assert self._until("a touch", lambda said: "pressed" in said)["pressed"], f"no {name} on the screen"

    def touched_by(self, *moves: tuple[str, int, float, float]) -> dict[str, tuple[float, float]]:
        """Let fingers come down, move and lift, in this order and at once; gives where targets stand by then."""
        self._ask(fingers=moves)
        return self._until("fingers", lambda said: "targets" in said)["targets"]

    def holds_key(self, key: str) -> None:
        self._ask(hold_key=key)

    def lets_go(self) -> None:
        """Lift what was held."""
        self._ask(let_go=True)

    def photographed(self, path: Path) -> Path:
        """Photograph the screen."""
        self._ask(shot=str(path))
        self._until("a photograph", lambda said: "shot" in said)
        return path

    def hears(self, text: str) -> list[str]:
        """Wait until a sentence with this text is spoken; gives all that was since the last that was waited for."""

        def new() -> list[str]:
            return [said["spoken"] for said in self.spoken[self._heard :]]

        if not any(text in sentence for sentence in new()):
            self._until(f"“{text}” spoken", lambda said: "spoken" in said and text in said["spoken"])
        heard = new()
        self._heard = len(self.spoken)
        return heard

    def left(self) -> dict[str, Any]:
        """Tell what is left of visits in the process: opened slips, and the words on the screen."""
        self._ask(left=True)
        return self._until("what is left", lambda said: "sheets" in said)

    def killed(self) -> None:
        """Cut the power."""
        self._process.kill()
        self._process.wait()

    def stopped(self) -> int:
        """Stop it as the system does; returns its exit status."""
        if self._process.poll() is None:
            self._ask(stop=True)
        return self._process.wait(PATIENCE_SECONDS)

    @property
    def journal(self) -> str:
        """Everything that it logged."""
        return self._log.read_text()

    def _ask(self, **order: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def _until(self, what: str, awaited: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        seen: list[dict[str, Any]] = []
        while True:
            try:
                said = self._said.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                said = {"ended": True}
            if "drawn" in said:
                self.screens.append(said)
            if "spoken" in said:
                self.spoken.append(said)
            seen.append(said)
            assert not said.get("ended"), f"waited in vain for {what}; it said {seen}; {self.journal}"
            if awaited(said):
                return said


def version_at(office_url: str, slip: Slip) -> int:
    """Say which version of a slip's status the office gives out; 0 where it has none yet."""
    answer = requests.get(f"{office_url}/v1/statuses/{keys.slot(slip.key).hex()}", timeout=20)
    return int(answer.headers["etag"].strip('"')) if answer.ok else 0


def in_vault(folder: Path, slip: Slip) -> tuple[int, bool] | None:
    """Say which version of a status lies in a terminal's vault, on the disk, and whether it is taken back."""
    with closing(sqlite3.connect(f"file:{folder / 'vault.sqlite'}?mode=ro", uri=True)) as vault:
        query = "SELECT version, typeof(sealed) != 'blob' FROM statuses WHERE slot = ?"
        row = vault.execute(query, (keys.slot(slip.key),)).fetchone()
    return None if row is None else (row[0], bool(row[1]))


@contextmanager
def standing(folder: Path, office_url: str, *options: str, printer: str = "none") -> Iterator[StandingTerminal]:
    """Turn a terminal on; it is off again at the end, whatever happened."""
    terminal = StandingTerminal(folder, office_url, *options, printer=printer)
    try:
        yield terminal
        assert terminal.stopped() in {0, -signal.SIGKILL}, terminal.journal
    finally:
        terminal.killed()
