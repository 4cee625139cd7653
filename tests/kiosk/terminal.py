"""One terminal without screen or devices, beside an office that serves real pages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kiosk.clock import TrustedClock
from kiosk.link import OfficeLink
from kiosk.lookup import Lookup
from kiosk.own_office import OwnOffice
from kiosk.sync import LinkBelief, LinkReport, Sync, SyncReport
from kiosk.vault import Vault

from .feed_office import FeedOffice, ServedOffice


@dataclass
class Terminal:
    """What follows one office, and everything it reported."""

    vault: Vault
    clock: TrustedClock
    sync: Sync
    lookup: Lookup
    belief: LinkBelief
    link: OfficeLink
    reports: list[SyncReport] = field(default_factory=list)

    def rounds(self) -> bool:
        """Sync once, on this thread."""
        return self.sync.round(self.link)

    @property
    def last_word_on_the_link(self) -> LinkReport:
        return [report for report in self.reports if isinstance(report, LinkReport)][-1]

    def close(self) -> None:
        self.sync.stop()
        self.lookup.close()
        self.link.close()
        self.vault.close()


def terminal_at(folder: Path, url: str) -> Terminal:
    reports: list[SyncReport] = []
    vault = Vault(folder)
    clock = TrustedClock(vault.mark.time)
    belief = LinkBelief(reports.append)
    sync = Sync(vault, url, clock, belief, reports.append)
    return Terminal(vault, clock, sync, Lookup(OwnOffice(vault, url, clock, belief)), belief, OfficeLink(url), reports)


@pytest.fixture
def served() -> Iterator[ServedOffice]:
    served = ServedOffice(FeedOffice())
    yield served
    served.close()


@pytest.fixture
def office(served: ServedOffice) -> FeedOffice:
    return served.office


@pytest.fixture
def open_terminal(tmp_path: Path, served: ServedOffice) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def open_one(url: str = "", name: str = "terminal") -> Terminal:
        opened.append(terminal_at(tmp_path / name, url or served.url))
        return opened[-1]

    yield open_one
    for terminal in opened:
        terminal.close()


@pytest.fixture
def terminal(open_terminal: Callable[..., Terminal]) -> Terminal:
    return open_terminal()
