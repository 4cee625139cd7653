"""An office to enrol at: real TLS on loopback, real signatures, and every way to get it wrong."""

import json
import os
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from central_api.contract.enrolment import Enrolment, digits_of, enrolment_pin, enrolment_text, renewal_message
from central_api.contract.request_signature import in_window, key_id_of, parse, public_key_of, verify
from central_api.contract.snapshot import frame_part
from central_api.contract.times import sign_time
from tests.kiosk.feed_office import HOST, MINISTRY, FeedOffice

HALF_AN_HOUR = 1800


@dataclass
class Certificate:
    """A certificate, its key, and when it holds."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def hash(self) -> bytes:
        return sha256(self.certificate.public_bytes(serialization.Encoding.DER)).digest()


def issue(name: str, by: Certificate | None, *, days: tuple[int, int] = (-1, 30)) -> Certificate:
    """Issue a certificate for 127.0.0.1, or, `by` nobody else, an authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
    )
    if by is not None:
        names = [x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("localhost")]
        built = built.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return Certificate(built.sign(by.key if by else key, hashes.SHA256()), key)


@dataclass
class Registered:
    """One key that the office knows."""

    point: bytes
    nonce: bytes
    name: str = "T-07"
    site: str = "Beirut, ground floor"
    state: str = "pending"


@dataclass
class Code:
    expires: float
    used_by: str = ""


