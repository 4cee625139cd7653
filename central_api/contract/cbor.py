"""Deterministic CBOR (RFC 8949, 4.2), and a strict reader of maps with integer keys.

One value has one encoding: bytes that could be written otherwise are refused, so what was signed is what is read.
Values are integers of at most 64 bits, byte strings, text, true and false, lists, and maps with unsigned integers as
keys; tags, floats and null have no place, so that a reader in any language needs no more than that.
"""

from typing import Final, cast

import cbor2

from .errors import ContractError

UINT64: Final = 2**64 - 1
MAX_DEPTH: Final = 8
# The widths of an argument behind its head, in bytes, and the least value that needs so many.
_LEAST: Final = {1: 24, 2: 2**8, 4: 2**16, 8: 2**32}
_UINT, _NEGATIVE, _BYTES, _TEXT, _LIST, _MAP, _SIMPLE = 0, 1, 2, 3, 4, 5, 7
_FALSE_TRUE: Final = (20, 21)


def _whole(head: int) -> int:
    """Return how long an item is whose head alone says it, or 0."""
    major, argument = head >> 5, head & 31
    if (major <= _NEGATIVE and argument < 24) or (major == _SIMPLE and argument in _FALSE_TRUE):
        return 1
    return 1 + argument if major <= _TEXT and argument < 24 else 0


# By the head's byte. A page of the feed has 20,000 items, and looking them up is three times as fast as asking.
_WHOLE: Final = tuple(_whole(head) for head in range(256))
_WIDTHS: Final = tuple(
    1 << (head & 31) - 24 if 24 <= head & 31 <= 27 and head >> 5 != _SIMPLE else 0 for head in range(256)
)


def encode(value: object) -> bytes:
    """Write a value in deterministic CBOR."""
    return cbor2.dumps(value, canonical=True)


def encode_sorted(value: object) -> bytes:
    """Write a value whose maps are in the order of their keys already: the same bytes in a third of the time.

    `decode` refuses what a caller out of order would write.
    """
    return cbor2.dumps(value)


def decode(data: bytes) -> object:
    """Read one value; raises ContractError unless `data` is exactly its deterministic encoding."""
    # The library reads more than we write, and its tags do work for whoever sends them: it sees only what passed here.
    try:
        if _end_of_items(data, 0, 1, MAX_DEPTH) != len(data):
            raise ContractError("cut off, or more than one value")
        return cast(object, cbor2.loads(data))
    except IndexError:
        raise ContractError("cut off") from None
    except cbor2.CBORDecodeError:
        raise ContractError("text that is not UTF-8") from None


def _end_of_items(data: bytes, at: int, count: int, depth: int) -> int:
    """Return where `count` items from `at` on end.

    Raises ContractError for one we do not write, or that holds others deeper than `depth`, and IndexError past the end.
    """
    for _ in range(count):
        head = data[at]
        if whole := _WHOLE[head]:
            at += whole
            continue
        argument = head & 31
        at += 1
        if width := _WIDTHS[head]:
            argument = int.from_bytes(data[at : at + width], "big")
            at += width
            if argument < _LEAST[width]:
                raise ContractError("not the shortest form, or cut off")
        elif argument >= 24:
            raise ContractError("an indefinite length, a float or a reserved head")
        major = head >> 5
        if major == _LIST and depth > 0:
            at = _end_of_items(data, at, argument, depth - 1)
        elif major == _MAP and depth > 0:
            at = _end_of_map(data, at, argument, depth - 1)
        elif major in (_BYTES, _TEXT):
            at += argument
        elif major > _NEGATIVE:
            raise ContractError("a tag, null, or nested too deep")
    return at


def _end_of_map(data: bytes, at: int, count: int, depth: int) -> int:
    previous = b""
    for _ in range(count):
        end = _end_of_items(data, at, 1, 0)
        key, at = data[at:end], end
        if key[0] >> 5 != _UINT or key <= previous:
            raise ContractError("a key that is not unsigned, or not in its place")
        previous = key
        at = _end_of_items(data, at, 1, depth)
    return at


