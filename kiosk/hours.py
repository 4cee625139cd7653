"""Whether the office is open, by the hours that it set on this terminal. Hours are of Lebanon's own clocks."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from .visit_state import ClosedUntil
from .words import local

if TYPE_CHECKING:
    from central_api.contract.terminal_settings import Opening, TerminalSettings

_LOOKED_AHEAD: Final = 366
_EPOCH: Final = date(1970, 1, 1)
_ALL_DAY: Final = ((0, 24 * 60),)


def closed_until(office: "TerminalSettings | None", now: int | None) -> ClosedUntil | None:
    """Return until when the office is closed at `now` (seconds since 1970, UTC); None while it is open.

    A terminal that knows no hours is open at every hour but on closed days. One that does not know what time it is is
    open: nobody is turned away by a guess.
    """
    if office is None or now is None:
        return None
    at = local(now)
    minute = at.hour * 60 + at.minute
    if any(opens <= minute < closes for opens, closes in _openings(office, at.date())):
        return None
    for ahead in range(_LOOKED_AHEAD):
        for opens, _ in _openings(office, at.date() + timedelta(ahead)):
            if ahead or opens > minute:
                return ClosedUntil(_moment(at, ahead, opens), ahead, hour_known=office.hours is not None)
    return ClosedUntil()


def hours_today(office: "TerminalSettings | None", now: int | None) -> "tuple[Opening, ...] | None":
    """Return the openings of the day at `now` (seconds since 1970, UTC); None where either is not known."""
    if office is None or office.hours is None or now is None:
        return None
    return _openings(office, local(now).date())


def _openings(office: "TerminalSettings", day: date) -> "tuple[Opening, ...]":
    if (day - _EPOCH).days in office.closed_days:
        return ()
    return _ALL_DAY if office.hours is None else office.hours[day.weekday()]


def _moment(at: datetime, ahead: int, minute: int) -> int:
    """Return the time (seconds since 1970, UTC) when clocks show this minute, so many days after `at`."""
    opens = at.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
    return int((opens + timedelta(ahead)).timestamp())
