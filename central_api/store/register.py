"""What is written in the register, inside a transaction that the caller holds: applications, their events, units."""

import secrets
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, cast

import msgspec
from msgspec.structs import replace

from central_api.contract import keys
from central_api.contract.audit import SALT_BYTES, personal_digest
from central_api.contract.feed import Tombstone
from central_api.contract.numbers import new_tracking_number
from central_api.contract.status import Office as Unit
from central_api.contract.status import State
from central_api.workflow import (
    Act,
    Action,
    Filing,
    Kind,
    Refusal,
    RefusalCode,
    Role,
    Standing,
    apply,
    own_action,
    state_of,
    step_at_work,
    submitted,
)

from . import outbox
from .errors import ActionRefused
from .events import PHONE, Event, encode_event
from .filed import INSERT_APPLICATION, UPDATE_STANDING, Filed, application_row, marks, standing_row

# Numbers are drawn at random from 10^8 a year: a taken one is drawn again.
_DRAWS: Final = 100


class Acted(msgspec.Struct, frozen=True, gc=False):
    """What an act did: its own name, the state and the index of the current step after it, when it happened."""

    tracking: str
    action: Action
    state: State
    step: int
    at: int
    sequence: int

    def __repr__(self) -> str:
        return f"Acted({self.action.word}, sequence={self.sequence})"


class Intake(msgspec.Struct, frozen=True, gc=False):
    """What is handed in: its tracking number still empty, E.164 phone or None, an older system and the number there.

    `cards` are the indexes of the holder's cards that were shown, by personal field, `said` what else is personal.
    """

    kind: Kind
    filing: Filing
    at: int
    phone: str | None = None
    reported_by: int | None = None
    legacy_number: str | None = None
    cards: tuple[tuple[int, str], ...] = ()
    said: tuple[tuple[int, str], ...] = ()

    def __repr__(self) -> str:
        return f"Intake({self.kind.key})"


def submit(connection: sqlite3.Connection, intake: Intake, recorded: int, secret_id: int, secret: bytes) -> Filed:
    """Take an application in: a new tracking number, its first slip, its SUBMIT event."""
    (tracking,) = draw_numbers(connection, [intake.at])
    filed = new_filed(intake, tracking, secret_id, secret, row=next_row(connection))
    connection.execute(INSERT_APPLICATION, application_row(filed, intake.kind))
    sequence = next_sequence(connection)
    event, personal = submit_event(filed, intake, recorded, sequence)
    insert_event(connection, filed.row, event)
    connection.executemany(INSERT_PERSONAL, personal)
    return filed


def draw_numbers(connection: sqlite3.Connection, moments: Sequence[int], drawn: Sequence[str] = ()) -> list[str]:
    """Draw free tracking numbers, no two alike, for what is handed in at some moments. Raises ActionRefused.

    `drawn` are such numbers of a moment ago: what was taken meanwhile is drawn again.
    """
    years = [datetime.fromtimestamp(at, UTC).year for at in moments]
    numbers = list(drawn) or [new_tracking_number(year, secrets.randbelow) for year in years]
    wanted = list(range(len(years)))
    for _ in range(_DRAWS):
        query = f"SELECT tracking FROM application WHERE tracking IN ({marks(wanted)})"
        taken = {row[0] for row in connection.execute(query, [int(numbers[index]) for index in wanted])}
        first = {number: index for index, number in reversed(list(enumerate(numbers)))}
        wanted = [index for index in wanted if int(numbers[index]) in taken or first[numbers[index]] != index]
        if not wanted:
            return numbers
        for index in wanted:
            numbers[index] = new_tracking_number(years[index], secrets.randbelow)
    raise ActionRefused(RefusalCode.UNKNOWN_NUMBER, "no free tracking number was found")


def new_filed(intake: Intake, tracking: str, secret_id: int, secret: bytes, *, row: int) -> Filed:
    """Give an intake its number and first slot; nothing is written yet."""
    return Filed(
        row=row,
        filing=replace(intake.filing, tracking=tracking),
        secret_id=secret_id,
        issue=1,
        slot=keys.slot(keys.slip_key(secret, tracking, 1)),
        system=intake.reported_by,
        legacy_number=intake.legacy_number,
        standing=submitted(intake.kind, intake.at),
    )


def next_row(connection: sqlite3.Connection) -> int:
    """Return the next application's row number; the caller holds the write lock."""
    return connection.execute("SELECT coalesce(max(id), 0) + 1 FROM application").fetchone()[0]


def next_sequence(connection: sqlite3.Connection) -> int:
    """Return the next event's sequence number; the caller holds the write lock."""
    return connection.execute("SELECT coalesce(max(seq), 0) + 1 FROM event").fetchone()[0]


INSERT_PERSONAL: Final = "INSERT INTO personal (event, field, salt, value) VALUES (?, ?, ?, ?)"
INSERT_EVENT: Final = "INSERT INTO event (application, body) VALUES (?, ?)"


def submit_event(
    filed: Filed, intake: Intake, recorded: int, sequence: int
) -> tuple[bytes, list[tuple[int, int, bytes, str]]]:
    """Return the event of an intake, and the values of `INSERT_PERSONAL` beside it."""
    act = Act(Action.SUBMIT, Role.INTAKE, intake.at, filed.filing.filed_at, reported_by=intake.reported_by)
    phone = () if intake.phone is None else ((PHONE, intake.phone),)
    digests, personal = salted(sequence, (*phone, *intake.cards, *intake.said))
    event = Event(act, recorded, filed.tracking, digests, filed.filing, filed.issue, intake.legacy_number)
    return encode_event(event), personal


