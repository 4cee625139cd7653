"""The publisher: events in commit order -> positions and heads of the audit chain -> sealed statuses.

It works in chunks, each one transaction: killed at any point, it goes on with the first event that has no position.
"""

import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, cast

from central_api.contract.audit import GENESIS, next_head
from central_api.contract.feed import Tombstone
from central_api.contract.keylist import Purpose
from central_api.contract.receipts import sign_status
from central_api.contract.sealed import NONCE_BYTES, seal
from central_api.contract.status import Office as Unit
from central_api.store import Event, Filed, Office, decode_event, expectations, find_row, register
from central_api.store.filed import marks
from central_api.store.renewals import begin_for_unit
from central_api.workflow import Action, status_of
from central_api.workflow.status import Usual

# Fewer where somebody waits to act: he waits for the event at hand, and for the commit.
CHUNK: Final = 50
# How many statuses one event makes at most. They share a version, so they share a page, which a terminal takes whole.
MOST_OF_ONE_EVENT: Final = 500
_LATER: Final = "SELECT 1 FROM event WHERE application = ? AND seq > ? LIMIT 1"
# The places of what is published next.
_NEXT: Final = """
    SELECT same.version FROM (SELECT application FROM event WHERE position IS NULL ORDER BY seq LIMIT ?) AS next
        JOIN application ON application.id = next.application
        JOIN sealed ON sealed.slot = application.slot
        JOIN sealed AS same ON same.version = sealed.version
"""
_PUT: Final = (
    "INSERT INTO sealed (slot, version, sealed, reason) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (slot) DO UPDATE SET version = excluded.version, sealed = excluded.sealed, reason = excluded.reason"
)


@dataclass(frozen=True, slots=True)
class Published:
    """How many events were given a position, and the chain's position and head (32 bytes) now."""

    count: int
    position: int
    head: bytes = field(repr=False)


@dataclass(slots=True)
class _Ahead:
    """What the event at hand makes, as far as it is sealed: slots and statuses, by application.

    It is kept from one chunk to the next, so that no act waits for hundreds of seals, and nothing of them is published
    before all are. It is thrown away where any of them would be sealed otherwise by now: what it says, or by which key.
    """

    said: object = None
    sealed: dict[int, tuple[bytes, bytes]] = field(default_factory=dict[int, tuple[bytes, bytes]])

    def begin(self, said: object) -> None:
        if said != self.said:
            self.said, self.sealed = said, {}


def publish_pending(office: Office, goes_on: Callable[[], bool] = lambda: True) -> Published:
    """Give every committed event its place in the chain, and seal what it changed. Raises StoreFailed.

    `goes_on` is asked after each chunk that ends with an event: where it says no, the rest is left to the next call.
    """
    total, ahead = 0, _Ahead()
    while True:
        # A slot is anywhere in its index: it is read from the disk before our turn, while nobody waits for it.
        office.own_reader.execute(_NEXT, (CHUNK,)).fetchall()
        done, more = office.write_chunk(lambda connection: _publish_chunk(office, connection, ahead)).result()
        total += done.count
        if not more or not (ahead.sealed or goes_on()):
            return Published(total, done.position, done.head)


def chain_end(connection: sqlite3.Connection) -> tuple[int, bytes]:
    """Return the chain's position and head; 0 and 32 zero bytes while nothing is published."""
    row = connection.execute(
        "SELECT position, head FROM event WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1"
    ).fetchone()
    return cast(tuple[int, bytes], row) if row else (0, GENESIS)


def seal_status(
    office: Office, filed: Filed, version: int, head: bytes, *, suspended: dict[Unit, int], usual: Usual
) -> bytes:
    """Build the status of an application, sign its receipt, and seal it under its slip key."""
    status = status_of(filed.filing, office.kind_of(filed), filed.standing, suspended, usual)
    plain = sign_status(status, version, head, office.signing_key(Purpose.RECEIPT))
    return seal(plain, office.slip_key(filed), version, secrets.token_bytes(NONCE_BYTES))


def _publish_chunk(office: Office, connection: sqlite3.Connection, ahead: _Ahead) -> tuple[Published, bool]:
    """Publish some events, or seal a part of what the next one makes; says whether there may be more."""
    # Inside the transaction: once a list that revokes a key was seen by one, no later one signs under it.
    office.keyring.refresh()
    position, head = chain_end(connection)
    pending = connection.execute(
        "SELECT seq, application, body FROM event WHERE position IS NULL ORDER BY seq LIMIT ?", (CHUNK,)
    ).fetchall()
    suspended, usual = register.suspensions(connection), expectations.told(connection)
    key = office.signing_key(Purpose.RECEIPT).key_id
    count = 0
    for seq, row, body in cast(list[tuple[int, int | None, bytes]], pending):
        following = position + 1, next_head(head, body)
        told = [row] if row is not None else _told_by(connection, decode_event(body))
        ahead.begin((following, key, suspended, usual))
        begun = False
        for application in told:
            # What has a later event, still to be published, is sealed with that one: its standing is ahead.
            if connection.execute(_LATER, (application, seq)).fetchone():
                ahead.sealed.pop(application, None)
            elif application not in ahead.sealed:
                if begun and office.wanted():
                    return Published(count, position, head), True
                begun = True
                filed = find_row(connection, application)
                sealed = seal_status(office, filed, *following, suspended=suspended, usual=usual)
                ahead.sealed[application] = filed.slot, sealed
        (position, head), count = following, count + 1
        connection.execute("UPDATE event SET position = ?, head = ? WHERE seq = ?", (position, head, seq))
        for slot, sealed in ahead.sealed.values():
            connection.execute(_PUT, (slot, position, sealed, None))
        ahead.sealed = {}
        if retired := connection.execute("SELECT slot FROM retired WHERE event = ?", (seq,)).fetchone():
            connection.execute(_PUT, (retired[0], position, None, int(Tombstone.REISSUED)))
        if office.wanted():
            break
    return Published(count, position, head), count < len(pending) or count == CHUNK


def _told_by(connection: sqlite3.Connection, event: Event) -> list[int]:
    """Return the applications whose statuses an event of many makes."""
    if event.act.action is Action.RENEW:
        query = f"SELECT id FROM application WHERE tracking IN ({marks(event.renewed)})"
        return [row[0] for row in connection.execute(query, tuple(map(int, event.renewed))).fetchall()]
    if event.act.action not in {Action.SUSPEND, Action.RESUME}:
        return []
    unit = Unit(event.act.role, event.act.region or 0)
    query = "SELECT id FROM application WHERE unit = ? LIMIT ?"
    rows = [row[0] for row in connection.execute(query, (unit.code, MOST_OF_ONE_EVENT + 1)).fetchall()]
    if len(rows) > MOST_OF_ONE_EVENT:
        begin_for_unit(connection, unit)
        return []
    return rows
