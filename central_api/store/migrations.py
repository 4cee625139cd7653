"""Applications that are moved to another version of their table: each by an event of its own, or refused by name.

First it is tried, and changes nothing. Killed in the middle, it goes on with those that are still under the old one.
"""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from msgspec.structs import replace

from central_api.workflow import Act, Action, Refusal, RefusalCode, Role, Table
from central_api.workflow.migration import ended, moved_to

from .errors import ActionRefused
from .events import WHO, Event, encode_event
from .filed import UPDATE_STANDING, Filed, find_row, standing_row
from .office import Office
from .people import COMMAND_LINE
from .register import INSERT_PERSONAL, insert_event, next_sequence, salted

_AT_ONCE: Final = 100
_OTHERS: Final = "SELECT id FROM application WHERE family = ? AND workflow <> ? AND id > ? ORDER BY id LIMIT ?"


@dataclass(slots=True)
class Migrated:
    """How many moved (or would), how many had ended and stay; and by tracking number, why some cannot be mapped."""

    moved: int = 0
    ended: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]], repr=False)


def migrate(
    office: Office, table: Table, *, apply: bool, told: Callable[[Migrated], None] = lambda _: None
) -> Migrated:
    """Move every application of a family to a version of its table, or say what that would do. Raises StoreFailed."""
    result, after = Migrated(), 0
    while True:
        values = (table.family, table.version, after, _AT_ONCE)
        rows = [row for (row,) in office.own_reader.execute(_OTHERS, values).fetchall()]
        if not rows:
            return result
        if apply:
            # A job may be run again: what it counts is counted once it is durable.
            result = office.execute_write(
                lambda connection, rows=rows, so_far=result: _some(office, connection, table, rows, so_far)
            ).result()
        else:
            for row in rows:
                _one(office, office.own_reader, table, row, result, apply=False)
        after = rows[-1]
        told(result)


def _some(
    office: Office, connection: sqlite3.Connection, table: Table, rows: Sequence[int], so_far: Migrated
) -> Migrated:
    result = Migrated(so_far.moved, so_far.ended, [*so_far.refused])
    for row in rows:
        _one(office, connection, table, row, result, apply=True)
    return result


def version_of(office: Office, family: str, version: int) -> Table:
    """Return a version of a family's table by its key. Raises ActionRefused."""
    found = [table for table in office.tables.all() if table.key == office.tables.current(family).key]
    for table in found:
        if table.version == version:
            return table
    known = ", ".join(str(table.version) for table in sorted(found, key=lambda one: one.version))
    raise ActionRefused(RefusalCode.UNKNOWN_CODE, f"{family} has no version {version}; expected one of {known}")


def _one(
    office: Office, connection: sqlite3.Connection, table: Table, row: int, result: Migrated, *, apply: bool
) -> None:
    filed = find_row(connection, row)
    if filed.filing.table == table.version:
        return  # another process has moved it meanwhile
    if ended(filed.standing):
        result.ended += 1
        return
    now = office.clock()
    after = moved_to(
        table, office.kind_of(filed), filed.filing.region, filed.standing, max(now, filed.standing.changed)
    )
    if isinstance(after, Refusal):
        result.refused.append((filed.tracking, after.words))
        return
    result.moved += 1
    if apply:
        moved = replace(filed, filing=replace(filed.filing, table=table.version), standing=after)
        _write(connection, moved, table, now)


def _write(connection: sqlite3.Connection, moved: Filed, table: Table, now: int) -> None:
    connection.execute("UPDATE application SET workflow = ? WHERE id = ?", (table.version, moved.row))
    kind = table.kind(moved.filing.kind, moved.filing.region)
    connection.execute(UPDATE_STANDING, standing_row(moved, kind, moved.standing))
    digests, personal = salted(next_sequence(connection), [(WHO, COMMAND_LINE)])
    act = Act(Action.MIGRATE, Role.INTAKE, moved.standing.changed, moved.filing.filed_at)
    insert_event(connection, moved.row, encode_event(Event(act, now, moved.tracking, digests, table=table.version)))
    connection.executemany(INSERT_PERSONAL, personal)
