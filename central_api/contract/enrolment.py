"""The enrolment code: how a bare machine learns which office to trust, and the office which machine to let in.

The QR code's text is `HTTPS://<HOST[:PORT]>/E#` and 40 letters of base32, in upper case; typed, the same letters come
in ten groups of four beside the address. `HTTP://` stands only before a host that is this machine itself.
"""

import ipaddress
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from . import base32
from .errors import ContractError, DamagedEnrolment, NotAnEnrolment

ONE_TIME_CODE_BYTES: Final = 8
PIN_BYTES: Final = 14
ENROLMENT_NONCE_BYTES: Final = 16
PUBLIC_POINT_BYTES: Final = 65
NO_CA: Final = bytes(32)
"""What stands for the hash of the CA certificate where the office has no TLS: on loopback alone."""
MAX_ENROLMENT_CHARACTERS: Final = 512
_FORMAT: Final = b"\x01"
_BYTES: Final = 25
_ORIGIN: Final = re.compile(
    r"(?P<scheme>HTTPS?)://(?P<host>[A-Z0-9.-]{1,253}|\[[0-9A-F:]{2,39}\])(?::(?P<port>[0-9]{1,5}))?"
)
_MOST_PORT: Final = 65_535


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Where the office is (`https://host[:port]`, lower case), the one-time code (8 bytes), and the pin (14 bytes)."""

    origin: str
    code: bytes = field(repr=False)
    pin: bytes


def enrolment_pin(ca_hash: bytes, root_public: bytes) -> bytes:
    """Return the 14 bytes that pin an office: its CA (SHA-256 of the certificate's DER, or NO_CA) and its root key."""
    return sha256(ca_hash + root_public).digest()[:PIN_BYTES]


def enrolment_text(enrolment: Enrolment) -> str:
    """Write the text of the QR code."""
    return f"{enrolment.origin.upper()}/E#{_letters(enrolment)}"


def typed_form(enrolment: Enrolment) -> str:
    """Write the letters as they are typed: ten groups of four."""
    letters = _letters(enrolment)
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def parse_enrolment(text: str) -> Enrolment:
    """Read the text of a scanned QR code, without regard to case. Raises NotAnEnrolment or DamagedEnrolment."""
    if len(text) > MAX_ENROLMENT_CHARACTERS or not text.isascii():
        raise NotAnEnrolment("no enrolment address")
    address, mark, letters = text.strip("\r\n\t \0").upper().partition("/E#")
    if not mark:
        raise NotAnEnrolment("no enrolment address")
    return _read(_origin(address), letters)


def parse_typed(address: str, letters: str) -> Enrolment:
    """Read what a person typed: the address (`https://` if none is said), and the letters with any spaces and dashes.

    Raises NotAnEnrolment for an address that is none, DamagedEnrolment for a typing error in either.
    """
    if max(len(address), len(letters)) > MAX_ENROLMENT_CHARACTERS or not (address + letters).isascii():
        raise NotAnEnrolment("not an address and forty letters")
    typed = address.strip().upper().rstrip("/")
    return _read(_origin(typed if "://" in typed else "HTTPS://" + typed), re.sub(r"[\s-]", "", letters.upper()))


def digits_of(public_key: bytes, root_public: bytes, ca_hash: bytes, nonce: bytes) -> str:
    """Return the eight digits that both screens show before a terminal is let in: `1234 5678`.

    Over the terminal's public key (65 bytes), the office's root key, the hash of its CA and the enrolment's nonce.
    """
    digest = sha256(b"istilam digits v1\0" + public_key + root_public + ca_hash + nonce).digest()
    number = f"{int.from_bytes(digest[:8], 'big') % 10**8:08d}"
    return f"{number[:4]} {number[4:]}"


def renewal_message(old_key_id: str) -> bytes:
    """Return what a terminal's new key signs, to show that it belongs to who asks."""
    return b"istilam renew v1\0" + old_key_id.encode("ascii")


def origin_of(text: str) -> str:
    """Return an office's address in its one spelling: `https://host[:port]`, lower case.

    Raises NotAnEnrolment for anything else, and for plain HTTP to a host that is not this machine itself.
    """
    return _origin(text.upper()).lower()


def _origin(upper: str) -> str:
    found = _ORIGIN.fullmatch(upper)
    if (
        found is None
        or not 1 <= int(found["port"] or 1) <= _MOST_PORT
        or (found["scheme"] == "HTTP" and not _is_loopback(found["host"]))
    ):
        raise NotAnEnrolment("not an office's address")
    return upper


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "LOCALHOST"


def _letters(enrolment: Enrolment) -> str:
    body = _FORMAT + enrolment.code + enrolment.pin
    return base32.encode(body + _check(enrolment.origin.upper(), body))


def _read(origin: str, letters: str) -> Enrolment:
    try:
        data = base32.decode(letters, _BYTES)
    except ContractError as error:
        raise DamagedEnrolment(str(error)) from None
    body, check = data[:-2], data[-2:]
    if body[:1] != _FORMAT:
        raise DamagedEnrolment("a code of another edition, or a typing error")
    if check != _check(origin, body):
        raise DamagedEnrolment("the check does not hold: a typing error in the address or the letters")
    return Enrolment(origin.lower(), body[1 : 1 + ONE_TIME_CODE_BYTES], body[1 + ONE_TIME_CODE_BYTES :])


def _check(origin: str, body: bytes) -> bytes:
    return sha256(b"istilam enrol v1\0" + origin.encode() + body).digest()[:2]
