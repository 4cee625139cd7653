"""What an office does once a night: it learns how long steps take, records the files that are late, and moves the last
days to object that a change of the calendar moved."""

from dataclasses import dataclass
from typing import Final

from central_api.workflow.calendar import day_of

from . import escalations, learning, redating
from .office import Office

HOUR: Final = 3
"""In Beirut: nobody works then."""


@dataclass(frozen=True, slots=True)
class Night:
    """At how many places another duration is told from now on, how many files are late anew, how many told another day
    to object."""

    told: int
    late: int
    redated: int


def night_due(office: Office) -> bool:
    """Say whether a night's work is to be done. A new office has none to do on its first day."""
    today = _day(office)
    row = office.own_reader.execute("SELECT max(day) FROM night").fetchone()
    if row[0] is None:
        office.execute_write(lambda c: c.execute("INSERT OR IGNORE INTO night VALUES (?)", (today,))).result()
    return row[0] is not None and row[0] < today


def do_night(office: Office) -> Night:
    """Do a night's work. Killed in its middle, it is done again: nothing is told or recorded twice."""
    done = Night(learning.refresh(office), escalations.escalate(office), redating.redate(office))
    today = _day(office)
    office.execute_write(lambda c: c.execute("INSERT OR IGNORE INTO night VALUES (?)", (today,))).result()
    return done


def _day(office: Office) -> int:
    return day_of(office.clock() - HOUR * 3_600)
