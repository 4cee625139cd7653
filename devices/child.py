"""A driver's process, as its supervisor sees it: the line to it, its life, and when it may be started again."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from devices import wire

START_DEADLINE: Final = 10.0
"""Seconds from starting a driver to its first sign of life."""

RESTART_DELAYS: Final = (0.1, 0.5, 1.0, 2.0, 4.0)
"""Seconds from a driver's last sign of life to its next start; the last one repeats, and leaves it one second to be
back within five. One that hung was silent for `HANG` before it was given up: that counts."""

STEADY: Final = 10.0
"""Seconds of life after which a driver's earlier deaths are forgotten."""


MOST_MESSAGES: Final = 2000
"""Messages in a second; a driver that says more is mad, and would keep its supervisor from the others."""


class Flooded(Exception):
    """The driver says more than anybody can hear."""


class Child:
    """One driver's process and the line to it."""

    def __init__(self, arguments: list[str]) -> None:
        ours, its = socket.socketpair()
        with its:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "devices.driver", arguments[0], str(its.fileno()), *arguments[1:]],
                pass_fds=[its.fileno()],
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": _import_path()},
                process_group=0,  # an interrupt typed at the terminal is for the supervisor to pass on
            )
        ours.setblocking(False)
        self.line = ours
        self.messages = wire.Messages()
        self.outgoing = bytearray()
        self.started_at = time.monotonic()
        self.heard_at = self.started_at
        self.deadline = self.started_at + START_DEADLINE
        self._second = self.started_at
        self._heard = 0

    def say(self, head: wire.Head, body: bytes = b"") -> None:
        self.outgoing += wire.pack(head, body)

    def heard(self, data: bytes, silence: float) -> list[tuple[wire.Head, bytes]]:
        """The messages that are whole now; the driver may be silent for so many seconds from here.

        Raises Nonsense for what is no message, Flooded for too many of them.
        """
        self.heard_at = now = time.monotonic()
        self.deadline = now + silence
        if now - self._second >= 1.0:
            self._second, self._heard = now, 0
        messages = list(self.messages.feed(data))
        self._heard += len(messages)
        if self._heard > MOST_MESSAGES:
            raise Flooded
        return messages

    def flush(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self.outgoing:
                del self.outgoing[: self.line.send(self.outgoing)]

    def close(self, deadline: float) -> None:
        """End the process; its line's end is the sign for it to leave by itself within `deadline` seconds."""
        self.line.close()
        try:
            self.process.wait(deadline)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _import_path() -> str:
    ours = str(Path(__file__).resolve().parent.parent)
    return os.pathsep.join(filter(None, (ours, os.environ.get("PYTHONPATH"))))


class DriverProcess:
    """A driver that is kept alive: its child, or the time of the next attempt."""

    def __init__(self, arguments: list[str]) -> None:
        self.arguments = arguments
        self.child: Child | None = None
        self.start_at = 0.0
        self.restarts = 0
        self.last_failure = ""
        self._deaths = 0

    def start(self) -> Child:
        self.child = Child(self.arguments)
        return self.child

    def died(self, how: str) -> None:
        """how: died, hung, flooded us, spoke nonsense."""
        alive_at = time.monotonic() if self.child is None else self.child.heard_at
        if self.child is not None and alive_at - self.child.started_at >= STEADY:
            self._deaths = 0
        self.start_at = alive_at + RESTART_DELAYS[min(self._deaths, len(RESTART_DELAYS) - 1)]
        self._deaths += 1
        self.restarts += 1
        self.last_failure = how
        self.child = None
