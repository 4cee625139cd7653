"""An enrolled terminal without a screen: its duties, link and vault, at an office over TLS."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from central_api.contract.enrolment import parse_enrolment
from kiosk.clock import TrustedClock
from kiosk.duties import Duties
from kiosk.gauges import Gauges
from kiosk.identity import Identity
from kiosk.link import OfficeLink
from kiosk.office_time import OfficeTime
from kiosk.sync import LinkBelief, LinkReport, Sync
from kiosk.vault import Alarm, Vault
from provisioning.enrolment import Enrolling

from .enrolling_office import EnrollingOffice


def enrolled_at(office: EnrollingOffice, data: Path) -> Identity:
    return Enrolling(data, parse_enrolment(office.code()), lambda _: None, place="file", sleep=lambda _: None).run()


@dataclass
class EnrolledTerminal:
    office: EnrollingOffice
    data: Path
    system: Callable[[], float] = time.time
    reports: list = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)

    def __post_init__(self) -> None:
        identity = Identity.read(self.data)
        self.identity = identity or enrolled_at(self.office, self.data)
        self.vault = Vault(self.data)
        self.clock = TrustedClock(0, system=self.system)
        self.belief = LinkBelief(self.reports.append)
        self.gauges = Gauges()
        self.sync = Sync(
            self.vault, self.identity.office_url, self.clock, self.belief, self.reports.append, identity=self.identity
        )
        time_of_office = OfficeTime(self.clock, lambda: self.vault.keys)
        self.link = OfficeLink(self.identity.office_url, self.identity, time_of_office)
        self.duties: Duties | None = None

    def round(self) -> bool:
        return self.sync.round(self.link)

    def reports_now(self) -> None:
        """Do what follows a round, as if a minute had passed."""
        if self.duties is None:
            self.duties = Duties(
                self.data,
                self.identity,
                self.vault,
                self.clock,
                self.gauges,
                tell=lambda what, why: self.told.append((what, why)),
                alarm=self.alarms.append,
            )
        if self.duties._pulse is not None:
            self.duties._pulse._due = 0
        self.duties.after_round(self.link)

    @property
    def last_word(self) -> LinkReport:
        return [report for report in self.reports if isinstance(report, LinkReport)][-1]

    def close(self) -> None:
        self.link.close()
        if self.duties is not None:
            self.duties.end()
        self.vault.close()
