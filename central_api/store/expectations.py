"""What is told of how long steps usually take, as it is kept beside the events that made it known."""

import sqlite3

from central_api.workflow.expected import Days, Place

from .events import Event


def told(connection: sqlite3.Connection) -> dict[Place, Days]:
    """Read what is told at each place."""
    rows = connection.execute("SELECT family, kind, region, role, least, most FROM expectation").fetchall()
    return {(family, kind, region, role): (least, most) for family, kind, region, role, least, most in rows}


def cases(connection: sqlite3.Connection) -> dict[Place, int]:
    """Read of how many cases it was learnt."""
    rows = connection.execute("SELECT family, kind, region, role, cases FROM expectation").fetchall()
    return {(family, kind, region, role): count for family, kind, region, role, count in rows}


def replayed(known: dict[Place, Days], event: Event) -> None:
    """Do what an EXPECT event made known once more."""
    for family, kind, region, role, *days in event.expected:
        if days:
            known[family, kind, region, role] = days[0], days[1]
        else:
            known.pop((family, kind, region, role), None)
