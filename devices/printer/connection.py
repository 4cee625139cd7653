"""The TCP connection to a printer: opened with a deadline, small in what it holds, and abandoned rather than closed."""

import fcntl
import select
import socket
import struct
import time
from collections.abc import Callable
from typing import Final

CONNECT_DEADLINE: Final = 3.0
"""Seconds for a TCP connection on the terminal's own network."""

SEND_BUFFER: Final = 4096
"""Bytes: what the kernel took is then nearly what the printer took."""

_KEEPALIVE: Final = (
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 5),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 2),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 2),
)
_BYTES_NOT_YET_TAKEN: Final = 0x5411  # SIOCOUTQ: sent or queued, and not acknowledged by the printer

Wait = Callable[[int, bool, float], bool]
"""(file descriptor, for writing?, seconds) -> whether it is ready; may return False early, to be called again."""


def wait_alone(fd: int, for_writing: bool, seconds: float) -> bool:
    """The wait of a program that has nothing else to do meanwhile."""
    readable, writable, _ = select.select([] if for_writing else [fd], [fd] if for_writing else [], [], seconds)
    return bool(readable or writable)


def connect(host: str, port: int, wait: Wait) -> socket.socket | None:
    """A connection that never blocks, or None when nobody is there within `CONNECT_DEADLINE`.

    A host name is looked up in the system's own way, which may take longer: give an address, or a line in /etc/hosts.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
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
        return line
    line.close()
    return None


def abandon(line: socket.socket) -> None:
    """Reset rather than close: bytes still queued here must not come out on the next visitor's paper."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


def not_yet_taken(line: socket.socket) -> int:
    """How many bytes the printer's side has not acknowledged."""
    return struct.unpack("i", fcntl.ioctl(line.fileno(), _BYTES_NOT_YET_TAKEN, b"\0" * 4))[0]
