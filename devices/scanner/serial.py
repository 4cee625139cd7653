"""Scanners that speak over a tty: USB-CDC (/dev/ttyACM*) or a real serial line.

Such a scanner brings no keyboard layout, and nothing that is scanned can type into the screen.
"""

import errno
import os
import termios
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from devices.scanner.codes import LONGEST, MOST_BYTES, Overlong

GAP: Final = 0.05
"""Seconds of silence that end a code which brings no line end."""


class Frames:
    """Bytes in, codes out: each ends at CR or LF, or at a gap in time (`gap`)."""

    def __init__(self) -> None:
        self._code = bytearray()
        self._length = 0

    @property
    def open(self) -> bool:
        """Whether a code was begun and not ended."""
        return self._length > 0

    def feed(self, data: bytes) -> Iterator[bytes | Overlong]:
        for piece in data.replace(b"\r", b"\n").splitlines(keepends=True):
            ended = piece.endswith(b"\n")
            body = piece[:-1] if ended else piece
            self._length += len(body)
            self._code += body[: LONGEST - len(self._code)]
            if ended or self._length > MOST_BYTES:
                yield from self.gap()

    def gap(self) -> Iterator[bytes | Overlong]:
        """Nothing came for `GAP` seconds: what was begun is a code."""
        length, code = self._length, bytes(self._code)
        self.clear()
        if length > LONGEST:
            yield Overlong(length)
        elif code:
            yield code

    def clear(self) -> None:
        self._code.clear()
        self._length = 0


class Tty:
    """An open tty in raw mode. Raises OSError when it is not there, or no more."""

    def __init__(self, path: Path) -> None:
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            tty.setraw(self.fd)
            settings = termios.tcgetattr(self.fd)
            settings[2] |= termios.CLOCAL | termios.CREAD
            settings[4] = settings[5] = termios.B115200
            termios.tcsetattr(self.fd, termios.TCSANOW, settings)
            termios.tcflush(self.fd, termios.TCIFLUSH)  # what was scanned before we listened is nobody's any more
        except (OSError, termios.error) as refused:
            os.close(self.fd)
            raise OSError(refused.args[0], "not a tty, or gone") from refused

    def read(self) -> bytes:
        """What is there now; raises OSError when the scanner was unplugged."""
        try:
            data = os.read(self.fd, 4096)
        except BlockingIOError:
            return b""
        if not data:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        return data

    def close(self) -> None:
        os.close(self.fd)


class SerialScanner:
    """path: of a tty. Raises OSError when it is not there, or no more."""

    gap = GAP

    def __init__(self, path: Path) -> None:
        self._tty = Tty(path)
        self.fd = self._tty.fd
        self._frames = Frames()

    @property
    def begun(self) -> bool:
        return self._frames.open

    def read(self) -> Iterator[bytes | Overlong]:
        return self._frames.feed(self._tty.read())

    def ended(self) -> Iterator[bytes | Overlong]:
        return self._frames.gap()

    def clear(self) -> None:
        self._frames.clear()

    def close(self) -> None:
        self._tty.close()
