"""The work of the night: late files are recorded once for each stay, whoever was killed when."""

from central_api.publish import Intact, audit_verify, publish_all
from central_api.store import Office, queues
from central_api.store.nightly import do_night, night_due
from central_api.workflow import Action
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
