"""The way to the office over HTTP: every request ends by its deadline, and no answer is larger than asked for.

Imports requests, so import this after the first picture.
"""

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Event, Timer
from time import monotonic
from typing import Final, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

_CHUNK: Final = 1 << 16


class OfficeUnreachable(Exception):
    """No whole answer by the deadline, and why in a few words. Says nothing of what was asked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


class OfficeLink:
    """Requests to one office over one kept connection. For one thread at a time."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._sockets: set[socket.socket] = set()
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy of the environment is not the office
        # An answer is taken as it is: nothing is unpacked, so that its size is known before it is in memory.
        self._session.headers["Accept-Encoding"] = "identity"
        self._adapter = _WatchedAdapter(self._sockets)
        self._session.mount("http://", self._adapter)
        self._session.mount("https://", self._adapter)

    def close(self) -> None:
        """Close the kept connection."""
        self._session.close()

    def get(
        self,
        path: str,
        *,
        seconds: float,
        most: int,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask for a path; the whole answer comes within `seconds` and has at most `most` bytes.

        Raises OfficeUnreachable. A timeout between two bytes would not do: an office that sends one byte a second
        would hold the line for ever. So a watchdog shuts the connection at the deadline.
        """
        late = Event()
        watchdog = Timer(seconds, self._cut, (late,))
        watchdog.daemon = True
        watchdog.start()
        try:
            return self._get_twice(path, monotonic() + seconds, most, query, headers)
        except OfficeUnreachable as error:
            raise OfficeUnreachable("too late" if late.is_set() else str(error)) from None
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise OfficeUnreachable("too late" if late.is_set() else type(error).__name__) from None
        finally:
            watchdog.cancel()

    def _get_twice(
        self,
        path: str,
        deadline: float,
        most: int,
        query: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
    ) -> Answer:
        """Ask again, once, where the office hung up on a kept connection just as it was used: no fault of either."""
        opened = self._adapter.opened
        try:
            return self._get(path, deadline, most, query, headers)
        except requests.ConnectionError:
            if self._adapter.opened != opened or monotonic() >= deadline:
                raise
        return self._get(path, deadline, most, query, headers)

    def _get(
        self,
        path: str,
        deadline: float,
        most: int,
        query: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
    ) -> Answer:
        left = max(deadline - monotonic(), 0.001)
        with self._session.get(
            self._url + path,
            params=query,
            headers=headers,
            timeout=(left, left),
            stream=True,
            allow_redirects=False,
        ) as response:
            raw = cast(HTTPResponse, response.raw)
            body = bytearray()
            while chunk := raw.read1(_CHUNK, decode_content=False):
                body += chunk
                if len(body) > most:
                    raise OfficeUnreachable("an answer larger than any of ours")
            # An answer cut among its headers reads as one without a body: ours always say where they end.
            ends = response.headers.get("Content-Length") == str(len(body)) or raw.chunked
            if not ends and response.status_code != 304:
                raise OfficeUnreachable("cut off")
            return Answer(response.status_code, response.headers, bytes(body))

    def _cut(self, late: Event) -> None:
        late.set()
        for sock in tuple(self._sockets):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:  # already closed: nothing is waiting on it
                self._sockets.discard(sock)


class _WatchedAdapter(HTTPAdapter):
    """Keeps the sockets of its connections where the watchdog finds them, and counts the connections it opened."""

    def __init__(self, sockets: set[socket.socket]) -> None:
        self._sockets = sockets
        self.opened = 0
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: object, **options: object) -> None:
        super().init_poolmanager(*args, **options)  # pyright: ignore[reportArgumentType, reportUnknownMemberType]
        watch = self._watch

        class WatchedConnection(HTTPConnection):
            def connect(self) -> None:
                super().connect()
                watch(self.sock)

        class WatchedTLSConnection(HTTPSConnection):
            def connect(self) -> None:
                super().connect()
                watch(self.sock)

        class WatchedPool(HTTPConnectionPool):
            ConnectionCls = WatchedConnection  # pyright: ignore[reportAssignmentType] - as urllib3's own pools do

        class WatchedTLSPool(HTTPSConnectionPool):
            ConnectionCls = WatchedTLSConnection  # pyright: ignore[reportAssignmentType]

        pools: dict[str, type[HTTPConnectionPool]] = {"http": WatchedPool, "https": WatchedTLSPool}
        self.poolmanager.pool_classes_by_scheme = pools  # pyright: ignore[reportAttributeAccessIssue]

    def _watch(self, sock: socket.socket | None) -> None:
        self.opened += 1
        self._sockets -= {old for old in self._sockets if old.fileno() < 0}
        if sock is not None:
            self._sockets.add(sock)
