"""The staff corner's PIN: its hash, how it is compared, and how long who is wrong must wait.

A PIN of six digits can be tried through by whoever has its hash; what holds off who stands before the terminal is the
count of wrong ones, kept on the disk. argon2id makes the hash cost its copier hours instead of a second.
"""

import os
import re
from itertools import pairwise
from typing import Final

LEAST_DIGITS: Final = 6
MOST_DIGITS: Final = 12
FREE_TRIES: Final = 3
"""Wrong PINs in a row until the first wait."""
FIRST_WAIT: Final = 30
LONGEST_WAIT: Final = 3600
"""Seconds."""

_SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32
_ITERATIONS: Final = 2
_LANES: Final = 1
_MEMORY_KIB: Final = 19 * 1024  # as the office's passwords: OWASP's least
_HASH: Final = re.compile(
    r"\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=(\d{1,2})\$[A-Za-z0-9+/]{22,86}\$[A-Za-z0-9+/]{43,86}"
)


def hash_pin(pin: str) -> str:
    """Return the argon2id hash of a PIN in its usual written form, with a new salt (RFC 9106, PHC string format)."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    maker = Argon2id(
        salt=os.urandom(_SALT_BYTES),
        length=_HASH_BYTES,
        iterations=_ITERATIONS,
        lanes=_LANES,
        memory_cost=_MEMORY_KIB,
    )
    return maker.derive_phc_encoded(pin.encode())


def is_pin(hashed: str, pin: str) -> bool:
    """Compare; takes some 60 ms and 19 MB for that long."""
    from cryptography.exceptions import InvalidKey
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    try:
        Argon2id.verify_phc_encoded(pin.encode(), hashed)
    except InvalidKey:
        return False
    return True


def judge_hash(value: object) -> str:
    """Return a hash as the settings hold it. Raises ValueError, which never repeats what was given: it may be a PIN."""
    expected = "expected the hash that `provisioning staff-pin` writes; a PIN itself never stands in a file"
    if not isinstance(value, str) or not (found := _HASH.fullmatch(value)):
        raise ValueError(expected)
    memory, iterations, lanes = (int(number) for number in found.groups())
    if not (8 * lanes <= memory <= 1 << 16 and 1 <= iterations <= 10 and 1 <= lanes <= 4):
        raise ValueError("expected a hash of at most 64 MiB, 10 iterations and 4 lanes")
    return value


def why_weak(pin: str) -> str | None:
    """Say what keeps digits from being a PIN; None where nothing does."""
    if not (pin.isascii() and pin.isdigit() and LEAST_DIGITS <= len(pin) <= MOST_DIGITS):
        return f"a PIN has {LEAST_DIGITS} to {MOST_DIGITS} digits"
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1:
        return "digits that are all alike, or follow each other, are tried first"
    return None


def wait_after(failures: int) -> int:
    """Return the seconds to wait after so many wrong PINs in a row: none, 30 after the third, then twice as long each.

    At most an hour: somebody who only wants to lock the staff out must come back every hour.
    """
    if failures < FREE_TRIES:
        return 0
    return min(LONGEST_WAIT, FIRST_WAIT << min(failures - FREE_TRIES, 16))
