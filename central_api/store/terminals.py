"""Terminals: who has a place, by which key, and how keys come and go. Plain rows; every change is one transaction.

A key is pending until a person compared the eight digits, accepted after it, and revoked for good once another machine
took its place, its own renewed key was first used, or staff said so.
"""

import re
import secrets
import sqlite3
from dataclasses import dataclass, field, replace
from enum import IntEnum
from hashlib import sha256
from typing import Final, cast

import msgspec

from central_api.contract.enrolment import ENROLMENT_NONCE_BYTES, ONE_TIME_CODE_BYTES, digits_of
from central_api.contract.request_signature import key_id_of
from central_api.contract.terminal_settings import TerminalSettings

CODE_SECONDS: Final = 30 * 60
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}", re.ASCII)
_READ_KEY: Final = (
    "SELECT k.key_id, k.terminal, t.name, t.site, k.public, k.state, k.since, k.nonce, k.renews"
    " FROM terminal_key k JOIN terminal t ON t.id = k.terminal"
)


class KeyState(IntEnum):
    """What a key may do. WAITING is a renewed key that was not used yet: its first use revokes the one before."""

    PENDING = 1
    ACCEPTED = 2
    REFUSED = 3
    REVOKED = 4
    WAITING = 5


class TerminalRefused(Exception):
    """What was asked of a terminal cannot be done; `code` is for programs, `words` for people."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key and whose it is. `terminal` is the row, `public` 65 bytes, `nonce` (16 bytes) that of its enrolment."""

    key_id: str
    terminal: int
    name: str
    site: str
    public: bytes = field(repr=False)
    state: KeyState
    since: int
    nonce: bytes | None = field(repr=False)
    renews: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A terminal's row: the name and site that stay when the machine changes."""

    row: int
    name: str
    site: str
    added: int
    settings: TerminalSettings


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The key has its place, pending. `expires`: when the code does; `again`: it was asked for before."""

    key: KnownKey
    expires: int
    again: bool


class CodeFault(IntEnum):
    """Why a code gives no place."""

    UNKNOWN = 1
    USED = 2
    EXPIRED = 3
    KEY_KNOWN = 4


def place_of(connection: sqlite3.Connection, name: str) -> Place:
    """Read a terminal by its name. Raises TerminalRefused."""
    for place in places(connection, name):
        return place
    raise TerminalRefused("unknown_terminal", f"there is no terminal {name!r}")


def places(connection: sqlite3.Connection, name: str | None = None) -> list[Place]:
    """Read all terminals in the order of their names, or the one of a name."""
    rows = connection.execute(
        "SELECT id, name, site, added, settings FROM terminal WHERE ? IS NULL OR name = ? ORDER BY name", (name, name)
    ).fetchall()
    return [
        Place(row, name, site, added, msgspec.json.decode(settings, type=TerminalSettings))
        for row, name, site, added, settings in cast(list[tuple[int, str, str, int, str]], rows)
    ]


def key_of(connection: sqlite3.Connection, key_id: str) -> KnownKey | None:
    """Read a key, whatever its state."""
    row = connection.execute(_READ_KEY + " WHERE k.key_id = ?", (key_id,)).fetchone()
    return None if row is None else _key(row)


def keys_of(connection: sqlite3.Connection, terminal: int) -> list[KnownKey]:
    """Read every key that ever asked for a place, the newest first."""
    rows = connection.execute(_READ_KEY + " WHERE k.terminal = ? ORDER BY k.since DESC, k.rowid DESC", (terminal,))
    return [_key(row) for row in rows.fetchall()]


def add(connection: sqlite3.Connection, name: str | None, site: str, now: int) -> Place:
    """Make a new place, named T-01 and so on if no name is given. Raises TerminalRefused."""
    if name is None:
        taken = {row[0] for row in connection.execute("SELECT name FROM terminal").fetchall()}
        name = next(word for number in range(1, len(taken) + 2) if (word := f"T-{number:02d}") not in taken)
    if not _NAME.fullmatch(name):
        raise TerminalRefused("bad_value", f"{name!r} is no name: at most 32 letters, digits, dots and dashes")
    if places(connection, name):
        raise TerminalRefused("name_taken", f"{name} exists: `terminal add --replaces {name}` puts a new machine there")
    settings = TerminalSettings(1, name)
    connection.execute(
        "INSERT INTO terminal (name, site, added, settings) VALUES (?, ?, ?, ?)",
        (name, site, now, msgspec.json.encode(settings).decode()),
    )
    return place_of(connection, name)


def move(connection: sqlite3.Connection, place: Place, site: str) -> Place:
    """Say that a terminal stands elsewhere."""
    connection.execute("UPDATE terminal SET site = ? WHERE id = ?", (site, place.row))
    return replace(place, site=site)


def new_code(connection: sqlite3.Connection, place: Place, now: int) -> bytes:
    """Make a one-time code (8 bytes) for a place; an older one that nobody used is worthless from now on."""
    code = secrets.token_bytes(ONE_TIME_CODE_BYTES)
    connection.execute("DELETE FROM enrolment_code WHERE terminal = ? AND key_id IS NULL", (place.row,))
    connection.execute(
        "INSERT INTO enrolment_code (hash, terminal, expires) VALUES (?, ?, ?)",
        (sha256(code).digest(), place.row, now + CODE_SECONDS),
    )
    return code


def enrol(connection: sqlite3.Connection, code: bytes, public: bytes, now: int) -> Enrolled | CodeFault:
    """Give a new key (65 bytes) the place of a code, pending. The same key with the same code gets the same answer."""
    hashed, key_id = sha256(code).digest(), key_id_of(public)
    row = connection.execute(
        "SELECT terminal, expires, key_id FROM enrolment_code WHERE hash = ?", (hashed,)
    ).fetchone()
    if row is None:
        return CodeFault.UNKNOWN
    terminal, expires, used_by = cast(tuple[int, int, str | None], row)
    known = key_of(connection, key_id)
    if used_by == key_id and known is not None:
        return Enrolled(known, expires, again=True)
    if used_by is not None:
        return CodeFault.USED
    if now >= expires:
        return CodeFault.EXPIRED
    if known is not None:
        return CodeFault.KEY_KNOWN
    _leave(connection, "terminal = ? AND state = ?", (terminal, KeyState.PENDING), KeyState.REFUSED, now)
    connection.execute("UPDATE enrolment_code SET key_id = ? WHERE hash = ?", (key_id, hashed))
    nonce = secrets.token_bytes(ENROLMENT_NONCE_BYTES)
    _insert(connection, terminal, public, KeyState.PENDING, now, nonce=nonce)
    enrolled = key_of(connection, key_id)
    assert enrolled is not None
    return Enrolled(enrolled, expires, again=False)


def accept(
    connection: sqlite3.Connection, name: str, digits: str, facts: tuple[bytes, bytes], now: int
) -> tuple[KnownKey, bool]:
    """Let in the key that waits for a place, if its digits are these; every other key of the place is revoked.

    `facts` are the office's root key (32 bytes) and the hash of its CA. Says whether another machine was replaced.
    Raises TerminalRefused.
    """
    keys = keys_of(connection, place_of(connection, name).row)
    waiting = next((key for key in keys if key.state is KeyState.PENDING), None)
    if waiting is None or waiting.nonce is None:
        raise TerminalRefused("nobody_waits", f"no machine waits to become {name}")
    if re.sub(r"\D", "", digits) != digits_of(waiting.public, *facts, waiting.nonce).replace(" ", ""):
        words = f"the digits differ: nothing was let in; if it is not a typing error, `terminal revoke {name}`"
        raise TerminalRefused("wrong_digits", words)
    active = (waiting.terminal, KeyState.ACCEPTED, KeyState.WAITING)
    replaced = _leave(connection, "terminal = ? AND state IN (?, ?)", active, KeyState.REVOKED, now)
    _leave(connection, "key_id = ?", (waiting.key_id,), KeyState.ACCEPTED, now)
    return replace(waiting, state=KeyState.ACCEPTED, since=now), replaced > 0


def revoke(connection: sqlite3.Connection, name: str, now: int) -> int:
    """Shut a terminal out: every key of it, renewed ones too, and its unused codes. Raises TerminalRefused.

    A key that was still pending is refused. Returns how many keys lost their place.
    """
    place = place_of(connection, name)
    connection.execute("DELETE FROM enrolment_code WHERE terminal = ? AND key_id IS NULL", (place.row,))
    refused = _leave(connection, "terminal = ? AND state = ?", (place.row, KeyState.PENDING), KeyState.REFUSED, now)
    active = (place.row, KeyState.ACCEPTED, KeyState.WAITING)
    return refused + _leave(connection, "terminal = ? AND state IN (?, ?)", active, KeyState.REVOKED, now)


def renew(connection: sqlite3.Connection, old_id: str, public: bytes, now: int) -> bool:
    """Let a new key (65 bytes) wait to take over from an accepted one. False: it is known, and not as that.

    The one that waited before it, never used, is revoked.
    """
    old = key_of(connection, old_id)
    if old is None or old.state is not KeyState.ACCEPTED:
        return False
    known = key_of(connection, key_id_of(public))
    if known is not None:
        return known.state is KeyState.WAITING and known.renews == old_id
    _leave(connection, "terminal = ? AND state = ?", (old.terminal, KeyState.WAITING), KeyState.REVOKED, now)
    _insert(connection, old.terminal, public, KeyState.WAITING, now, renews=old_id)
    return True


def take_over(connection: sqlite3.Connection, key_id: str, now: int) -> KnownKey | None:
    """Accept a renewed key on its first use, and revoke the one before it, for good. Returns the key as it is now."""
    key = key_of(connection, key_id)
    if key is not None and key.state is KeyState.WAITING:
        _leave(connection, "key_id = ?", (key.renews,), KeyState.REVOKED, now)
        _leave(connection, "key_id = ?", (key_id,), KeyState.ACCEPTED, now)
        return key_of(connection, key_id)
    return key


def put_settings(connection: sqlite3.Connection, place: Place, settings: TerminalSettings) -> TerminalSettings:
    """Write a terminal's settings down under the next number, unless nothing of them changed."""
    if settings == place.settings:
        return settings
    settings = replace(settings, number=place.settings.number + 1)
    connection.execute(
        "UPDATE terminal SET settings = ? WHERE id = ?", (msgspec.json.encode(settings).decode(), place.row)
    )
    return settings


