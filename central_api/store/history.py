"""How long files stayed at each step, in working days of the office: read from the register's own events.

The time that a file was with its visitor does not count. What older systems report tells nothing of our own pace.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final, cast

import msgspec

from central_api.workflow import Action
from central_api.workflow.calendar import Calendar
from central_api.workflow.chain import FORWARD

from .events import Event, decode_event

FEWEST: Final = 20
"""Under so many cases nothing is said."""
LOW, HIGH = 0.10, 0.90
_FORWARD: Final = frozenset(FORWARD.values())
_EVENTS: Final = """
    WITH RECURSIVE picked(id) AS (
        SELECT max(id) FROM application UNION ALL SELECT id - :every FROM picked WHERE id > :every LIMIT :most
    )
    SELECT application, CAST(body AS BLOB) FROM picked JOIN event ON event.application = picked.id
    ORDER BY picked.id DESC, seq
"""
Place = tuple[int, int, int, int]
"""Family, kind, region (0: all of them), and the step's role."""


class Stay(msgspec.Struct, frozen=True):
    """One file at one step: how many working days, and when it ended (seconds since 1970, UTC)."""

    place: Place
    days: int
    ended: int


class Range(msgspec.Struct, frozen=True):
    """What is usual somewhere: working days from the 10th to the 90th of a hundred, their median, of how many cases."""

    least: int
    median: int
    most: int
    cases: int


def stays(connection: sqlite3.Connection, calendar: Calendar, newest: int = 5_000) -> list[Stay]:
    """Return the stays that ended, of the files that were handed in last."""
    return [stay for events in histories(connection, newest) for stay in stays_of(events, calendar)]


def histories(connection: sqlite3.Connection, most: int, every: int = 1) -> Iterator[list[Event]]:
    """Yield all events of so many files, the newest first; `every`: of how many files one is taken."""
    rows = cast(Iterator[tuple[int, bytes]], connection.execute(_EVENTS, {"most": most, "every": every}))
    for _row, events in groupby(rows, key=itemgetter(0)):
        yield [decode_event(body) for _, body in events]


def fit(known: Iterable[Stay]) -> dict[Place, Range]:
    """Return what is usual at each place with cases enough; under region 0 of all regions together."""
    days: dict[Place, list[int]] = {}
    for stay in known:
        family, kind, _, step = stay.place
        for place in (stay.place, (family, kind, 0, step)):
            days.setdefault(place, []).append(stay.days)
    return {place: _range(sorted(some)) for place, some in days.items() if len(some) >= FEWEST}


def stays_of(events: list[Event], calendar: Calendar) -> Iterator[Stay]:
    """Yield the stays that ended, of one file, by all its events."""
    filing, spent = events[0].filing, 0
    since = events[0].act.at
    if filing is None:
        return
    for event in events[1:]:
        act = event.act
        if act.action is Action.RETURN:
            spent += calendar.age(since, act.at)
        elif act.action is Action.RESUBMIT:
            since = act.at
        elif act.action in _FORWARD:
            if act.reported_by is None:
                place = (filing.family, filing.kind, filing.region, int(act.role))
                yield Stay(place, spent + calendar.age(since, act.at), act.at)
            spent, since = 0, act.at


def _range(days: list[int]) -> Range:
    def at(share: float) -> int:
        return days[min(len(days) - 1, int(share * len(days)))]

    return Range(at(LOW), at(0.5), at(HIGH), len(days))
