"""The last day to object follows the calendar: where a decree moved it, each file is told its own by an event."""

import sqlite3
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final

from central_api.workflow import Act, Action, Refusal, Role, apply
from central_api.workflow.standing import Rejected

from .events import Event, decode_event, encode_event
from .filed import UPDATE_STANDING, find_row, standing_row
from .objections import last_day
from .office import Office
from .register import insert_event

_AT_ONCE: Final = 200
# No time limit is longer, days that are frozen included.
_YEAR: Final = 366 * 86_400
_EVENT: Final = "SELECT application, CAST(event.body AS BLOB) FROM event "
# What is decided here has a line in the registry's books once it is published, the newest first.
_DECIDED: Final = (
    f"{_EVENT} WHERE position IS NULL",
    f"{_EVENT} WHERE position > (SELECT position FROM book_written)",
    f"{_EVENT} JOIN book_line ON book_line.position = event.position ORDER BY book_line.position DESC",
)


def redate(office: Office) -> int:
    """Move the last day of every rejection that can be objected to, to where the calendar has it now; returns how many.

    Killed in its middle, it is done again: what was moved stays. Raises StoreFailed.
    """
    found, count = _rejected(office), 0
    # Few at a time, so that others write in between.
    while rows := list(islice(found, _AT_ONCE)):
        count += office.execute_write(lambda c, rows=rows: sum(_move(office, c, row) for row in rows)).result()
    return count


def _rejected(office: Office) -> Iterator[int]:
    """Yield the applications that were rejected here within a year, and told another last day than is right now."""
    reader, oldest = office.own_reader, office.clock() - _YEAR
    for row, body in chain.from_iterable(reader.execute(query) for query in _DECIDED):
        # The action stands behind the map's head and its key: most events need not be read.
        if body[2] != Action.REJECT:
            continue
        event = decode_event(body)
        if event.recorded < oldest:
            return
        if event.act.reported_by is None and _moved(office, reader, row) is not None:
            yield row


def _moved(office: Office, connection: sqlite3.Connection, row: int) -> int | None:
    """Return the last day to object to a rejection, where it is another than the one that was told."""
    filed = find_row(connection, row)
    stage, rule = filed.standing.stage, office.kind_of(filed).objection
    if rule is None or not isinstance(stage, Rejected) or stage.deadline is None or filed.standing.objected:
        return None
    day = last_day(office.calendar, rule.days, filed.standing.since)
    return None if day == stage.deadline else day


def _move(office: Office, connection: sqlite3.Connection, row: int) -> bool:
    day = _moved(office, connection, row)
    if day is None:
        return False  # somebody acted, or another process moved it
    filed, now = find_row(connection, row), office.clock()
    kind = office.kind_of(filed)
    act = Act(Action.REDATE, Role.REGISTRY, max(now, filed.standing.changed), filed.filing.filed_at, deadline=day)
    after = apply(kind, filed.filing.region, filed.standing, act)
    assert not isinstance(after, Refusal)
    connection.execute(UPDATE_STANDING, standing_row(filed, kind, after))
    insert_event(connection, row, encode_event(Event(act, now, filed.tracking)))
    return True
