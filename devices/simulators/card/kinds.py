"""The virtual cards by name, as the command line takes them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, assert_never, get_args

from devices.card.keys import CardAccessNumber, DocumentFields
from devices.simulators.card.document import Access, Active
from devices.simulators.card.plain import CHIP_ATR, CONTACTLESS_ATR, MuteCard, PlainCard
from devices.simulators.card.serve import VirtualCard

CardName = Literal["passport", "passive", "altered", "copied", "stranger", "revoked", "uid", "chip", "mute"]
CARD_NAMES: Final[tuple[CardName, ...]] = get_args(CardName)


@dataclass(frozen=True, slots=True)
class CardSettings:
    """document, birth, expiry, can, names: what is printed; pki: folder of the test country; uid: if contactless."""

    kind: CardName
    pki: Path
    document: str
    birth: str
    expiry: str
    can: str
    names: str
    access: Access
    active: Active
    curve: int
    uid: bytes


def make(settings: CardSettings) -> VirtualCard:
    """Raises BadKey for what no document can print, OSError without a PKI."""
    match settings.kind:
        case "uid":
            return PlainCard(CONTACTLESS_ATR, settings.uid)
        case "chip":
            return PlainCard(CHIP_ATR)
        case "mute":
            return MuteCard()
        case "passport" | "passive" | "altered" | "copied" | "stranger" | "revoked" as kind:
            from devices.simulators.card.chip import PassportChip
            from devices.simulators.card.document import Order, Printed, issue

            key = DocumentFields(settings.document, settings.birth, settings.expiry)
            printed = Printed(key, CardAccessNumber(settings.can), settings.names)
            order = Order(kind, settings.access, settings.active, settings.curve)
            return PassportChip(issue(printed, order, settings.pki))
        case _:
            assert_never(settings.kind)
