"""Cards that prove nothing: a contactless number, a chip with no application of ours, one that is mute; and faults."""

from dataclasses import dataclass

from devices.card.apdu import SUCCESS

CONTACTLESS_ATR = bytes.fromhex("3B8F8001804F0CA0000003060300030000000068")
"""A storage card as PC/SC part 3 writes it: ISO 14443 A, Ultralight."""

CHIP_ATR = bytes.fromhex("3B6D000080318065B0893501F183009000")


@dataclass(slots=True)
class PlainCard:
    """uid: answers GET DATA of PC/SC part 3 with it; None for a chip that knows nothing of that."""

    atr: bytes
    uid: bytes | None = None

    def reset(self) -> None:
        """It keeps nothing."""

    def answer(self, encoded: bytes) -> bytes:
        if self.uid is not None and encoded[:4] == b"\xff\xca\0\0":
            return self.uid + SUCCESS.to_bytes(2, "big")
        return b"\x6a\x82" if encoded[1:2] == b"\xa4" else b"\x6d\0"


@dataclass(slots=True)
class MuteCard:
    """Answers to being powered, and never again."""

    atr: bytes = CHIP_ATR

    def reset(self) -> None:
        """Nothing to forget."""

    def answer(self, encoded: bytes) -> None:
        return None
