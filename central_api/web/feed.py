"""Feed pages and snapshots as signed bytes: built once, served to every terminal of the country.

Time and position of a page must not go back for any reader, so pages are cached by epochs: all pages of one epoch carry
one time and one position, and an epoch ends after two seconds or with the first newer position seen.
"""

import sqlite3
import threading
from dataclasses import replace
from typing import Final

from central_api.contract.feed import sign_page
from central_api.contract.keylist import Purpose
from central_api.publish import feed_page
from central_api.store import Office

EPOCH_SECONDS: Final = 2


class Ahead(Exception):
    """The cursor lies beyond the chain."""


class PageCache:
    """Signed pages of the present epoch; usable from any thread."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._reader: sqlite3.Connection = office.reader()
        self._lock = threading.Lock()
        self._time = 0
        self._position = -1
        self._pages: dict[tuple[int, int], bytes] = {}

    def cached(self, after: int, limit: int) -> bytes | None:
        """Return the page if it is ready: what nearly every terminal of a country asks for."""
        if 0 <= self._office.clock() - self._time < EPOCH_SECONDS:
            return self._pages.get((after, limit))
        return None

    def page(self, after: int, limit: int) -> bytes:
        """Return the signed page that continues a cursor. Raises Ahead."""
        with self._lock:
            now = self._office.clock()
            if not 0 <= now - self._time < EPOCH_SECONDS:
                self._begin(now, self._position)
            if (after, limit) not in self._pages:
                page = feed_page(self._office, after, limit, self._reader)
                if after > page.position:
                    raise Ahead
                if page.position != self._position:
                    self._begin(now, page.position)
                self._pages[after, limit] = sign_page(
                    replace(page, time=self._time), self._office.signing_key(Purpose.FEED)
                )
            return self._pages[after, limit]

    def end_epoch(self) -> None:
        """Forget every page: something new was published, or another key signs."""
        with self._lock:
            self._pages.clear()

    def _begin(self, time: int, position: int) -> None:
        # A clock that was set back must not take the feed back with it.
        self._time, self._position = max(time, self._time), position
        self._pages.clear()
