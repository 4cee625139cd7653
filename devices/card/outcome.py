"""What came of reading a card: a closed set. Nothing of it may reach a log or a file; none of it shows in a repr."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

CardKind = Literal["passport", "uid", "chip"]
"""passport: a chip of ICAO 9303 (residence permits too); uid: contactless with a number; chip: any other."""


class CardFault(StrEnum):
    """Why a card was not read."""

    NO_CARD = "no_card"
    """No card was in, or no reader was there."""
    PULLED = "pulled"
    """The card went away before the end."""
    READER_GONE = "reader_gone"
    """The reader, or the service that all readers are reached through, went away before the end."""
    WRONG_KEY = "wrong_key"
    """The chip does not open with these fields or this number: most often a typing error."""
    NEEDS_KEY = "needs_key"
    """The chip opens with the three fields, and a card access number (or nothing) was given."""
    MUTE = "mute"
    """The card answers nothing: put in the wrong way round, dirty or broken."""
    UNREADABLE = "unreadable"
    """The card answers, but not as the standard says."""
    TOO_SLOW = "too_slow"
    """The read did not end in time."""
    BUSY = "busy"
    """Another read is not yet over."""
    FORGOTTEN = "forgotten"
    """The visit ended before the read did, or the terminal stopped."""


@dataclass(frozen=True, slots=True)
class PassportRead:
    """The files of a chip as they lie there, for the office to judge: the terminal proves nothing.

    com, sod, dg1: EF.COM, EF.SOD, DG1; dg14, dg15: None where the chip has none. active: the chip's answer to INTERNAL
    AUTHENTICATE over the caller's challenge, None where it has no key or no challenge was given. access: how it opened.
    """

    access: Literal["PACE", "BAC"]
    com: bytes = field(repr=False)
    sod: bytes = field(repr=False)
    dg1: bytes = field(repr=False)
    dg14: bytes | None = field(repr=False)
    dg15: bytes | None = field(repr=False)
    active: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class IndexRead:
    """A card that proves nothing. number: the UID of a contactless card, the ATR of any other chip."""

    kind: Literal["uid", "chip"]
    number: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardNotRead:
    why: CardFault


CardOutcome = PassportRead | IndexRead | CardNotRead
