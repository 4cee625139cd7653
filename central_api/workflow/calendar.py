"""The working calendar, as data: opening hours, holidays, and the days on which a decree lets no time limit run."""

import datetime
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import accumulate
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from .reading import Fault, InvalidTable, text_in

BEIRUT: Final = ZoneInfo("Asia/Beirut")
_HOURS: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
# A year of the calendar at most is looked through day by day: what is older is old.
_MOST_DAYS: Final = 3 * 366
# Days that have a place in the count of working days: those of 35 years.
_FIRST, _CLOCKED = datetime.date(2015, 1, 1), 35 * 366


class Frozen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days, both included, on which no time limit runs, and the decree that says so."""

    first: datetime.date
    last: datetime.date
    decree: str


class _File(msgspec.Struct, forbid_unknown_fields=True):
    hours: tuple[str, str, str, str, str, str, str]
    holidays: list[datetime.date]
    frozen: list[Frozen] = []


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days count. `weekdays`: Monday is 0."""

    weekdays: frozenset[int]
    holidays: frozenset[datetime.date]
    frozen: tuple[Frozen, ...]
    hours: tuple[str, ...]

    def works(self, day: datetime.date) -> bool:
        """Say whether a day is a working day."""
        return day.weekday() in self.weekdays and day not in self.holidays

    def counts(self, day: datetime.date) -> bool:
        """Say whether time limits run on a day."""
        return self.works(day) and not any(one.first <= day <= one.last for one in self.frozen)

    def age(self, since: int, now: int) -> int:
        """Return the working days between two moments (seconds since 1970, UTC): the first day does not count."""
        return _age(self, date_of(since), date_of(now))

    def clock(self, moment: int) -> float:
        """Return a moment as working days since 2015, with the share of its own day's opening hours that is over.

        What lies between two moments is their difference: a night, a holiday and days frozen by decree are nothing.
        """
        local = datetime.datetime.fromtimestamp(moment, BEIRUT)
        day = local.date()
        before = _counted(self)[min(max((day - _FIRST).days, 0), _CLOCKED)]
        if not self.counts(day):
            return float(before)
        opened, closed = (int(time[:2]) * 60 + int(time[3:]) for time in self.hours[day.weekday()].split("-"))
        return before + min(1.0, max(0.0, (local.hour * 60 + local.minute - opened) / (closed - opened)))

    def due(self, since: int, limit: int) -> datetime.date:
        """Return the last day of a time limit of so many working days."""
        return _due(self, date_of(since), limit)


def date_of(moment: int) -> datetime.date:
    """Return the day in Beirut of a moment (seconds since 1970, UTC)."""
    return datetime.datetime.fromtimestamp(moment, BEIRUT).date()


def read_calendar(data: Path | None = None) -> Calendar:
    """Read the calendar of an office's folder, or the one that this edition ships. Raises InvalidTable."""
    own = None if data is None else data / "calendar.toml"
    if own is not None and own.exists():
        name, text = own.name, text_in(own)
    else:
        name = "calendar.toml"
        text = (resources.files(__package__ or "") / name).read_text(encoding="utf-8")
    try:
        file = msgspec.convert(tomllib.loads(text), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InvalidTable([Fault(name, 1, "", str(error))]) from None
    wrong = [hours for hours in file.hours if hours and not _HOURS.fullmatch(hours)]
    wrong += [str(one.first) for one in file.frozen if one.last < one.first]
    if wrong or not any(file.hours):
        raise InvalidTable([Fault(name, 1, "hours", f"expected hours like 07:30-15:30, days in order, found {wrong}")])
    weekdays = frozenset(day for day, hours in enumerate(file.hours) if hours)
    return Calendar(weekdays, frozenset(file.holidays), tuple(file.frozen), file.hours)


def day_of(moment: int) -> int:
    """Return the day (since 1970) in Beirut of a moment."""
    return date_of(moment).toordinal() - 719_163


@lru_cache(maxsize=4)
def _counted(calendar: Calendar) -> tuple[int, ...]:
    """Return how many days counted before each day since 2015."""
    days = (calendar.counts(_FIRST + datetime.timedelta(days=day)) for day in range(_CLOCKED))
    return tuple(accumulate(days, initial=0))


@lru_cache(maxsize=4096)
def _age(calendar: Calendar, first: datetime.date, last: datetime.date) -> int:
    days = min((last - first).days, _MOST_DAYS)
    return sum(calendar.counts(last - datetime.timedelta(days=back)) for back in range(max(0, days)))


@lru_cache(maxsize=4096)
def _due(calendar: Calendar, day: datetime.date, limit: int) -> datetime.date:
    for _ in range(_MOST_DAYS):
        if limit <= 0:
            break
        day += datetime.timedelta(days=1)
        limit -= calendar.counts(day)
    return day
