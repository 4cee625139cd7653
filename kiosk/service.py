"""The terminal as a service of systemd: what it tells its supervisor, by the datagrams of sd_notify(3).

Written out here because it is one datagram: the protocol is `NAME=value` lines to the socket in NOTIFY_SOCKET.
"""

import contextlib
import os
import socket
import time
from typing import Final

from .panel import Panel
from .visit_state import VisitState

SIGN_OF_LIFE_EVERY: Final = 1.0
"""Seconds between two signs of life, at least. The unit's WatchdogSec is many times that: a slow frame is no death."""


class Service:
    """Says when home is drawn, that the window's loop turns and its panel answers, what it shows, and that it ends.

    Started by hand, without NOTIFY_SOCKET, it says nothing. Takes the variable out of the environment: the drivers'
    processes must not speak for the terminal.
    """

    def __init__(self) -> None:
        self._supervisor: socket.socket | None = None
        self._drawn: str = ""
        self._told: str = ""
        self._next_sign = 0.0
        self._panel: Panel | None = None
        address = os.environ.pop("NOTIFY_SOCKET", "")
        if address:
            self._supervisor = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            # The window's loop waits for nobody: a sign of life that finds the queue full is followed by the next.
            self._supervisor.setblocking(False)
            self._supervisor.connect("\0" + address[1:] if address.startswith("@") else address)

    def drawn(self, state: VisitState) -> None:
        """The picture of `state` is complete, and is on its way to the panel."""
        self._drawn = type(state).__name__

    def turned(self) -> None:
        """The window's loop has drawn what there was to draw, and handed it over. Nothing else is a sign of life.

        The first picture makes the terminal ready. Only the kind of screen is told: the status line is for technicians,
        and says nothing of a visitor. A loop that has nothing to draw would not notice a frozen panel: it waits for its
        answer, and is started again.
        """
        now = time.monotonic()
        if self._supervisor is None or (now < self._next_sign and self._drawn == self._told):
            return
        if "DISPLAY" in os.environ:
            self._panel = self._panel or Panel()
            self._panel.wait()
        if self._drawn != self._told:
            self._say(f"STATUS=showing {self._drawn}" + ("" if self._told else "\nREADY=1"))
            self._told = self._drawn
        if now >= self._next_sign:
            self._next_sign = now + SIGN_OF_LIFE_EVERY
            self._say("WATCHDOG=1")

    def stopping(self) -> None:
        """An orderly end has begun."""
        self._say("STOPPING=1\nSTATUS=stopping")

    def _say(self, lines: str) -> None:
        if self._supervisor is not None:
            with contextlib.suppress(OSError):  # a supervisor that cannot hear judges by what it does not hear
                self._supervisor.send(lines.encode())