@dataclass
class EnrollingOffice:
    """`accepts` of itself (a person does, in life); `clock` is its time. Every signed request is judged in full."""

    folder: Path
    tls: bool = True
    feed: FeedOffice = field(default_factory=lambda: FeedOffice(time=int(time.time())))
    accepts: bool = True
    days: tuple[int, int] = (-1, 30)
    codes: dict[str, Code] = field(default_factory=dict)
    keys: dict[str, Registered] = field(default_factory=dict)
    renewed: dict[str, str] = field(default_factory=dict)
    nonces: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    bodies: list[tuple[str, bytes]] = field(default_factory=list)
    faults: dict[str, tuple[int, str]] = field(default_factory=dict)
    answers: dict[str, Callable[[bytes], tuple[int, bytes]]] = field(default_factory=dict)
    settings: bytes | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.ca = issue("Istilam test office", None)
        office = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_GET(self) -> None:
                office._answer(self)

            def do_POST(self) -> None:
                office._answer(self)

            def do_PUT(self) -> None:
                office._answer(self)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A terminal that hangs up, or trusts another authority, is no news."""

        self._server = Server(("127.0.0.1", 0), Handler)
        if self.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.present(context, issue("office", self.ca, days=self.days))
            self._context = context
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.url = f"{'https' if self.tls else 'http'}://127.0.0.1:{self._server.server_address[1]}"
        self._lock = threading.Lock()
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def present(self, context: ssl.SSLContext, certificate: Certificate) -> None:
        """Take a certificate for what this office shows from now on."""
        path = self.folder / "server.pem"
        key = certificate.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(certificate.pem + key)
        context.load_cert_chain(path)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    # ---- what staff do ----

    def code(self, *, minutes: int = 30, origin: str | None = None, pin: bytes | None = None) -> str:
        """Make a one-time code; returns the text of its QR."""
        code = os.urandom(8)
        self.codes[code.hex()] = Code(time.time() + 60 * minutes)
        ca = self.ca.hash if self.tls else bytes(32)
        pin = enrolment_pin(ca, self.feed.root.public) if pin is None else pin
        return enrolment_text(Enrolment(origin or self.url, code, pin))

    def digits(self) -> list[str]:
        ca = self.ca.hash if self.tls else bytes(32)
        return [digits_of(key.point, self.feed.root.public, ca, key.nonce) for key in self.keys.values()]

    def accept(self, state: str = "accepted") -> None:
        for key in self.keys.values():
            if key.state == "pending":
                key.state = state

    def revoke(self) -> None:
        for key in self.keys.values():
            key.state = "revoked"

    # ---- what terminals ask ----

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        url = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        with self._lock:
            self.asked.append(f"{handler.command} {url.path}")
            status, answer, kind = self._judged(handler, url.path, url.query, body)
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(answer)))
        handler.send_header("Content-Type", kind)
        if url.path == "/v1/feed":
            handler.send_header("Istilam-Key-List", str(self.feed.number))
        handler.end_headers()
        handler.wfile.write(answer)

    def _judged(  # noqa: PLR0911 - one answer a route
        self, handler: BaseHTTPRequestHandler, path: str, query: str, body: bytes
    ) -> tuple[int, bytes, str]:
        if path in self.faults:
            return problem(*self.faults[path])
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        match handler.command, path:
            case "GET", "/v1/ca":
                return (200, self.ca.pem, "application/x-pem-file") if self.tls else problem(404, "no_such_page")
            case "GET", "/v1/office":
                root = self.feed.root.public.hex()
                return told({"ministry": MINISTRY, "names": {}, "host": HOST, "root_key": root})
            case "GET", "/v1/keys":
                return 200, self.feed.key_list(), "application/cbor"
            case "GET", "/v1/time":
                return 200, sign_time(self.feed.time, bytes.fromhex(asked["nonce"]), self.feed.feed), "application/cbor"
            case "POST", "/v1/enrolments":
                return self._enrolment(handler, body)
        key_id, refused = self._who(handler, body)
        if refused:
            return refused
        return self._of_terminal(handler.command, path, key_id, asked, body)

    def _of_terminal(  # noqa: PLR0911 - one answer a route
        self, method: str, path: str, key_id: str, asked: dict[str, str], body: bytes
    ) -> tuple[int, bytes, str]:
        key = self.keys[key_id]
        if (method, path) == ("GET", "/v1/enrolment"):
            shown = {"state": key.state, "terminal": key.name, "site": key.site, "nonce": key.nonce.hex()}
            return told(shown)
        if key.state != "accepted":
            return problem(403, "revoked" if key.state == "revoked" else "pending")
        self.bodies.append((path, body))
        if path in self.answers:
            return *self.answers[path](body), "application/cbor"
        match method, path:
            case "GET", "/v1/feed":
                return 200, self.feed.page(int(asked["after"]), int(asked["limit"])), "application/cbor"
            case "GET", "/v1/snapshot":
                return 200, b"".join(map(frame_part, self.feed.snapshot())), "application/octet-stream"
            case "GET", "/v1/settings" if self.settings is not None:
                return 200, self.settings, "application/cbor"
            case "PUT", "/v1/key":
                sent = json.loads(body)
                point = bytes.fromhex(sent["public_key"])
                proof = bytes.fromhex(sent["proof"])
                check(point, proof, renewal_message(key_id))
                self.keys[key_id_of(point)] = Registered(point, key.nonce, key.name, key.site, "accepted")
                self.renewed[key_id_of(point)] = key_id
                return 204, b"", "application/json"
            case _:
                return problem(404, "no_such_page")

    def _enrolment(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes, str]:
        sent = json.loads(body)
        point, code = bytes.fromhex(sent["public_key"]), self.codes.get(sent["code"])
        key_id, refused = self._who(handler, body, point)
        if refused:
            return refused
        if code is None:
            return problem(404, "unknown_code")
        if code.used_by == key_id:
            return told(self._registered(key_id, code), 200)
        if code.used_by:
            return problem(409, "code_used")
        if time.time() > code.expires:
            return problem(410, "code_expired")
        code.used_by = key_id
        self.keys[key_id] = Registered(point, os.urandom(16), state="accepted" if self.accepts else "pending")
        return told(self._registered(key_id, code), 201)

    def _registered(self, key_id: str, code: Code) -> dict[str, object]:
        key = self.keys[key_id]
        return {"terminal": key.name, "site": key.site, "nonce": key.nonce.hex(), "expires": int(code.expires)}

    def _who(
        self, handler: BaseHTTPRequestHandler, body: bytes, point: bytes | None = None
    ) -> tuple[str, tuple[int, bytes, str] | None]:
        headers = {name.lower(): value for name, value in handler.headers.items()}
        try:
            request = parse(headers)
        except ValueError:
            return "", problem(401, "not_a_terminal")
        known = self.keys.get(request.key_id)
        key = point or (known.point if known else None)
        if key is None or key_id_of(key) != request.key_id:
            return "", problem(401, "not_a_terminal")
        if not in_window(request, self.feed.time):
            return "", problem(401, "out_of_window")
        if request.nonce in self.nonces:
            return "", problem(401, "replayed")
        try:
            verify(request, handler.command, self.url + handler.path, body, public_key_of(key))
        except ValueError:
            return "", problem(401, "bad_signature")
        self.nonces.add(request.nonce)
        if before := self.renewed.pop(request.key_id, None):
            self.keys[before].state = "revoked"
        return request.key_id, None


def check(point: bytes, raw: bytes, message: bytes) -> None:
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    public_key_of(point).verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))


def told(facts: dict[str, object], status: int = 200) -> tuple[int, bytes, str]:
    return status, json.dumps(facts).encode(), "application/json"


def problem(status: int, code: str) -> tuple[int, bytes, str]:
    return status, json.dumps({"type": code, "status": status}).encode(), "application/problem+json"
