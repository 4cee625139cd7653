"""Files past the time limit of their step: recorded once for each stay, and shown to whoever stands above."""

import sqlite3
from collections.abc import Iterator
from itertools import islice
from typing import Final

from central_api.workflow import Act, Action, Role, step_at_work

from .events import SAID
from .filed import Filed, find_row
from .office import Office
from .register import tell

_AT_ONCE: Final = 200
_LATE: Final = """
    SELECT id FROM application WHERE unit IS NOT NULL AND since < ?
        AND NOT EXISTS (SELECT 1 FROM escalation
            WHERE escalation.application = application.id AND escalation.since = application.since)
"""


def escalate(office: Office) -> int:
    """Record every file that has come past its step's limit since this was done last; returns how many."""
    found, count = _late(office), 0
    # Few at a time, so that others write in between; what was recorded before a kill is not recorded again.
    while rows := list(islice(found, _AT_ONCE)):
        count += office.execute_write(lambda c, rows=rows: sum(_record(office, c, row) for row in rows)).result()
    return count


def escalated_at(connection: sqlite3.Connection, filed: Filed) -> int | None:
    """Return the event that recorded that a file is late where it is now, by its sequence number."""
    query = "SELECT event FROM escalation WHERE application = ? AND since = ?"
    row = connection.execute(query, (filed.row, filed.standing.since)).fetchone()
    return row[0] if row else None


def _late(office: Office) -> Iterator[int]:
    # No limit is below one working day.
    rows = office.own_reader.execute(_LATE, (office.clock() - 86_400,)).fetchall()
    for (row,) in rows:
        if _is_late(office, find_row(office.own_reader, row)):
            yield row


def _is_late(office: Office, filed: Filed) -> bool:
    step = step_at_work(office.kind_of(filed), filed.standing)
    return step is not None and office.calendar.age(filed.standing.since, office.clock()) > step.limit


def _record(office: Office, connection: sqlite3.Connection, row: int) -> bool:
    filed, now = find_row(connection, row), office.clock()
    if escalated_at(connection, filed) is not None or not _is_late(office, filed):
        return False  # somebody acted, or another process recorded it
    step = step_at_work(office.kind_of(filed), filed.standing)
    assert step is not None
    act = Act(Action.ESCALATE, Role(step.role), now, filed.filing.region if step.regional else 0)
    sequence = tell(connection, act, now, [(SAID, filed.tracking)])
    connection.execute("INSERT INTO escalation VALUES (?, ?, ?)", (row, filed.standing.since, sequence))
    connection.execute("INSERT INTO note (event, application) VALUES (?, ?)", (sequence, row))
    return True
