"""A line to a printer that can answer: bytes out and bytes in, each call with a deadline, whatever carries them."""

import fcntl
import os
import select
import struct
import termios
from collections.abc import Callable
from typing import Protocol

Wait = Callable[[int, bool, float], bool]
"""(file descriptor, for writing?, seconds) -> whether it is ready; may return False early, to be called again.

A descriptor of -1 waits for the program's own sake alone.
"""


class LineGone(OSError):
    """Nobody is at the other end any more."""


class Line(Protocol):
    """An open line. No call takes longer than the seconds it is given, by more than a tenth of a second."""

    @property
    def byte_seconds(self) -> float:
        """How long the line itself takes for one byte; 0 where that does not count."""
        ...

    @property
    def proves_presence(self) -> bool:
        """Whether bytes that the line took were taken by somebody: a bare wire takes them with nobody there."""
        ...

    def send(self, data: memoryview, seconds: float) -> int:
        """How many of the bytes were taken, 0 when there was no room. Raises LineGone."""
        ...

    def receive(self, seconds: float) -> bytes:
        """What came, as soon as anything does; empty when nothing did, perhaps early. Raises LineGone."""
        ...

    def not_yet_taken(self) -> int:
        """How many bytes wait on this side. Raises LineGone."""
        ...

    def abandon(self) -> None:
        """Close, and throw away what waits: it must not come out on the next visitor's paper."""
        ...


OpenLine = Callable[[], Line | None]
"""Opens a line, within a deadline of its own; None when nobody is there."""


def receive_from(fd: int, wait: Wait, seconds: float) -> bytes:
    """`Line.receive` of a line that is a descriptor which never blocks. Raises LineGone."""
    if not wait(fd, False, seconds):
        return b""
    try:
        data = os.read(fd, 1024)
    except BlockingIOError:
        return b""
    except OSError as gone:
        raise LineGone from gone
    if not data:
        raise LineGone
    return data


def not_yet_taken_of(fd: int) -> int:
    """`Line.not_yet_taken` of a tty (TIOCOUTQ), or of a socket (SIOCOUTQ, the same number). Raises LineGone."""
    try:
        return struct.unpack("i", fcntl.ioctl(fd, termios.TIOCOUTQ, b"\0" * 4))[0]
    except OSError as gone:
        raise LineGone from gone


def wait_alone(fd: int, for_writing: bool, seconds: float) -> bool:
    """The wait of a program that has nothing else to do meanwhile."""
    readers, writers = ([], [fd]) if for_writing else ([fd], [])
    readable, writable, _ = select.select(readers if fd >= 0 else [], writers if fd >= 0 else [], [], seconds)
    return bool(readable or writable)
