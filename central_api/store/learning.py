"""How long steps usually take: learnt from the register's events, and told in statuses until it moves.

What older systems report tells nothing of our own pace, and the time that a file is with its visitor does not count:
each stay ends with the step's own word, forward, back or no.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Final, cast

from central_api.workflow import Act, Action, Role, decode_standing
from central_api.workflow.calendar import Calendar
from central_api.workflow.chain import FORWARD
from central_api.workflow.expected import WINDOW, Place, Range, Stay, fit, moved
from central_api.workflow.standing import UnderReview

from .events import Event, decode_event, encode_event
from .expectations import told
from .office import Office
from .register import insert_event
from .renewals import begin_for_expected

MOST_READ: Final = 30_000
"""The pace of so many files that moved last says enough; all that wait are counted besides."""
_WORDS: Final = frozenset({*FORWARD.values(), Action.RETURN, Action.REJECT})
_ARRIVES: Final = frozenset({Action.SUBMIT, Action.RESUBMIT, Action.GRANT, *FORWARD.values()})
_MOVED: Final = """
    SELECT application, CAST(body AS BLOB) FROM event WHERE application IN
        (SELECT id FROM application WHERE since >= ? ORDER BY since DESC LIMIT ?) ORDER BY application, seq
"""
_WAITING: Final = "SELECT family, kind, region, unit, CAST(standing AS BLOB) FROM application WHERE unit IS NOT NULL"


def stays(connection: sqlite3.Connection, calendar: Calendar, since: int = 0, most: int = -1) -> list[Stay]:
    """Return the stays of files that moved after a moment (`most` of them; -1: all), and of all that wait now."""
    found: list[Stay] = []
    rows = cast(Iterator[tuple[int, bytes]], connection.execute(_MOVED, (since, most)))
    for _row, events in groupby(rows, key=itemgetter(0)):
        found += _ended([decode_event(body) for _, body in events], calendar)
    for family, kind, region, unit, standing in connection.execute(_WAITING):
        waits = decode_standing(standing)
        if isinstance(waits.stage, UnderReview):
            found.append(Stay((family, kind, region, unit % 32), calendar.clock(waits.since)))
    return found


def learnt(office: Office) -> dict[Place, Range]:
    """Return what is usual now, where there are cases enough."""
    now = office.clock()
    # Twice the window in days of the week, and a month for holidays and strikes.
    since = now - int(2 * WINDOW + 30) * 86_400
    known = stays(office.own_reader, office.calendar, since, MOST_READ)
    return fit(known, office.calendar.clock(now))


def refresh(office: Office) -> int:
    """Learn anew, tell what moved, and return how many places that is. Each change is in the register, once a day."""
    ranges = learnt(office)
    return office.execute_write(lambda connection: _tell(connection, ranges, office.clock())).result()


def _tell(connection: sqlite3.Connection, ranges: Mapping[Place, Range], now: int) -> int:
    known = told(connection)
    changed = {place: one for place, one in ranges.items() if place not in known or moved(one, known[place])}
    gone = [place for place in known if place not in ranges]
    counts = [(one.cases, *place) for place, one in ranges.items()]
    connection.executemany(
        "UPDATE expectation SET cases = ? WHERE family = ? AND kind = ? AND region = ? AND role = ?", counts
    )
    if not changed and not gone:
        return 0
    connection.executemany("DELETE FROM expectation WHERE (family, kind, region, role) = (?, ?, ?, ?)", gone)
    rows = [(*place, *one.days, one.cases) for place, one in sorted(changed.items())]
    connection.executemany("INSERT OR REPLACE INTO expectation VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    expected = (*(row[:6] for row in rows), *sorted(gone))
    insert_event(connection, None, encode_event(Event(Act(Action.EXPECT, Role.INTAKE, now), now, expected=expected)))
    begin_for_expected(connection)
    return len(expected)


def _ended(events: list[Event], calendar: Calendar) -> Iterator[Stay]:
    filing, since = events[0].filing, events[0].act.at
    if filing is None:
        return
    for event in events[1:]:
        act = event.act
        if act.action in _WORDS and act.reported_by is None:
            place = (filing.family, filing.kind, filing.region, int(act.role))
            yield Stay(place, calendar.clock(since), calendar.clock(act.at))
        if act.action in _ARRIVES:
            since = act.at
