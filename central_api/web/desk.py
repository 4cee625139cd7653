"""What every route works with: the open office, and what the web keeps beside it."""

import ipaddress
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog
from starlette.requests import Request
from structlog.typing import FilteringBoundLogger

from central_api.contract.keylist import Purpose
from central_api.store import Office

from .feed import PageCache
from .metrics import Metrics
from .pages import PublicFile, public_files


@dataclass(slots=True)
class Desk:
    """One process of the office on the network. `loopback_terminals`: terminals nobody enrolled are let in.

    `told_closed`: when staff were last told (seconds since 1970) that a way of looking up is shut by failures.
    """

    office: Office
    loopback_terminals: bool = False
    metrics: Metrics = field(default_factory=Metrics)
    log: FilteringBoundLogger = field(default_factory=lambda: structlog.get_logger("web"))
    reader: sqlite3.Connection = field(init=False)
    pages: PageCache = field(init=False)
    files: Mapping[str, PublicFile] = field(init=False)
    told_closed: dict[str, int] = field(default_factory=dict[str, int])

    def __post_init__(self) -> None:
        self.reader = self.office.reader()
        self.pages = PageCache(self.office, self.office.signing_key(Purpose.FEED))
        self.files = public_files(self.office.settings.names, self.office.settings.host)

    def terminal_of(self, request: Request) -> str | None:
        """Return which terminal asks, or None for a stranger.

        Without enrolment only a peer on loopback may be one, and only where that was asked for. A request that a proxy
        forwarded comes from somewhere else, whatever its socket says.
        """
        forwarded = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip", "via"))
        if not self.loopback_terminals or forwarded or request.client is None:
            return None
        return "terminal-on-loopback" if is_loopback(request.client.host) else None


def is_loopback(host: str) -> bool:
    """Say whether an address, or the name localhost, can only be reached from this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
