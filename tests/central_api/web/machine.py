"""A machine that wants to be a terminal: its key, and what it asks of a real office, signed."""

import json
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field, replace

import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from central_api.contract.enrolment import Enrolment, digits_of, renewal_message
from central_api.contract.heartbeat import Heartbeat, encode_heartbeat
from central_api.contract.request_signature import key_id_of, sign_headers


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def sign_with(key: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def new_nonce() -> str:
    return urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode()


def public_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass
class Machine:
    """Asks the office at `url`; signs for `origin`, which is the same unless a test wants it otherwise."""

    url: str
    origin: str = ""
    ca_file: str | None = None
    key: ec.EllipticCurvePrivateKey = field(default_factory=new_key)
    offset: int = 0

    @property
    def public(self) -> bytes:
        return public_of(self.key)

    @property
    def key_id(self) -> str:
        return key_id_of(self.public)

    def headers(self, method: str, path: str, body: bytes = b"") -> dict[str, str]:
        return sign_headers(
            method,
            (self.origin or self.url) + path,
            body,
            key_id=self.key_id,
            created=int(time.time()) + self.offset,
            nonce=new_nonce(),
            sign=lambda message: sign_with(self.key, message),
        )

    def send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> requests.Response:
        kind = {"content-type": "application/json" if body[:1] == b"{" else "application/cbor"} if body else {}
        return requests.request(
            method, self.url + path, data=body, headers=headers | kind, timeout=10, verify=self.ca_file or True
        )

    def get(self, path: str, **more: str) -> requests.Response:
        return self.send("GET", path, b"", self.headers("GET", path) | more)

    def post(self, path: str, body: bytes) -> requests.Response:
        return self.send("POST", path, body, self.headers("POST", path, body))

    def enrols(self, enrolment: Enrolment) -> requests.Response:
        asked = {"code": enrolment.code.hex(), "public_key": self.public.hex()}
        return self.post("/v1/enrolments", json.dumps(asked).encode())

    def digits(self, root: bytes, ca_hash: bytes, nonce: str) -> str:
        return digits_of(self.public, root, ca_hash, bytes.fromhex(nonce))

    def renews(self, key: ec.EllipticCurvePrivateKey) -> requests.Response:
        proof = sign_with(key, renewal_message(self.key_id))
        body = json.dumps({"public_key": public_of(key).hex(), "proof": proof.hex()}).encode()
        return self.send("PUT", "/v1/key", body, self.headers("PUT", "/v1/key", body))

    def reports(self, report: Heartbeat) -> requests.Response:
        return self.post("/v1/heartbeats", encode_heartbeat(report))

    def with_key(self, key: ec.EllipticCurvePrivateKey) -> "Machine":
        return replace(self, key=key)


def heartbeat(sequence: int = 1, machine: int = 1, run: int = 1, **more) -> Heartbeat:
    return Heartbeat(int(time.time()), sequence, bytes([machine] * 8), bytes([run] * 8), "0.2.0", **more)
