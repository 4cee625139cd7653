"""Opens a sealed status and verifies its receipt: written from the contract's pages alone, with nothing of the project.

    python tests/central_api/contract/reader.py SLIP_URL STATUS [KEYS ROOT_KEY_HEX]

STATUS is a file, the address of a status, or that of an office (http://127.0.0.1:8400); KEYS a file with the signed key
list. From an office, keys and root key are asked for too.
"""

import hashlib
import hmac
import json
import sys
from base64 import b32decode, b64decode, b64encode
from pathlib import Path
from urllib.request import urlopen

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256


def hkdf(secret: bytes, info: bytes, size: int) -> bytes:
    """RFC 5869 with an empty salt; one block of SHA-256 is enough for every size here."""
    extracted = hmac.digest(bytes(32), secret, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)[:size]


def read_slip(url: str) -> tuple[int, bytes]:
    """Return tracking number and slip key."""
    tracking, _, key = url.partition("#")[2].upper().partition(".")
    return int(tracking), b32decode(key + "======")


def slot_of(key: bytes) -> str:
    return hkdf(key, b"istilam slot v1", 16).hex()


def open_status(url: str, sealed: bytes) -> tuple[int, dict]:
    """Return version and Status of a sealed status, with the slip's address."""
    tracking, key = read_slip(url)
    if sealed[0] != 1:
        raise ValueError("another format")
    data = bytes.fromhex(slot_of(key)) + sealed[:9]
    padded = AESGCM(hkdf(key, b"istilam seal v1", 32)).decrypt(sealed[9:21], sealed[21:], data)
    status = cbor2.loads(padded[: padded.rindex(b"\x80")])
    if status[1] != tracking:
        raise ValueError("the status of another application")
    return int.from_bytes(sealed[1:9], "big"), status


def receipt_keys(signed: bytes, root: bytes) -> dict[int, bytes]:
    """Return the receipt keys (purpose 2) that are not revoked, by number, from the signed key list."""
    envelope = cbor2.loads(signed)
    Ed25519PublicKey.from_public_bytes(root).verify(envelope[3], b"istilam keys v1\0" + envelope[1])
    return {row[0]: row[2] for row in cbor2.loads(envelope[1])[2] if row[1] == 2 and not row[5]}


def verify_receipt(version: int, status: dict, keys: dict[int, bytes]) -> dict:
    """Build the receipt of a status again, and return its payload if the signature holds (else InvalidSignature)."""
    number, head, signature = status[15]
    unsigned = cbor2.dumps({key: value for key, value in status.items() if key != 15}, canonical=True)
    step = sum(2 in step for step in status[9])
    digest = hashlib.sha256(unsigned).digest()[:16]
    payload = {1: status[1], 2: version, 3: status[4], 4: step, 5: status[6], 6: version, 7: head, 8: digest}
    protected = cbor2.dumps({1: -8, 4: bytes([number])}, canonical=True)
    signed = ["Signature1", protected, b"istilam receipt v1", cbor2.dumps(payload, canonical=True)]
    Ed25519PublicKey.from_public_bytes(keys[number]).verify(signature, cbor2.dumps(signed, canonical=True))
    return payload


def verify_request(method: str, uri: str, body: bytes, headers: dict[str, str], point: bytes) -> str:
    """Return the keyid of a signed request, if its signature holds under this public key (else InvalidSignature)."""
    components, _, rest = headers["Signature-Input"].removeprefix("sig1=(").partition(")")
    values = {'"@method"': method, '"@target-uri"': uri}
    if body:
        values['"content-digest"'] = f"sha-256=:{b64encode(hashlib.sha256(body).digest()).decode()}:"
    lines = [f"{name}: {values[name]}" for name in components.split()]
    lines.append(f'"@signature-params": ({components}){rest}')
    signature = b64decode(headers["Signature"].removeprefix("sig1=:").rstrip(":"))
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    key.verify(encode_dss_signature(r, s), "\n".join(lines).encode(), ec.ECDSA(SHA256()))
    key_id = hashlib.sha256(point).hexdigest()[:32]
    if f'keyid="{key_id}"' not in rest:
        raise ValueError("the id of another key")
    return key_id


def main(slip: str, source: str, keys_file: str = "", root_hex: str = "") -> None:
    signed_keys = Path(keys_file).read_bytes() if keys_file else b""
    if source.startswith("http"):
        office, _, rest = source.rstrip("/").partition("/v1/")
        sealed = urlopen(f"{office}/v1/{rest or 'statuses/' + slot_of(read_slip(slip)[1])}").read()
        signed_keys = signed_keys or urlopen(office + "/v1/keys").read()
        root_hex = root_hex or json.load(urlopen(office + "/v1/office"))["root_key"]
    else:
        sealed = Path(source).read_bytes()
    version, status = open_status(slip, sealed)
    receipt = verify_receipt(version, status, receipt_keys(signed_keys, bytes.fromhex(root_hex))) if root_hex else None
    print(json.dumps({"version": version, "status": status, "receipt": receipt}, default=bytes.hex, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
