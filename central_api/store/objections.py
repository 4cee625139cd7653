"""What an objection asks of the register: until when it may be made, and who may not decide on it."""

import sqlite3
from collections.abc import Callable

from msgspec.structs import replace

from central_api.workflow import Act, Action, Kind, Standing
from central_api.workflow.calendar import Calendar, day_of
from central_api.workflow.standing import Objected

from .events import FOR, WHO, decode_event
from .filed import Filed


def dated(calendar: Callable[[], Calendar], kind: Kind, standing: Standing, act: Act, at: int) -> Act:
    """Return an act with the last day to object, as the calendar of today has it: of REJECT and OBJECT."""
    if kind.objection is None or act.action not in {Action.REJECT, Action.OBJECT}:
        return act
    since = at if act.action is Action.REJECT else standing.since
    return replace(act, deadline=last_day(calendar(), kind.objection.days, since))


def last_day(calendar: Calendar, days: int, rejected: int) -> int:
    """Return the last day (since 1970) of so many working days after a rejection: none that is frozen by decree."""
    return calendar.due(rejected, days).toordinal() - 719_163


def late(calendar: Calendar, kind: Kind, standing: Standing, now: int) -> bool:
    """Say whether it is too late to object to a rejection."""
    rule = kind.objection
    return rule is None or day_of(now) > last_day(calendar, rule.days, standing.since)


def rejected_by(connection: sqlite3.Connection, filed: Filed) -> frozenset[int]:
    """Return the accounts by whom, and for whom, it was rejected what an objection is to be decided on."""
    if not isinstance(filed.standing.stage, Objected):
        return frozenset()
    rows = connection.execute("SELECT seq, body FROM event WHERE application = ? ORDER BY seq DESC", (filed.row,))
    for sequence, body in rows.fetchall():
        if decode_event(body).act.action is Action.REJECT:
            query = f"SELECT value FROM personal WHERE event = ? AND field IN ({WHO}, {FOR})"
            return frozenset(int(value.split()[0]) for (value,) in connection.execute(query, (sequence,)).fetchall())
    return frozenset()
