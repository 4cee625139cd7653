"""RFC 4648 base32 without padding: digits and capitals only, so QR codes hold it in alphanumeric mode."""

import base64
import binascii

from .errors import ContractError


def encode(data: bytes) -> str:
    """Return the base32 letters of some bytes, without padding."""
    return base64.b32encode(data).decode().rstrip("=")


def decode(text: str, length: int | None = None) -> bytes:
    """Return the bytes of base32 letters without padding, in either case.

    Raises ContractError for a foreign character, a wrong length, or spare bits that are not zero: each value has one
    spelling only.
    """
    try:
        letters = text.encode("ascii").upper()
        data = base64.b32decode(letters + b"=" * (-len(letters) % 8))
    except (binascii.Error, ValueError):
        raise ContractError("not base32") from None
    if encode(data).encode() != letters:
        raise ContractError("not canonical base32")
    if length is not None and len(data) != length:
        raise ContractError(f"not {length} bytes")
    return data
