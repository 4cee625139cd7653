"""The device processes together: what they cost at rest, how soon one is back, and what a hung one costs the screen."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from devices.dock.keypad import VirtualKeypad
from devices.dock.scanner import SerialScanner
from devices.health import DriverHealth
from devices.scanner.picture import look_at
from devices.simulators.card.service import READER
from devices.supervisor import Supervisor
from tests.devices.cameras import SIZE, frame
from tests.devices.card.peers import Pcscd
from tests.devices.peers import PrinterPeer, driver_pid

from .figures import Figure, cpu_seconds, percentile, pss_kib

IDLE = 20.0
LOOKS = 60
ENOUGH = 30.0
DRIVERS = ("printer", "scanner", "card", "keypad")


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="bench-devices-") as folder, _devices(Path(folder)) as addresses:
        return [*_at_rest(addresses, Path(folder)), *_frames(addresses, Path(folder)), *_looks()]


@contextmanager
def _devices(folder: Path) -> Iterator[dict[str, str]]:
    """One of each, plugged in; gives their addresses."""
    daemon = Pcscd(folder / "pcsc")
    os.environ["PCSCLITE_CSOCK_NAME"] = str(daemon.socket)
    daemon.plug_in()
    daemon.start()
    printer = PrinterPeer(folder / "paper", "--speed", "0")
    scanner, keypad = SerialScanner(folder / "scanner"), VirtualKeypad(folder / "keypad")
    try:
        yield {
            "printer": f"tcp:{printer.host}:{printer.port}",
            "scanner": f"serial:{folder / 'scanner'}",
            "card": f"pcsc:{READER}",
            "keypad": f"keys:{folder / 'keypad'}",
        }
    finally:
        scanner.close()
        keypad.close()
        printer.end()
        daemon.end()


def _at_rest(addresses: dict[str, str], folder: Path) -> list[Figure]:
    devices = Supervisor(**addresses, journal=folder / "journal")
    devices.start(lambda _: None, lambda _: None, lambda _: None)
    try:
        for name in DRIVERS:
            _until_well(devices, name, 0)
        pids = [driver_pid(name) for name in DRIVERS]
        before = sum(map(cpu_seconds, pids))
        time.sleep(IDLE)
        used = sum(map(cpu_seconds, pids)) - before
        memory = sum(map(pss_kib, pids)) / 1024
        back = {how: _back(devices, sign) for how, sign in (("died", signal.SIGKILL), ("hung", signal.SIGSTOP))}
    finally:
        devices.stop()
    return [
        Figure("device processes, memory", memory, "MB", "PSS of printer, scanner, card and keypad drivers", limit=120),
        Figure("device processes, idle", 100 * used / IDLE, "% of a core", "of the same four, nobody there", limit=1),
        *(
            Figure(f"a driver that {how} is back", seconds, "s", "from its last work to ready; the slowest", limit=5)
            for how, seconds in back.items()
        ),
    ]


def _back(devices: Supervisor, sign: signal.Signals) -> float:
    """Seconds until the slowest of all drivers is ready again, each after its first and its second failure."""
    worst = 0.0
    for name in DRIVERS:
        for _ in range(2):
            failures = _health(devices, name).restarts
            started = time.monotonic()
            os.kill(driver_pid(name), sign)
            _until_well(devices, name, failures + 1)
            worst = max(worst, time.monotonic() - started)
    return worst


def _until_well(devices: Supervisor, name: str, failures: int) -> None:
    """It was started again so often, and its device is as it was."""
    until = time.monotonic() + ENOUGH
    while True:
        health = _health(devices, name)
        if health.running and health.restarts >= failures and type(health.state).__name__ in WELL:
            return
        assert time.monotonic() < until, health
        time.sleep(0.01)


WELL = {"Ready", "PaperLow", "ScannerReady", "ReaderEmpty", "KeypadReady"}


def _health(devices: Supervisor, name: str) -> DriverHealth:
    return next(part for part in devices.health() if part.device == name)


def _frames(addresses: dict[str, str], folder: Path) -> list[Figure]:
    command = [sys.executable, "-m", "tests.benchmarks.hung", json.dumps(addresses), str(folder / "terminal")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    frames = json.loads(done.stdout.splitlines()[-1])
    gaps, own = ({how: [pair[at] for pair in pairs] for how, pairs in frames.items()} for at in (0, 1))
    return [
        Figure(
            "worst gap between frames, a driver hung",
            max(own["hung"]),
            "ms",
            f"{len(own['hung'])} frames of a screen drawn as fast as it can be while one driver after the other is "
            "stopped, given up and replaced: what of a gap is the terminal's own, not Mesa's drawing and not other "
            "programs' processor; the floor is the same with all drivers well",
            limit=20,
            floor=max(own["well"]),
        ),
        Figure("the same, p99", percentile(own["hung"], 99), "ms", "as above", floor=percentile(own["well"], 99)),
        Figure(
            "the same by the clock, p99",
            percentile(gaps["hung"], 99),
            "ms",
            "with Mesa's drawing and all that the machine did besides",
            floor=percentile(gaps["well"], 99),
        ),
    ]


def _looks() -> list[Figure]:
    """A camera's frame to the text of its code, in the driver's own work, by processor time."""
    seen = frame(300, blur=1.0)
    took: list[float] = []
    for _ in range(LOOKS):
        started = time.process_time()
        assert look_at(seen, *SIZE).codes
        took.append(1000 * (time.process_time() - started))
    noise = Image.effect_noise(SIZE, 60).tobytes()
    started = time.process_time()
    for _ in range(LOOKS):
        assert not look_at(noise, *SIZE).codes
    empty = 1000 * (time.process_time() - started) / LOOKS
    return [
        Figure("camera frame to text, p95", percentile(took, 95), "ms", "1280x720, a slip, processor time", limit=15),
        Figure("camera frame without a slip", empty, "ms", "1280x720 of noise, processor time; mean"),
    ]
