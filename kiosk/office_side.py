"""The side of a terminal that faces its office: follows it, asks it, and holds its statuses in the vault.

Everything runs on threads of its own and tells what it finds as events. Imports what home does not need (requests,
cryptography): import this after the first picture.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from .card_office import CardOffice
from .clock import TrustedClock
from .code_lookup import CodeLookup
from .duties import Duties
from .errands import Errands
from .journal import log
from .lookup import Lookup
from .own_office import OwnOffice
from .paper_check import PaperCheck
from .sync import LinkBelief, LinkReport, Sync, SyncReport
from .visit_events import Event, GuideChanged, LinkChanged, ServiceChanged
from .watches import watch_office_settings
from .ways import Need, WaysIn

if TYPE_CHECKING:
    from pathlib import Path

    from central_api.contract.terminal_settings import TerminalSettings

    from .gauges import Gauges
    from .guide_state import Guide
    from .identity import Identity
    from .link import OfficeLink
    from .marks_on_disk import MarksOnDisk
    from .vault import Vault
    from .visit_state import ScreenLanguage

# Seconds that an orderly end gives the request in hand.
_LET_SYNC_END: Final = 1.0


class OfficeSide:
    """The office at `url`, for a terminal whose vault is open.

    `hosts`, whose slips are ours, fills once the office is known, and `hosts_known` is called then. `post` takes events
    of any thread.
    """

    def __init__(  # noqa: PLR0917 - what a terminal has, by kind
        self,
        vault: "Vault",
        url: str,
        identity: "Identity | None",
        hosts: set[str],
        marks: "MarksOnDisk",
        ways: WaysIn,
        *,
        data: "Path",
        post: Callable[[Event], None],
        hosts_known: Callable[[], None],
    ) -> None:
        self._vault = vault
        self._clock = TrustedClock(vault.mark.time)
        self._belief = LinkBelief(self._link_said)
        self._office = OwnOffice(vault, url, self._clock, self._belief, identity)
        self._hosts = hosts
        self._marks = marks
        self._ways = ways
        self._data = data
        self._post = post
        self._hosts_known = hosts_known
        self._duties: Duties | None = None
        self._sync: Sync | None = None
        self.link: LinkReport | None = None
        self.slips = Lookup(self._office)
        self.codes = CodeLookup(self._office)
        self.papers = PaperCheck(self._office, hosts)
        self.cards = CardOffice(self._office)
        self.errands = Errands(data, vault.content_key, self.trusted_time, self._office.link, guide=self._guide_said)

    def ask_nobody(self, why: str) -> None:
        """Open slips from the vault alone: who this terminal is cannot be told to an office."""
        self._know_hosts()
        self._belief.believe(False, why)

    def follow(
        self, gauges: "Gauges", languages: "Callable[[], tuple[ScreenLanguage, ...]]", stopping: threading.Event
    ) -> None:
        """Keep the vault as the office has it, and take what the office sets, until `close`."""
        self._know_hosts()
        if self._office.identity is not None:
            self._take_up_duties(self._office.identity, gauges)
            look = (lambda: self.settings, self.trusted_time, languages, self._post, stopping)
            threading.Thread(target=watch_office_settings, args=look, name="hours", daemon=True).start()
        self._sync = Sync(
            *(self._vault, self._office.url, self._clock, self._belief, self._sync_said),
            identity=self._office.identity,
            after_round=self._after_round,
            content_announced=self.errands.announced,
        )
        self._sync.start()

    def close(self) -> None:
        """Let go of the office and the vault."""
        self.slips.close()
        # A request that hangs keeps the vault open; the end of the process closes both.
        if self._sync is None or self._sync.stop(_LET_SYNC_END):
            if self._duties is not None:
                self._duties.end()
            self.errands.close()
            self._vault.close()

    @property
    def settings(self) -> "TerminalSettings | None":
        """What the office set for this terminal."""
        return None if self._duties is None else self._duties.settings

    @property
    def settled(self) -> bool:
        """Whether the vault is caught up with the office that is followed, or that one is known not to answer."""
        return self._sync is not None and self._sync.settled.is_set()

    @property
    def synced(self) -> int | None:
        """The office's signed time up to which the vault is complete; None before the first."""
        return self._vault.mark.time or None

    @property
    def clock(self) -> TrustedClock:
        return self._clock

    def trusted_time(self) -> int | None:
        """Return the time (seconds since 1970, UTC), or None while the office has not vouched for it."""
        now = self._clock.now()
        return now.seconds if now.trusted else None

    def _take_up_duties(self, identity: "Identity", gauges: "Gauges") -> None:
        self._duties = Duties(
            *(self._data, identity, self._vault, self._clock, gauges),
            tell=lambda what, why: log(what, why=why),
            alarm=self._sync_said,
        )
        if self._marks.revoked:
            self._belief.believe(False, "revoked before", revoked=True)

    def _after_round(self, link: "OfficeLink") -> None:
        if self._duties is not None:
            self._duties.after_round(link)
        self.errands.after_round(link)

    def _guide_said(self, guide: "Guide") -> None:
        self._post(GuideChanged(guide))
        self._ways.say(Need.CONTENT, there=True)

    def _know_hosts(self) -> None:
        """Take the slips' host from the pinned office, unless the settings name hosts."""
        if self._vault.pins is not None and not self._hosts:
            self._hosts.add(self._vault.pins.host.upper())
        self._hosts_known()

    def _link_said(self, report: LinkReport) -> None:
        log("link", up=report.up, why=report.why)
        self.link = report
        self._know_hosts()
        self._post(LinkChanged(report.up))
        self._ways.say(Need.OFFICE, there=report.up)
        self._ways.say(Need.HELP_DESK, there=report.up)
        if self._duties is None:
            return
        self._marks.note_revoked(report.revoked)
        settings = self._duties.settings
        may_go_on = settings is not None and settings.vault_when_revoked
        self._post(ServiceChanged(withdrawn=report.revoked and not may_go_on))

    def _sync_said(self, report: SyncReport) -> None:
        log("sync", what=type(report).__name__, why=report.why)
