"""Deterministic CBOR (RFC 8949, 4.2), and a strict reader of maps with integer keys.

One value has one encoding: bytes that decode but would be written otherwise are refused, so what was signed is what
is read.
"""

from typing import Final, cast

import cbor2

from .errors import ContractError

UINT64: Final = 2**64 - 1


def encode(value: object) -> bytes:
    """Write a value in deterministic CBOR."""
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes) -> object:
    """Read one value; raises ContractError unless `data` is exactly its deterministic encoding."""
    try:
        value = cast(object, cbor2.loads(data))
        exact = encode(value) == data
    except Exception as error:  # noqa: BLE001 - the decoder's tags raise errors of any family on hostile bytes
        raise ContractError(f"not CBOR ({type(error).__name__})") from None
    if not exact:
        raise ContractError("not deterministic CBOR")
    return value


class Fields:
    """A CBOR map with integer keys, read field by field; each reader raises ContractError for a wrong type or range."""

    def __init__(self, value: object) -> None:
        if not isinstance(value, dict):
            raise ContractError("not a map")
        self._map = cast(dict[object, object], value)
        if not all(type(key) is int for key in self._map):
            raise ContractError("a key that is not an integer")

    def __contains__(self, key: int) -> bool:
        return key in self._map

    def uint(self, key: int, most: int = UINT64, default: int | None = None) -> int:
        """Read an unsigned integer of at most `most`; a missing one is `default`, or an error without one."""
        if default is not None and key not in self._map:
            return default
        return as_uint(self._map.get(key), most)

    def maybe_uint(self, key: int, most: int = UINT64) -> int | None:
        """Read an unsigned integer, or None where the field is absent."""
        return as_uint(self._map[key], most) if key in self._map else None

    def blob(self, key: int, size: int | None = None) -> bytes:
        """Read a byte string, of exactly `size` bytes where one is given."""
        return as_bytes(self._map.get(key), size)

    def text(self, key: int) -> str:
        """Read a text string."""
        value = self._map.get(key)
        if not isinstance(value, str):
            raise ContractError(f"field {key} is not text")
        return value

    def flag(self, key: int) -> bool:
        """Read a flag: present and true, or absent. False is never written, so each map has one encoding."""
        if key not in self._map:
            return False
        if self._map[key] is not True:
            raise ContractError(f"field {key} is not a flag")
        return True

    def items(self, key: int) -> list[object]:
        """Read a list; an absent one is empty."""
        return as_list(self._map.get(key, []))


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
