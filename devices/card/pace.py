"""PACE with ECDH, generic mapping and AES (ICAO 9303-11, 4.4): a short secret becomes a strong session."""

import hmac
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from devices.card import tlv
from devices.card.apdu import SUCCESS, Command
from devices.card.channel import Channel
from devices.card.cipher import PASSWORD, AesCipher, derive
from devices.card.curve import STANDARD, Curve, Point
from devices.card.errors import Malformed, Refused, WrongKey
from devices.card.keys import CardAccessNumber, CardKey, DocumentFields
from devices.card.messaging import SecureMessaging

_ECDH_GM: Final = bytes.fromhex("04007F000702020402")
_AES_BITS: Final = {2: 128, 3: 192, 4: 256}


@dataclass(frozen=True, slots=True)
class PaceInfo:
    """One way that the chip offers. oid: of the protocol, as its DER value; parameters: number of the curve."""

    oid: bytes
    parameters: int

    @property
    def bits(self) -> int:
        """Of the AES keys."""
        return _AES_BITS[self.oid[-1]]

    @property
    def curve(self) -> Curve:
        return STANDARD[self.parameters]


def offers(card_access: bytes) -> Iterator[PaceInfo]:
    """The ways in EF.CardAccess that are spoken here, in the chip's order. Raises Malformed."""
    for tag, value in tlv.items(tlv.inner(card_access, 0x31)):
        parts = list(tlv.items(value)) if tag == 0x30 else []
        if [kind for kind, _ in parts] != [0x06, 0x02, 0x02]:
            continue
        oid, version, parameters = (part for _, part in parts)
        number = int.from_bytes(parameters, "big")
        spoken = oid[:-1] == _ECDH_GM and oid[-1] in _AES_BITS and version == b"\x02"
        if spoken and number in STANDARD:
            yield PaceInfo(oid, number)


def password(key: CardKey) -> tuple[int, bytes]:
    """The number by which the chip knows the kind of secret, and the secret."""
    match key:
        case DocumentFields():
            return 1, key.seed()
        case CardAccessNumber(digits):
            return 2, digits.encode("ascii")


def open_chip(
    channel: Channel, key: CardKey, info: PaceInfo, private: Callable[[int], int] = secrets.randbelow
) -> None:
    """From here on `channel` is secured. Raises WrongKey, or another CardError.

    private: draws a number below its argument.
    """
    reference, secret = password(key)
    curve = info.curve
    template = tlv.build(0x80, info.oid) + tlv.build(0x83, bytes((reference,)))
    chosen = channel.send(Command(0x00, 0x22, 0xC1, 0xA4, template))
    if chosen.status != SUCCESS and chosen.status & 0xFFF0 != 0x63C0:  # 63CX: the chip counts earlier failures
        raise Refused(chosen.status)

    nonce = decrypt_nonce(derive(secret, PASSWORD, info.bits), _step(channel, 0x80, b"", 0x80))

    mapping = 1 + private(curve.n - 1)
    ours = curve.encode(_finite(curve.multiply(mapping, curve.generator)))
    theirs = curve.decode(_step(channel, 0x81, ours, 0x82))
    generator = map_generator(curve, nonce, curve.multiply(mapping, theirs))

    ephemeral = 1 + private(curve.n - 1)
    ours = curve.encode(_finite(curve.multiply(ephemeral, generator)))
    its = _step(channel, 0x83, ours, 0x84)
    if its == ours:
        raise Malformed("the chip sent our own key back")
    shared = _finite(curve.multiply(ephemeral, curve.decode(its)))
    cipher = AesCipher.of_secret(shared[0].to_bytes(curve.size, "big"), info.bits)

    answer = _step(channel, 0x85, token(cipher, info.oid, its), 0x86, last=True)
    if not hmac.compare_digest(answer, token(cipher, info.oid, ours)):
        raise WrongKey
    channel.secure(SecureMessaging(cipher, bytes(16)))


def decrypt_nonce(key: bytes, encrypted: bytes) -> int:
    """Raises Malformed when it is not of 128 bits."""
    if len(encrypted) != 16:
        raise Malformed("a nonce of another length")
    step = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).decryptor()
    return int.from_bytes(step.update(encrypted) + step.finalize(), "big")


def map_generator(curve: Curve, nonce: int, shared: Point) -> tuple[int, int]:
    """The generic mapping: nonce x generator + shared."""
    return _finite(curve.add(curve.multiply(nonce, curve.generator), shared))


def token(cipher: AesCipher, oid: bytes, public: bytes) -> bytes:
    """The authentication token over the other side's ephemeral key (9.4.4)."""
    return cipher.mac(tlv.build(0x7F49, tlv.build(0x06, oid) + tlv.build(0x86, public)))


def _step(channel: Channel, tag: int, value: bytes, wanted: int, *, last: bool = False) -> bytes:
    """One GENERAL AUTHENTICATE of the chain."""
    data = tlv.build(0x7C, tlv.build(tag, value) if value else b"")
    answer = channel.send(Command(0x00 if last else 0x10, 0x86, 0x00, 0x00, data, le=256))
    if last and (answer.status in (0x6300, 0x6982, 0x6985, 0x6988) or answer.status & 0xFFF0 == 0x63C0):
        raise WrongKey
    return tlv.find(tlv.inner(answer.checked(), 0x7C), wanted)


def _finite(point: Point) -> tuple[int, int]:
    if point is None:
        raise Malformed("the point at infinity")
    return point
