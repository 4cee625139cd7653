"""The office's signed keys: a numbered list under the root key, which travels with the feed and never goes back."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from . import cbor
from .errors import ContractError, Refused
from .signed import PUBLIC_KEY_BYTES, ROOT_KEY_ID, Domain, KeyFinder, SigningKey, open_signed, sign


class Purpose(IntEnum):
    """What a key may sign."""

    FEED = 1
    RECEIPT = 2
    CONTENT = 3
    UPDATE = 4


@dataclass(frozen=True, slots=True)
class ListedKey:
    """One key: number (1 to 255), purpose, public key (32 bytes), validity (seconds since 1970, UTC, inclusive)."""

    key_id: int
    purpose: Purpose
    public: bytes
    not_before: int
    not_after: int
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class KeyList:
    """The list itself. `number` grows with every change; a reader never replaces a list by one of a lower number.

    Keys for a purpose of a later edition are left out as it is read: a terminal must go on, if only to be updated.
    """

    number: int
    keys: tuple[ListedKey, ...]

    def listed(self, key_id: int, purpose: Purpose) -> ListedKey:
        """Give the key of a number and purpose, whatever its validity. Raises Refused where it is unknown or revoked.

        Whether it is valid is the caller's to judge, by the time that what it signed is judged by.
        """
        for key in self.keys:
            if key.key_id == key_id and key.purpose is purpose and not key.revoked:
                return key
        raise Refused("an unknown or revoked key")

    def finder(self, purpose: Purpose, at: int) -> KeyFinder:
        """Return a function from key number to public key, for one purpose at one time (seconds since 1970).

        It raises Refused for a key that is unknown, revoked, of another purpose, or not valid then.
        """

        def find(key_id: int) -> bytes:
            key = self.listed(key_id, purpose)
            if not key.not_before <= at <= key.not_after:
                raise Refused("a key that is not valid at that time")
            return key.public

        return find


NO_KEYS: Final = KeyList(0, ())
"""What a reader goes by before it has its first list: every key is unknown."""


def sign_key_list(keys: KeyList, root: SigningKey) -> bytes:
    """Write the list and sign it with the root key."""
    return sign(
        Domain.KEYS,
        cbor.encode(
            {
                1: keys.number,
                2: [
                    [
                        key.key_id,
                        int(key.purpose),
                        key.public,
                        key.not_before,
                        key.not_after,
                        int(key.revoked),
                    ]
                    for key in keys.keys
                ],
            }
        ),
        root,
    )


def open_key_list(data: bytes, root_public: bytes) -> KeyList:
    """Verify and read a key list under the pinned root key (32 bytes). Raises Refused."""

    def root_only(key_id: int) -> bytes:
        if key_id != ROOT_KEY_ID:
            raise Refused("not the root key")
        return root_public

    body = open_signed(Domain.KEYS, data, root_only)
    try:
        read = cbor.Fields(cbor.decode(body))
        number, rows = read.uint(1), [_row(item) for item in read.required_items(2)]
    except ContractError as error:
        raise Refused(f"not a key list: {error}") from None
    if len({key_id for key_id, *_ in rows}) != len(rows):
        raise Refused("two keys of one number")
    if len({public for _, _, public, *_ in rows}) != len(rows):
        raise Refused("one key under two numbers")
    known = set(Purpose)
    return KeyList(
        number,
        tuple(
            ListedKey(key_id, Purpose(purpose), public, not_before, not_after, revoked == 1)
            for key_id, purpose, public, not_before, not_after, revoked in rows
            if purpose in known
        ),
    )


def _row(value: object) -> tuple[int, int, bytes, int, int, int]:
    key_id, purpose, public, not_before, not_after, revoked = cbor.as_list(value, 6)
    number = cbor.as_uint(key_id, 255)
    if number == ROOT_KEY_ID:
        raise ContractError("the root key in its own list")
    return (
        number,
        cbor.as_uint(purpose, 255),
        cbor.as_bytes(public, PUBLIC_KEY_BYTES),
        cbor.as_uint(not_before),
        cbor.as_uint(not_after),
        cbor.as_uint(revoked, 1),
    )
