"""Basic access control (ICAO 9303-11, 4.3): 3DES keys from the MRZ, proved to each other, then a session."""

import hmac
import secrets
from dataclasses import dataclass, field

from devices.card.apdu import SUCCESS, Command, Response
from devices.card.channel import Channel
from devices.card.cipher import TripleDesCipher
from devices.card.errors import Malformed, Refused, WrongKey
from devices.card.keys import DocumentFields
from devices.card.messaging import SecureMessaging

NEITHER_TRUE_NOR_KNOWN = (0x6300, 0x6982, 0x6985, 0x6988)
"""What chips answer to a wrong key: they disagree on the word."""


@dataclass(frozen=True, slots=True)
class Ours:
    """What the reader brings: 8 and 16 random bytes."""

    challenge: bytes = field(default_factory=lambda: secrets.token_bytes(8), repr=False)
    keying: bytes = field(default_factory=lambda: secrets.token_bytes(16), repr=False)


def open_chip(channel: Channel, key: DocumentFields, ours: Ours | None = None) -> None:
    """From here on `channel` is secured. Raises WrongKey, or another CardError."""
    ours = ours or Ours()
    cipher = TripleDesCipher.of_secret(key.seed()[:16])
    its = channel.send(Command(0x00, 0x84, 0x00, 0x00, le=8)).checked()
    if len(its) != 8:
        raise Malformed("a challenge of another length")
    answer = channel.send(Command(0x00, 0x82, 0x00, 0x00, proof(cipher, its, ours), le=40))
    channel.secure(session(cipher, its, ours, _accepted(answer)))


def proof(cipher: TripleDesCipher, its: bytes, ours: Ours) -> bytes:
    """The data of EXTERNAL AUTHENTICATE, 40 bytes."""
    sealed = cipher.encrypt(ours.challenge + its + ours.keying)
    return sealed + cipher.mac(sealed + b"\x80" + bytes(7))


def session(cipher: TripleDesCipher, its: bytes, ours: Ours, answer: bytes) -> SecureMessaging:
    """The session that the chip's 40 bytes agree to. Raises WrongKey, Malformed."""
    if len(answer) != 40:
        raise Malformed("a proof of another length")
    sealed, checksum = answer[:32], answer[32:]
    if not hmac.compare_digest(cipher.mac(sealed + b"\x80" + bytes(7)), checksum):
        raise WrongKey
    opened = cipher.decrypt(sealed)
    if opened[:16] != its + ours.challenge:
        raise WrongKey
    secret = bytes(a ^ b for a, b in zip(ours.keying, opened[16:], strict=True))
    return SecureMessaging(TripleDesCipher.of_secret(secret), its[4:] + ours.challenge[4:])


def _accepted(answer: Response) -> bytes:
    if answer.status in NEITHER_TRUE_NOR_KNOWN or answer.status & 0xFFF0 == 0x63C0:
        raise WrongKey
    if answer.status != SUCCESS:
        raise Refused(answer.status)
    return answer.data
