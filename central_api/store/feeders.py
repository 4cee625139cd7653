"""Older systems that feed the office: their keys, and how each writes its files.

Every change is an event of the register, with who made it. Runs inside transactions of the office's writer.
"""

import re
import secrets
import sqlite3
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

import msgspec

from central_api.contract.catalogue import catalogue
from central_api.workflow import RefusalCode

from . import codes
from .errors import ActionRefused
from .people import COMMAND_LINE, note

_PROFILE: Final = re.compile(r"[\w.-]{1,40}")


class Feeder(msgspec.Struct, frozen=True):
    """The key of an older system: the families that it may touch, by code."""

    row: int
    name: str
    families: tuple[int, ...]
    expires: int
    revoked: int | None


def add_feeder(connection: sqlite3.Connection, name: str, families: Sequence[str], days: int, now: int) -> str:
    """Make a key for an older system; returns it, which is shown once. Raises ActionRefused."""
    known = codes.codes_of(catalogue().families, "family", families)
    if not known or not 1 <= days <= 730 or not name.strip():
        raise ActionRefused(RefusalCode.BAD_VALUE, "a key needs a name, a family at least, and 1 to 730 days")
    if connection.execute("SELECT 1 FROM feeder WHERE name = ?", (name,)).fetchone():
        raise ActionRefused(
            RefusalCode.ALREADY, "there is a key of this name already: revoke it, and name the next one anew"
        )
    key = f"istilam-feed-{secrets.token_hex(20)}"
    connection.execute(
        "INSERT INTO feeder (name, digest, families, made, expires) VALUES (?, ?, ?, ?, ?)",
        (name, sha256(key.encode()).digest(), ",".join(map(str, known)), now, now + days * 86_400),
    )
    note(connection, f"feeder key {name} made for {', '.join(families)}", COMMAND_LINE, now)
    return key


def revoke_feeder(connection: sqlite3.Connection, name: str, now: int) -> None:
    """Shut a feeder out from its next request on. Raises ActionRefused."""
    if not connection.execute("UPDATE feeder SET revoked = ? WHERE name = ? AND revoked IS NULL", (now, name)).rowcount:
        raise ActionRefused(RefusalCode.NO_ACCOUNT, "there is no such key, or it is revoked")
    note(connection, f"feeder key {name} revoked", COMMAND_LINE, now)


def put_profile(connection: sqlite3.Connection, name: str, source: str, by: str, now: int) -> None:
    """Keep how an older system writes its files, under a name. Raises ActionRefused."""
    if not _PROFILE.fullmatch(name):
        raise ActionRefused(RefusalCode.BAD_VALUE, "a profile's name is 1 to 40 letters, digits, dots and dashes")
    connection.execute("REPLACE INTO feed_profile VALUES (?, ?, ?)", (name, source, now))
    note(connection, f"feed profile {name} kept", by, now)


def profiles(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the profiles that are kept, as TOML, by name."""
    return dict(connection.execute("SELECT name, source FROM feed_profile ORDER BY name").fetchall())


def feeders(connection: sqlite3.Connection, key: str | None = None) -> list[Feeder]:
    """Read feeders' keys; the one of a key alone, where it is given."""
    where, values = ("WHERE digest = ?", (sha256(key.encode()).digest(),)) if key is not None else ("", ())
    rows = connection.execute(f"SELECT id, name, families, expires, revoked FROM feeder {where} ORDER BY name", values)
    return [
        Feeder(row, name, tuple(map(int, families.split(","))), expires, revoked)
        for row, name, families, expires, revoked in rows.fetchall()
    ]
