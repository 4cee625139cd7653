"""The way to the office, and the clock against its signed time."""

import json
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any, Final, cast
from urllib.parse import urlsplit

from central_api.contract.errors import ContractError
from central_api.contract.keylist import KeyList, open_key_list
from central_api.contract.readiness import Part
from devices.address import is_loopback
from kiosk import tls
from kiosk.clock import TrustedClock
from kiosk.identity import Identity
from kiosk.link import Answer, OfficeLink, OfficeUnreachable
from kiosk.office_time import OfficeTime, TimeNotTold
from kiosk.sync import NoOffice, pins_told

from ..frozen import frozen
from .findings import Finding

CLOCK_MAY_BE_OFF: Final = 60
"""Seconds. Requests are refused beyond 300, and a printed time is read to the minute."""

ENDS_SOON_DAYS: Final = 14
_SMALL_SECONDS: Final = 4.0
_SMALL_BYTES: Final = 1 << 18
_ROUNDS: Final = 3


@frozen
class Contact:
    """Which office, and as whom."""

    url: str
    identity: Identity | None

    def open(self) -> tuple[OfficeLink, OfficeTime, TrustedClock]:
        """Open a link that signs, with the clock that it sets. It opens no connection yet."""
        clock = TrustedClock(0)
        keys = _Keys(self)
        told = OfficeTime(clock, keys)
        link = OfficeLink(self.url, self.identity, told)
        keys.link = link
        return link, told, clock


def check_clock(contact: Contact, system: Callable[[], float] = time.time) -> Finding:
    """Compare the machine's clock with the office's signed time."""
    link, told, clock = contact.open()
    try:
        told.ask(link)
        offset = round(system() - clock.now().seconds)
    except OfficeUnreachable:
        return Finding(Part.CLOCK, "no_office")
    except (TimeNotTold, ContractError):
        return Finding(Part.CLOCK, "no_key")
    finally:
        link.close()
    return Finding(Part.CLOCK, "good" if abs(offset) <= CLOCK_MAY_BE_OFF else "off", {"seconds": abs(offset)})


def check_network(contact: Contact) -> Finding:
    """Look up the office's name, judge its certificate, ask it who it is and whether it knows this terminal."""
    url = urlsplit(contact.url)
    host = url.hostname or ""
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return Finding(Part.NETWORK, "no_name", {"host": host})
    days: int | None = None
    if url.scheme == "https":
        try:
            days = _certificate_days(contact.identity, host, port)
        except (ssl.SSLError, tls.OutOfDate):
            return Finding(Part.NETWORK, "certificate")
        except OSError:
            return Finding(Part.NETWORK, "no_answer", {"host": host})
    link, _, _ = contact.open()
    try:
        return _ask(contact, link, days)
    except OfficeUnreachable:
        return Finding(Part.NETWORK, "no_answer", {"host": host})
    finally:
        link.close()


def _ask(contact: Contact, link: OfficeLink, days: int | None) -> Finding:
    took: list[float] = []
    for _ in range(_ROUNDS):
        began = time.monotonic()
        answer = link.get("/v1/office", seconds=_SMALL_SECONDS, most=_SMALL_BYTES)
        took.append(time.monotonic() - began)
        if not _is_an_office(answer):
            return Finding(Part.NETWORK, "not_an_office")
    if contact.identity is not None:
        if not _accepted(link.get("/v1/enrolment", seconds=_SMALL_SECONDS, most=_SMALL_BYTES)):
            return Finding(Part.NETWORK, "refused")
    elif not is_loopback(contact.url):
        return Finding(Part.NETWORK, "not_enrolled")
    values: dict[str, int | str] = {"ms": max(1, round(min(took) * 1000))}
    if days is not None and days < ENDS_SOON_DAYS:
        return Finding(Part.NETWORK, "certificate_ends", values | {"days": days})
    return Finding(Part.NETWORK, "good", values)


def _is_an_office(answer: Answer) -> bool:
    try:
        pins_told(answer.body)
    except NoOffice:
        return False
    return answer.status == 200


def _accepted(answer: Answer) -> bool:
    try:
        match json.loads(answer.body):
            case {"state": "accepted"}:
                return answer.status == 200
            case _:
                return False
    except (ValueError, RecursionError):
        return False


def _certificate_days(identity: Identity | None, host: str, port: int) -> int:
    """Return for how many days the office's certificate still holds, by the machine's clock.

    Raises ssl.SSLError for one that is not the pinned authority's, tls.OutOfDate, or OSError where nobody answers.
    """
    pinned = identity.ca_file if identity is not None else None
    context = tls.pinned(pinned) if pinned is not None else ssl.create_default_context()
    with (
        socket.create_connection((host, port), _SMALL_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        now = int(time.time())
        if pinned is not None:
            tls.judge_dates(secured, lambda: now)
        told = cast(dict[str, Any], secured.getpeercert() or {})
        return (ssl.cert_time_to_seconds(told["notAfter"]) - now) // 86_400


class _Keys:
    """The office's key list: of the identity, or of an office on this machine, asked for once."""

    def __init__(self, contact: Contact) -> None:
        self.link: OfficeLink | None = None
        self._contact = contact
        self._list: KeyList | None = None

    def __call__(self) -> KeyList | None:
        identity = self._contact.identity
        if self._list is not None or self.link is None:
            return self._list
        if identity is None and not is_loopback(self._contact.url):
            return None
        try:
            root_key = identity.root_key if identity else pins_told(self._get("/v1/office")).root_key
        except NoOffice:
            return None
        self._list = open_key_list(self._get("/v1/keys"), root_key)
        return self._list

    def _get(self, path: str) -> bytes:
        assert self.link is not None
        return self.link.get(path, seconds=_SMALL_SECONDS, most=_SMALL_BYTES).body
