"""A virtual document: what is printed in it and what lies on its chip (ICAO 9303-10, logical data structure)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from devices.card import passport, tlv
from devices.card.keys import CardAccessNumber, DocumentFields, check_digit
from devices.simulators.card.active import ActiveKey, EcdsaKey, RsaKey
from devices.simulators.card.pki import signer
from devices.simulators.card.sod import oid, security_object

Kind = Literal["passport", "passive", "altered", "copied", "stranger", "revoked"]
Access = Literal["bac", "pace", "both"]
Active = Literal["ecdsa", "rsa"]

PACE_AES_128: Final = "0.4.0.127.0.7.2.2.4.2.2"
PACE_AES_256: Final = "0.4.0.127.0.7.2.2.4.2.4"
ECDSA_PLAIN_SHA256: Final = "0.4.0.127.0.7.1.1.4.1.3"
ACTIVE_AUTHENTICATION: Final = "2.23.136.1.1.5"


@dataclass(frozen=True, slots=True)
class Printed:
    """names: as in an MRZ, the family's first: ERIKSSON<<ANNA<MARIA. The country is Utopia."""

    key: DocumentFields
    can: CardAccessNumber
    names: str

    def mrz(self) -> str:
        """Two lines of 44 without a break (TD3)."""
        number, birth, expiry = self.key.number.ljust(9, "<"), self.key.birth, self.key.expiry
        first = f"P<UTO{self.names}".ljust(44, "<")[:44]
        parts = [text + check_digit(text) for text in (number, birth, expiry, "<" * 14)]
        whole = check_digit("".join(parts))
        return first + parts[0] + "UTO" + parts[1] + "F" + parts[2] + parts[3] + whole


SPECIMEN: Final = Printed(
    DocumentFields("L898902C3", "740812", "340415"), CardAccessNumber("314159"), "ERIKSSON<<ANNA<MARIA"
)
"""The holder of the standard's examples (ICAO 9303-3, appendix A), whose passport goes on for a while."""


@dataclass(frozen=True, slots=True)
class Document:
    """files: by name; card_access: None for a chip without PACE; bac: whether BAC opens it; active: its own key."""

    printed: Printed
    files: dict[int, bytes]
    card_access: bytes | None
    bac: bool
    active: ActiveKey | None


@dataclass(frozen=True, slots=True)
class Order:
    """What to issue. kind: passport is genuine; passive has no key of its own; copied has another than the signed one.

    access: how the chip opens; active: the kind of its key; curve: number of the PACE parameters.
    """

    kind: Kind = "passport"
    access: Access = "both"
    active: Active = "ecdsa"
    curve: int = 13


def issue(printed: Printed, order: Order, pki: Path) -> Document:
    """With a key made for it. Raises OSError when the PKI can neither be read nor made."""
    kind, active, curve = order.kind, order.active, order.curve
    make_key = EcdsaKey.generate if active == "ecdsa" else RsaKey.generate
    own = make_key()
    pace_info = _pace_info(PACE_AES_256 if curve > 13 else PACE_AES_128, curve)
    dg1 = tlv.build(0x61, tlv.build(0x5F1F, printed.mrz().encode("ascii")))
    groups = {1: dg1}
    if kind != "passive":
        infos = pace_info + (_active_info() if active == "ecdsa" else b"")
        groups[14] = tlv.build(0x6E, tlv.build(0x31, infos))
        groups[15] = tlv.build(0x6F, own.public())
    sod = security_object(groups, signer(pki, kind if kind in ("stranger", "revoked") else "genuine"))
    if kind == "altered":
        groups[1] = _altered(dg1)
    if kind == "copied":
        own = make_key()
    tags = bytes({1: 0x61, 14: 0x6E, 15: 0x6F}[number] for number in sorted(groups))
    versions = tlv.build(0x5F01, b"0107") + tlv.build(0x5F36, b"040000")
    files = {
        passport.COM: tlv.build(0x60, versions + tlv.build(0x5C, tags)),
        passport.SOD: sod,
        **{0x0100 + number: file for number, file in groups.items()},
    }
    card_access = tlv.build(0x31, pace_info) if order.access != "bac" else None
    return Document(printed, files, card_access, order.access != "pace", own if kind != "passive" else None)


def _altered(dg1: bytes) -> bytes:
    """Another name in the place of the holder's: the three fields still open the chip."""
    name = b"P<UTOIMPOSTOR<<IVAN"
    at = dg1.index(b"P<UTO")
    return dg1[:at] + name.ljust(44, b"<") + dg1[at + 44 :]


def _pace_info(protocol: str, curve: int) -> bytes:
    return tlv.build(0x30, oid(protocol) + tlv.build(0x02, b"\2") + tlv.build(0x02, bytes((curve,))))


def _active_info() -> bytes:
    return tlv.build(0x30, oid(ACTIVE_AUTHENTICATION) + tlv.build(0x02, b"\1") + oid(ECDSA_PLAIN_SHA256))
