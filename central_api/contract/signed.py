"""Signed bytes: one envelope for feed pages, key lists, times, posted heads, terminals' settings and content.

The signature is Ed25519 over the domain's ASCII name + `0x00` + the body's bytes, so that bytes signed for one purpose
are worth nothing for another. On the wire: deterministic CBOR `{1: body, 2: key number, 3: signature}`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from . import cbor
from .errors import ContractError, Refused

PUBLIC_KEY_BYTES: Final = 32
ROOT_KEY_ID: Final = 0

KeyFinder = Callable[[int], bytes]
"""Gives the public key (32 bytes) of a key number for the purpose at hand, or raises Refused."""


class Domain(Enum):
    """What a signature is for."""

    FEED = "istilam feed v1"
    KEYS = "istilam keys v1"
    TIME = "istilam time v1"
    HEAD = "istilam head v1"
    SETTINGS = "istilam settings v1"
    CONTENT = "istilam content v1"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key of the office with its number in the key list (1 to 255; 0 is the root key)."""

    key_id: int
    private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes_raw()


def sign(domain: Domain, body: bytes, key: SigningKey) -> bytes:
    """Wrap a body with its signature."""
    signature = key.private.sign(_message(domain, body))
    return cbor.encode({1: body, 2: key.key_id, 3: signature})


def open_signed(domain: Domain, data: bytes, key_of: KeyFinder) -> bytes:
    """Return the body of signed bytes. Raises Refused unless the signature holds under the key that `key_of` gives."""
    try:
        read = cbor.Fields(cbor.decode(data))
        body, key_id, signature = read.blob(1), read.uint(2, 255), read.blob(3, 64)
        if len(read) != 3:
            raise ContractError("a field beside the signature")
    except ContractError as error:
        raise Refused(f"not signed bytes: {error}") from None
    verify(key_of(key_id), signature, _message(domain, body))
    return body


def verify(public: bytes, signature: bytes, message: bytes) -> None:
    """Raise Refused unless the Ed25519 signature (64 bytes) over the message holds under the public key (32 bytes)."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise Refused("the signature does not hold") from None


def _message(domain: Domain, body: bytes) -> bytes:
    return domain.value.encode() + b"\0" + body
