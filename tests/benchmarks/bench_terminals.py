"""What enrolled terminals cost the office: one signature, and five thousand of them at their real pace."""

import json
import random
import secrets
import sqlite3
import subprocess
import sys
import tempfile
import time
from base64 import urlsafe_b64encode
from functools import partial
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from central_api.contract import request_signature
from central_api.contract.enrolment import digits_of
from central_api.contract.heartbeat import DeviceKind, DeviceReport, DeviceState, Heartbeat, encode_heartbeat
from central_api.publish import publish_pending
from central_api.store import Office, open_office, terminals
from central_api.store.live import Live
from central_api.web.signatures import Asked
from kiosk.sync import POLL_EVERY, POLL_JITTER

from .figures import Figure, cpu_seconds, percentile, timed

TERMINALS = 5_000
HEARTBEAT_EVERY = 60.0
# Each terminal's first poll, that makes its connection and loads its key, is not its pace.
WARM = 6.0
SECONDS = 20.0
ONE_SIGNATURE_ROUNDS = 2_000
PUBLISHED = 200


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="bench-terminals-") as folder:
        data = Path(folder) / "office"
        with open_office(data) as office:
            for _ in range(PUBLISHED):
                office.submit("work_permits", "renewal", region="beirut", phone=None)
            cursor = publish_pending(office).position
            keys = _enrolled(office)
        signing, checking = _one_signature(data, keys[0])
        took, cores, asked = _served(data, keys, cursor)
    pace = (
        f"{TERMINALS:,} terminals, each on its own kept connection: the feed every {POLL_EVERY:g} s, a heartbeat every"
    )
    pace += (
        f" {HEARTBEAT_EVERY:g} s, {asked / SECONDS:,.0f} requests a second for {SECONDS:g} s, signed in advance, over"
    )
    pace += " plain HTTP (TLS adds its records, and one handshake a connection), against one `serve` process"
    return [
        Figure(
            "signing a request", signing * 1e3, "ms", "headers of a heartbeat with a P-256 key in a file", limit=3.0
        ),
        Figure(
            "checking a request",
            checking * 1e3,
            "ms",
            "headers read, key looked up in the register, digest, signature, window and nonce, as the office does",
            limit=3.0,
        ),
        Figure("terminals, p99 of an answer", percentile(took, 99) * 1e3, "ms", f"from when it was due; {pace}", 200.0),
        Figure("terminals, middle of an answer", percentile(took, 50) * 1e3, "ms", "the same"),
        Figure("terminals, the office's processor", cores, "cores", "user and system time of the same process", 1.0),
    ]


def _sign(key: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _public(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _enrolled(office: Office) -> list[ec.EllipticCurvePrivateKey]:
    """Enrol every terminal by the store's own steps, in one transaction."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(TERMINALS)]
    now, facts = office.clock(), (office.root_public, bytes(32))
    with office.batch():
        for number, key in enumerate(keys):
            office.execute_write(partial(_enrol, f"T-{number:04d}", _public(key), facts, now)).result()
    return keys


def _enrol(name: str, public: bytes, facts: tuple[bytes, bytes], now: int, connection: sqlite3.Connection) -> None:
    place = terminals.add(connection, name, "hall", now)
    enrolled = terminals.enrol(connection, terminals.new_code(connection, place, now), public, now)
    assert isinstance(enrolled, terminals.Enrolled)
    assert enrolled.key.nonce is not None
    terminals.accept(connection, name, digits_of(public, *facts, enrolled.key.nonce), facts, now)


def _heartbeat(sequence: int, cursor: int) -> bytes:
    devices = (DeviceReport(DeviceKind.PRINTER, DeviceState.READY, "TM-T88VI"),)
    return encode_heartbeat(
        Heartbeat(int(time.time()), sequence, bytes(8), bytes(8), "0.2.0", True, devices=devices, cursor=cursor)
    )


def _headers(key: ec.EllipticCurvePrivateKey, method: str, uri: str, body: bytes) -> dict[str, str]:
    return request_signature.sign_headers(
        method,
        uri,
        body,
        key_id=request_signature.key_id_of(_public(key)),
        created=int(time.time()),
        nonce=urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode(),
        sign=lambda message: _sign(key, message),
    )


def _one_signature(data: Path, key: ec.EllipticCurvePrivateKey) -> tuple[float, float]:
    """Return the seconds that it takes to sign one request, and to check one."""
    uri, body = "https://office.labour.example/v1/heartbeats", _heartbeat(1, 1)
    signed: list[dict[str, str]] = []
    signing = timed(lambda: signed.extend(_headers(key, "POST", uri, body) for _ in range(ONE_SIGNATURE_ROUNDS)))
    lowered = [{name.lower(): value for name, value in headers.items()} for headers in signed]
    live = Live(data)
    with open_office(data) as office:
        reader = office.reader()

        def check() -> None:
            for headers in lowered:
                asked = Asked(request_signature.parse(headers), "POST", uri, body)
                known = terminals.key_of(reader, asked.signed.key_id)
                assert known is not None
                asked.check(known.public, live, office.clock())

        checking = timed(check)
    live.close()
    return signing / ONE_SIGNATURE_ROUNDS, checking / ONE_SIGNATURE_ROUNDS


def _served(data: Path, keys: list[ec.EllipticCurvePrivateKey], cursor: int) -> tuple[list[float], float, int]:
    """Return the seconds of each answer, the cores that the office used, and how many requests were made."""
    command = [sys.executable, "-m", "central_api", "serve", "--data", str(data), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        url = json.loads(server.stdout.readline())["listening"]
        host, _, port = url.removeprefix("http://").rpartition(":")
        requests = _requests(url, keys, cursor)
        client = [sys.executable, "-m", "tests.benchmarks.fleet", host, port, str(WARM)]
        with subprocess.Popen(client, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as asking:
            assert asking.stdin is not None
            assert asking.stdout is not None
            asking.stdin.write(msgspec.msgpack.encode(requests))
            asking.stdin.close()
            assert asking.stdout.readline() == b"warm\n"
            used = cpu_seconds(server.pid)
            answered = json.loads(asking.stdout.read())
            used = cpu_seconds(server.pid) - used
        server.terminate()
    if answered["wrong"]:
        raise RuntimeError(f"{len(answered['wrong'])} answers were none: {answered['wrong'][0]}")
    return answered["took"], used / answered["seconds"], len(answered["took"])


def _requests(url: str, keys: list[ec.EllipticCurvePrivateKey], cursor: int) -> list[tuple[float, int, bytes]]:
    chance = random.Random(5)
    requests: list[tuple[float, int, bytes]] = []
    for number, key in enumerate(keys):
        at = chance.uniform(0, POLL_EVERY)
        while at < WARM + SECONDS:
            requests.append((at, number, _http(url, key, "GET", f"/v1/feed?after={cursor}&limit=5000", b"")))
            at += POLL_EVERY * chance.uniform(1 - POLL_JITTER, 1 + POLL_JITTER)
        if (at := chance.uniform(0, HEARTBEAT_EVERY)) < WARM + SECONDS:
            requests.append((at, number, _http(url, key, "POST", "/v1/heartbeats", _heartbeat(1, cursor))))
    return sorted(requests)


def _http(url: str, key: ec.EllipticCurvePrivateKey, method: str, path: str, body: bytes) -> bytes:
    headers = {"Host": url.removeprefix("http://"), **_headers(key, method, url + path, body)}
    if body:
        headers |= {"Content-Type": "application/cbor", "Content-Length": str(len(body))}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode() + body
