"""The sealed status: what lies at a slot. Only the slip opens it; its size does not tell the stage.

`0x01` + version (8) + nonce (12) + AES-256-GCM(seal key, nonce, padded plaintext, associated data = slot + the first
9 bytes). Padding: `0x80`, then zeros to a multiple of 128 bytes.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from . import keys
from .errors import Unreadable

BLOCK: Final = 128
NONCE_BYTES: Final = 12
_FORMAT: Final = b"\x01"
_HEADER_BYTES: Final = 9
_TAG_BYTES: Final = 16


def seal(plain: bytes, key: bytes, version: int, nonce: bytes) -> bytes:
    """Seal a status under a slip key (16 bytes). `nonce` is 12 random bytes, never used again under this key."""
    header = _FORMAT + version.to_bytes(8, "big")
    padded = plain + b"\x80" + bytes(-(len(plain) + 1) % BLOCK)
    return header + nonce + AESGCM(keys.seal_key(key)).encrypt(nonce, padded, keys.slot(key) + header)


def sealed_version(sealed: bytes) -> int:
    """Return the version that a sealed status claims; opening it proves the claim. Raises Unreadable."""
    _check_shape(sealed)
    return int.from_bytes(sealed[1:_HEADER_BYTES], "big")


def open_sealed(sealed: bytes, key: bytes) -> tuple[int, bytes]:
    """Open a sealed status with the slip key: (version, plaintext). Raises Unreadable if one bit is not as sealed."""
    _check_shape(sealed)
    header, nonce, rest = sealed[:_HEADER_BYTES], sealed[_HEADER_BYTES:21], sealed[21:]
    try:
        padded = AESGCM(keys.seal_key(key)).decrypt(nonce, rest, keys.slot(key) + header)
    except InvalidTag:
        raise Unreadable("the seal does not hold") from None
    plain = padded.rstrip(b"\0")
    if plain[-1:] != b"\x80" or len(padded) - len(plain) >= BLOCK:
        raise Unreadable("wrong padding")
    return int.from_bytes(header[1:], "big"), plain[:-1]


def _check_shape(sealed: bytes) -> None:
    body = len(sealed) - _HEADER_BYTES - NONCE_BYTES - _TAG_BYTES
    if sealed[:1] != _FORMAT or body < BLOCK or body % BLOCK:
        raise Unreadable("not a sealed status")
