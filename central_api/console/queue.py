"""The first page: what waits at the units of whoever asks, the oldest first, with its age and limit."""

from dataclasses import dataclass
from typing import Final

from starlette.responses import RedirectResponse, Response

from central_api.contract.status import Office as Unit
from central_api.store import assignments, escalations, expectations, people, queues
from central_api.store.people import Account
from central_api.store.queues import Waiting
from central_api.workflow import Duty, Role, step_at_work
from central_api.workflow.calendar import Calendar
from central_api.workflow.status import Usual

from .asked import HEADERS, Asked
from .deputies import silent

_PAGE: Final = 50
_MOST_BENEATH: Final = 25


@dataclass(frozen=True, slots=True)
class Row:
    """One file of a queue. `age`, `limit` and what is `expected` in working days; `left` until its limit."""

    file: Waiting
    age: int
    limit: int
    expected: tuple[int, int]
    blocked: bool
    escalated: bool = False
    assigned: str = ""

    @property
    def left(self) -> int:
        return self.limit - self.age


def home(asked: Asked) -> Response:
    """Show the queue; whoever has none goes to the page that is his."""
    account = asked.account
    if account.duty is Duty.ADMINISTRATOR:
        return RedirectResponse("/console/people", 303, HEADERS)
    if account.duty is Duty.AUDITOR:
        return RedirectResponse("/console/audit", 303, HEADERS)
    units = units_of(asked)
    after = asked.value("after").partition(".")
    cursor = (int(after[0]), int(after[2])) if after[0].isdecimal() and after[2].isdecimal() else (0, 0)
    reader = asked.desk.office.own_reader
    found, usual = queues.waiting(reader, units, cursor, _PAGE + 1), expectations.told(reader)
    calendar = asked.desk.calendar
    rows = [row_of(asked, one, usual, calendar) for one in found[:_PAGE]]
    counts = {unit: queues.counted(reader, unit) for unit in units if unit.role != Role.INTAKE}
    following = f"{rows[-1].file.since}.{rows[-1].file.filed.row}" if len(found) > _PAGE else ""
    late = sum(row.left < 0 for row in rows)
    return asked.page(
        "queue.html",
        rows=rows,
        counts=counts,
        following=following,
        late=late,
        own=account.units,
        beneath=_late_beneath(asked, usual, calendar),
        silent=_absent_beneath(asked),
        unit_name=people.unit_name,
    )


def _late_beneath(asked: Asked, usual: Usual, calendar: Calendar) -> list[Row]:
    """Return the oldest files past their limit at units that stand beneath those of whoever asks: escalated to him."""
    office, own = asked.desk.office, asked.account.units
    beneath = [
        unit for unit in office.tables.units() if unit not in own and any(people.is_above(one, unit) for one in own)
    ]
    oldest = queues.waiting(office.own_reader, beneath, limit=_MOST_BENEATH)
    return [row for row in (row_of(asked, one, usual, calendar) for one in oldest) if row.left < 0]


def _absent_beneath(asked: Asked) -> list[tuple[Account, Unit]]:
    """Return who beneath whoever asks has not acted for days while files wait: a deputy is proposed to him."""
    placed = [(one, unit) for one in people.accounts(asked.desk.office.own_reader) for unit in one.units]
    beneath = [(one, unit) for one, unit in placed if any(people.is_above(own, unit) for own in asked.account.units)]
    return [(one, unit) for one, unit in beneath if one.disabled is None and silent(asked, one, unit)]


def units_of(asked: Asked) -> list[Unit]:
    """Return the units whose files somebody may act on: his own, and those where he stands in for another today."""
    office = asked.desk.office
    today, account = people.day_of(office.clock()), asked.account
    deputed = [
        one.unit
        for one in people.deputations(office.own_reader)
        if one.deputy == account.row and one.first <= today <= one.last and not one.ended and one.made_by != account.row
    ]
    return list(dict.fromkeys((*account.units, *deputed)))


def row_of(asked: Asked, file: Waiting, usual: Usual, calendar: Calendar) -> Row:
    """Return a file of a queue with its age and limit."""
    kind = asked.desk.office.kind_of(file.filed)
    standing = file.filed.standing
    step = step_at_work(kind, standing) or kind.steps[-1]
    age = calendar.age(file.since, asked.desk.office.clock())
    reader = asked.desk.office.own_reader
    assigned = assignments.assigned_to(reader, file.filed)
    name = "" if assigned is None else people.account_of(reader, assigned).name
    escalated = escalations.escalated_at(reader, file.filed) is not None
    filing = file.filed.filing
    place = (filing.family, filing.kind, filing.region, step.role)
    expected = usual.get(place) or usual.get((*place[:2], 0, step.role)) or step.expected
    return Row(file, age, step.limit, expected, bool(standing.pending or standing.failed), escalated, name)
