"""What a terminal does at its office for the other services, enrolled or not: content, readers, calls for a person.

After each round of the feed it takes the content that was announced, and tells what readers it counted.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from central_api.contract.errors import ContractError

from .help_line import HelpLine
from .journal import log
from .office_content import OfficeContent, guide_of
from .readers import ReaderCount

if TYPE_CHECKING:
    from .guide_state import Guide
    from .help_call import HelpStage
    from .link import OfficeLink
    from .visit_state import ScreenLanguage


class Errands:
    """The errands of one run. `guide` takes what visitors are told now.

    `key_of` gives content keys by their numbers; `now` the trusted time (seconds since 1970, UTC), or None; `connect` a
    new link to the office.
    """

    def __init__(
        self,
        data: Path,
        key_of: Callable[[int], bytes],
        now: Callable[[], int | None],
        connect: "Callable[[], OfficeLink]",
        *,
        guide: "Callable[[Guide], None]",
    ) -> None:
        self._content = OfficeContent(data, key_of)
        self._now = now
        self._guide = guide
        self._help = HelpLine(connect)
        self._announced = 0
        self._told: Guide | None = None
        if why := self._content.load():
            log("content", why=why)
        self._data = data
        self._readers: ReaderCount | None = None
        if why := self._open_counts():
            log("readers", why=why)
        self.look()

    def look(self) -> None:
        """Tell what holds now, where it is something else than before."""
        if self._content.current is None:
            return
        guide = guide_of(self._content.current, self._now())
        if guide != self._told:
            self._told = guide
            self._guide(guide)

    def announced(self, number: int) -> None:
        """Take note of the number of the content in force at the office."""
        self._announced = number

    def after_round(self, link: "OfficeLink") -> None:
        """Do what is to be done."""
        number, self._announced = self._announced, 0
        if not number:  # the office was not heard in this round, or has published nothing
            self.look()
            return
        if number > self._content.number and (why := self._content.fetch(link)):
            log("content", why=why)
        self.look()
        if self._readers is None:
            self._open_counts()  # the disk that refused it at the start may have room now
        if self._readers is not None:
            try:
                self._readers.send(link)
            except (sqlite3.DatabaseError, ContractError) as error:
                log("readers", why=str(error))

    def count_reader(self, topic: str, language: "ScreenLanguage") -> None:
        """Count one reader on the disk; one that takes nothing is told in the log, and the visit goes on."""
        if self._readers is None:
            return
        try:
            self._readers.count(topic, language)
        except sqlite3.DatabaseError as error:
            log("readers", why=str(error))

    def call_help(self, tell: "Callable[[HelpStage], None]") -> None:
        """Call for a person; `tell` takes each stage, from a thread, until the call is over or hung up."""
        self._help.call(tell)

    def hang_up(self) -> None:
        """Follow a call no longer: its visitor has left."""
        self._help.hang_up()

    def close(self) -> None:
        """Let go of the counts' file."""
        self.hang_up()
        if self._readers is not None:
            self._readers.close()

    def _open_counts(self) -> str:
        """Open the counts' file; returns why the disk does not let us."""
        try:
            self._readers = ReaderCount(self._data)
        except sqlite3.DatabaseError as error:
            return str(error)
        return ""
