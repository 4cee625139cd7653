"""Scanners that speak over a tty: USB-CDC (/dev/ttyACM*) or a real serial line.

Such a scanner brings no keyboard layout, and nothing that is scanned can type into the screen.
"""

import os
import termios
import tty
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

GAP: Final = 0.05
"""Seconds of silence that end a code which brings no line end."""

LONGEST: Final = 4096
"""Bytes: a QR code holds at most 2,953; what is longer is dropped."""

SAME_SCAN: Final = 2.0
"""Seconds within which the same code again is the same slip still under the beam."""


@dataclass(frozen=True, slots=True)
class Overlong:
    """length: bytes that came until the line end or the gap."""

    length: int


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
            if ended:
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


class Repeats:
    """Tells whether a code is the one just seen. It keeps a hash under this process's random key, never the code."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._until = 0.0

    def seen(self, code: bytes, now: float) -> bool:
        """now: seconds of a monotonic clock. A slip that stays under the beam stays the same scan."""
        digest = hash(code)  # keyed SipHash; hashlib would bring OpenSSL, 4 MB, into this process
        again = digest == self._last and now < self._until
        self._last, self._until = digest, now + SAME_SCAN
        return again

    def clear(self) -> None:
        self._last, self._until = None, 0.0


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
            raise OSError("not a tty, or gone") from refused

    def read(self) -> bytes:
        """What is there now; raises OSError when the scanner was unplugged."""
        try:
            data = os.read(self.fd, 4096)
        except BlockingIOError:
            return b""
        if not data:
            raise OSError("unplugged")
        return data

    def close(self) -> None:
        os.close(self.fd)
