"""BER-TLV as cards write it (ISO/IEC 7816-4, 5.2.2): tags of one or two bytes, definite lengths up to 65,535."""

from collections.abc import Iterator

from devices.card.errors import Malformed


def build(tag: int, value: bytes) -> bytes:
    """tag: 0x87 or 0x7F49, as written; the shortest length that holds the value. Raises ValueError beyond 65,535."""
    length = len(value)
    if length < 0x80:
        size = bytes((length,))
    elif length < 0x100:
        size = bytes((0x81, length))
    elif length < 0x10000:
        size = b"\x82" + length.to_bytes(2, "big")
    else:
        raise ValueError("longer than a card can say")
    return tag.to_bytes(2 if tag > 0xFF else 1, "big") + size + value


def header(data: bytes) -> tuple[int, int, int]:
    """Tag, size of the header and length of the value. Raises Malformed; the value itself need not be there."""
    if not data:
        raise Malformed("no tag")
    tag, at = data[0], 1
    if tag & 0x1F == 0x1F:
        if len(data) < 2 or data[1] & 0x80:
            raise Malformed("not a tag of one or two bytes")
        tag, at = tag << 8 | data[1], 2
    if len(data) <= at:
        raise Malformed("no length")
    first = data[at]
    if first < 0x80:
        return tag, at + 1, first
    more = first & 0x7F
    if more not in (1, 2) or len(data) < at + 1 + more:
        raise Malformed("not a length of at most two bytes")
    return tag, at + 1 + more, int.from_bytes(data[at + 1 : at + 1 + more], "big")


def items(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The objects one after the other, in order. Raises Malformed when one is cut off."""
    while data:
        tag, size, length = header(data)
        if len(data) < size + length:
            raise Malformed("an object is cut off")
        yield tag, data[size : size + length]
        data = data[size + length :]


def inner(data: bytes, tag: int) -> bytes:
    """The value of the one object that `data` is. Raises Malformed for another tag, or for bytes after it."""
    found = list(items(data))
    if len(found) != 1 or found[0][0] != tag:
        raise Malformed(f"not one object {tag:X}")
    return found[0][1]


def find(data: bytes, tag: int) -> bytes:
    """The value of the first object with that tag. Raises Malformed when there is none."""
    for found, value in items(data):
        if found == tag:
            return value
    raise Malformed(f"no object {tag:X}")
