"""What every route works with: the open office, and what the web keeps beside it."""

import asyncio
import ipaddress
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import structlog
from starlette.requests import Request
from structlog.typing import FilteringBoundLogger

from central_api.cards import Issuers
from central_api.store import Office, content, terminals
from central_api.store.live import Live
from central_api.store.terminals import KeyState, KnownKey
from central_api.workflow.calendar import Calendar

from .feed import PageCache
from .metrics import Metrics
from .pages import PublicFile, public_files
from .problems import Code, Refusal
from .signatures import Asked

UNENROLLED: Final = "terminal-on-loopback"
NOBODYS_KEY: Final = KnownKey("", 0, UNENROLLED, "", b"", KeyState.ACCEPTED, 0, None, None)
"""Stands for the key of terminals on loopback that nobody enrolled, where they are let in."""


@dataclass(slots=True)
class Desk:
    """One process of the office on the network. `loopback_terminals`: terminals nobody enrolled are let in.

    `origin` is the address that terminals sign, `ca_pem` the certificate that they pin (None without TLS).
    `practice`: nothing here is real, and every page says so.
    `told_closed`: when staff were last told (seconds since 1970) that a way of looking up is shut by failures.
    """

    office: Office
    loopback_terminals: bool = False
    origin: str = ""
    ca_pem: bytes | None = None
    practice: bool = False
    metrics: Metrics = field(default_factory=Metrics)
    log: FilteringBoundLogger = field(default_factory=lambda: structlog.get_logger("web"))
    reader: sqlite3.Connection = field(init=False)
    live: Live = field(init=False)
    pages: PageCache = field(init=False)
    files: Mapping[str, PublicFile] = field(init=False)
    issuers: Issuers = field(init=False)
    told_closed: dict[str, int] = field(default_factory=dict[str, int])
    _content: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        self.reader = self.office.reader()
        self.live = Live(self.office.data)
        self.pages = PageCache(self.office)
        self.issuers = Issuers(self.office.data / "csca")
        self.files = public_files(self.office.settings.names, self.office.settings.host)

    @property
    def calendar(self) -> Calendar:
        """The office's working calendar."""
        return self.office.calendar

    def content_number(self) -> int:
        """Return the number of the content in force, 0 before the first; looked up once a second."""
        now = self.office.clock()
        if self._content[0] != now:
            published = content.newest(self.reader, now)
            self._content = now, 0 if published is None else published.number
        return self._content[1]

    def lets_in_unenrolled(self, request: Request) -> bool:
        """Say whether an unsigned request counts as a terminal's: from a peer on loopback, where that was asked for.

        A request that a proxy forwarded comes from somewhere else, whatever its socket says.
        """
        forwarded = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip", "via"))
        if not self.loopback_terminals or forwarded or request.client is None:
            return False
        return is_loopback(request.client.host)

    async def key_of(self, asked: Asked) -> KnownKey:
        """Return the key that signed a request, whatever its state. Refuses a request that does not hold.

        The register is asked each time, so that a revocation in another process counts from the next request on.
        """
        key = terminals.key_of(self.reader, asked.signed.key_id)
        if key is None:
            raise Refusal(Code.BAD_SIGNATURE)
        now = self.office.clock()
        asked.check(key.public, self.live, now)
        if key.state is KeyState.WAITING:
            work = self.office.execute_write(lambda c: terminals.take_over(c, asked.signed.key_id, now))
            key = await asyncio.wrap_future(work)
            assert key is not None
        return key


def is_loopback(host: str) -> bool:
    """Say whether an address, or the name localhost, can only be reached from this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
