"""A thread of `serve` that publishes what was committed, and what is published anew, and posts the day's head."""

import sqlite3
import time
from typing import Final

from central_api.publish import publish_pending, renew_some, renewals_due, write_books
from central_api.publish.heads import due, post_head
from central_api.store import StoreFailed
from central_api.store.beside import Beside
from central_api.store.pace import publishing

from .desk import Desk

POLL_SECONDS: Final = 0.1
TELL_EVERY_SECONDS: Final = 5.0
# Keys, heads, books and what is published anew have their turn in between.
ROUND_SECONDS: Final = 2.0
# Events without a place, or without their line in the books: a command publishes what it did, and writes no book.
_PENDING: Final = """
    SELECT EXISTS (SELECT 1 FROM event WHERE position IS NULL) OR (SELECT position FROM book_written)
        < (SELECT position FROM event WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1)
"""


class Publisher(Beside):
    """A thread that publishes what this process and others have committed, within a tenth of a second.

    A full disk is waited out, and told; anything else ends the server through `on_crash`: a bug is a crash.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__("publisher")
        self._desk = desk
        self._list = desk.office.key_list.number
        self._told_at = 0.0
        self._posted = ""

    def run(self) -> None:
        """Publish until it is stopped, and let those who import know it."""
        reader = self._desk.office.reader()
        with publishing(self._desk.office.data):
            self._go_on(reader)

    def _publish(self) -> None:
        """Publish what is pending, for one round: an import brings more all the time, or has left a day's work."""
        until, told_to_end = time.monotonic() + ROUND_SECONDS, self._stop.is_set
        done = publish_pending(self._desk.office, lambda: time.monotonic() < until and not told_to_end())
        self._desk.metrics.position.set(done.position)
        write_books(self._desk.office, lambda: not told_to_end())
        if done.count:
            self._desk.metrics.published.inc(done.count)
            self._desk.pages.end_epoch()

    def _go_on(self, reader: sqlite3.Connection) -> None:
        failing = False
        while not self._stop.wait(POLL_SECONDS):
            self._take_up_keys()
            self._post_head()
            # A group of those that are published anew a round: whatever else was done comes between.
            to_renew = renewals_due(self._desk.office, reader)
            if not to_renew and not reader.execute(_PENDING).fetchone()[0]:
                continue
            try:
                if to_renew:
                    self._renew()
                self._publish()
                failing = False
            except StoreFailed as error:
                self._desk.metrics.publish_failures.inc()
                if not failing:
                    self._desk.log.error("not published", why=str(error))
                failing = True

    def _take_up_keys(self) -> None:
        # Whoever publishes takes them up, too, so that the list's number tells and not who read it first.
        self._desk.office.keyring.refresh()
        number = self._desk.office.key_list.number
        if number != self._list:
            self._list = number
            self._desk.log.info("keys changed", list=number)
            self._desk.pages.end_epoch()

    def _post_head(self) -> None:
        office = self._desk.office
        day = due(office.clock(), office.settings.heads.hour)
        if day == self._posted:
            return
        # Once a day: where the folder cannot be written, that is told, and the next day has a head again.
        self._posted = day
        try:
            if post_head(office, day):
                self._desk.log.info("head posted", day=day)
        except OSError as error:
            self._desk.log.error("head not posted", day=day, why=error.strerror)

    def _renew(self) -> None:
        renewal = renew_some(self._desk.office)
        if renewal is None:
            return
        if renewal.left and time.monotonic() - self._told_at < TELL_EVERY_SECONDS:
            return
        self._told_at = time.monotonic()
        word = "publishing anew" if renewal.left else "published anew"
        self._desk.log.info(
            word,
            unit=None if renewal.unit is None else renewal.unit.code,
            revoked_key=renewal.receipt_key,
            statuses=renewal.renewed,
            files_left=renewal.left,
        )
