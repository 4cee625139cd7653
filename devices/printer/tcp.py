"""The TCP connection to a printer: opened with a deadline, small in what it holds, and abandoned rather than closed."""

import contextlib
import os
import socket
import struct
import threading
import time
from typing import Any, Final

from devices.printer.line import LineGone, Wait, not_yet_taken_of, receive_from

CONNECT_DEADLINE: Final = 3.0
"""Seconds for a TCP connection on the terminal's own network."""

LOOK_UP_DEADLINE: Final = 2.0
"""Seconds for the address of a host name; the system's own look-up may take half a minute."""

SEND_BUFFER: Final = 4096
"""Bytes: what the kernel took is then nearly what the printer took."""

_KEEPALIVE: Final = (
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 5),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 2),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 2),
)

_Found = tuple[Any, Any, int, str, Any]
"""One answer of getaddrinfo."""


class TcpLine:
    """A connected socket that never blocks."""

    byte_seconds = 0.0
    proves_presence = True

    def __init__(self, line: socket.socket, wait: Wait) -> None:
        self._line = line
        self._wait = wait

    def send(self, data: memoryview, seconds: float) -> int:
        if not self._wait(self._line.fileno(), True, seconds):
            return 0
        try:
            return self._line.send(data)
        except BlockingIOError:
            return 0
        except OSError as gone:
            raise LineGone from gone

    def receive(self, seconds: float) -> bytes:
        return receive_from(self._line.fileno(), self._wait, seconds)

    def not_yet_taken(self) -> int:
        """How many bytes the printer's side has not acknowledged."""
        return not_yet_taken_of(self._line.fileno())

    def abandon(self) -> None:
        """Reset rather than close."""
        self._line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._line.close()


def open_tcp(host: str, port: int, wait: Wait) -> TcpLine | None:
    """A connection, or None when nobody is there within `LOOK_UP_DEADLINE` and `CONNECT_DEADLINE`."""
    found = _look_up(host, port, wait)
    if found is None:
        return None
    family, kind, protocol, _, address = found
    try:
        line = socket.socket(family, kind | socket.SOCK_NONBLOCK, protocol)
    except OSError:
        return None
    line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for level, option, value in _KEEPALIVE:
        line.setsockopt(level, option, value)
    line.connect_ex(address)
    deadline = time.monotonic() + CONNECT_DEADLINE
    answered = False
    while not answered and time.monotonic() < deadline:
        answered = wait(line.fileno(), True, max(0.0, deadline - time.monotonic()))
    if answered and not line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        return TcpLine(line, wait)
    line.close()
    return None


class _LookUp(threading.Thread):
    """One look-up; it cannot be stopped, only left behind. `done` becomes readable at its end."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(name="look-up", daemon=True)
        self.found: _Found | None = None
        self.asked = (host, port)
        self.done = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)

    def run(self) -> None:
        with contextlib.suppress(OSError):
            self.found = socket.getaddrinfo(*self.asked, type=socket.SOCK_STREAM)[0]
        os.eventfd_write(self.done, 1)


_left_behind: list[_LookUp] = []
"""At most one: while a name server is silent, no second thread waits for it."""


def _look_up(host: str, port: int, wait: Wait) -> _Found | None:
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)[0]
    except OSError:
        pass  # a name
    asked = _left_behind.pop() if _left_behind else _LookUp(host, port)
    if not asked.ident:
        asked.start()
    deadline = time.monotonic() + LOOK_UP_DEADLINE
    answered = False
    while not answered and time.monotonic() < deadline:
        answered = wait(asked.done, False, max(0.0, deadline - time.monotonic()))
    if not answered:
        _left_behind.append(asked)
        return None
    os.close(asked.done)
    return asked.found if asked.asked == (host, port) else None
