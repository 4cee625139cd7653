"""What all scanners share: where a code ends, which repeats are one scan, and what is the scanner's own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

LONGEST: Final = 4096
"""Bytes: a QR code holds at most 2,953; what is longer is dropped."""

SAME_SCAN: Final = 2.0
"""Seconds within which the same code again is the same slip still under the beam."""

MOST_CODES: Final = 20
"""Codes in a second that a scanner may send: a hand shows two."""

MOST_BYTES: Final = 64 * 1024
"""Bytes in a second that a scanner may send: twice what the longest codes make at that rate of a hand."""

_AIM = re.compile(rb"\][A-Za-z][0-9A-Za-z]")
"""AIM symbology identifier (ISO/IEC 15424): `]`, the code's kind, a modifier; `]Q1` is a QR code."""


@dataclass(frozen=True, slots=True)
class Overlong:
    """length: bytes that came until the line end or the gap."""

    length: int


class Source(Protocol):
    """An open scanner. Its `read` raises OSError when it is unplugged."""

    fd: int
    gap: float
    """Seconds of silence that end a code."""

    @property
    def begun(self) -> bool:
        """Whether a code was begun and not ended."""
        ...

    def read(self) -> Iterator[bytes | Overlong]:
        """The codes that are whole now."""
        ...

    def ended(self) -> Iterator[bytes | Overlong]:
        """Nothing came for `gap` seconds: what was begun is a code."""
        ...

    def clear(self) -> None:
        """What was begun is nobody's any more."""
        ...

    def close(self) -> None: ...


def without_aim(code: bytes) -> bytes:
    """The code without the identifier that some scanners are set to send before it."""
    found = _AIM.match(code)
    return code[found.end() :] if found else code


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


class Flood:
    """Tells when more comes than a hand can show: a scanner that is broken, or no scanner at all."""

    def __init__(self) -> None:
        self._since = 0.0
        self._codes = 0
        self._bytes = 0

    def counts(self, code: bytes | Overlong, now: float) -> bool:
        """Count a code; now: seconds of a monotonic clock. True while there are too many of them."""
        if now - self._since >= 1.0:
            self._since, self._codes, self._bytes = now, 0, 0
        self._codes += 1
        self._bytes += code.length if isinstance(code, Overlong) else len(code)
        return self._codes > MOST_CODES or self._bytes > MOST_BYTES
