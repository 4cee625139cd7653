"""Signed requests of terminals: HTTP Message Signatures (RFC 9421) with P-256, in one fixed shape.

Covered are `@method`, `@target-uri` of the office's own public address (never the Host header), and where there is a
body its `content-digest` (RFC 9530, sha-256). Writer and reader know this one shape and no other: what may vary in the
RFC (labels, order, other components) is refused.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from .enrolment import PUBLIC_POINT_BYTES
from .errors import ContractError, Refused

WINDOW_SECONDS: Final = 300
NONCE_KEPT_SECONDS: Final = 600
SIGNATURE_BYTES: Final = 64
_PARAMETERS: Final = re.compile(
    r"\(\"@method\" \"@target-uri\"(?P<body> \"content-digest\")?\)"
    r";created=(?P<created>[1-9][0-9]{0,11});nonce=\"(?P<nonce>[A-Za-z0-9_-]{22,64})\";keyid=\"(?P<keyid>[0-9a-f]{32})\""
    r";alg=\"ecdsa-p256-sha256\";tag=\"istilam-device\"",
    re.ASCII,
)
_ALGORITHM: Final = ec.ECDSA(hashes.SHA256())


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """What a request says of its signature. `created`: seconds since 1970 by the asker's clock; `digest`: of its body.

    `signature` is raw r || s (64 bytes), `parameters` what it covers, as written.
    """

    key_id: str
    created: int
    nonce: str
    digest: bytes | None
    signature: bytes
    parameters: str


def key_id_of(public_key: bytes) -> str:
    """Return the id of a terminal's public key (65 bytes, an uncompressed point): 32 lower-case hex digits."""
    return sha256(public_key).hexdigest()[:32]


def public_key_of(point: bytes) -> ec.EllipticCurvePublicKey:
    """Return a P-256 key of its 65 bytes. Raises ContractError for what is no point of the curve, or is compressed."""
    if len(point) != PUBLIC_POINT_BYTES or point[0] != 4:
        raise ContractError("not an uncompressed point")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise ContractError("not a point of the curve") from None


def signature_base(method: str, uri: str, digest: bytes | None, parameters: str) -> bytes:
    """Return the bytes that are signed (RFC 9421, 2.5). `digest`: SHA-256 of the body, None where there is none."""
    covered = "" if digest is None else f'"content-digest": {_digest_field(digest)}\n'
    return f'"@method": {method}\n"@target-uri": {uri}\n{covered}"@signature-params": {parameters}'.encode()


def sign_headers(
    method: str, uri: str, body: bytes, *, key_id: str, created: int, nonce: str, sign: Callable[[bytes], bytes]
) -> dict[str, str]:
    """Return the headers that sign a request; an empty body is none.

    `nonce` is 16 random bytes in base64url without padding, `sign` gives 64 bytes (r || s, ECDSA with SHA-256).
    """
    digest = sha256(body).digest() if body else None
    covered = '"@method" "@target-uri"' + ("" if digest is None else ' "content-digest"')
    parameters = (
        f'({covered});created={created};nonce="{nonce}";keyid="{key_id}";alg="ecdsa-p256-sha256";tag="istilam-device"'
    )
    signature = sign(signature_base(method, uri, digest, parameters))
    headers = {
        "Signature-Input": f"sig1={parameters}",
        "Signature": f"sig1=:{base64.b64encode(signature).decode()}:",
    }
    return headers if digest is None else {"Content-Digest": _digest_field(digest), **headers}


def is_signed(headers: Mapping[str, str]) -> bool:
    """Say whether a request claims to be signed at all. Header names are looked up in lower case."""
    return "signature-input" in headers or "signature" in headers


def parse(headers: Mapping[str, str]) -> SignedRequest:
    """Read the headers of a signed request, by lower-case names. Raises ContractError for any other shape."""
    label, mark, parameters = headers.get("signature-input", "").partition("=")
    found = _PARAMETERS.fullmatch(parameters)
    if label != "sig1" or not mark or found is None:
        raise ContractError("Signature-Input is not of the documented form")
    field = headers.get("content-digest")
    if (field is not None) != (found["body"] is not None):
        raise ContractError("a Content-Digest that is not covered, or is missing")
    return SignedRequest(
        key_id=found["keyid"],
        created=int(found["created"]),
        nonce=found["nonce"],
        digest=None if field is None else _blob(field, "sha-256=:", 32),
        signature=_blob(headers.get("signature", ""), "sig1=:", SIGNATURE_BYTES),
        parameters=parameters,
    )


def in_window(request: SignedRequest, now: int) -> bool:
    """Say whether a request was made within five minutes of now (seconds since 1970, UTC), either way."""
    return abs(now - request.created) <= WINDOW_SECONDS


def verify(request: SignedRequest, method: str, uri: str, body: bytes, public_key: ec.EllipticCurvePublicKey) -> None:
    """Raise Refused unless the signature holds for this method, address and body under this key.

    Window and nonce are the caller's to judge.
    """
    digest = sha256(body).digest() if body else None
    if digest != request.digest:
        raise Refused("the body is not the one that was signed")
    verify_raw(request.signature, signature_base(method, uri, digest, request.parameters), public_key)


def verify_raw(signature: bytes, message: bytes, public_key: ec.EllipticCurvePublicKey) -> None:
    """Raise Refused unless a raw signature (r || s, 64 bytes) over a message holds under this key."""
    half = SIGNATURE_BYTES // 2
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    try:
        public_key.verify(encode_dss_signature(r, s), message, _ALGORITHM)
    except InvalidSignature:
        raise Refused("the signature does not hold") from None


def _digest_field(digest: bytes) -> str:
    return f"sha-256=:{base64.b64encode(digest).decode()}:"


def _blob(field: str, before: str, size: int) -> bytes:
    """Read the one byte sequence of a structured field (RFC 8941), in its one spelling."""
    letters = field.removeprefix(before)
    try:
        blob = base64.b64decode(letters[:-1], validate=True)
    except (binascii.Error, ValueError):
        raise ContractError("not base64") from None
    if field != f"{before}{base64.b64encode(blob).decode()}:" or len(blob) != size:
        raise ContractError("not a byte sequence of the right size")
    return blob
