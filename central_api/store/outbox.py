"""The SMS outbox: one message for each event that asks for one, written in the event's own transaction.

An attempt is written down before the gateway is asked, and is the sender's alone while its lease lasts. What a sender
that was killed has left behind is due again when the lease is over, unless the gateway has reported on it by then. All
functions run inside a transaction of the office's writer; times are seconds since 1970, UTC.
"""

import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, cast

from central_api.contract.audit import personal_digest
from central_api.contract.card_codes import CODE_SECONDS
from central_api.contract.status import Language, State
from central_api.workflow import RefusalCode, Standing, state_of
from central_api.workflow.standing import Objected

from .errors import ActionRefused
from .events import PHONE, decode_event

LEASE_SECONDS: Final = 120
ENDING_SECONDS: Final = 3 * 86_400
"""How long an ending is told: what is older when the office learns of it, or could be sent, is not told any more."""
MOST_STEPS: Final = 8
REPORT_BYTES: Final = 16
# No wait is longer. What is due later than that was written before the clock was set back.
_LONGEST_WAIT: Final = 3600
# One bit of a signed 64-bit number each.
_MOST_ATTEMPTS: Final = 62


class Kind(IntEnum):
    """What a message says. The lower number goes first: somebody stands before the terminal and waits for his code."""

    CODE = 1
    COMPLETED = 2
    REJECTED = 3


class Delivery(IntEnum):
    """How far a message is. SENT: the gateway has it; FAILED: it cannot be delivered, `why` says why."""

    QUEUED = 1
    SENT = 2
    DELIVERED = 3
    FAILED = 4
    GIVEN_UP = 5


_ENDINGS: Final = {State.COMPLETED: Kind.COMPLETED, State.REJECTED: Kind.REJECTED}
Row = tuple[int, int, int, bytes | None, int, int, int, bytes]
INSERT_MESSAGE: Final = f"""
    INSERT INTO message (event, application, kind, secret, made, expires, state, since, why, due, attempts, step,
        accepted, report)
    VALUES (?, ?, ?, ?, ?, ?, {int(Delivery.QUEUED)}, ?, '', 0, 0, 0, 0, ?)
"""
_DUE: Final = f"(due <= :now OR due > :now + {_LONGEST_WAIT})"
_EXPIRE: Final = f"""
    UPDATE message SET state = {int(Delivery.GIVEN_UP)}, since = :now, secret = NULL,
        why = CASE WHEN why = '' THEN 'too_late' ELSE why END
    WHERE state = {int(Delivery.QUEUED)} AND {_DUE}
        AND (expires <= :now OR step >= {MOST_STEPS} OR attempts >= {_MOST_ATTEMPTS})
"""
_NEXT: Final = f"""
    SELECT message.id, message.application, message.kind, message.secret, message.attempts, message.report,
        application.language
    FROM message JOIN application ON application.id = message.application
    WHERE message.state = {int(Delivery.QUEUED)} AND {_DUE} ORDER BY message.kind, message.due, message.id LIMIT 1
"""
_PHONE: Final = f"""
    SELECT event.body, personal.salt, personal.value FROM event JOIN personal ON personal.event = event.seq
    WHERE event.application = ? AND personal.field = {PHONE} ORDER BY event.seq DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message to be sent now, by whoever claimed it. phone: E.164; report: 16 bytes, of its delivery reports.

    secret: what a code is derived from; of kind CODE alone.
    """

    row: int
    kind: Kind
    language: Language
    attempt: int
    phone: str = field(repr=False)
    secret: bytes | None = field(repr=False)
    report: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """A message as the outbox has it. `copies`: how many attempts the gateway is known to have taken."""

    row: int
    tracking: str = field(repr=False)
    kind: Kind
    state: Delivery
    since: int
    made: int
    attempts: int
    copies: int
    why: str


