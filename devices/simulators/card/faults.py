"""What a broken card says in the place of its answers."""

import secrets
from typing import Final, Literal, get_args

CardFaultName = Literal["none", "slow", "garbage", "wrong", "flood"]
CARD_FAULT_NAMES: Final[tuple[CardFaultName, ...]] = get_args(CardFaultName)

SLOW: Final = 0.2
"""Seconds that a slow card takes for each answer."""


def spoil(answer: bytes | None, fault: CardFaultName) -> bytes | None:
    """The bytes that go out instead."""
    match fault:
        case "none" | "slow":
            return answer
        case "garbage":
            return secrets.token_bytes(1 + secrets.randbelow(200))
        case "wrong":  # success, without what was asked for
            return b"\x90\0"
        case "flood":
            return secrets.token_bytes(60_000) + b"\x90\0"
