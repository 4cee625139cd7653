"""Cards: what a terminal relays of a card, and what the office says to it. The terminal judges nothing.

An answer tells nothing of a person unless the chip has proved that it is the document's own.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import Final, assert_never

from . import cbor
from .errors import ContractError
from .numbers import parse_identity_number

CARD_CHALLENGE_BYTES: Final = 32
CARD_CHALLENGE_SECONDS: Final = 60
CHIP_CHALLENGE_BYTES: Final = 8
MAX_JUDGEMENT_BYTES: Final = 24_576
MAX_INDEX_BYTES: Final = 64
MAX_CARD_STATUSES: Final = 20
ASK_BYTES: Final = 16
ASK_SECONDS: Final = 15 * 60
_DOMAIN: Final = b"istilam card v1\0"


class CardVerdict(IntEnum):
    """What the office found. UNPROVEN: nothing that opens a list, and the same whether or not the card is known.

    CONFIRMED: the one-time code was right; the list is the one that a genuine document opens.
    """

    GENUINE = 1
    ALTERED = 2
    UNKNOWN_ISSUER = 3
    EXPIRED = 4
    REVOKED = 5
    COPIED = 6
    UNPROVEN = 7
    CONFIRMED = 8


OPENING: Final = frozenset({CardVerdict.GENUINE, CardVerdict.CONFIRMED})
"""The verdicts with which a list may come."""


class IndexKind(IntEnum):
    """A card that can prove nothing: a contactless one with a number, any other chip, or a number typed or scanned."""

    UID = 1
    CHIP = 2
    IDENTITY = 3


@dataclass(frozen=True, slots=True)
class PassportFiles:
    """Files of a chip of ICAO 9303 as they lie there, and its answer to the chip's challenge, where it gave one."""

    sod: bytes = field(repr=False)
    dg1: bytes = field(repr=False)
    dg14: bytes | None = field(default=None, repr=False)
    dg15: bytes | None = field(default=None, repr=False)
    active: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class IndexCard:
    """number: 1 to 64 bytes; of IDENTITY, what `parse_identity_number` gives, in UTF-8."""

    kind: IndexKind
    number: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class JudgementRequest:
    """challenge: the office's 32 bytes."""

    challenge: bytes = field(repr=False)
    card: PassportFiles | IndexCard


@dataclass(frozen=True, slots=True)
class CardStatus:
    """One application of the holder: version, and the Status as sealed."""

    version: int
    plain: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Judgement:
    """statuses: of the holder's applications, the newest first; empty unless the verdict is one of OPENING.

    ask: with UNPROVEN, 16 bytes by which this terminal may ask for a one-time code for this card.
    """

    verdict: CardVerdict
    statuses: tuple[CardStatus, ...] = ()
    ask: bytes | None = field(default=None, repr=False)


def chip_challenge(challenge: bytes) -> bytes:
    """Return the 8 bytes that a chip answers, from the office's 32."""
    return sha256(_DOMAIN + challenge).digest()[:CHIP_CHALLENGE_BYTES]


def encode_card_challenge(challenge: bytes) -> bytes:
    """Write a challenge as the office gives it out."""
    return cbor.encode({1: challenge})


def decode_card_challenge(data: bytes) -> bytes:
    """Read a challenge. Raises ContractError."""
    return cbor.Fields(cbor.decode(data)).blob(1, CARD_CHALLENGE_BYTES)


def encode_judgement_request(asked: JudgementRequest) -> bytes:
    """Write what a terminal relays. Raises ContractError where it would exceed MAX_JUDGEMENT_BYTES."""
    match asked.card:
        case PassportFiles(sod, dg1, dg14, dg15, active):
            card: dict[int, object] = {2: sod, 3: dg1, 4: dg14, 5: dg15, 6: active}
        case IndexCard(kind, number):
            card = {7: int(kind), 8: number}
        case _:
            assert_never(asked.card)
    body = cbor.encode(cbor.present({1: asked.challenge, **card}))
    if len(body) > MAX_JUDGEMENT_BYTES:
        raise ContractError("a card that is too large")
    return body


def decode_judgement_request(data: bytes) -> JudgementRequest:
    """Read what a terminal relays. Raises ContractError."""
    if len(data) > MAX_JUDGEMENT_BYTES:
        raise ContractError("a card that is too large")
    read = cbor.Fields(cbor.decode(data))
    challenge = read.blob(1, CARD_CHALLENGE_BYTES)
    if 2 in read and 7 not in read:
        given = (read.maybe_blob(4), read.maybe_blob(5), read.maybe_blob(6))
        return JudgementRequest(challenge, PassportFiles(read.blob(2), read.blob(3), *given))
    if 2 in read or not 1 <= len(read.blob(8)) <= MAX_INDEX_BYTES:
        raise ContractError("neither the files of a chip nor an index")
    try:
        kind = IndexKind(read.uint(7))
    except ValueError:
        raise ContractError("an index of an unknown kind") from None
    number = read.blob(8)
    if kind is IndexKind.IDENTITY and not _is_identity_number(number):
        raise ContractError("not the number of an identity card")
    return JudgementRequest(challenge, IndexCard(kind, number))


def _is_identity_number(number: bytes) -> bool:
    try:
        text = number.decode()
        return parse_identity_number(text) == text
    except ValueError:
        return False


def encode_judgement(judgement: Judgement) -> bytes:
    """Write the office's answer."""
    statuses = [[status.version, status.plain] for status in judgement.statuses]
    return cbor.encode(cbor.present({1: int(judgement.verdict), 2: statuses, 3: judgement.ask}))


def decode_judgement(data: bytes) -> Judgement:
    """Read the office's answer. Raises ContractError."""
    read = cbor.Fields(cbor.decode(data))
    listed = [cbor.as_list(item, 2) for item in read.items(2)]
    try:
        verdict = CardVerdict(read.uint(1))
    except ValueError:
        raise ContractError("an unknown verdict") from None
    ask = read.maybe_blob(3, ASK_BYTES)
    if len(listed) > MAX_CARD_STATUSES or (listed and verdict not in OPENING):
        raise ContractError("more statuses than such an answer has")
    if ask is not None and verdict is not CardVerdict.UNPROVEN:
        raise ContractError("a one-time code where none is needed")
    statuses = tuple(CardStatus(cbor.as_uint(item[0]), cbor.as_bytes(item[1])) for item in listed)
    return Judgement(verdict, statuses, ask)
