"""What a real office learns of its own pace, and what it tells: in statuses, in the register, once."""

import pytest

from central_api.publish import Broken, Intact, audit_verify, publish_all
from central_api.store import Office, expectations, learning
from central_api.workflow import Action, Role
from central_api.workflow.calendar import read_calendar
from tests.central_api.store.conftest import Clock

HOUR, DAY = 3_600, 86_400
PLACE = (1, 4, 0, int(Role.REGISTRY))


def worked(office: Office, clock: Clock, files: int, days: int) -> list[str]:
    """Let files be accepted so many days after they came, one of each day of a week; returns their numbers."""
    start, numbers = clock.now, list[str]()
    for index in range(files):
        clock.now = start + index * HOUR
        numbers.append(office.submit("work_permits", "renewal", region="beirut", phone=None).tracking)
    for index, tracking in enumerate(numbers):
        clock.now = start + index * HOUR + days * DAY
        office.act(tracking, "accept", role="registry")
    return numbers


def test_what_is_learnt_is_told_to_visitors_and_stands_in_the_register(office: Office, clock: Clock) -> None:
    publish_all(office)
    waits = office.submit("work_permits", "renewal", region="beirut", phone=None).tracking
    before = office.status_of(office.known(waits)).steps[0].expected
    assert before == (1, 2)  # as the table says: nothing is known yet
    assert learning.refresh(office) == 0
    worked(office, clock, 30, 7)
    publish_all(office)
    assert learning.refresh(office) == 2
    assert learning.refresh(office) == 0  # nothing moved: nothing is told twice
    assert isinstance(audit_verify(office), Intact)  # before the statuses are published anew, too
    publish_all(office)
    least, most = expectations.told(office.own_reader)[PLACE]
    assert 3 <= least <= most <= 7
    assert office.status_of(office.known(waits)).steps[0].expected == (least, most)
    assert isinstance(audit_verify(office), Intact)
    with office.batch():
        office.execute_write(lambda c: c.execute("UPDATE expectation SET most = most + 1"))
    assert isinstance(audit_verify(office), Broken)


def test_a_decree_and_a_return_are_not_the_steps_own_time(office: Office, clock: Clock) -> None:
    tracking = office.submit("work_permits", "renewal", region="beirut", phone=None).tracking
    came = clock.now
    clock.now += DAY
    office.act(tracking, "return", role="registry", reasons=["document_missing"])
    clock.now += 20 * DAY
    office.act(tracking, "resubmit", role="intake")
    clock.now += DAY
    office.act(tracking, "accept", role="registry")
    calendar = office.calendar
    *ended, waits = learning.stays(office.own_reader, calendar)
    spans = [(one.began, one.ended) for one in ended]
    clocked = [calendar.clock(came + days * DAY) for days in (0, 1, 21, 22)]
    assert spans == [(clocked[0], clocked[1]), (clocked[2], clocked[3])]
    assert (waits.place[3], waits.ended) == (Role.HEAD_OF_DEPARTMENT, None)
    (office.data / "calendar.toml").write_text(
        'hours = ["07:30-15:30", "07:30-15:30", "07:30-15:30", "07:30-15:30", "07:30-11:00", "", ""]\nholidays = []\n'
        '[[frozen]]\nfirst = 1990-01-01\nlast = 2049-12-31\ndecree = "all of it"\n'
    )
    assert all(one.ended in {None, one.began} for one in learning.stays(office.own_reader, office.calendar))


@pytest.mark.parametrize("moment", [1_795_000_000 + hours * HOUR for hours in range(0, 14 * 24, 5)])
def test_the_calendars_clock_agrees_with_its_days(moment: int) -> None:
    calendar = read_calendar()
    for later in range(0, 20 * DAY, 31 * HOUR):
        worked_days = calendar.clock(moment + later) - calendar.clock(moment)
        assert worked_days >= 0
        assert abs(worked_days - calendar.age(moment, moment + later)) <= 1
    assert Action.EXPECT == 24
