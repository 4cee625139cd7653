"""What is derived from the office secret: slip key, secret code, slot, seal key.

Nothing of it is stored with an application but the secret's id, the issue and the slot. HKDF is HKDF-SHA256 with an
empty salt (RFC 5869).
"""

from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

OFFICE_SECRET_BYTES: Final = 32
SLIP_KEY_BYTES: Final = 16
SLOT_BYTES: Final = 16


def slip_key(office_secret: bytes, tracking: str, issue: int) -> bytes:
    """Return the 16 bytes that the slip's QR code carries. A reissued slip has the next issue, and another key."""
    return _of_office(office_secret, f"istilam slip v1 {tracking}/{issue}", SLIP_KEY_BYTES)


def secret_code(office_secret: bytes, tracking: str, issue: int) -> str:
    """Return the 8 digits on the slip's stub: shown once; who lost it gets a new issue."""
    number = int.from_bytes(_of_office(office_secret, f"istilam code v1 {tracking}/{issue}", 16), "big")
    return f"{number % 10**8:08d}"


def slot(key: bytes) -> bytes:
    """Return the 16 bytes that name where a slip's sealed status lies: unguessable, so it needs no login."""
    return _derive(key, "istilam slot v1", SLOT_BYTES)


def seal_key(key: bytes) -> bytes:
    """Return the AES-256 key that seals the statuses of a slip."""
    return _derive(key, "istilam seal v1", 32)


def _derive(secret: bytes, info: str, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=None, info=info.encode()).derive(secret)


def _of_office(secret: bytes, info: str, length: int) -> bytes:
    return HKDFExpand(hashes.SHA256(), length, info=info.encode()).derive(_extracted(secret))


@lru_cache(maxsize=8)
def _extracted(secret: bytes) -> bytes:
    """Do the first half of HKDF, which is the same for all that comes of one office secret; there are few of these."""
    extract = HMAC(bytes(32), hashes.SHA256())
    extract.update(secret)
    return extract.finalize()
