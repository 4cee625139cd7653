"""Working time: Monday to Friday, eight to two, in Beirut."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

BEIRUT: Final = ZoneInfo("Asia/Beirut")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Moments of working days, drawn from one random source. Times are seconds since 1970, UTC."""

    random: Random

    def moment(self, day: date) -> int:
        """Return a moment of the office's hours on a day."""
        opened = datetime.combine(day, time(8), BEIRUT)
        return int(opened.timestamp()) + self.random.randrange(6 * 3600)

    def later(self, at: int, least: int, most: int) -> int:
        """Return a moment `least` to `most` working days after another."""
        return self.moment(working_day(day_of(at), self.random.randint(least, most)))


def day_of(at: int) -> date:
    """Return the day in Beirut."""
    return datetime.fromtimestamp(at, BEIRUT).date()


def working_day(day: date, after: int) -> date:
    """Return the working day that lies so many working days after a day (before, where negative)."""
    step = timedelta(days=1 if after >= 0 else -1)
    left = abs(after)
    while left or day.weekday() >= 5:
        day += step
        if day.weekday() < 5 and left:
            left -= 1
    return day
