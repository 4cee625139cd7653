"""The work of the night: late files are recorded once for each stay, whoever was killed when."""

from datetime import timedelta

import pytest

from central_api.__main__ import main
from central_api.publish import Broken, Intact, audit_verify, publish_all
from central_api.store import ActionRefused, Office, decrees, queues
from central_api.store.nightly import do_night, night_due
from central_api.workflow import Action
from central_api.workflow.calendar import Frozen, date_of
from tests.central_api.store.conftest import Clock

DAY = 86_400


def escalations(office: Office, tracking: str) -> int:
    entries = queues.history(office.own_reader, office.known(tracking))
    return sum(entry.act.action is Action.ESCALATE for entry in entries)


def test_a_late_file_is_recorded_once_at_each_step(office: Office, clock: Clock) -> None:
    late = office.submit("work_permits", "renewal", region="beirut", phone=None).tracking
    assert not night_due(office)
    assert do_night(office).late == 0
    clock.now += 14 * DAY
    assert night_due(office)
    fresh = office.submit("work_permits", "renewal", region="beirut", phone=None).tracking
    assert do_night(office).late == 1
    assert not night_due(office)
    assert do_night(office).late == 0
    assert (escalations(office, late), escalations(office, fresh)) == (1, 0)
    office.act(late, "accept", role="registry")
    clock.now += 21 * DAY
    assert do_night(office).late == 2
    assert escalations(office, late) == 2
    publish_all(office)
    assert isinstance(audit_verify(office), Intact)


def test_days_frozen_by_decree_make_nothing_late(office: Office, clock: Clock) -> None:
    office.submit("work_permits", "renewal", region="beirut", phone=None)
    (office.data / "calendar.toml").write_text(
        'hours = ["07:30-15:30", "07:30-15:30", "07:30-15:30", "07:30-15:30", "07:30-11:00", "", ""]\nholidays = []\n'
        '[[frozen]]\nfirst = 2026-01-01\nlast = 2027-12-31\ndecree = "deadlines are frozen"\n'
    )
    clock.now += 60 * DAY
    assert do_night(office).late == 0


def test_a_decree_is_recorded_counts_at_once_and_is_taken_back(office: Office, clock: Clock) -> None:
    late = office.submit("work_permits", "renewal", region="beirut", phone=None).tracking
    start = date_of(clock.now)
    days = Frozen(start, start + timedelta(days=90), "12345/2026")
    for wrong in (Frozen(days.last, days.first, "1"), Frozen(days.first, days.last, " ")):
        with pytest.raises(ActionRefused):
            office.execute_write(lambda c, wrong=wrong: decrees.freeze(c, wrong, "3 Nada", clock.now)).result()
    folder = str(office.data)
    given = [start.isoformat(), days.last.isoformat(), "--data", folder]
    assert main(["workflow", "freeze", *given, "--decree", "12345/2026"]) == 0
    assert main(["workflow", "freeze", *given, "--decree", "12345/2026"]) == 1
    clock.now += 30 * DAY
    assert do_night(office).late == 0
    publish_all(office)
    assert isinstance(audit_verify(office), Intact)
    # A day more, written behind the register's back, is found.
    longer = "UPDATE decree SET last_day = last_day + 30"
    office.execute_write(lambda c: c.execute(longer)).result()
    assert isinstance(audit_verify(office), Broken)
    office.execute_write(lambda c: c.execute(longer.replace("+", "-"))).result()
    assert main(["workflow", "unfreeze", *given]) == 0
    assert main(["workflow", "unfreeze", *given]) == 1
    assert do_night(office).late == 1
    assert escalations(office, late) == 1
    publish_all(office)
    assert isinstance(audit_verify(office), Intact)
