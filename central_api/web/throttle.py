"""How often a number and its secret code may be tried, counted in the database before anything is compared.

An attempt is written down as a failure first, in one transaction of the office's writer, and taken back when the code
was right: attempts at the same instant, in any number of processes, cannot share one place. What does not exist is
counted like what does, so a lock tells nothing.

A number locks after 5 failures, for one minute, and doubling to 15 at most with each further failure; internet and each
terminal are counted apart. A terminal may fail 30 times in 10 minutes; all of the internet together 200 times an hour.

Cards are counted whether or not they open anything, and so are one-time codes: of a terminal by the hour, of a card by
the day.
A number that nobody failed on for a day starts over.
"""

import sqlite3
from dataclasses import dataclass, field
from typing import Final

INTERNET: Final = "internet"
ENROLMENT: Final = "enrolment"
FREE_FAILURES: Final = 5
FIRST_LOCK: Final = 60
LONGEST_LOCK: Final = 15 * 60
FORGET_AFTER: Final = 24 * 3600
# A window slides in so many steps.
_STEPS: Final = 30


@dataclass(frozen=True, slots=True)
class Window:
    """So many failures in so many seconds, over all numbers tried in one way."""

    failures: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Quota:
    """So many of one subject in each whole hour or day (UTC)."""

    name: str
    most: int
    seconds: int


CARDS: Final = Quota("cards", 120, 3600)
CODES: Final = Quota("codes", 40, 3600)
CODES_OF_CARD: Final = Quota("card", 3, 86_400)
WRONG_CODES: Final = Quota("wrong", 30, 3600)
INTERNET_WINDOW: Final = Window(200, 3600)
TERMINAL_WINDOW: Final = Window(30, 600)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try that was let through, counted as a failure until it is taken back: which rows it was counted in."""

    number: str = field(repr=False)
    step: str


@dataclass(frozen=True, slots=True)
class Wait:
    """A try that was not let through: come back in so many seconds. `closed`: the whole way is shut, not one number."""

    seconds: int
    closed: bool


def lock_seconds(failures: int) -> int:
    """Return how long a number locks after so many failures in a row; 0 while it does not."""
    if failures < FREE_FAILURES:
        return 0
    return min(LONGEST_LOCK, FIRST_LOCK * 2 ** min(failures - FREE_FAILURES, 10))


def begin_attempt(connection: sqlite3.Connection, way: str, tracking: str, now: int) -> Attempt | Wait:
    """Count one try by a way (`internet`, or a terminal's name), or say how long to wait.

    Runs inside a transaction of the office's writer; `now` is seconds since 1970, UTC.
    """
    window = INTERNET_WINDOW if way in (INTERNET, ENROLMENT) else TERMINAL_WINDOW
    length = window.seconds // _STEPS
    step, start = now // length, (now - window.seconds) // length + 1
    failures, oldest = connection.execute(
        "SELECT coalesce(sum(failures), 0), min(since) FROM throttle WHERE subject BETWEEN ? AND ?",
        (_step(way, start), _step(way, step)),
    ).fetchone()
    if failures >= window.failures:
        return Wait(max(1, oldest + window.seconds - now), closed=True)
    number = f"number/{way}/{tracking}"
    failures, locked_until, since = connection.execute(
        "SELECT failures, locked_until, since FROM throttle WHERE subject = ?", (number,)
    ).fetchone() or (0, 0, now)
    if locked_until > now:
        return Wait(locked_until - now, closed=False)
    failures = 1 if since <= now - FORGET_AFTER else failures + 1
    lock = lock_seconds(failures)
    _count(connection, number, failures, now, locks=max(0, failures - FREE_FAILURES + 1), locked_until=now + lock)
    attempt = Attempt(number, _step(way, step))
    if not connection.execute(
        "UPDATE throttle SET failures = failures + 1 WHERE subject = ?", (attempt.step,)
    ).rowcount:
        _count(connection, attempt.step, 1, step * length)
        # A new step begins: the moment to forget what no longer counts.
        connection.execute("DELETE FROM throttle WHERE since <= ? AND locked_until <= ?", (now - FORGET_AFTER, now))
    return attempt


def count(connection: sqlite3.Connection, quota: Quota, subject: str, now: int) -> Wait | None:
    """Count one more of a subject (a terminal's name, a card's index), or say how long to wait.

    Runs like `begin_attempt`.
    """
    wait = wait_for(connection, quota, subject, now)
    if wait is None:
        period = _period(quota, subject, now)
        if not connection.execute("UPDATE throttle SET failures = failures + 1 WHERE subject = ?", (period,)).rowcount:
            connection.execute("DELETE FROM throttle WHERE since <= ? AND locked_until <= ?", (now - FORGET_AFTER, now))
            _count(connection, period, 1, now // quota.seconds * quota.seconds)
    return wait


def wait_for(connection: sqlite3.Connection, quota: Quota, subject: str, now: int) -> Wait | None:
    """Say how long a subject waits for its next place; None where there is one. Counts nothing."""
    (count,) = connection.execute(
        "SELECT coalesce(sum(failures), 0) FROM throttle WHERE subject = ?", (_period(quota, subject, now),)
    ).fetchone()
    return Wait(quota.seconds - now % quota.seconds, closed=True) if count >= quota.most else None


def _period(quota: Quota, subject: str, now: int) -> str:
    return f"{quota.name}/{subject}/{now // quota.seconds}"


def attempt_succeeded(connection: sqlite3.Connection, attempt: Attempt) -> None:
    """Take a try back: the code was right, so the number is free again on this way."""
    connection.execute("DELETE FROM throttle WHERE subject = ?", (attempt.number,))
    connection.execute(
        "UPDATE throttle SET failures = failures - 1 WHERE subject = ? AND failures > 0", (attempt.step,)
    )


def _step(way: str, step: int) -> str:
    return f"window/{way}/{step:012d}"


def _count(
    connection: sqlite3.Connection, subject: str, failures: int, since: int, *, locks: int = 0, locked_until: int = 0
) -> None:
    connection.execute(
        "INSERT INTO throttle (subject, failures, since, locks, locked_until) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, since = excluded.since,"
        " locks = excluded.locks, locked_until = excluded.locked_until",
        (subject, failures, since, locks, locked_until),
    )
