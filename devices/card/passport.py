"""Reads a chip of ICAO 9303: opens it, takes the files that the office judges, lets it answer a challenge."""

from typing import Final, Literal

from devices.card import bac, pace, tlv
from devices.card.apdu import SUCCESS, Command
from devices.card.channel import Channel
from devices.card.errors import Malformed, NeedsKey, Refused
from devices.card.keys import CardKey, DocumentFields
from devices.card.outcome import PassportRead

APPLICATION: Final = bytes.fromhex("A0000002471001")
CARD_ACCESS: Final = 0x011C
COM: Final = 0x011E
SOD: Final = 0x011D
DG1: Final = 0x0101
DG14: Final = 0x010E
DG15: Final = 0x010F

IN_COM: Final = {DG14: 0x6E, DG15: 0x6F}
"""Tags by which EF.COM says that a data group is there."""

PIECE: Final = 223
"""Bytes asked for at once: with padding, status and checksum the answer still fits 256."""

LONGEST_FILE: Final = 0x7FFF
"""Bytes that READ BINARY reaches; the files read here are a few thousand."""

SHORT_SIGNATURE: Final = 230
"""Bytes of a DG15 up to which the key's signature surely fits an answer of 256 bytes."""

CHALLENGE: Final = 8
"""Bytes of the challenge of active authentication."""


def select(channel: Channel) -> bool:
    """Choose the passport application; False when the chip has none."""
    return channel.send(Command(0x00, 0xA4, 0x04, 0x0C, APPLICATION)).status == SUCCESS


def read(channel: Channel, key: CardKey | None, challenge: bytes | None) -> PassportRead:
    """Everything, from a chip that was just reset. challenge: 8 bytes for active authentication. Raises CardError."""
    if key is None:
        raise NeedsKey
    access = _open(channel, key)
    com = read_file(channel, COM, 0x60)
    sod = read_file(channel, SOD, 0x77)
    dg1 = read_file(channel, DG1, 0x61)
    there = tlv.find(tlv.inner(com, 0x60), 0x5C)
    dg14 = read_file(channel, DG14, IN_COM[DG14]) if IN_COM[DG14] in there else None
    dg15 = read_file(channel, DG15, IN_COM[DG15]) if IN_COM[DG15] in there else None
    active = _answer(channel, dg15, challenge) if dg15 is not None and challenge is not None else None
    return PassportRead(access, com, sod, dg1, dg14, dg15, active)


def _open(channel: Channel, key: CardKey) -> Literal["PACE", "BAC"]:
    way = _pace_offer(channel)
    if way is not None:
        pace.open_chip(channel, key, way)
    elif not isinstance(key, DocumentFields):
        raise NeedsKey
    if not select(channel):
        raise Malformed("no passport application")
    if way is None and isinstance(key, DocumentFields):
        bac.open_chip(channel, key)
    return "BAC" if way is None else "PACE"


def _pace_offer(channel: Channel) -> pace.PaceInfo | None:
    """The first way that we speak; None for a chip of before PACE, or one that speaks another."""
    try:
        access = read_file(channel, CARD_ACCESS, 0x31)
    except Refused:
        return None
    return next(pace.offers(access), None)


def read_file(channel: Channel, name: int, tag: int) -> bytes:
    """A whole elementary file, which is one object with that tag. Raises Refused, Malformed, or another CardError."""
    channel.send(Command(0x00, 0xA4, 0x02, 0x0C, name.to_bytes(2, "big"))).checked()
    content = _piece(channel, 0, 4)
    found, size, length = tlv.header(content)
    if found != tag:
        raise Malformed(f"file {name:04X} does not begin with {tag:02X}")
    whole = size + length
    if whole > LONGEST_FILE:
        raise Malformed(f"file {name:04X} is too long")
    while len(content) < whole:
        content += _piece(channel, len(content), min(PIECE, whole - len(content)))
    return content[:whole]


def _piece(channel: Channel, offset: int, length: int) -> bytes:
    piece = channel.send(Command(0x00, 0xB0, offset >> 8, offset & 0xFF, le=length)).checked()
    if not piece or len(piece) > length:
        raise Malformed("a piece of another length")
    return piece


def _answer(channel: Channel, dg15: bytes, challenge: bytes) -> bytes | None:
    """None when the chip will not answer: a copy has the key's public half alone. The office draws the conclusion."""
    if len(challenge) != CHALLENGE:
        raise ValueError("a challenge of active authentication is 8 bytes")
    expected = 256 if len(dg15) <= SHORT_SIGNATURE else 65536
    try:
        answer = channel.send(Command(0x00, 0x88, 0x00, 0x00, challenge, le=expected))
    except Refused:
        return None
    return answer.data if answer.status == SUCCESS and answer.data else None