def salted(
    sequence: int, said: Iterable[tuple[int, str]]
) -> tuple[dict[int, bytes], list[tuple[int, int, bytes, str]]]:
    """Return personal values, by field, as digests for their event, and as the values of `INSERT_PERSONAL`."""
    rows = [(sequence, field, secrets.token_bytes(SALT_BYTES), value) for field, value in said]
    return {field: personal_digest(salt, value) for _, field, salt, value in rows}, rows


def tell(
    connection: sqlite3.Connection, act: Act, recorded: int, said: Iterable[tuple[int, str]], filed: Filed | None = None
) -> int:
    """Append an event with personal values; of an application, if its status changes. Returns its sequence number."""
    digests, personal = salted(next_sequence(connection), said)
    event = Event(act, recorded, filed.tracking if filed else None, digests)
    sequence = insert_event(connection, filed.row if filed else None, encode_event(event))
    connection.executemany(INSERT_PERSONAL, personal)
    return sequence


def insert_event(connection: sqlite3.Connection, row: int | None, body: bytes) -> int:
    """Append an event; returns its sequence number."""
    return cast(int, connection.execute(INSERT_EVENT, (row, body)).lastrowid)


def judge(kind: Kind, filing: Filing, standing: Standing, act: Act, at: int) -> tuple[Act, Standing]:
    """Return the act under its own name, at its time and for its unit, and the standing after it.

    Raises ActionRefused.
    """
    step, region = step_at_work(kind, standing), act.region
    if step is None or step.role is not act.role:
        region = filing.filed_at
    elif region is None:
        region = filing.region if step.regional else 0
    named = replace(act, action=own_action(kind, standing, act), region=region, at=at)
    after = apply(kind, filing.region, standing, named)
    if isinstance(after, Refusal):
        raise ActionRefused(after.code, after.words)
    return named, after


def act(
    connection: sqlite3.Connection,
    filed: Filed,
    kind: Kind,
    act: Act,
    *,
    at: int,
    recorded: int,
    said: Sequence[tuple[int, str]] = (),
) -> Acted:
    """Do an act at a moment by the rules, and record it under its own name, with what it says. Raises ActionRefused."""
    named, standing = judge(kind, filed.filing, filed.standing, act, at)
    if filed.suspended and not act.acting and act.action is not Action.ANSWER:
        step = step_at_work(kind, filed.standing)
        if step and step.role is act.role:
            words = "this unit is suspended; a deputy may act for it (--acting)"
            raise ActionRefused(RefusalCode.UNIT_SUSPENDED, words)
    connection.execute(UPDATE_STANDING, standing_row(filed, kind, standing))
    if said:
        sequence = tell(connection, named, recorded, said, filed)
    else:
        sequence = insert_event(connection, filed.row, encode_event(Event(named, recorded, filed.tracking)))
    if told := outbox.ending(standing, at, recorded):
        outbox.put(connection, [outbox.message_row(sequence, filed.row, told, recorded)])
    return Acted(filed.tracking, named.action, state_of(standing), len(standing.done), at, sequence)


def reissue(
    connection: sqlite3.Connection,
    filed: Filed,
    at: int,
    recorded: int,
    *,
    secret_id: int,
    secret: bytes,
    said: Sequence[tuple[int, str]] = (),
) -> Filed:
    """Give an application its next slip: the old one's slot is retired at once, the new one comes by publishing."""
    issue = filed.issue + 1
    slot = keys.slot(keys.slip_key(secret, filed.tracking, issue))
    connection.execute(
        "UPDATE application SET issue = ?, slot = ?, secret_id = ? WHERE id = ?", (issue, slot, secret_id, filed.row)
    )
    act = Act(Action.REISSUE, Role.INTAKE, at, filed.filing.filed_at)
    digests, personal = salted(next_sequence(connection), said)
    event = Event(act, recorded, filed.tracking, digests, issue=issue)
    sequence = insert_event(connection, filed.row, encode_event(event))
    connection.executemany(INSERT_PERSONAL, personal)
    connection.execute("INSERT INTO retired (event, slot) VALUES (?, ?)", (sequence, filed.slot))
    connection.execute(
        "UPDATE sealed SET sealed = NULL, reason = ? WHERE slot = ?", (int(Tombstone.REISSUED), filed.slot)
    )
    return replace(filed, issue=issue, slot=slot, secret_id=secret_id)


def suspensions(connection: sqlite3.Connection) -> dict[Unit, int]:
    """Return the units that do not work at present, and since when."""
    rows = cast(list[tuple[int, int]], connection.execute("SELECT unit, since FROM suspension").fetchall())
    return {Unit.of(code): since for code, since in rows}


def suspend(connection: sqlite3.Connection, unit: Unit, at: int, recorded: int) -> None:
    """Record that a unit does not work. Raises ActionRefused if it is suspended already."""
    if unit in suspensions(connection):
        raise ActionRefused(RefusalCode.ALREADY, "this unit is suspended already")
    connection.execute("INSERT INTO suspension (unit, since) VALUES (?, ?)", (unit.code, at))
    _unit_event(connection, Action.SUSPEND, unit, at, recorded)


def resume(connection: sqlite3.Connection, unit: Unit, at: int, recorded: int) -> None:
    """Record that a unit works again. Raises ActionRefused if it was not suspended."""
    if unit not in suspensions(connection):
        raise ActionRefused(RefusalCode.ALREADY, "this unit is not suspended")
    connection.execute("DELETE FROM suspension WHERE unit = ?", (unit.code,))
    _unit_event(connection, Action.RESUME, unit, at, recorded)


def _unit_event(connection: sqlite3.Connection, action: Action, unit: Unit, at: int, recorded: int) -> None:
    act = Act(action, Role(unit.role), at, unit.region)
    insert_event(connection, None, encode_event(Event(act, recorded)))
