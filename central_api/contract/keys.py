"""What is derived from the office secret: slip key, secret code, slot, seal key.

Nothing of it is stored with an application but the secret's id, the issue and the slot. HKDF is HKDF-SHA256 with an
empty salt (RFC 5869).
"""

from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

OFFICE_SECRET_BYTES: Final = 32
SLIP_KEY_BYTES: Final = 16
SLOT_BYTES: Final = 16


def slip_key(office_secret: bytes, tracking: str, issue: int) -> bytes:
    """Return the 16 bytes that the slip's QR code carries. A reissued slip has the next issue, and another key."""
    return _derive(office_secret, f"istilam slip v1 {tracking}/{issue}", SLIP_KEY_BYTES)


def secret_code(office_secret: bytes, tracking: str, issue: int) -> str:
    """Return the 8 digits on the slip's stub: shown once; who lost it gets a new issue."""
    number = int.from_bytes(_derive(office_secret, f"istilam code v1 {tracking}/{issue}", 16), "big")
    return f"{number % 10**8:08d}"


def slot(key: bytes) -> bytes:
    """Return the 16 bytes that name where a slip's sealed status lies: unguessable, so it needs no login."""
    return _derive(key, "istilam slot v1", SLOT_BYTES)


def seal_key(key: bytes) -> bytes:
    """Return the AES-256 key that seals the statuses of a slip."""
    return _derive(key, "istilam seal v1", 32)


def _derive(secret: bytes, info: str, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=None, info=info.encode()).derive(secret)
