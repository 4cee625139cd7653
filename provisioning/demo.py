"""`make demo`: an office on this machine and a terminal at the dock, as processes of their own.

With `--once` one visit in each language is made without a hand; its steps, screens and paper are left to look at.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any, Final, cast

from devices.dock.office import OfficeFailed, demonstration_office

START_SECONDS: Final = 180
STOP_SECONDS: Final = 20
PRINTER_WIDTH: Final = 576
# One visit for each language of the screens: what the visitor brings, in the office's demonstration data.
VISITS: Final = (("ar", "under-review-ar.png"), ("fr", "returned-fr.png"), ("en", "completed-en.png"))


class DemoFailed(RuntimeError):
    """A part did not start, or a visit did not end as it should; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Service:
    """A running process and the line of JSON with which it said that it is ready."""

    process: subprocess.Popen[str]
    ready: dict[str, Any]


def start(name: str, arguments: Sequence[str], log: Path) -> Service:
    """Start `python -m ...`, and wait until it says in one line of JSON that it is ready. Its log goes to a file.

    Raises DemoFailed, with the end of that log.
    """
    command = [sys.executable, "-m", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log.open("w"), text=True)
    line = _first_line(cast(IO[str], process.stdout))
    try:
        return Service(process, json.loads(line))
    except ValueError:
        process.kill()
        raise DemoFailed(f"the {name} did not start:\n{log.read_text()[-2000:]}") from None


def stop(service: Service) -> None:
    """Ask a process to end, and end it after a while if it does not."""
    service.process.terminate()
    try:
        service.process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        service.process.kill()
        service.process.wait()


def main() -> int:
    """Run the demonstration; 0 when all went well, 1 when something did not."""
    parser = argparse.ArgumentParser(prog="python -m provisioning.demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="one visit in each language by itself, then stop")
    parser.add_argument("--folder", type=Path, default=Path("build/demo"), help="where everything of it lies")
    parser.add_argument("--port", type=int, default=8400, help="the office's port on 127.0.0.1 (0: any free one)")
    parser.add_argument("--dock-port", type=int, default=8410, help="the dock's, likewise")
    options = parser.parse_args()
    folder = cast(Path, options.folder)
    port, dock_port = (0, 0) if options.once else (cast(int, options.port), cast(int, options.dock_port))
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        for option, wanted in (("--port", port), ("--dock-port", dock_port)):
            _refuse_taken(option, wanted)
        with ExitStack() as running:
            office = _start_office(folder, port, running)
            if options.once:
                return _visits(folder, office, _start_printer(folder, running))
            return _stay(folder, office, running, dock_port)
    except DemoFailed as failure:
        print(f"demo: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped")
        return 0


def _refuse_taken(option: str, port: int) -> None:
    """Raise DemoFailed for a port that cannot be had: else that is told after the minutes that the data takes."""
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except OverflowError:
        raise DemoFailed(f"{option} {port}: expected a port, from 0 to 65535") from None
    except OSError as error:
        again = f"end what has it, or start with {option} 0: python -m provisioning.demo {option} 0"
        raise DemoFailed(f"port {port} of 127.0.0.1 cannot be had ({error.strerror}): {again}") from None


def _start_office(folder: Path, port: int, running: ExitStack) -> str:
    """Start the office; return its address."""
    logs = folder / "logs"
    try:
        logs.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DemoFailed(f"{logs}: {error.strerror}") from None
    shutil.rmtree(folder / "paper", ignore_errors=True)
    print(
        f"Starting the office with its demonstration data in {folder / 'office'} (the first time takes a while) ...",
        flush=True,
    )
    office = demonstration_office(folder / "office", logs / "office.log", port=port, cards=folder / "cards")
    try:
        url = running.enter_context(office)
    except OfficeFailed as failed:
        raise DemoFailed(f"the office did not start:\n{failed}") from None
    print(f"Office: {url}", flush=True)
    return url


def _start_printer(folder: Path, running: ExitStack) -> str:
    """Start a printer that writes its paper as pictures; return its address."""
    paper = folder / "paper"
    printer = start(
        "printer",
        [
            *("devices", "printer", "--listen", "127.0.0.1:0", "--paper", str(paper)),
            *("--width", str(PRINTER_WIDTH), "--json"),
        ],
        folder / "logs" / "printer.log",
    )
    running.callback(stop, printer)
    print(f"Printer: {printer.ready['listening']}, its paper comes out in {paper}", flush=True)
    return f"tcp:{printer.ready['listening']}"


def _visits(folder: Path, office: str, printer: str) -> int:
    shots = folder / "shots"
    shutil.rmtree(shots, ignore_errors=True)
    for language, slip in VISITS:
        picture = folder / "office" / "slips" / slip
        command = [
            *(sys.executable, "-m", "kiosk", "visit", "--office", office, "--data", str(folder / "terminal")),
            *("--slip", str(picture), "--language", language, "--printer", printer),
            *("--shots", str(shots / language), "--json"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise DemoFailed(f"the visit in {language} failed:\n{done.stderr[-2000:]}{done.stdout[-500:]}")
        visit = json.loads(done.stdout.splitlines()[-1])
        print(f"\n{language}: {slip}: {visit['outcome']}, printed: {visit['printed']}")
        for step in visit["steps"]:
            print(f"  {step['ms']:>8.0f} ms  {step['name']}")
        if visit["outcome"] != "status" or visit["printed"] != "confirmed":
            raise DemoFailed(f"the visit in {language} ended with {visit['outcome']}, printed: {visit['printed']}")
    print(f"\nScreens: {shots}/<language>/*.png   Paper: {folder / 'paper'}/*.png")
    return 0


def _stay(folder: Path, office: str, running: ExitStack, port: int) -> int:
    dock = start(
        "dock",
        [
            *("devices", "dock", "--office", office, "--office-data", str(folder / "office")),
            *("--slips", str(folder / "office" / "slips"), "--port", str(port)),
            *("--folder", str(folder), "--json"),
        ],
        folder / "logs" / "dock.log",
    )
    running.callback(stop, dock)
    python = os.path.relpath(sys.executable)
    where = "in its window, and in the dock" if os.environ.get("DISPLAY") else "in the dock (no display here)"
    print(
        f"""Terminal: {where}

Open the dock in a browser:   {dock.ready["listening"]}
  present slips and cards, touch the screen, see the paper come out, cause every fault, read the log

What to do beside it:
  one visit with pictures   {python} -m devices printer --listen 127.0.0.1:9100 --paper {folder}/paper &
                            {python} -m kiosk visit --office {office} --data {folder}/visit \\
                              --slip {folder}/office/slips/under-review-ar.png --language ar \\
                              --printer tcp:127.0.0.1:9100 --shots {folder}/shots
  move an application       {python} -m central_api act --help
  a slip's page for phones  {office}/
Ctrl-C stops everything.""",
        flush=True,
    )
    return _until_one_stops([dock])


def _until_one_stops(services: Sequence[Service]) -> int:
    while all(service.process.poll() is None for service in services):
        time.sleep(0.5)
    raise DemoFailed("the dock stopped; its log tells why: build/demo/logs/dock.log")


def _first_line(stream: IO[str], clock: Callable[[], float] = time.monotonic) -> str:
    """Read until the first line of JSON, or the end, within the time a start may take."""
    deadline = clock() + START_SECONDS
    while clock() < deadline:
        line = stream.readline()
        if not line or line.startswith("{"):
            return line
    return ""


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
