"""Which officer of a unit has a file in hand there: he took it, or was given it. It lapses when the file goes on.

It is an order among colleagues and no lock: whoever holds the unit may still act, and that he did is on record.
"""

import sqlite3

from central_api.workflow import Act, Action, Duty, Refusal, RefusalCode, Role, mandate_at, unit_at_work

from . import objections, people
from .errors import ActionRefused
from .events import SAID, WHO
from .filed import Filed
from .office import Office
from .people import Account
from .register import tell


def assigned_to(connection: sqlite3.Connection, filed: Filed) -> int | None:
    """Return the account that has a file in hand where it is now."""
    query = "SELECT account FROM assignment WHERE application = ? AND since = ?"
    row = connection.execute(query, (filed.row, filed.standing.since)).fetchone()
    return row[0] if row else None


def who_may(connection: sqlite3.Connection, office: Office, filed: Filed) -> list[Account]:
    """Return the officers who can act on a file where it is now, today: to them alone it can be given."""
    unit = unit_at_work(office.kind_of(filed), filed.filing.region, filed.standing)
    if unit is None:
        return []
    owners, rejected = people.owners_of(connection, filed.row), objections.rejected_by(connection, filed)
    deputed, today = people.deputations(connection, unit), people.day_of(office.clock())
    officers = [one for one in people.accounts(connection, "disabled IS NULL") if one.duty is Duty.OFFICER]
    judged = [
        (one, mandate_at(unit, one.row, units=one.units, deputations=deputed, owners=owners, today=today,
            rejected=rejected))
        for one in officers
    ]  # fmt: skip
    return [one for one, mandate in judged if not isinstance(mandate, Refusal)]


def assign(connection: sqlite3.Connection, office: Office, by: Account | None, filed: Filed, to: Account) -> None:
    """Give a file to an officer who can act on it, or take it. By one of them, or one above. Raises ActionRefused.

    `by` is None at the command line.
    """
    unit = unit_at_work(office.kind_of(filed), filed.filing.region, filed.standing)
    able = {one.row for one in who_may(connection, office, filed)}
    if unit is None:
        raise ActionRefused(RefusalCode.ENDED, "no unit has this application now")
    if by is not None and by.row in people.owners_of(connection, filed.row):
        raise ActionRefused(RefusalCode.OWN_FILE, "this is your own application: somebody else gives it to an officer")
    if by is not None and by.row not in able and not any(people.is_above(one, unit) for one in by.units):
        raise ActionRefused(RefusalCode.WRONG_UNIT, "only who can act on it, or stands above, gives it to an officer")
    if to.row not in able:
        raise ActionRefused(RefusalCode.NOT_ALLOWED, "it can be given only to an officer who can act on it now")
    now = office.clock()
    said = [(WHO, people.COMMAND_LINE if by is None else by.signed), (SAID, f"{filed.tracking} {to.name}")]
    sequence = tell(connection, Act(Action.ASSIGN, Role(unit.role), now, unit.region), now, said)
    connection.execute(
        "INSERT OR REPLACE INTO assignment VALUES (?, ?, ?, ?, ?)",
        (filed.row, unit.code, filed.standing.since, to.row, sequence),
    )
    connection.execute("INSERT INTO note (event, application) VALUES (?, ?)", (sequence, filed.row))
