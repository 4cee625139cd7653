"""An office for terminals to follow: real signed pages over real HTTP on loopback, and every way to get them wrong."""

import json
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central_api.contract import keys
from central_api.contract.audit import GENESIS, next_head
from central_api.contract.feed import Entry, FeedPage, PageKind, Tombstone, sign_page
from central_api.contract.keylist import KeyList, ListedKey, Purpose, sign_key_list
from central_api.contract.numbers import check_digit
from central_api.contract.receipts import sign_status
from central_api.contract.sealed import seal
from central_api.contract.signed import SigningKey
from central_api.contract.slips import Slip
from central_api.contract.status import Language, Office, State, Status, Step
from central_api.contract.times import sign_time
from kiosk.vault import Pins, Vault

MINISTRY = "labour"
HOST = "FOLLOW.LABOUR.EXAMPLE"
START = 1_790_000_000
YEAR = 366 * 24 * 3600


def slip_of(number: int, issue: int = 1) -> Slip:
    """Make the slip of an application; the key of each issue is another one."""
    body = f"26{number:08d}"
    return Slip(body + check_digit(body), keys.slip_key(b"office secret of a test, 32 byte", body, issue))


def status_of(slip: Slip, *, done: int = 1, language: Language = Language.AR) -> Status:
    steps = tuple(Step(Office(role, 1), when=START - 900 if role <= done else None) for role in range(1, 7))
    return Status(
        tracking=slip.tracking,
        family=1,
        kind=3,
        state=State.UNDER_REVIEW,
        language=language,
        changed=START - 900,
        since=START - 900,
        filed_at=1,
        steps=steps,
    )


@dataclass
class FeedOffice:
    """A register of one chain: `publish` and `withdraw` add versions, `page` signs what follows a cursor."""

    root: SigningKey = field(default_factory=lambda: SigningKey(0, Ed25519PrivateKey.generate()))
    feed: SigningKey = field(default_factory=lambda: SigningKey(1, Ed25519PrivateKey.generate()))
    receipt: SigningKey = field(default_factory=lambda: SigningKey(2, Ed25519PrivateKey.generate()))
    time: int = START
    number: int = 1
    revoked: frozenset[int] = frozenset()
    entries: list[Entry] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=lambda: [GENESIS])

    @property
    def pins(self) -> Pins:
        return Pins(MINISTRY, HOST, self.root.public)

    @property
    def position(self) -> int:
        return len(self.heads) - 1

    def key_list(self) -> bytes:
        listed = tuple(
            ListedKey(key.key_id, purpose, key.public, START - YEAR, START + 5 * YEAR, key.key_id in self.revoked)
            for key, purpose in ((self.feed, Purpose.FEED), (self.receipt, Purpose.RECEIPT))
        )
        return sign_key_list(KeyList(self.number, listed), self.root)

    def publish(self, slip: Slip, status: Status | None = None) -> int:
        """Publish a status (of the slip, unless another is given); returns its version."""
        version = self._event(slip.tracking.encode())
        plain = sign_status(status or status_of(slip), version, self.heads[-1], self.receipt)
        self.entries.append(Entry(version, keys.slot(slip.key), seal(plain, slip.key, version, os.urandom(12))))
        return version

    def withdraw(self, slip: Slip, reason: Tombstone = Tombstone.REISSUED) -> int:
        version = self._event(b"withdrawn")
        self.entries.append(Entry(version, keys.slot(slip.key), reason))
        return version

    def reissue(self, old: Slip, new: Slip) -> int:
        """Make an old slip worthless and publish under a new one, in one version."""
        version = self.publish(new)
        self.entries.append(Entry(version, keys.slot(old.key), Tombstone.REISSUED))
        return version

    def fill(self, count: int, size: int = 293) -> None:
        """Publish many statuses that nobody can open: random bytes of the usual size."""
        for _ in range(count):
            version = self._event(b"filled")
            self.entries.append(Entry(version, os.urandom(16), os.urandom(size)))

    def page(self, after: int, limit: int = 5000, **changes: object) -> bytes:
        """Sign the page that continues a cursor. `changes` replace its fields; `key` signs instead of the feed key."""
        key = changes.pop("key", self.feed)
        assert isinstance(key, SigningKey)
        following = sorted((entry for entry in self.entries if entry.version > after), key=lambda e: e.version)
        upto = following[limit - 1].version if len(following) >= limit else max(self.position, after)
        page = FeedPage(
            ministry=MINISTRY,
            kind=PageKind.FEED,
            after=after,
            upto=upto,
            time=self.time,
            position=max(self.position, upto),
            head=self.heads[-1],
            entries=tuple(entry for entry in following if entry.version <= upto),
        )
        return sign_page(replace(page, **changes), key)  # type: ignore[arg-type]

    def snapshot(self, part_entries: int = 3) -> list[bytes]:
        """Sign the parts of a snapshot of the newest entry of each slot, in slot order."""
        newest = {entry.slot: entry for entry in sorted(self.entries, key=lambda entry: entry.version)}
        rows = [newest[slot] for slot in sorted(newest)]
        chunks = [tuple(rows[at : at + part_entries]) for at in range(0, len(rows), part_entries)] or [()]
        return [
            sign_page(
                FeedPage(
                    ministry=MINISTRY,
                    kind=PageKind.SNAPSHOT,
                    after=0,
                    upto=self.position,
                    time=self.time,
                    position=self.position,
                    head=self.heads[-1],
                    entries=chunk,
                    part=number,
                    parts=len(chunks),
                ),
                self.feed,
            )
            for number, chunk in enumerate(chunks)
        ]

    def found(self, vault: Vault) -> Vault:
        """Make a vault this office's."""
        vault.pin(self.pins)
        vault.keep_keys(self.key_list())
        return vault

    def _event(self, event: bytes) -> int:
        self.heads.append(next_head(self.heads[-1], event))
        return self.position


