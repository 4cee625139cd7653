"""What the dock's page shows: the state of every part, and the log. Written by any thread, read by every page."""

import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any, Final

LOG_LINES: Final = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One event. at: seconds since 1970; what: a word of the page; about: what it concerns, never a visitor's data."""

    number: int
    at: float
    what: str
    about: str


@dataclass(frozen=True, slots=True)
class News:
    """version: to ask for what is newer; parts: by name; log: the lines after the one that was asked for."""

    version: int
    parts: dict[str, Any]
    log: list[Line]


class Board:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._version = 0
        self._parts: dict[str, Any] = {}
        self._log: deque[Line] = deque(maxlen=LOG_LINES)
        self._lines = 0

    def show(self, part: str, state: Any) -> None:
        with self._changed:
            if self._parts.get(part) != state:
                self._parts[part] = state
                self._tell()

    def note(self, what: str, about: str = "") -> None:
        with self._changed:
            self._lines += 1
            self._log.append(Line(self._lines, time.time(), what, about))
            self._tell()

    def wait(self, version: int, after_line: int, seconds: float) -> News | None:
        """What is newer than `version`, once there is any; None when nothing came in time."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._version > version, seconds):
                return None
            log = [line for line in self._log if line.number > after_line]
            return News(self._version, dict(self._parts), log)

    def _tell(self) -> None:
        self._version += 1
        self._changed.notify_all()