def put_readiness(connection: sqlite3.Connection, terminal: int, body: bytes, now: int) -> None:
    """Keep the newest self-test of a terminal."""
    connection.execute(
        "INSERT INTO readiness (terminal, received, body) VALUES (?, ?, ?)"
        " ON CONFLICT (terminal) DO UPDATE SET received = excluded.received, body = excluded.body",
        (terminal, now, body),
    )


def _insert(
    connection: sqlite3.Connection,
    terminal: int,
    public: bytes,
    state: KeyState,
    now: int,
    *,
    nonce: bytes | None = None,
    renews: str | None = None,
) -> None:
    connection.execute(
        "INSERT INTO terminal_key (key_id, terminal, public, state, since, nonce, renews) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (key_id_of(public), terminal, public, int(state), now, nonce, renews),
    )


def _leave(connection: sqlite3.Connection, where: str, values: tuple[object, ...], state: KeyState, now: int) -> int:
    """Put the keys that are found so into a state; returns how many."""
    done = connection.execute(f"UPDATE terminal_key SET state = ?, since = ? WHERE {where}", (int(state), now, *values))
    return done.rowcount


def _key(row: tuple[object, ...]) -> KnownKey:
    known = cast(tuple[str, int, str, str, bytes, int, int, bytes | None, str | None], row)
    return KnownKey(*known[:5], KeyState(known[5]), *known[6:])