class Fields:
    """A CBOR map with integer keys, read field by field; each reader raises ContractError for a wrong type or range."""

    def __init__(self, value: object) -> None:
        if not isinstance(value, dict):
            raise ContractError("not a map")
        self._map = cast(dict[object, object], value)

    def __len__(self) -> int:
        return len(self._map)

    def __contains__(self, key: int) -> bool:
        return key in self._map

    def uint(self, key: int, most: int = UINT64) -> int:
        """Read an unsigned integer of at most `most`."""
        return as_uint(self._map.get(key), most)

    def maybe_uint(self, key: int, most: int = UINT64) -> int | None:
        """Read an unsigned integer, or None where the field is absent."""
        return as_uint(self._map[key], most) if key in self._map else None

    def blob(self, key: int, size: int | None = None) -> bytes:
        """Read a byte string, of exactly `size` bytes where one is given."""
        return as_bytes(self._map.get(key), size)

    def text(self, key: int, most: int | None = None) -> str:
        """Read a text string, of at most `most` characters where a limit is given."""
        return as_text(self._map.get(key), most)

    def maybe_int(self, key: int, bound: int) -> int | None:
        """Read an integer between -bound and bound, or None where the field is absent."""
        if key not in self._map:
            return None
        value = self._map[key]
        if type(value) is not int or not -bound <= value <= bound:
            raise ContractError(f"field {key} is not an integer in range")
        return value

    def maybe_blob(self, key: int, size: int | None = None) -> bytes | None:
        """Read a byte string, of exactly `size` bytes where one is given, or None where the field is absent."""
        return as_bytes(self._map[key], size) if key in self._map else None

    def map(self, key: int) -> object:
        """Read a field that is a map, for another `Fields`."""
        return self._map.get(key)

    def flag(self, key: int) -> bool:
        """Read a flag: present and true, or absent. False is never written, so each map has one encoding."""
        if key not in self._map:
            return False
        if self._map[key] is not True:
            raise ContractError(f"field {key} is not a flag")
        return True

    def items(self, key: int) -> list[object]:
        """Read a list that is written only when it holds something: absent, it is empty; an empty one is an error."""
        if key not in self._map:
            return []
        items = as_list(self._map[key])
        if not items:
            raise ContractError(f"field {key} is an empty list")
        return items

    def required_items(self, key: int) -> list[object]:
        """Read a list that is always written, even when it is empty."""
        return as_list(self._map.get(key))


def as_uint(value: object, most: int = UINT64) -> int:
    """Take a decoded value as an unsigned integer of at most `most`. Raises ContractError."""
    if type(value) is not int or not 0 <= value <= most:
        raise ContractError("not an unsigned integer in range")
    return value


def as_bytes(value: object, size: int | None = None) -> bytes:
    """Take a decoded value as a byte string. Raises ContractError."""
    if not isinstance(value, bytes) or (size is not None and len(value) != size):
        raise ContractError("not a byte string of the right size")
    return value


def as_text(value: object, most: int | None = None) -> str:
    """Take a decoded value as text, of at most `most` characters where a limit is given. Raises ContractError."""
    if not isinstance(value, str) or (most is not None and len(value) > most):
        raise ContractError("not text of the right size")
    return value


def as_list(value: object, size: int | None = None) -> list[object]:
    """Take a decoded value as a list, of exactly `size` items where one is given. Raises ContractError."""
    if not isinstance(value, list):
        raise ContractError("not a list")
    items = cast(list[object], value)
    if size is not None and len(items) != size:
        raise ContractError("a list of the wrong size")
    return items


def present(fields: dict[int, object]) -> dict[int, object]:
    """Leave out what is absent, false or empty: each map then has one encoding. A zero is a value, and stays."""
    return {key: value for key, value in fields.items() if value is not None and value is not False and value != []}
