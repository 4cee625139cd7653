"""BER-TLV as chips hold it (ISO/IEC 7816-4, 5.2.2): tags of one or two bytes, definite lengths."""

from collections.abc import Iterator

from .errors import NotAsStandard


def items(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give tag and value of the objects one after the other. Raises NotAsStandard where one is cut off."""
    at = 0
    try:
        while at < len(data):
            tag, at = data[at], at + 1
            if tag & 0x1F == 0x1F:
                tag, at = tag << 8 | data[at], at + 1
            length, at = data[at], at + 1
            if length >= 0x80:
                width = length & 0x7F
                if not 1 <= width <= 3 or at + width > len(data):
                    raise NotAsStandard("a length of another form")
                length, at = int.from_bytes(data[at : at + width], "big"), at + width
            if at + length > len(data):
                raise NotAsStandard("an object is cut off")
            yield tag, data[at : at + length]
            at += length
    except IndexError:
        raise NotAsStandard("an object is cut off") from None


def only(data: bytes, tag: int) -> bytes:
    """Return the value of the one object that `data` is. Raises NotAsStandard."""
    found = list(items(data))
    if len(found) != 1 or found[0][0] != tag:
        raise NotAsStandard(f"not one object {tag:X}")
    return found[0][1]


def values(data: bytes, *tags: int) -> list[bytes]:
    """Return the values of the objects that begin `data`, which have these tags. Raises NotAsStandard."""
    found = list(items(data))
    if [tag for tag, _ in found[: len(tags)]] != list(tags):
        raise NotAsStandard("other objects than these")
    return [value for _, value in found[: len(tags)]]
