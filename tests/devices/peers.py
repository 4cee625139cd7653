"""Real peers for the drivers: the virtual printer as a program, a listener that waits for what is told, a pty."""

import json
import os
import queue
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

import pytest

from devices import PrintEnded, PrintOutcome, Raster
from devices.simulators.paper import CUTTER_ROWS
from tests import forked

WAIT = float(os.environ.get("ISTILAM_TEST_WAIT", "30"))
"""Seconds after which a test gives up; nothing is asserted about how long anything took."""
PEER_WAIT = 30.0
"""The same for a peer's own beginning and end, where drivers that lie are given less time to tell."""


class PrinterPeer:
    def __init__(self, paper: Path, *arguments: str, listen: str = "127.0.0.1:0") -> None:
        self.paper = paper
        command = ("devices", "printer", "--listen", listen, "--control", "127.0.0.1:0")
        self.process = forked.Program(*command, "--paper", str(paper), *arguments)
        assert self.process.stdout is not None
        first = json.loads(self.process.stdout.readline())
        if listen.startswith("pty:"):
            self.address = "serial:" + first["listening"]
        else:
            self.address = "tcp:" + first["listening"]
            self.host, port = first["listening"].split(":")
            self.port = int(port)
        host, port = first["control"].split(":")
        self._control = socket.create_connection((host, int(port)), timeout=PEER_WAIT).makefile("rw")

    def command(self, line: str) -> dict[str, Any]:
        self._control.write(line + "\n")
        self._control.flush()
        return json.loads(self._control.readline())

    @property
    def state(self) -> dict[str, Any]:
        return self.command("state")

    def papers(self) -> list[Raster]:
        """What came out and was cut, oldest first, without the blank piece between cutter and head."""
        from PIL import Image

        pictures = [Raster.from_image(Image.open(path)) for path in sorted(self.paper.glob("paper-????.png"))]
        return [
            Raster(picture.width_dots, picture.rows - CUTTER_ROWS, picture.data[CUTTER_ROWS * picture.row_bytes :])
            for picture in pictures
        ]

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(PEER_WAIT)
        self._control.close()
        if self.process.stdout is not None:
            self.process.stdout.close()


@pytest.fixture
def new_printer(tmp_path: Path) -> Iterator[Callable[..., PrinterPeer]]:
    """Start a virtual printer: new_printer("--fault", "paper-out")."""
    peers: list[PrinterPeer] = []

    def start(*arguments: str, listen: str = "127.0.0.1:0") -> PrinterPeer:
        folder = tmp_path / f"paper-{len(peers)}"
        peers.append(PrinterPeer(folder, "--speed", "0", *arguments, listen=listen))
        return peers[-1]

    yield start
    for peer in peers:
        peer.end()


EventT = TypeVar("EventT")


class Told(Generic[EventT]):
    """A listener: what the supervisor told, waited for in order."""

    def __init__(self) -> None:
        self.all: list[EventT] = []
        self._fresh: queue.Queue[EventT] = queue.Queue()

    def __call__(self, event: EventT) -> None:
        self.all.append(event)
        self._fresh.put(event)

    def until(self, wanted: Callable[[EventT], bool]) -> EventT:
        deadline = time.monotonic() + WAIT
        while True:
            try:
                event = self._fresh.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"never told; told was {self.all}") from None
            if wanted(event):
                return event

    def until_equal(self, event: EventT) -> None:
        self.until(lambda told: told == event)

    def outcome(self, job: int) -> PrintOutcome:
        ended = self.until(lambda told: isinstance(told, PrintEnded) and told.job == job)
        assert isinstance(ended, PrintEnded)
        return ended.outcome


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT
    while not holds():
        assert time.monotonic() < deadline, "the condition never came true"
        time.sleep(0.01)


def driver_pid(kind: str, parent: int | None = None) -> int:
    """The process of our driver of that kind."""
    children = Path(f"/proc/{parent or os.getpid()}/task")
    for task in children.iterdir():
        for pid in (task / "children").read_text().split():
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if b"devices.driver" in words and kind.encode() in words:
                return int(pid)
    raise AssertionError(f"no driver of the {kind}")


def receipt(rows: int = 700) -> Raster:
    """Something that looks like a document: dense lines, gaps, a margin; 576 dots wide."""
    lines = []
    for row in range(rows):
        if row % 40 < 26:
            lines.append(bytes((17 * row + 31 * at) % 251 for at in range(60)) + bytes(12))
        else:
            lines.append(bytes(72))
    return Raster(576, rows, b"".join(lines))
