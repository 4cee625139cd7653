"""Days on which a decree lets no time limit run, as the register has them: each is an event, with who recorded it.

They stand beside those of the office's calendar.toml. Runs inside transactions of the office's writer.
"""

import sqlite3
from datetime import date
from typing import Final

from central_api.workflow import Act, Action, RefusalCode, Role
from central_api.workflow.calendar import Frozen

from .errors import ActionRefused
from .events import SAID, WHO, Event, encode_event
from .register import INSERT_PERSONAL, insert_event, next_sequence, salted

_EPOCH: Final = 719_163
_MOST_DAYS: Final = 366
_MOST_WORDS: Final = 200


def in_force(connection: sqlite3.Connection) -> tuple[Frozen, ...]:
    """Read the days that are frozen, past ones too: what was on time then stays so."""
    rows = connection.execute("SELECT first_day, last_day, words FROM decree ORDER BY first_day, last_day")
    return tuple(Frozen(_date(first), _date(last), words) for first, last, words in rows.fetchall())


def freeze(connection: sqlite3.Connection, one: Frozen, by: str, now: int) -> None:
    """Let no time limit run on days, by a decree that is named. Raises ActionRefused."""
    days = one.first.toordinal() - _EPOCH, one.last.toordinal() - _EPOCH
    if not 0 <= days[0] <= days[1] < days[0] + _MOST_DAYS or not 1 <= len(one.decree.strip()) <= _MOST_WORDS:
        words = f"expected two days of our time, a year apart at most, and a decree in 1 to {_MOST_WORDS} letters"
        raise ActionRefused(RefusalCode.BAD_VALUE, words)
    if any((known.first, known.last) == (one.first, one.last) for known in in_force(connection)):
        raise ActionRefused(RefusalCode.ALREADY, "these days are frozen already")
    connection.execute("INSERT INTO decree VALUES (?, ?, ?)", (*days, one.decree.strip()))
    _record(connection, days, f"{one.first} {one.last} {one.decree.strip()}", by, now, well=True)


def unfreeze(connection: sqlite3.Connection, first: date, last: date, by: str, now: int) -> None:
    """Let time limits run on days again that were frozen, by mistake or by another decree. Raises ActionRefused."""
    days = first.toordinal() - _EPOCH, last.toordinal() - _EPOCH
    if not connection.execute("DELETE FROM decree WHERE (first_day, last_day) = (?, ?)", days).rowcount:
        raise ActionRefused(RefusalCode.BAD_VALUE, "no decree of this register froze just these days")
    _record(connection, days, f"{first} {last}", by, now, well=False)


def replayed(known: set[tuple[int, ...]], event: Event) -> None:
    """Do what a DECREE event did once more."""
    if event.act.action is Action.DECREE:
        (known.add if event.act.well else known.discard)(event.frozen)


def days_of(connection: sqlite3.Connection) -> set[tuple[int, ...]]:
    """Read the days that are frozen, as events name them."""
    return set(connection.execute("SELECT first_day, last_day FROM decree").fetchall())


def _record(connection: sqlite3.Connection, days: tuple[int, int], said: str, by: str, now: int, *, well: bool) -> None:
    digests, personal = salted(next_sequence(connection), [(WHO, by), (SAID, said)])
    event = Event(Act(Action.DECREE, Role.INTAKE, now, well=well), now, personal=digests, frozen=days)
    insert_event(connection, None, encode_event(event))
    connection.executemany(INSERT_PERSONAL, personal)


def _date(day: int) -> date:
    return date.fromordinal(_EPOCH + day)
