"""How far whoever writes much runs ahead of who publishes: an act has its place in the chain behind what came before.

Who publishes as he goes holds a lock on a file beside the register. Where nobody does, there is no act that a terminal
waits for, and nobody is held up.
"""

import fcntl
import sqlite3
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from .turn import is_held

MOST_AHEAD: Final = 500
"""Events: half a second of publishing on a small machine."""
_ASK_EVERY: Final = 0.005
# Whoever does not get on, as with a full disk, holds nobody up for good: what writes next meets the same, and says it.
_PATIENCE: Final = 5.0
_AHEAD: Final = f"SELECT EXISTS (SELECT 1 FROM event WHERE position IS NULL ORDER BY seq LIMIT 1 OFFSET {MOST_AHEAD})"


@contextmanager
def publishing(data: Path) -> Generator[None]:
    """Tell the office's other processes, as long as this lasts, that what is written is published as it comes."""
    with _lock(data).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def keep_pace(data: Path, reader: sqlite3.Connection) -> None:
    """Wait while more than MOST_AHEAD events are unpublished and somebody publishes, for five seconds at most."""
    until = time.monotonic() + _PATIENCE
    while reader.execute(_AHEAD).fetchone()[0] and somebody_publishes(data) and time.monotonic() < until:
        time.sleep(_ASK_EVERY)


def somebody_publishes(data: Path) -> bool:
    """Say whether an office serves, in whichever process: then there are those who act."""
    return is_held(_lock(data))


def _lock(data: Path) -> Path:
    return data / ".publishing"