Answering = Callable[["Ask"], None]


@dataclass
class Ask:
    """One request, and what its handler may do to it."""

    handler: BaseHTTPRequestHandler
    path: str
    query: dict[str, str]
    served: "ServedOffice"
    body: bytes = b""

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()
        self.handler.wfile.write(body)

    def normally(self) -> None:
        self.served.answer_normally(self)

    def cut_after(self, body: bytes, sent: int) -> None:
        """Announce the whole body, send a part of it, and cut the connection."""
        self.handler.send_response(200)
        self.handler.send_header("Content-Length", str(len(body)))
        self.handler.end_headers()
        self.handler.wfile.write(body[:sent])
        self.handler.wfile.flush()
        self.handler.connection.shutdown(socket.SHUT_RDWR)

    def drip(self, until: Event, *, headers_too: bool = False) -> None:
        """Send a byte now and then, for ever."""
        line = b"HTTP/1.1 200 OK\r\nX-Slow: " if headers_too else b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
        try:
            self.handler.connection.sendall(line)
            while not until.wait(0.02):
                self.handler.connection.sendall(b"a")
        except OSError:
            pass


class ServedOffice:
    """A FeedOffice behind real HTTP on loopback. `faults` maps a path's beginning to how it is answered instead."""

    def __init__(self, office: FeedOffice) -> None:
        self.office = office
        self.faults: dict[str, Answering] = {}
        self.asked: list[str] = []
        self.closing = Event()
        served = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_POST(self) -> None:
                self.do_GET(self.rfile.read(int(self.headers["Content-Length"])))

            def do_GET(self, body: bytes = b"") -> None:
                url = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(url.query).items()}
                served.asked.append(url.path)
                ask = Ask(self, url.path, query, served, body)
                for beginning, fault in served.faults.items():
                    if url.path.startswith(beginning):
                        self.close_connection = True
                        return fault(ask)
                return served.answer_normally(ask)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A terminal that hangs up is no news."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def answer_normally(self, ask: Ask) -> None:
        office = self.office
        match ask.path.split("/")[1:]:
            case ["v1", "office"]:
                told = {"ministry": MINISTRY, "names": {}, "host": HOST, "root_key": office.root.public.hex()}
                ask.answer(json.dumps(told).encode())
            case ["v1", "keys"]:
                ask.answer(office.key_list())
            case ["v1", "time"]:
                ask.answer(sign_time(office.time, bytes.fromhex(ask.query["nonce"]), office.feed))
            case ["v1", "feed"]:
                page = office.page(int(ask.query["after"]), int(ask.query["limit"]))
                ask.answer(page, Istilam_Key_List=str(office.number))
            case ["v1", "statuses", slot]:
                self._answer_status(ask, bytes.fromhex(slot))
            case _:
                ask.answer(b"", 404)

    def _answer_status(self, ask: Ask, slot: bytes) -> None:
        newest = max((e for e in self.office.entries if e.slot == slot), key=lambda e: e.version, default=None)
        if newest is None:
            ask.answer(b"", 404)
        elif isinstance(newest.sealed, Tombstone):
            ask.answer(json.dumps({"type": newest.sealed.name.lower(), "status": 410}).encode(), 410)
        elif ask.handler.headers.get("If-None-Match") == f'"{newest.version}"':
            ask.answer(b"", 304)
        else:
            ask.answer(newest.sealed, ETag=f'"{newest.version}"')

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until a condition holds; fails loudly when it never does."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)
