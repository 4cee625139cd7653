"""What is written in the register, inside a transaction that the caller holds: applications, their events, units."""

import secrets
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
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
    decode_standing,
    encode_standing,
    own_action,
    state_of,
    step_at_work,
    submitted,
)

from .errors import ActionRefused
from .events import PHONE, Event, encode_event

_COLUMNS: Final = (
    "id, tracking, family, kind, workflow, region, filed_at, language, secret_id, issue, slot, system, legacy_number,"
    " standing"
)
_SUSPENDED: Final = "EXISTS (SELECT 1 FROM suspension WHERE suspension.unit = application.unit)"
# Numbers are drawn at random from 10^8 a year: a taken one is drawn again.
_DRAWS: Final = 100


class Filed(msgspec.Struct, frozen=True, gc=False):
    """An application as the register holds it. `suspended`: the unit whose turn it is does not work.

    `system` and `legacy_number` say where it came from, if not from here.
    """

    row: int
    filing: Filing
    secret_id: int
    issue: int
    slot: bytes
    system: int | None
    legacy_number: str | None
    standing: Standing
    suspended: bool = False

    @property
    def tracking(self) -> str:
        """The 11 digits."""
        return self.filing.tracking

    def __repr__(self) -> str:
        return f"Filed(row={self.row})"


@dataclass(frozen=True, slots=True)
class Acted:
    """What an act did: its own name, the state and the index of the current step after it, when it happened."""

    tracking: str = field(repr=False)
    action: Action
    state: State
    step: int
    at: int
    sequence: int


def find(connection: sqlite3.Connection, tracking: str) -> Filed | None:
    """Read an application by its 11 digits."""
    return _one(connection, "tracking = ?", (int(tracking),))


def find_all(
    connection: sqlite3.Connection, legacy: Collection[tuple[int, str]], tracking: Collection[str]
) -> list[Filed]:
    """Read many applications: by the (system, number) that older systems gave them, and by ours, each once."""
    rows: list[tuple[object, ...]] = []
    for system in {system for system, _number in legacy}:
        numbers = [number for its_system, number in legacy if its_system == system]
        rows += _many(connection, "system = ? AND legacy_number", (system, *numbers), len(numbers))
    rows += _many(connection, "tracking", tuple(map(int, tracking)), len(tracking))
    return [filed_from(row) for row in {row[0]: row for row in rows}.values()]


def _many(
    connection: sqlite3.Connection, column: str, values: tuple[object, ...], count: int
) -> list[tuple[object, ...]]:
    marks = ", ".join("?" * count)
    return connection.execute(
        f"SELECT {_COLUMNS}, {_SUSPENDED} FROM application WHERE {column} IN ({marks})", values
    ).fetchall()


def find_row(connection: sqlite3.Connection, row: int) -> Filed:
    """Read an application by its row, which exists."""
    return filed_from(
        connection.execute(f"SELECT {_COLUMNS}, {_SUSPENDED} FROM application WHERE id = ?", (row,)).fetchone()
    )


def has_pending(connection: sqlite3.Connection, row: int) -> bool:
    """Tell whether an application has events that are not published."""
    found = connection.execute(
        "SELECT 1 FROM event WHERE application = ? AND position IS NULL LIMIT 1", (row,)
    ).fetchone()
    return found is not None


def filed_from(row: tuple[object, ...]) -> Filed:
    """Make an application from a row of `COLUMNS`."""
    number, tracking, family, kind, table, region, filed_at, language, secret_id, issue = cast(
        tuple[int, int, int, int, int, int, int, int, int, int], row[:10]
    )
    return Filed(
        row=number,
        filing=Filing(f"{tracking:011d}", family, kind, table, region, filed_at, language),
        secret_id=secret_id,
        issue=issue,
        slot=cast(bytes, row[10]),
        system=cast(int | None, row[11]),
        legacy_number=cast(str | None, row[12]),
        standing=decode_standing(cast(bytes, row[13])),
        suspended=bool(row[14]),
    )


def _one(connection: sqlite3.Connection, where: str, values: tuple[object, ...]) -> Filed | None:
    row = connection.execute(f"SELECT {_COLUMNS}, {_SUSPENDED} FROM application WHERE {where}", values).fetchone()
    return filed_from(row) if row else None


