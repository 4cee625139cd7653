"""The readiness slip's QR code: the result of a self-test, signed by the terminal's own key.

`HTTPS://<HOST>/T#` and base32 of a map with the Readiness as sent to the office, the key's id, and the signature.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from . import base32, cbor
from .errors import ContractError, Refused
from .readiness import MAX_READINESS_BYTES, Readiness, decode_readiness
from .request_signature import SIGNATURE_BYTES, public_key_of, verify_raw

KEY_ID_BYTES: Final = 16
MAX_CHARACTERS: Final = 8192
_DOMAIN: Final = b"istilam readiness v1\0"


@dataclass(frozen=True, slots=True)
class SignedReadiness:
    """A self-test whose signature holds, and the id of the key that signed it (32 hex digits)."""

    readiness: Readiness
    key_id: str


def readiness_text(host: str, body: bytes, key_id: str, sign: Callable[[bytes], bytes]) -> str:
    """Sign a Readiness as encoded, and write the text of its QR code, in upper case.

    `sign` gives 64 bytes (r || s, ECDSA with SHA-256), `key_id` 32 hex digits.
    """
    signed = cbor.encode({1: body, 2: bytes.fromhex(key_id), 3: sign(_DOMAIN + body)})
    return f"HTTPS://{host.upper()}/T#{base32.encode(signed)}"


def open_readiness(text: str, hosts: Collection[str], public_of: Callable[[str], bytes]) -> SignedReadiness:
    """Read and verify the text of a readiness slip's QR code, without regard to case.

    `public_of` gives the public key (65 bytes) of a key id, or raises Refused. Raises ContractError: Refused where it
    is well-formed, and does not hold.
    """
    address, _, letters = text.strip().partition("#")
    ours = {f"HTTPS://{host.upper()}/T" for host in hosts}
    if len(text) > MAX_CHARACTERS or not text.isascii() or address.upper() not in ours:
        raise ContractError("not a readiness slip of ours")
    read = cbor.Fields(cbor.decode(base32.decode(letters)))
    body, key_id, signature = read.blob(1), read.blob(2, KEY_ID_BYTES).hex(), read.blob(3, SIGNATURE_BYTES)
    if len(read) != 3 or len(body) > MAX_READINESS_BYTES:
        raise ContractError("not a signed readiness")
    verify_raw(signature, _DOMAIN + body, public_key_of(public_of(key_id)))
    try:
        return SignedReadiness(decode_readiness(body), key_id)
    except ContractError as error:
        raise Refused(f"not a readiness: {error}") from None
