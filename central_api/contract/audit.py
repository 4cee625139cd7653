"""The audit chain: every event of the office is bound to all before it.

`hash = SHA-256(previous hash + deterministic CBOR of the event)`, from 32 zero bytes. Personal values enter an event
only as a salted digest, so that they can be erased by law without breaking the chain.
"""

import hashlib
from typing import Final

GENESIS: Final = bytes(32)
SALT_BYTES: Final = 16
# A receipt carries the first 16 bytes of the head at its version.
HEAD_PREFIX_BYTES: Final = 16


def next_head(previous: bytes, event: bytes) -> bytes:
    """Return the head (32 bytes) after an event, given in deterministic CBOR."""
    return hashlib.sha256(previous + event).digest()


def personal_digest(salt: bytes, value: str) -> bytes:
    """Return what stands in an event for a personal value: SHA-256(16 random bytes + its UTF-8 bytes)."""
    return hashlib.sha256(salt + value.encode()).digest()