@dataclass(frozen=True, slots=True)
class Intake:
    """What is handed in: codes, E.164 phone or None, and, from an older system, its code and number there."""

    kind: Kind
    family: int
    table: int
    region: int
    filed_at: int
    language: int
    at: int
    phone: str | None = field(default=None, repr=False)
    reported_by: int | None = None
    legacy_number: str | None = field(default=None, repr=False)


def submit(connection: sqlite3.Connection, intake: Intake, recorded: int, secret_id: int, secret: bytes) -> Filed:
    """Take an application in: a new tracking number, its first slip, its SUBMIT event."""
    filed = new_filed(connection, intake, secret_id, secret, row=next_row(connection))
    insert_application(connection, filed, intake.kind)
    personal: dict[int, tuple[bytes, str]] = {}
    if intake.phone is not None:
        personal[PHONE] = (secrets.token_bytes(SALT_BYTES), intake.phone)
    event = submit_event(filed, intake, recorded, {field: personal_digest(*kept) for field, kept in personal.items()})
    sequence = insert_event(connection, filed.row, encode_event(event))
    connection.executemany(
        INSERT_PERSONAL,
        [(sequence, number, salt, value) for number, (salt, value) in personal.items()],
    )
    return filed


def new_filed(
    connection: sqlite3.Connection,
    intake: Intake,
    secret_id: int,
    secret: bytes,
    *,
    row: int,
    given: Collection[str] = frozenset(),
) -> Filed:
    """Draw a free tracking number, none of those just `given`, and derive the first slot; nothing is written yet."""
    year = datetime.fromtimestamp(intake.at, UTC).year
    for _ in range(_DRAWS):
        tracking = new_tracking_number(year, secrets.randbelow)
        taken = connection.execute("SELECT 1 FROM application WHERE tracking = ?", (int(tracking),)).fetchone()
        if not taken and tracking not in given:
            break
    else:
        raise ActionRefused(RefusalCode.UNKNOWN_NUMBER, "no free tracking number was found")
    return Filed(
        row=row,
        filing=Filing(
            tracking, intake.family, intake.kind.code, intake.table, intake.region, intake.filed_at, intake.language
        ),
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


def insert_application(connection: sqlite3.Connection, filed: Filed, kind: Kind) -> None:
    """Write a new application."""
    connection.execute(INSERT_APPLICATION, application_row(filed, kind))


INSERT_APPLICATION: Final = f"INSERT INTO application ({_COLUMNS}, unit) VALUES (?{', ?' * 14})"
UPDATE_STANDING: Final = "UPDATE application SET standing = ?, unit = ? WHERE id = ?"
INSERT_PERSONAL: Final = "INSERT INTO personal (event, field, salt, value) VALUES (?, ?, ?, ?)"
INSERT_EVENT: Final = "INSERT INTO event (application, body) VALUES (?, ?)"


def application_row(filed: Filed, kind: Kind) -> tuple[object, ...]:
    """Return the values of `INSERT_APPLICATION`."""
    filing = filed.filing
    return (
        filed.row,
        int(filing.tracking),
        filing.family,
        filing.kind,
        filing.table,
        filing.region,
        filing.filed_at,
        filing.language,
        filed.secret_id,
        filed.issue,
        filed.slot,
        filed.system,
        filed.legacy_number,
        encode_standing(filed.standing),
        unit_code(kind, filing.region, filed.standing),
    )


def standing_row(kind: Kind, filed: Filed) -> tuple[object, ...]:
    """Return the values of `UPDATE_STANDING`."""
    return encode_standing(filed.standing), unit_code(kind, filed.filing.region, filed.standing), filed.row


def unit_code(kind: Kind, region: int, standing: Standing) -> int | None:
    """Return the column `unit`: whose turn it is."""
    step = step_at_work(kind, standing)
    return step.role + 32 * region * step.regional if step else None


def submit_event(filed: Filed, intake: Intake, recorded: int, personal: Mapping[int, bytes]) -> Event:
    """Return the event of an intake."""
    act = Act(Action.SUBMIT, Role.INTAKE, intake.at, intake.filed_at, reported_by=intake.reported_by)
    return Event(act, recorded, filed.tracking, personal, filed.filing, filed.issue, intake.legacy_number)


def insert_event(connection: sqlite3.Connection, row: int | None, body: bytes) -> int:
    """Append an event; returns its sequence number."""
    return cast(int, connection.execute(INSERT_EVENT, (row, body)).lastrowid)


def judge(kind: Kind, filed: Filed, act: Act) -> tuple[Act, Standing]:
    """Return the act under its own name and for its unit, and the standing after it. Raises ActionRefused."""
    filing, standing = filed.filing, filed.standing
    if (own := own_action(kind, standing, act)) is not act.action:
        act = replace(act, action=own)
    after = apply(kind, filing.region, standing, act)
    if isinstance(after, Refusal):
        raise ActionRefused(after.code, after.words)
    step = step_at_work(kind, standing)
    region = filing.region * step.regional if step and step.role is act.role else filing.filed_at
    return replace(act, region=region), after


def act(connection: sqlite3.Connection, filed: Filed, kind: Kind, act: Act, recorded: int) -> Acted:
    """Do an act by the rules, and record it under its own name. Raises ActionRefused."""
    named, standing = judge(kind, filed, act)
    step = step_at_work(kind, filed.standing)
    answers = act.action is Action.ANSWER or act.acting
    if filed.suspended and not answers and step and step.role is act.role:
        raise ActionRefused(RefusalCode.UNIT_SUSPENDED, "this unit is suspended; a deputy may act for it (--acting)")
    connection.execute(UPDATE_STANDING, standing_row(kind, replace(filed, standing=standing)))
    sequence = insert_event(connection, filed.row, encode_event(Event(named, recorded, filed.tracking)))
    return Acted(filed.tracking, named.action, state_of(standing), len(standing.done), act.at, sequence)


def reissue(
    connection: sqlite3.Connection, filed: Filed, at: int, recorded: int, *, secret_id: int, secret: bytes
) -> Filed:
    """Give an application its next slip: the old one's slot is retired at once, the new one comes by publishing."""
    issue = filed.issue + 1
    slot = keys.slot(keys.slip_key(secret, filed.tracking, issue))
    connection.execute(
        "UPDATE application SET issue = ?, slot = ?, secret_id = ? WHERE id = ?", (issue, slot, secret_id, filed.row)
    )
    act = Act(Action.REISSUE, Role.INTAKE, at, filed.filing.filed_at)
    sequence = insert_event(connection, filed.row, encode_event(Event(act, recorded, filed.tracking, issue=issue)))
    connection.execute("INSERT INTO retired (event, slot) VALUES (?, ?)", (sequence, filed.slot))
    connection.execute(
        "UPDATE sealed SET sealed = NULL, reason = ? WHERE slot = ?", (int(Tombstone.REISSUED), filed.slot)
    )
    return replace(filed, issue=issue, slot=slot, secret_id=secret_id)


def suspensions(connection: sqlite3.Connection) -> dict[int, int]:
    """Return the units that do not work at present, by code, and since when."""
    return dict(cast(list[tuple[int, int]], connection.execute("SELECT unit, since FROM suspension").fetchall()))


def suspend(connection: sqlite3.Connection, unit: Unit, at: int, recorded: int) -> None:
    """Record that a unit does not work. Raises ActionRefused if it is suspended already."""
    if unit.code in suspensions(connection):
        raise ActionRefused(RefusalCode.ALREADY, "this unit is suspended already")
    connection.execute("INSERT INTO suspension (unit, since) VALUES (?, ?)", (unit.code, at))
    _unit_event(connection, Action.SUSPEND, unit, at, recorded)


def resume(connection: sqlite3.Connection, unit: Unit, at: int, recorded: int) -> None:
    """Record that a unit works again. Raises ActionRefused if it was not suspended."""
    if unit.code not in suspensions(connection):
        raise ActionRefused(RefusalCode.ALREADY, "this unit is not suspended")
    connection.execute("DELETE FROM suspension WHERE unit = ?", (unit.code,))
    _unit_event(connection, Action.RESUME, unit, at, recorded)


def _unit_event(connection: sqlite3.Connection, action: Action, unit: Unit, at: int, recorded: int) -> None:
    act = Act(action, Role(unit.role), at, unit.region)
    insert_event(connection, None, encode_event(Event(act, recorded)))
