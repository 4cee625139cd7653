"""What time it is, as far as the office vouches for it.

A terminal's own clock may be lost or wrong by years. Trusted time is the newest time that the office signed since this
terminal started, plus what has passed since by a clock that cannot be set. It never falls below the newest signed time
ever seen.
"""

import time
from collections.abc import Callable
from threading import Lock

from .frozen import frozen


@frozen
class Now:
    """Seconds since 1970, UTC. Not `trusted`: the system's word, to be shown as unverified and never as an age."""

    seconds: int
    trusted: bool


def since_boot() -> float:
    """Seconds since the machine started, sleep included; nobody can set it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class TrustedClock:
    """The terminal's one clock. `newest_seen` is the newest signed time in the vault (0 where none). Any thread."""

    def __init__(
        self,
        newest_seen: int,
        *,
        elapsed: Callable[[], float] = since_boot,
        system: Callable[[], float] = time.time,
    ) -> None:
        self._elapsed = elapsed
        self._system = system
        self._floor = newest_seen
        self._offset: float | None = None  # signed time minus elapsed, the greatest seen
        self._lock = Lock()

    def seen(self, signed: int) -> None:
        """Take a time (seconds since 1970) that the office signed, received now.

        It was signed before it came, so of two the one that gives the later time is nearer the truth; an old one
        sent again moves nothing back.
        """
        offset = signed - self._elapsed()
        with self._lock:
            if signed < self._floor:
                return
            self._floor = signed
            if self._offset is None or offset > self._offset:
                self._offset = offset

    def now(self) -> Now:
        """Return the time, trusted or not."""
        with self._lock:
            if self._offset is None:
                return Now(max(int(self._system()), self._floor), trusted=False)
            return Now(max(int(self._offset + self._elapsed()), self._floor), trusted=True)