def ending(standing: Standing, at: int, recorded: int) -> Kind | None:
    """Return what is to be told of a standing that an act at a moment led to, learnt at another; None for nothing."""
    # An objection is not told by SMS: it is still rejected, and nothing more has ended.
    if recorded - at > ENDING_SECONDS or isinstance(standing.stage, Objected):
        return None
    return _ENDINGS.get(state_of(standing))


def message_row(event: int, application: int, kind: Kind, now: int, secret: bytes | None = None) -> Row:
    """Return the values of `INSERT_MESSAGE`, for an event by its sequence number."""
    expires = now + (CODE_SECONDS if kind is Kind.CODE else ENDING_SECONDS)
    return (event, application, int(kind), secret, now, expires, now, secrets.token_bytes(REPORT_BYTES))


def put(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Put messages into the outbox."""
    connection.executemany(INSERT_MESSAGE, rows)


def anything_due(reader: sqlite3.Connection, now: int) -> bool:
    """Say whether any message is due, without a lock."""
    query = f"SELECT EXISTS (SELECT 1 FROM message WHERE state = {int(Delivery.QUEUED)} AND {_DUE})"
    return reader.execute(query, {"now": now}).fetchone()[0] == 1


def claim(connection: sqlite3.Connection, now: int) -> Claimed | None:
    """Begin an attempt with the message that is due first, and give up what is too late; None where nothing is due."""
    connection.execute(_EXPIRE, {"now": now})
    while (row := connection.execute(_NEXT, {"now": now}).fetchone()) is not None:
        message, application, kind, secret, attempts, report, language = cast(
            tuple[int, int, int, bytes | None, int, bytes, int], row
        )
        phone = phone_of(connection, application)
        if phone is None:
            _end(connection, message, Delivery.FAILED, "no_phone", now)
            continue
        connection.execute(
            "UPDATE message SET attempts = attempts + 1, step = step + 1, due = ? WHERE id = ?",
            (now + LEASE_SECONDS, message),
        )
        return Claimed(message, Kind(kind), Language(language), attempts + 1, phone, secret, report)
    return None


def accepted(connection: sqlite3.Connection, row: int, attempt: int, now: int) -> None:
    """Write down that the gateway took an attempt, whoever holds the message by now."""
    connection.execute("UPDATE message SET accepted = accepted | ? WHERE id = ?", (1 << attempt, row))
    connection.execute(
        f"UPDATE message SET state = {int(Delivery.SENT)}, since = ?, why = '', secret = NULL WHERE id = ?"
        f" AND state IN ({int(Delivery.QUEUED)}, {int(Delivery.GIVEN_UP)})",
        (now, row),
    )


def give_back(connection: sqlite3.Connection, row: int, attempt: int, why: str) -> None:
    """Write down that an attempt never reached the gateway: the message is due again at once."""
    connection.execute(
        f"UPDATE message SET due = 0, attempts = attempts - 1, step = step - 1, why = ? WHERE id = ? AND attempts = ?"
        f" AND state = {int(Delivery.QUEUED)}",
        (why, row, attempt),
    )


def put_off(
    connection: sqlite3.Connection, row: int, attempt: int, *, why: str, waits: tuple[int, ...], now: int
) -> None:
    """Write down that an attempt was in vain, or may have been; beyond the last of the named waits it is given up.

    `waits`: after the first attempt in vain, after the second and so on, in seconds.
    """
    mine: tuple[int] | None = connection.execute(
        f"SELECT step FROM message WHERE id = ? AND attempts = ? AND state = {int(Delivery.QUEUED)}", (row, attempt)
    ).fetchone()
    if mine is None:
        return  # its lease was over, or the gateway has reported meanwhile
    if mine[0] > len(waits):
        _end(connection, row, Delivery.GIVEN_UP, why, now)
    else:
        connection.execute("UPDATE message SET due = ?, why = ? WHERE id = ?", (now + waits[mine[0] - 1], why, row))


def reported(connection: sqlite3.Connection, report: bytes, attempt: int, state: Delivery, now: int) -> bool:
    """Write down a delivery report (SENT, DELIVERED or FAILED) on an attempt; False where there is no such message."""
    row = connection.execute("SELECT id, state, attempts FROM message WHERE report = ?", (report,)).fetchone()
    if row is None or not 1 <= attempt <= row[2]:
        return False
    message, was, attempts = row
    if state is Delivery.FAILED:
        # That an earlier attempt failed says nothing of the one that is under way.
        if was != Delivery.DELIVERED and attempt == attempts:
            _end(connection, message, state, "not_delivered", now)
        return True
    accepted(connection, message, attempt, now)
    if state is Delivery.DELIVERED and was != Delivery.DELIVERED:
        _end(connection, message, state, "", now)
    return True


def retry(connection: sqlite3.Connection, row: int, now: int) -> None:
    """Queue a message again that failed or was given up. Raises ActionRefused."""
    found = connection.execute("SELECT kind, state FROM message WHERE id = ?", (row,)).fetchone()
    if found is None:
        raise ActionRefused(RefusalCode.UNKNOWN_NUMBER, "no message has this number")
    if found[0] == Kind.CODE:
        raise ActionRefused(RefusalCode.ENDED, "a one-time code is not sent again: its holder asks for another")
    if found[1] not in (Delivery.FAILED, Delivery.GIVEN_UP):
        raise ActionRefused(RefusalCode.ALREADY, "this message is neither failed nor given up")
    connection.execute(
        f"UPDATE message SET state = {int(Delivery.QUEUED)}, since = ?, why = '', due = 0, step = 0, expires = ?"
        " WHERE id = ?",
        (now, now + ENDING_SECONDS, row),
    )


def messages(
    reader: sqlite3.Connection,
    *,
    state: Delivery | None = None,
    row: int | None = None,
    tracking: str | None = None,
    most: int = 100,
) -> list[Kept]:
    """Read messages, the newest first: of a state, of an application by its 11 digits, or the one of a number."""
    number = None if tracking is None else int(tracking)
    found = reader.execute(
        "SELECT message.id, application.tracking, message.kind, message.state, message.since, message.made,"
        " message.attempts, message.accepted, message.why"
        " FROM message JOIN application ON application.id = message.application"
        " WHERE (?1 IS NULL OR message.state = ?1) AND (?2 IS NULL OR message.id = ?2)"
        " AND (?3 IS NULL OR application.tracking = ?3) ORDER BY message.id DESC LIMIT ?4",
        (state, row, number, most),
    ).fetchall()
    return [
        Kept(number, f"{tracking:011d}", Kind(kind), Delivery(its), since, made, attempts, taken.bit_count(), why)
        for number, tracking, kind, its, since, made, attempts, taken, why in cast(
            list[tuple[int, int, int, int, int, int, int, int, str]], found
        )
    ]


def counts(reader: sqlite3.Connection) -> dict[Delivery, int]:
    """Return how many messages are in each state."""
    found = dict(reader.execute("SELECT state, count(*) FROM message GROUP BY state").fetchall())
    return {state: found.get(int(state), 0) for state in Delivery}


def phone_of(connection: sqlite3.Connection, application: int) -> str | None:
    """Return the phone of an application (E.164), or None where there is none any more, or not the one handed in."""
    row = cast(tuple[bytes, bytes, str] | None, connection.execute(_PHONE, (application,)).fetchone())
    if row is None:
        return None
    body, salt, phone = row
    # What was written beside the chain, and not by it, is called by nobody.
    return phone if decode_event(body).personal.get(PHONE) == personal_digest(salt, phone) else None


def _end(connection: sqlite3.Connection, row: int, state: Delivery, why: str, now: int) -> None:
    connection.execute(
        "UPDATE message SET state = ?, since = ?, why = ?, secret = NULL WHERE id = ?", (int(state), now, why, row)
    )
