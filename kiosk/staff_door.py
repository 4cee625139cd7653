"""The door of the staff corner: judges PINs, and makes who is wrong wait, also over a restart."""

import sqlite3
import time
from collections.abc import Callable

from .staff_book import StaffBook
from .staff_events import CannotCount, Opened, PinVerdict, Refused, Waits
from .staff_pin import is_pin, wait_after


class StaffDoor:
    """`hashed` is the PIN's; `monotonic` gives seconds. For one thread.

    Of a machine's clock nothing is believed: a wait that was begun before a restart begins anew after it.
    """

    def __init__(self, book: StaffBook, hashed: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._book = book
        self._hashed = hashed
        self._monotonic = monotonic
        self._until = monotonic() + wait_after(book.failures)

    @property
    def wait(self) -> int:
        """Seconds until a PIN is judged again; 0: now."""
        return max(0, round(self._until - self._monotonic()))

    def judge(self, pin: str) -> PinVerdict:
        """Judge one PIN. One that cannot be counted is not judged."""
        if self.wait:
            return Waits(self.wait)
        try:
            failures = self._book.count_try()
            if is_pin(self._hashed, pin):
                self._book.forgive()
                return Opened()
        except sqlite3.DatabaseError:
            return CannotCount()
        self._until = self._monotonic() + wait_after(failures)
        return Waits(self.wait) if self.wait else Refused()
