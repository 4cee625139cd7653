"""The office's hours, on Lebanon's clocks: when it is closed, and when it opens again."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central_api.contract.terminal_settings import TerminalSettings
from kiosk.hours import closed_until
from kiosk.visit_state import ClosedUntil

BEIRUT = ZoneInfo("Asia/Beirut")
MORNING = (7 * 60 + 30, 14 * 60)
AFTERNOON = (15 * 60, 17 * 60)
WEEK = (((MORNING, AFTERNOON),) * 4) + (((7 * 60 + 30, 11 * 60),), (), ())
MONDAY = date(2026, 11, 23)


def at(day: date, hour: int, minute: int = 0) -> int:
    return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=BEIRUT).timestamp())


def office(*closed: date, hours: tuple | None = WEEK) -> TerminalSettings:
    return TerminalSettings(3, "T-07", hours, closed_days=tuple((day - date(1970, 1, 1)).days for day in closed))


@pytest.mark.parametrize(("hour", "minute"), [(7, 30), (13, 59), (15, 0), (16, 59)])
def test_it_is_open_within_its_hours(hour: int, minute: int) -> None:
    assert closed_until(office(), at(MONDAY, hour, minute)) is None


@pytest.mark.parametrize(
    ("day", "hour", "minute", "opens"),
    [
        (0, 7, 29, (0, 7, 30)),  # before its first hour
        (0, 14, 0, (0, 15, 0)),  # at noon, from the closing minute on
        (0, 17, 0, (1, 7, 30)),  # in the evening
        (4, 12, 0, (3, 7, 30)),  # Friday: the week's end is passed over
        (6, 23, 59, (1, 7, 30)),
    ],
)
def test_closed_it_tells_when_it_opens(day: int, hour: int, minute: int, opens: tuple[int, int, int]) -> None:
    today = MONDAY + timedelta(day)
    ahead, *clock = opens
    assert closed_until(office(), at(today, hour, minute)) == ClosedUntil(at(today + timedelta(ahead), *clock), ahead)


def test_days_that_it_stays_closed_are_passed_over() -> None:
    feast = MONDAY + timedelta(1)
    until = closed_until(office(feast, feast + timedelta(1)), at(feast, 9))
    assert until == ClosedUntil(at(feast + timedelta(2), 7, 30), 2)


def test_an_office_without_an_opening_says_no_day() -> None:
    assert closed_until(office(hours=((),) * 7), at(MONDAY, 9)) == ClosedUntil()


def test_an_office_that_set_no_hours_is_closed_on_its_closed_days_alone() -> None:
    feast = office(MONDAY, MONDAY + timedelta(1), hours=None)
    opens = ClosedUntil(at(MONDAY + timedelta(2), 0), 2, hour_known=False)
    assert [closed_until(feast, at(MONDAY, hour)) for hour in (0, 9, 23)] == [opens] * 3
    assert closed_until(feast, at(MONDAY + timedelta(2), 3)) is None
    assert closed_until(feast, at(MONDAY - timedelta(1), 23, 59)) is None


def test_where_nothing_is_set_or_the_time_is_not_known_it_is_open() -> None:
    assert closed_until(None, at(MONDAY, 3)) is None
    assert closed_until(office(hours=None), at(MONDAY, 3)) is None
    assert closed_until(office(), None) is None
    assert closed_until(office(MONDAY, hours=None), None) is None


def test_hours_are_of_the_clock_on_the_wall_in_summer_and_in_winter() -> None:
    """Lebanon's clocks go forward in the night before 29 March 2026: 7:30 comes an hour sooner."""
    before = date(2026, 3, 27)
    assert closed_until(office(), at(before, 20)) == ClosedUntil(at(date(2026, 3, 30), 7, 30), 3)
    assert at(date(2026, 3, 30), 7, 30) - at(before, 7, 30) == 3 * 86_400 - 3_600


SPANS = st.lists(st.integers(0, 1440), max_size=6, unique=True).map(
    lambda ends: tuple(zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False))
)


@settings(max_examples=150)
@given(
    st.lists(SPANS, min_size=7, max_size=7).map(tuple),
    st.integers(at(date(2026, 1, 1), 0), at(date(2027, 1, 1), 0)),
    st.sets(st.integers(20_450, 20_830), max_size=5),
)
def test_when_it_says_that_it_opens_it_is_open(hours: tuple, now: int, closed: set[int]) -> None:
    told = TerminalSettings(1, "T-07", hours, closed_days=tuple(sorted(closed)))
    until = closed_until(told, now)
    if until is None or until.opens is None:
        return
    assert until.opens > now
    at_opening = closed_until(told, until.opens)
    # In the two nights of the year in which clocks are set, an hour is missing, or comes twice.
    assert at_opening is None or datetime.fromtimestamp(until.opens, BEIRUT).hour in {0, 1, 23}
