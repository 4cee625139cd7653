"""The office's signed time, bound to the asker's nonce: how a terminal whose clock was lost learns the time."""

from typing import Final

from . import cbor
from .errors import ContractError, Refused
from .signed import Domain, KeyFinder, SigningKey, open_signed, sign

NONCE_BYTES: Final = 16


def sign_time(seconds: int, nonce: bytes, key: SigningKey) -> bytes:
    """Sign the time (seconds since 1970, UTC) together with the asker's nonce (16 bytes), with the feed key."""
    return sign(Domain.TIME, cbor.encode({1: seconds, 2: nonce}), key)


def open_time(data: bytes, nonce: bytes, key_of: KeyFinder) -> int:
    """Return the signed time (seconds since 1970, UTC). Raises Refused unless it answers this nonce."""
    body = open_signed(Domain.TIME, data, key_of)
    try:
        read = cbor.Fields(cbor.decode(body))
        seconds, answered = read.uint(1), read.blob(2)
    except ContractError as error:
        raise Refused(f"not a time: {error}") from None
    if answered != nonce:
        raise Refused("the answer to another question")
    return seconds
