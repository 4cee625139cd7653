"""Deputies: who acts for whom, from when until when; and who seems to be away."""

import sqlite3
from datetime import date

from starlette.responses import Response

from central_api.contract.status import Office as Unit
from central_api.store import ActionRefused, people, queues
from central_api.store.people import Account
from central_api.workflow import Duty, RefusalCode

from .asked import Asked, see_other

# Working days without an act, with files waiting, after which the one above is asked whether a deputy is needed.
_SILENT_DAYS = 5


def show(asked: Asked) -> Response:
    """Show the deputies that concern whoever asks, and the form to appoint one."""
    return _page(asked)


def change(asked: Asked) -> Response:
    """Appoint a deputy, or take a deputation back."""
    now = asked.desk.office.clock()
    try:
        if ended := asked.value("end"):
            asked.write(lambda connection: people.end_deputation(connection, asked.account, int(ended), now))
        else:
            absent_row, _, unit = asked.value("absent").partition("@")
            first, last = (_day(asked.value(name)) for name in ("first", "last"))
            wanted, deputy_row = people.unit_named(unit), int(asked.value("deputy"))

            def work(connection: sqlite3.Connection) -> None:
                maker, absent, deputy = (
                    people.account_of(connection, row) for row in (asked.account.row, int(absent_row), deputy_row)
                )
                people.depute(connection, maker, absent, deputy, wanted, first=first, last=last, now=now)

            asked.write(work)
    except ValueError:
        return _page(asked, ActionRefused(RefusalCode.BAD_VALUE, "a field is missing, or is no date"))
    except ActionRefused as error:
        return _page(asked, error)
    return see_other("/deputies", done="1")


def _page(asked: Asked, refused: ActionRefused | None = None) -> Response:
    reader, account = asked.desk.office.own_reader, asked.account
    known = {one.row: one for one in people.accounts(reader)}
    officers = [one for one in known.values() if one.duty is Duty.OFFICER and one.disabled is None]
    placed = [(one, unit) for one in officers for unit in one.units]
    mine = [
        (one, unit)
        for one, unit in placed
        if one.row == account.row or any(people.is_above(own, unit) for own in account.units)
    ]
    # His own units first: most who appoint are about to be away themselves.
    mine.sort(key=lambda one: one[0].row != account.row)
    shown = [
        one
        for one in reversed(people.deputations(reader))
        if account.duty is Duty.AUDITOR
        or account.row in {one.absent, one.deputy, one.made_by}
        or any(people.is_above(own, one.unit) for own in account.units)
    ]
    return asked.page(
        "deputies.html",
        400 if refused else 200,
        shown=shown,
        known=known,
        mine=mine,
        officers=officers,
        unit_name=people.unit_name,
        today=people.day_of(asked.desk.office.clock()),
        silent=[one for one in mine if one[0].row != account.row and silent(asked, *one)],
        refused=refused,
        done=asked.value("done"),
    )


def silent(asked: Asked, officer: Account, unit: Unit) -> bool:
    """Say whether an officer has not acted for days while files wait at his unit."""
    office = asked.desk.office
    waiting = queues.waiting(office.own_reader, [unit], limit=1)
    if not waiting:
        return False
    since = max(officer.acted or 0, waiting[0].since)
    return asked.desk.calendar.age(since, office.clock()) >= _SILENT_DAYS


def _day(text: str) -> int:
    return date.fromisoformat(text).toordinal() - 719_163
