"""The working calendar: hours, holidays to come, and the days on which a decree lets no time limit run."""

from datetime import date

from starlette.responses import Response

from central_api.store import ActionRefused, decrees
from central_api.store.redating import redate
from central_api.workflow import RefusalCode, Role
from central_api.workflow.calendar import Frozen, date_of

from .asked import Asked, see_other


def show(asked: Asked) -> Response:
    """Show the calendar; and whoever stands above the services, the form to freeze days."""
    return _page(asked)


def change(asked: Asked) -> Response:
    """Freeze days by a decree, or let time limits run on them again."""
    now, by = asked.desk.office.clock(), asked.account.signed
    try:
        first, last = (date.fromisoformat(asked.value(name)) for name in ("first", "last"))
        if not _may(asked):
            raise ActionRefused(RefusalCode.NOT_ALLOWED, "only the Director General and the minister freeze days")
        if asked.value("end"):
            asked.write(lambda connection: decrees.unfreeze(connection, first, last, by, now))
        else:
            one = Frozen(first, last, asked.value("decree"))
            asked.write(lambda connection: decrees.freeze(connection, one, by, now))
        redate(asked.desk.office)
    except ValueError:
        return _page(asked, ActionRefused(RefusalCode.BAD_VALUE, "a field is missing, or is no date"))
    except ActionRefused as error:
        return _page(asked, error)
    return see_other("/calendar", done="1")


def _may(asked: Asked) -> bool:
    return asked.holds(Role.DIRECTOR_GENERAL) or asked.holds(Role.MINISTER)


def _page(asked: Asked, refused: ActionRefused | None = None) -> Response:
    office = asked.desk.office
    calendar, today = office.calendar, date_of(office.clock())
    return asked.page(
        "calendar.html",
        400 if refused else 200,
        hours=calendar.hours,
        holidays=[day for day in sorted(calendar.holidays) if day >= today],
        frozen=sorted(calendar.frozen, key=lambda one: one.first, reverse=True),
        recorded=decrees.in_force(office.own_reader),
        today=today,
        may=_may(asked),
        refused=refused,
        done=asked.value("done"),
    )
