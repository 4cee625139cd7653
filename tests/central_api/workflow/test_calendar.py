"""Working days as data: weekends, holidays, decrees, and an office's own file."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from central_api.workflow import InvalidTable
from central_api.workflow.calendar import read_calendar


def noon(day: str) -> int:
    return int(datetime.fromisoformat(f"{day}T10:00:00+00:00").astimezone(UTC).timestamp())


def test_weekends_and_holidays_do_not_count():
    calendar = read_calendar()
    # Thursday to Monday: Friday and Monday count.
    assert calendar.age(noon("2026-12-03"), noon("2026-12-07")) == 2
    assert not calendar.works(date(2026, 12, 25))
    assert calendar.age(noon("2026-12-24"), noon("2026-12-28")) == 1
    assert calendar.due(noon("2026-12-24"), 2) == date(2026, 12, 29)
    assert calendar.age(noon("2026-12-07"), noon("2026-12-01")) == 0


def test_a_decree_lets_no_limit_run(tmp_path: Path):
    hours = (
        'hours = ["08:00-14:00", "08:00-14:00", "08:00-14:00", "08:00-14:00", "08:00-14:00", "", ""]\nholidays = []\n'
    )
    frozen = '[[frozen]]\nfirst = 2026-12-07\nlast = 2026-12-11\ndecree = "12345"\n'
    (tmp_path / "calendar.toml").write_text(hours + frozen)
    calendar = read_calendar(tmp_path)
    assert calendar.works(date(2026, 12, 8))
    assert calendar.age(noon("2026-12-04"), noon("2026-12-14")) == 1
    assert calendar.due(noon("2026-12-04"), 1) == date(2026, 12, 14)


@pytest.mark.parametrize("text", ["", "hours = 3", 'hours = ["9-5", "", "", "", "", "", ""]\nholidays = []', "\x00"])
def test_a_wrong_calendar_is_told(tmp_path: Path, text: str):
    (tmp_path / "calendar.toml").write_text(text)
    with pytest.raises(InvalidTable, match=r"calendar\.toml"):
        read_calendar(tmp_path)
