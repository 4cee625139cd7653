"""The work of the night: late files are recorded once for each stay, whoever was killed when."""

from datetime import timedelta

import pytest

from central_api.__main__ import main
from central_api.publish import Broken, Intact, audit_verify, publish_all, write_books
from central_api.store import ActionRefused, Office, decrees, outbox, queues, redating
from central_api.store.nightly import do_night, night_due
from central_api.workflow import Action
from central_api.workflow.calendar import Frozen, date_of
from central_api.workflow.standing import Rejected
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


def rejected(office: Office) -> str:
    tracking = office.submit("work_permits", "renewal", region="beirut", phone="+96171123456").tracking
    office.act(tracking, "reject", role="registry", reasons=["fees_unpaid"])
    return tracking


def told(office: Office, tracking: str) -> int | None:
    stage = office.known(tracking).standing.stage
    return stage.deadline if isinstance(stage, Rejected) else None


def test_a_decree_moves_the_last_day_to_object_of_whoever_can_still_object(
    office: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redating, "_AT_ONCE", 1)
    over = rejected(office)
    clock.now += 60 * DAY
    publish_all(office)
    write_books(office)
    open_still, objected, unpublished = rejected(office), rejected(office), rejected(office)
    office.act(objected, "object", role="registry")
    before = {tracking: told(office, tracking) for tracking in (over, open_still, unpublished)}
    messages = len(outbox.messages(office.own_reader))
    start = date_of(clock.now)
    days = [start.isoformat(), (start + timedelta(days=29)).isoformat(), "--data", str(office.data)]
    assert main(["workflow", "freeze", *days, "--decree", "12345/2026"]) == 0
    assert told(office, over) == before[over]
    for tracking in (open_still, unpublished):
        assert told(office, tracking) == office.calendar.due(clock.now, 15).toordinal() - 719_163
        assert (told(office, tracking) or 0) >= (before[tracking] or 0) + 20
    assert len(outbox.messages(office.own_reader)) == messages, "nothing more has ended"
    assert redating.redate(office) == 0
    publish_all(office)
    assert isinstance(audit_verify(office), Intact)
    # Whoever objects late by the old day is in time.
    clock.now += 30 * DAY
    office.act(unpublished, "object", role="registry")
    assert main(["workflow", "unfreeze", *days]) == 0
    assert told(office, open_still) == before[open_still]
    publish_all(office)
    assert isinstance(audit_verify(office), Intact)


def test_a_redating_that_was_killed_goes_on_in_the_night(office: Office, clock: Clock) -> None:
    files = [rejected(office) for _ in range(5)]
    start = date_of(clock.now)
    one = Frozen(start, start + timedelta(days=29), "12345/2026")
    office.execute_write(lambda c: decrees.freeze(c, one, "3 Nada", clock.now)).result()
    first = [office.known(tracking).row for tracking in files[:2]]
    assert office.execute_write(lambda c: [redating._move(office, c, row) for row in first]).result() == [True, True]
    assert len({told(office, tracking) for tracking in files}) == 2
    assert do_night(office).redated == 3
    assert len({told(office, tracking) for tracking in files}) == 1
    publish_all(office)
    assert isinstance(audit_verify(office), Intact)
