"""PACE with generic mapping and AES (ICAO 9303-11, 4.4), over curves or numbers: a short secret becomes a session."""

import hmac
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from devices.card import curve, modular, tlv
from devices.card.apdu import SUCCESS, Command
from devices.card.channel import Channel
from devices.card.cipher import PASSWORD, AesCipher, derive
from devices.card.errors import Malformed, Refused, WrongKey
from devices.card.keys import CardAccessNumber, CardKey, DocumentFields
from devices.card.messaging import SecureMessaging

_AES_BITS: Final = {2: 128, 3: 192, 4: 256}
Element = TypeVar("Element")


class Group(Protocol[Element]):
    """What PACE reckons in, written as a sum: points of a curve, or numbers; None is the neutral element."""

    @property
    def generator(self) -> Element: ...
    @property
    def n(self) -> int:
        """The generator's order."""
        ...

    def multiply(self, factor: int, element: Element | None, /) -> Element | None: ...
    def add(self, left: Element | None, right: Element | None) -> Element | None: ...
    def encode(self, element: Element, /) -> bytes: ...
    def decode(self, encoded: bytes) -> Element: ...
    def secret(self, element: Element, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class _KeyAgreement:
    """groups: by their number (ICAO 9303-11, table 11). public_tag: of a public key in an authentication token."""

    groups: Mapping[int, Group[Any]]
    public_tag: int


_AGREEMENTS: Final = {
    bytes.fromhex("04007F000702020401"): _KeyAgreement(modular.STANDARD, 0x84),  # id-PACE-DH-GM
    bytes.fromhex("04007F000702020402"): _KeyAgreement(curve.STANDARD, 0x86),  # id-PACE-ECDH-GM
}
"""By the protocol's object identifier without its last part, which names the cipher."""


@dataclass(frozen=True, slots=True)
class PaceInfo:
    """One way that the chip offers. oid: of the protocol, as its DER value; parameters: number of the group."""

    oid: bytes
    parameters: int

    @property
    def bits(self) -> int:
        """Of the AES keys."""
        return _AES_BITS[self.oid[-1]]

    @property
    def group(self) -> Group[Any]:
        return self._agreement.groups[self.parameters]

    @property
    def public_tag(self) -> int:
        """Of a public key in an authentication token."""
        return self._agreement.public_tag

    @property
    def _agreement(self) -> _KeyAgreement:
        return _AGREEMENTS[self.oid[:-1]]


def offers(card_access: bytes) -> Iterator[PaceInfo]:
    """The ways in EF.CardAccess that are spoken here, in the chip's order. Raises Malformed."""
    for tag, value in tlv.items(tlv.inner(card_access, 0x31)):
        parts = list(tlv.items(value)) if tag == 0x30 else []
        if [kind for kind, _ in parts] != [0x06, 0x02, 0x02]:
            continue
        oid, version, parameters = (part for _, part in parts)
        number = int.from_bytes(parameters, "big")
        agreement = _AGREEMENTS.get(oid[:-1])
        if version == b"\x02" and agreement and number in agreement.groups and oid[-1] in _AES_BITS:
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
    group = info.group
    template = tlv.build(0x80, info.oid) + tlv.build(0x83, bytes((reference,)))
    chosen = channel.send(Command(0x00, 0x22, 0xC1, 0xA4, template))
    if chosen.status != SUCCESS and chosen.status & 0xFFF0 != 0x63C0:  # 63CX: the chip counts earlier failures
        raise Refused(chosen.status)

    nonce = decrypt_nonce(derive(secret, PASSWORD, info.bits), _step(channel, 0x80, b"", 0x80))

    mapping = 1 + private(group.n - 1)
    ours = group.encode(_element(group.multiply(mapping, group.generator)))
    theirs = group.decode(_step(channel, 0x81, ours, 0x82))
    generator = map_generator(group, nonce, group.multiply(mapping, theirs))

    ephemeral = 1 + private(group.n - 1)
    ours = group.encode(_element(group.multiply(ephemeral, generator)))
    its = _step(channel, 0x83, ours, 0x84)
    if its == ours:
        raise Malformed("the chip sent our own key back")
    shared = _element(group.multiply(ephemeral, group.decode(its)))
    cipher = AesCipher.of_secret(group.secret(shared), info.bits)

    answer = _step(channel, 0x85, token(cipher, info, its), 0x86, last=True)
    if not hmac.compare_digest(answer, token(cipher, info, ours)):
        raise WrongKey
    channel.secure(SecureMessaging(cipher, bytes(16)))


def decrypt_nonce(key: bytes, encrypted: bytes) -> int:
    """Raises Malformed when it is not of 128 bits."""
    if len(encrypted) != 16:
        raise Malformed("a nonce of another length")
    step = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).decryptor()
    return int.from_bytes(step.update(encrypted) + step.finalize(), "big")


def map_generator(group: Group[Element], nonce: int, shared: Element | None) -> Element:
    """The generic mapping: nonce x generator + shared."""
    return _element(group.add(group.multiply(nonce, group.generator), shared))


def token(cipher: AesCipher, info: PaceInfo, public: bytes) -> bytes:
    """The authentication token over the other side's ephemeral key (9.4.4)."""
    return cipher.mac(tlv.build(0x7F49, tlv.build(0x06, info.oid) + tlv.build(info.public_tag, public)))


def _step(channel: Channel, tag: int, value: bytes, wanted: int, *, last: bool = False) -> bytes:
    """One GENERAL AUTHENTICATE of the chain."""
    data = tlv.build(0x7C, tlv.build(tag, value) if value else b"")
    answer = channel.send(Command(0x00 if last else 0x10, 0x86, 0x00, 0x00, data, le=256))
    if last and (answer.status in (0x6300, 0x6982, 0x6985, 0x6988) or answer.status & 0xFFF0 == 0x63C0):
        raise WrongKey
    return tlv.find(tlv.inner(answer.checked(), 0x7C), wanted)


def _element(found: Element | None) -> Element:
    if found is None:
        raise Malformed("the neutral element")
    return found
