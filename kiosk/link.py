"""The way to the office over HTTP: every request ends by its deadline, and no answer is larger than asked for.

A terminal that has an identity signs every request (RFC 9421), and speaks to no other than the office of its own
certificate authority. Imports requests, so import this after the first picture.
"""

import base64
import json
import secrets
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import field
from threading import Event, Timer
from time import monotonic
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool, disable_warnings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, InsecureRequestWarning

from central_api.contract.errors import ContractError

from . import tls
from .frozen import frozen
from .http_library import HTTPAdapter, requests
from .identity import Identity, IdentityWrong
from .office_time import PATH as TIME_PATH
from .office_time import TimeNotTold

if TYPE_CHECKING:
    from .office_time import OfficeTime

_CHUNK: Final = 1 << 16
_NONCE_BYTES: Final = 16
CLOCK_OFF: Final = "out_of_window"
REVOKED: Final = "revoked"


class OfficeUnreachable(Exception):
    """No whole answer by the deadline, and why in a few words. Says nothing of what was asked."""


@frozen
class Answer:
    """An HTTP answer, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def problem(self) -> str:
        """The stable code of a problem (RFC 9457) that is answered; empty where it is none."""
        code = self._told("type")
        return code if isinstance(code, str) else ""

    def number(self, name: str) -> int | None:
        """Return a number that a problem tells beside its code; None where it tells none."""
        value = self._told(name)
        return value if type(value) is int else None

    def _told(self, name: str) -> object:
        if not self.headers.get("Content-Type", "").startswith("application/problem+json"):
            return None
        try:
            told = cast(object, json.loads(self.body))
        except (ValueError, RecursionError):
            return None
        return cast(dict[str, object], told).get(name) if isinstance(told, dict) else None


@frozen
class _Request:
    method: str
    path: str
    query: Mapping[str, str] | None
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    most: int
    silent: float | None = None
    into: BinaryIO | None = None


class OfficeLink:
    """Requests to one office over one kept connection. For one thread at a time.

    With an `identity` every request is signed, at the time that `time` tells, and TLS is pinned; `context` says whom to
    trust where there is no identity yet.
    """

    def __init__(
        self,
        url: str,
        identity: Identity | None = None,
        time: "OfficeTime | None" = None,
        *,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._url = url.rstrip("/")
        self._identity = identity
        self._time = time
        self._sockets: set[socket.socket] = set()
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy of the environment is not the office
        # An answer is taken as it is: nothing is unpacked, so that its size is known before it is in memory.
        self._session.headers["Accept-Encoding"] = "identity"
        if context is None and identity is not None and identity.ca_file is not None:
            context = tls.pinned(identity.ca_file)
        if context is not None and context.verify_mode is ssl.CERT_NONE:
            self._session.verify = False
            disable_warnings(InsecureRequestWarning)  # it was meant: what comes is judged by a pin
        now = time.now if time is not None and context is not None else None
        self._adapter = _WatchedAdapter(self._sockets, context, now)
        self._session.mount("http://", self._adapter)
        self._session.mount("https://", self._adapter)
        if now is not None:  # who asks for the time cannot judge the dates of who answers; the signature tells
            self._session.mount(self._url + TIME_PATH, _WatchedAdapter(self._sockets, context, None))

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def get(
        self,
        path: str,
        *,
        seconds: float,
        most: int,
        silent: float | None = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        into: BinaryIO | None = None,
    ) -> Answer:
        """Ask for a path; the whole answer comes within `seconds` and has at most `most` bytes.

        Where a long answer may take its time, `silent` are the seconds without a byte after which nobody is there. A
        large one is written `into` a file as it comes. Raises OfficeUnreachable.
        """
        return self._ask(_Request("GET", path, query, headers or {}, b"", most, silent, into), seconds)

    def send(self, method: str, path: str, body: bytes, kind: str, *, seconds: float, most: int) -> Answer:
        """Send a body of a media type; as `get`."""
        return self._ask(_Request(method, path, None, {"Content-Type": kind}, body, most), seconds)

    def _ask(self, request: _Request, seconds: float) -> Answer:
        """Ask, and once more where the office, or its certificate, says that our clock is off."""
        try:
            answer = self._in_time(request, seconds)
            if self._time is None or answer.status != 401 or answer.problem != CLOCK_OFF:
                return answer
        except tls.OutOfDate as error:
            if self._time is None or request.path == TIME_PATH:
                raise OfficeUnreachable(str(error)) from None
        try:
            self._time.ask(self)
            return self._in_time(request, seconds)
        except (TimeNotTold, ContractError, tls.OutOfDate) as error:
            raise OfficeUnreachable(str(error)) from None

    def _in_time(self, request: _Request, seconds: float) -> Answer:
        """Ask by a deadline. A timeout between two bytes would not do.

        An office that sends one byte a second would hold the line for ever. So a watchdog shuts the connection.
        """
        late = Event()
        watchdog = Timer(seconds, self._cut, (late,))
        watchdog.daemon = True
        watchdog.start()
        try:
            return self._twice(request, monotonic() + seconds)
        except OfficeUnreachable as error:
            raise OfficeUnreachable("too late" if late.is_set() else str(error)) from None
        except IdentityWrong as error:
            raise OfficeUnreachable(str(error)) from None
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise OfficeUnreachable("too late" if late.is_set() else _why(error)) from None
        finally:
            watchdog.cancel()

    def _twice(self, request: _Request, deadline: float) -> Answer:
        """Ask again, once, where the office hung up on a kept connection just as it was used: no fault of either."""
        opened = self._adapter.opened
        try:
            return self._once(request, deadline)
        except requests.ConnectionError:
            if self._adapter.opened != opened or monotonic() >= deadline:
                raise
        return self._once(request, deadline)

    def _once(self, request: _Request, deadline: float) -> Answer:
        left = max(deadline - monotonic(), 0.001)
        silent = left if request.silent is None else min(left, request.silent)
        prepared = self._session.prepare_request(
            requests.Request(
                request.method,
                self._url + request.path,
                headers=request.headers,
                params=request.query,
                data=request.body or None,
            )
        )
        prepared.headers.update(self._signature(request.method, cast(str, prepared.url), request.body))
        with self._session.send(
            prepared, timeout=(silent, silent), stream=True, allow_redirects=False, verify=self._session.verify
        ) as response:
            raw = cast(HTTPResponse, response.raw)
            body, length = bytearray(), 0
            while chunk := raw.read1(_CHUNK, decode_content=False):
                length += len(chunk)
                if length > request.most:
                    raise OfficeUnreachable("an answer larger than any of ours")
                if request.into is not None and response.status_code == 200:
                    request.into.write(chunk)
                else:
                    body += chunk
            # An answer cut among its headers reads as one without a body: ours always say where they end.
            ends = response.headers.get("Content-Length") == str(length) or raw.chunked
            if not ends and response.status_code not in {204, 304}:
                raise OfficeUnreachable("cut off")
            return Answer(response.status_code, response.headers, bytes(body))

    def _signature(self, method: str, uri: str, body: bytes) -> dict[str, str]:
        """Sign anew each time that something is sent: the office takes a nonce once."""
        if self._identity is None or self._time is None:
            return {}
        from central_api.contract.request_signature import sign_headers

        nonce = base64.urlsafe_b64encode(secrets.token_bytes(_NONCE_BYTES)).decode().rstrip("=")
        who, now = self._identity.latest(), self._time.now()
        self._identity = who
        return sign_headers(method, uri, body, key_id=who.keyid, created=now, nonce=nonce, sign=who.sign)

    def _cut(self, late: Event) -> None:
        late.set()
        for sock in tuple(self._sockets):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:  # already closed: nothing is waiting on it
                self._sockets.discard(sock)


class _WatchedAdapter(HTTPAdapter):
    """Keeps the sockets of its connections where the watchdog finds them, and counts the connections it opened."""

    def __init__(
        self, sockets: set[socket.socket], context: ssl.SSLContext | None, now: Callable[[], int] | None
    ) -> None:
        self._sockets = sockets
        self._context = context
        self._now = now
        self.opened = 0
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: object, **options: object) -> None:
        if self._context is not None:
            options["ssl_context"] = self._context
        super().init_poolmanager(*args, **options)  # pyright: ignore[reportArgumentType, reportUnknownMemberType]
        watch, now = self._watch, self._now

        class WatchedConnection(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                watch(self.sock)

        class WatchedTLSConnection(HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                watch(self.sock)
                if now is not None:
                    tls.judge_dates(self.sock, now)

        class WatchedPool(HTTPConnectionPool):
            ConnectionCls = WatchedConnection  # pyright: ignore[reportAssignmentType] - as urllib3's own pools do

        class WatchedTLSPool(HTTPSConnectionPool):
            ConnectionCls = WatchedTLSConnection  # pyright: ignore[reportAssignmentType]

        pools: dict[str, type[HTTPConnectionPool]] = {"http": WatchedPool, "https": WatchedTLSPool}
        self.poolmanager.pool_classes_by_scheme = pools  # pyright: ignore[reportAttributeAccessIssue]

    def cert_verify(self, conn: object, url: str, verify: bool | str, cert: object) -> None:
        """Leave a context of our own as it is: requests would add the authorities of the whole world to it."""
        if self._context is None:
            super().cert_verify(conn, url, verify, cert)  # pyright: ignore[reportArgumentType, reportUnknownMemberType]

    def _watch(self, sock: socket.socket | None) -> None:
        self.opened += 1
        self._sockets -= {old for old in self._sockets if old.fileno() < 0}
        if sock is not None:
            self._sockets.add(sock)


def _why(error: Exception) -> str:
    """Name an error of the way by its kind alone: its words may hold an address that was asked for."""
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "the certificate is not of this office"
    return type(error).__name__
