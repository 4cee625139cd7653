"""Kannel's sendsms over HTTP: one message, one answer, within one deadline.

By POST, so that neither number nor text nor password stands in an address, which proxies and access logs keep. Kannel
answers 202 once its bearerbox holds the message. Its answer names no id and it takes none from us, so that it cannot
tell a message that comes twice; what is ours is the address of the delivery report, which names message and attempt.
"""

import http.client
import socket
import threading
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from .settings import GatewayAddress
from .texts import is_gsm

# To the phone 1, not to the phone 2, waits 4, taken by the operator 8, refused by the operator 16.
REPORTS_WANTED: Final = 1 | 2 | 4 | 8 | 16
_TAKEN: Final = (b"0:", b"3:")
_LONGEST_ANSWER: Final = 4096


@dataclass(frozen=True, slots=True)
class Taken:
    """The gateway has the message."""


@dataclass(frozen=True, slots=True)
class Away:
    """The message did not reach the gateway, for a reason that holds for any other: none is to be sent for a while."""

    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The gateway does not take this message."""

    why: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """The gateway may have the message: its answer was lost, late or not understood."""

    why: str


Outcome = Taken | Away | Refused | Unsure


class Gateway:
    """Asks one gateway, for one thread at a time."""

    def __init__(self, address: GatewayAddress) -> None:
        self._settings = address.settings
        self._password = address.password
        self._parts = urlsplit(address.settings.url)

    def send(self, phone: str, text: str, report: bytes, attempt: int) -> Outcome:
        """Hand over a text for a phone (E.164). `report`: 16 bytes that name its delivery reports."""
        settings = self._settings
        headers = {
            "Content-Type": "text/plain; charset=UTF-8",
            "X-Kannel-Username": settings.username,
            "X-Kannel-Password": self._password,
            "X-Kannel-From": settings.sender,
            "X-Kannel-To": phone,
            "X-Kannel-Coding": "0" if is_gsm(text) else "2",
        }
        if settings.reports:
            headers["X-Kannel-DLR-Mask"] = str(REPORTS_WANTED)
            headers["X-Kannel-DLR-Url"] = f"{settings.reports}/v1/sms/reports/{report.hex()}?attempt={attempt}&type=%d"
        return self._post(text.encode(), headers)

    def _post(self, body: bytes, headers: dict[str, str]) -> Outcome:
        secure = self._parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(self._parts.hostname or "", self._parts.port, timeout=self._settings.timeout)
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            return Away(f"no_connection_{type(error).__name__}")
        assert isinstance(connection.sock, socket.socket)
        # A gateway that lets its answer drip would hold every read within its own time-out.
        deadline = threading.Timer(self._settings.timeout, _cut, [connection.sock])
        deadline.start()
        try:
            connection.request("POST", self._parts.path or "/", body, headers)
            answer = connection.getresponse()
            return _understood(answer.status, answer.read(_LONGEST_ANSWER))
        except (OSError, http.client.HTTPException) as error:
            return Unsure(f"no_answer_{type(error).__name__}")
        finally:
            deadline.cancel()
            connection.close()


def _understood(status: int, body: bytes) -> Outcome:
    if status == http.HTTPStatus.ACCEPTED and body.startswith(_TAKEN):
        return Taken()
    if status in (401, 403, 404, 405, 429, 503):
        # Not this message but every one: wrong password or address, too many, or no way to the operator just now.
        return Away(f"http_{status}")
    if 400 <= status < 500:
        return Refused(f"http_{status}")
    return Unsure(f"http_{status}")


def _cut(connected: socket.socket) -> None:
    try:
        connected.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it ended by itself meanwhile
