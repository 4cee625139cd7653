"""What the scanner's camera sees of a paper that it does not read: what is told of it, and its picture meanwhile.

The picture is nobody's to keep: only the newest one is held, and only while a screen shows it.
"""

import threading
from dataclasses import field
from enum import Enum

from .frozen import frozen


class PaperHint(Enum):
    """What whoever holds the paper can change."""

    CREASED = "creased"
    DARK = "dark"
    FAR = "far"


@frozen
class PaperHeld:
    """Somebody holds something before the camera that is not read (yet)."""

    hint: PaperHint | None = None


def instruction(held: PaperHeld | None) -> str:
    """Return the key of the one instruction that home gives meanwhile."""
    if held is None:
        return "home.place_slip"
    return "home.held" if held.hint is None else f"home.hint.{held.hint.value}"


@frozen
class PaperSeen:
    """An event: something is held before the camera, or (None) nothing is any more."""

    held: PaperHeld | None


@frozen
class Picture:
    """Grey, rows from the top, width * height bytes."""

    width: int
    height: int
    grey: bytes = field(repr=False)


class CameraView:
    """The newest picture, from the devices' thread to the window's. While no screen shows it, there is none."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._open = False
        self._newest: Picture | None = None

    def open(self) -> None:
        """A screen shows it from now on; the picture stays from one such screen to the next."""
        with self._one_at_a_time:
            self._open = True

    def close(self) -> None:
        """The screen that is drawn next does not show it."""
        with self._one_at_a_time:
            self._open, self._newest = False, None

    def put(self, picture: Picture) -> None:
        """Take the newest picture, from any thread; nothing is kept that nobody looks at."""
        with self._one_at_a_time:
            if self._open:
                self._newest = picture

    @property
    def newest(self) -> Picture | None:
        """The newest picture; None where none came since it was opened."""
        return self._newest
