"""The throttle's rules on a simulated clock, over the office's own schema."""

import sqlite3
from collections.abc import Iterator

import pytest

from central_api.store.founding import schema
from central_api.web.throttle import INTERNET, Attempt, Wait, attempt_succeeded, begin_attempt, lock_seconds

NOW = 1_795_000_000
NUMBER = "26318283312"


@pytest.fixture
def register() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(schema())
    yield connection
    connection.close()


def fail(register: sqlite3.Connection, times: int, way: str = INTERNET, tracking: str = NUMBER, now: int = NOW):
    for _ in range(times):
        assert isinstance(begin_attempt(register, way, tracking, now), Attempt)


def test_locks_double_from_one_minute_to_fifteen():
    assert [lock_seconds(n) for n in (0, 4, 5, 6, 7, 8, 9, 10, 1000)] == [0, 0, 60, 120, 240, 480, 900, 900, 900]


def test_the_fifth_failure_locks_the_number_for_a_minute(register: sqlite3.Connection):
    fail(register, 5)
    assert begin_attempt(register, INTERNET, NUMBER, NOW) == Wait(60, closed=False)
    assert begin_attempt(register, INTERNET, NUMBER, NOW + 59) == Wait(1, closed=False)


def test_each_further_failure_locks_for_twice_as_long(register: sqlite3.Connection):
    fail(register, 5)
    fail(register, 1, now=NOW + 60)
    assert begin_attempt(register, INTERNET, NUMBER, NOW + 61) == Wait(119, closed=False)


def test_a_try_while_locked_does_not_lengthen_the_lock(register: sqlite3.Connection):
    fail(register, 5)
    for second in range(30):
        begin_attempt(register, INTERNET, NUMBER, NOW + second)
    fail(register, 1, now=NOW + 60)


def test_the_right_code_frees_the_number_and_the_way(register: sqlite3.Connection):
    fail(register, 4)
    attempt = begin_attempt(register, INTERNET, NUMBER, NOW)
    assert isinstance(attempt, Attempt)
    attempt_succeeded(register, attempt)
    fail(register, 5)


def test_internet_and_each_terminal_are_counted_apart(register: sqlite3.Connection):
    fail(register, 5)
    fail(register, 5, way="terminal-1")
    fail(register, 1, way="terminal-2")


def test_a_terminal_may_fail_thirty_times_in_ten_minutes(register: sqlite3.Connection):
    for index in range(30):
        fail(register, 1, way="terminal-1", tracking=f"{index:011d}", now=NOW + index)
    refused = begin_attempt(register, "terminal-1", NUMBER, NOW + 30)
    assert isinstance(refused, Wait)
    assert refused.closed
    fail(register, 1, way="terminal-2")
    fail(register, 1, way="terminal-1", now=NOW + 30 + refused.seconds + 20)


def test_all_of_the_internet_shares_two_hundred_failures_an_hour(register: sqlite3.Connection):
    for index in range(200):
        fail(register, 1, tracking=f"{index:011d}", now=NOW + index)
    refused = begin_attempt(register, INTERNET, NUMBER, NOW + 200)
    assert isinstance(refused, Wait)
    assert refused.closed
    fail(register, 1, way="terminal-1")
    fail(register, 1, now=NOW + 3600 + 240)


def test_a_day_without_a_failure_starts_over(register: sqlite3.Connection):
    fail(register, 5)
    fail(register, 4, now=NOW + 24 * 3600)
    fail(register, 1, now=NOW + 24 * 3600 + 1)


def test_nothing_is_kept_for_ever(register: sqlite3.Connection):
    for index in range(50):
        fail(register, 1, tracking=f"{index:011d}")
    fail(register, 1, now=NOW + 2 * 24 * 3600)
    assert register.execute("SELECT count(*) FROM throttle").fetchone() == (2,)
