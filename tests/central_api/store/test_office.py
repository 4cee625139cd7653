"""What the office does with an application, from intake to the minister, and what it refuses."""

import datetime
import os
import sqlite3
import stat
from concurrent.futures import Future
from pathlib import Path

import pytest

from central_api.contract import keys
from central_api.contract.feed import Tombstone
from central_api.contract.keylist import Purpose, open_key_list
from central_api.contract.slips import parse_slip
from central_api.contract.status import State
from central_api.publish import Intact, audit_verify, publish_all
from central_api.store import PHONE, ActionRefused, NoOffice, Office, StoreFailed, decode_event, decrees, open_office
from central_api.workflow import InvalidTable, Role, shipped_sources, units_at
from central_api.workflow.calendar import Frozen

from .conftest import CHAIN, Clock


def submit(office: Office, **more: object) -> str:
    given = {"family": "work_permits", "kind": "renewal", "region": "beirut", "phone": "71123456", **more}
    return office.submit(**given).tracking  # type: ignore[arg-type]


def refused(work: object, *arguments: object, **more: object) -> str:
    with pytest.raises(ActionRefused) as refusal:
        work(*arguments, **more)  # type: ignore[operator]
    assert refusal.value.words
    return str(refusal.value.code)


def test_what_a_visitor_gets_opens_what_is_his(office: Office) -> None:
    given = office.submit("companies", "permit", region="north", filed_at="beirut", phone="+9613123456", language="fr")
    filed = office.find(given.tracking)
    assert filed is not None
    assert parse_slip(given.slip_url, [office.settings.host]) == given.slip
    assert given.slip.key == office.slip_key(filed)
    assert given.secret_code == keys.secret_code(office.secret(1), given.tracking, 1)
    assert filed.slot == keys.slot(given.slip.key)
    status = office.status_of(filed)
    assert (status.filed_at, status.steps[0].office.region, len(status.checks)) == (1, 3, 2)
    assert given.tracking not in repr(given) + repr(filed) + repr(filed.filing)


def test_the_chain_from_intake_to_minister(office: Office, clock: Clock) -> None:
    tracking = submit(office)
    for role in CHAIN:
        clock.now += 3600
        acted = office.act(tracking, "approve", role=role)
        assert acted.at == clock.now
    assert (acted.state, acted.action.word, acted.step) == (State.COMPLETED, "sign", 5)
    assert refused(office.act, tracking, "approve", role="minister") == "ended"


def test_every_event_has_two_times_and_no_phone(office: Office, clock: Clock) -> None:
    tracking = submit(office, at=clock.now - 86_400)
    office.act(tracking, "return", role="registry", documents=["lab_tests"], deadline=datetime.date(2026, 12, 4))
    reader = office.reader()
    bodies = [row[0] for row in reader.execute("SELECT body FROM event ORDER BY seq")]
    first, second = map(decode_event, bodies)
    assert (first.act.at, first.recorded) == (clock.now - 86_400, clock.now)
    assert (second.act.documents, second.act.deadline) == ((3,), 20_791)
    assert PHONE in first.personal
    assert b"71123456" not in b"".join(bodies)
    assert reader.execute("SELECT value FROM personal").fetchall() == [("+96171123456",)]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"family": "circus"}, "unknown_code"),
        ({"kind": "circus"}, "unknown_code"),
        ({"region": "atlantis"}, "unknown_code"),
        ({"language": "tlh"}, "unknown_code"),
        ({"phone": "12"}, "bad_phone"),
        ({"phone": "not a phone"}, "bad_phone"),
        ({"kind": "category_change"}, "not_open"),
        ({"at": 1_795_000_001}, "in_the_future"),
    ],
)
def test_an_intake_that_cannot_be(office: Office, more: dict[str, object], code: str) -> None:
    assert refused(submit, office, **more) == code
    assert office.reader().execute("SELECT count(*) FROM event").fetchone() == (0,)


def test_unknown_words_are_answered_with_the_valid_ones(office: Office) -> None:
    tracking = submit(office)
    for words in ({"role": "king"}, {"reasons": ["mood"]}, {"documents": ["menu"]}):
        with pytest.raises(ActionRefused, match="expected one of") as refusal:
            office.act(tracking, "return", **{"role": "registry", **words})  # type: ignore[arg-type]
        assert refusal.value.code == "unknown_code"
    assert refused(office.act, tracking, "bless", role="registry") == "unknown_code"
    assert refused(office.answer_check, tracking, "weather", True) == "unknown_code"
    assert refused(office.act, "26128556369", "accept", role="registry") == "unknown_number"


def test_a_clock_set_back_does_not_stop_the_office(office: Office, clock: Clock) -> None:
    tracking = submit(office)
    clock.now -= 366 * 86_400
    acted = office.act(tracking, "accept", role="registry")
    assert acted.at == clock.now + 366 * 86_400
    assert refused(office.act, tracking, "approve", role="head_of_department", at=clock.now - 1) == "too_early"


def test_a_reissued_slip_makes_the_old_one_worthless_at_once(office: Office) -> None:
    given = office.submit("work_permits", "renewal", region="beirut", phone="71123456")
    again = office.reissue(given.tracking)
    assert again.secret_code != given.secret_code
    assert again.slip.key != given.slip.key
    filed = office.find(given.tracking)
    assert filed is not None
    assert (filed.issue, filed.slot) == (2, keys.slot(again.slip.key))
    assert office.slip_again(filed).slip == again.slip
    assert office.slip_again(filed).secret_code == ""


def test_a_suspended_unit_works_by_a_deputy_alone(office: Office) -> None:
    tracking = submit(office)
    office.suspend_unit("registry", "beirut")
    assert refused(office.suspend_unit, "registry", "beirut") == "already"
    assert refused(office.act, tracking, "accept", role="registry") == "unit_suspended"
    office.act(tracking, "accept", role="registry", acting=True)
    office.resume_unit("registry", "beirut")
    assert refused(office.resume_unit, "registry", "beirut") == "already"
    assert refused(office.suspend_unit, "registry") == "wrong_unit"
    assert refused(office.suspend_unit, "minister", "beirut") == "wrong_unit"


def test_a_batch_is_one_commit_or_none(office: Office) -> None:
    with office.batch():
        tracking = submit(office)
        office.act(tracking, "accept", role="registry")
    assert office.find(tracking) is not None
    with pytest.raises(ZeroDivisionError), office.batch():
        lost = submit(office)
        _ = 1 // 0
    assert office.find(lost) is None


def test_one_that_fails_takes_back_only_its_own(office: Office) -> None:
    def write(connection: sqlite3.Connection, subject: str, fail: bool) -> str:
        connection.execute("INSERT INTO throttle VALUES (?, 1, 1, 1, 1)", (subject,))
        if fail:
            raise LookupError(subject)
        return subject

    futures: list[Future[str]] = [
        office.execute_write(lambda c, n=number: write(c, f"subject {n}", n % 3 == 0)) for number in range(100)
    ]
    answers = [future.exception() or future.result() for future in futures]
    kept = {row[0] for row in office.reader().execute("SELECT subject FROM throttle")}
    assert kept == {answer for answer in answers if isinstance(answer, str)}
    assert len(kept) == 66


def test_a_cancelled_write_is_not_written(office: Office) -> None:
    blocker = office.connect()
    blocker.execute("BEGIN IMMEDIATE")
    first = office.execute_write(lambda c: c.execute("DELETE FROM throttle").rowcount)
    second = office.execute_write(lambda c: c.execute("INSERT INTO throttle VALUES ('x', 1, 1, 1, 1)").rowcount)
    cancelled = second.cancel()
    blocker.execute("ROLLBACK")
    first.result()
    assert office.reader().execute("SELECT count(*) FROM throttle").fetchone() == (0 if cancelled else 1,)


def test_a_database_that_is_locked_is_said_to_be(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.execute_write(lambda c: c.execute("PRAGMA user_version").fetchone()).result()
    future = office.execute_write(lambda c: c.execute("INSERT INTO nowhere VALUES (1)"))
    assert isinstance(future.exception(), StoreFailed)
    assert submit(office)


def test_sealed_at_knows_three_answers(office: Office) -> None:
    rows = [(bytes(16), 1, b"sealed", None), (b"\1" * 16, 2, None, int(Tombstone.REISSUED))]
    office.execute_write(lambda c: c.executemany("INSERT INTO sealed VALUES (?, ?, ?, ?)", rows).rowcount).result()
    assert office.sealed_at(bytes(16)) == b"sealed"
    assert office.sealed_at(b"\1" * 16) is Tombstone.REISSUED
    assert office.sealed_at(b"\2" * 16) is None


def test_secrets_and_keys_are_for_the_office_alone(office: Office, clock: Clock) -> None:
    for path in (*(office.data / "secrets").iterdir(), *(office.data / "keys").iterdir(), office.data / "office.db"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    listed = open_key_list(office.key_list_bytes, office.root_public)
    for purpose in Purpose:
        key = office.signing_key(purpose)
        assert listed.finder(purpose, clock.now)(key.key_id) == key.public
    secret = office.secret(1)
    assert secret not in (office.data / "office.db").read_bytes()


def test_an_office_is_the_same_when_it_is_opened_again(tmp_path: Path, clock: Clock) -> None:
    with open_office(tmp_path, clock=clock, host="STATUS.EXAMPLE:8400") as office:
        tracking, secret = submit(office), office.secret(1)
    with open_office(tmp_path, create=False, clock=clock) as office:
        assert office.find(tracking) is not None
        assert (office.secret(1), office.settings.host) == (secret, "STATUS.EXAMPLE:8400")
    with open_office(tmp_path, clock=clock, host="OTHER.EXAMPLE") as office:
        assert office.settings.host == "OTHER.EXAMPLE"


def test_there_is_no_office_where_none_was_made(tmp_path: Path) -> None:
    with pytest.raises(NoOffice):
        open_office(tmp_path / "nowhere", create=False)
    assert not (tmp_path / "nowhere").exists()
    with pytest.raises(NoOffice):
        open_office(tmp_path, create=False)


def test_an_office_that_lost_its_settings_is_not_founded_anew(office: Office) -> None:
    secret = office.secret(1)
    (office.data / "office.toml").rename(office.data / "lost")
    with pytest.raises(NoOffice, match=r"without its office\.toml"):
        open_office(office.data)
    (office.data / "office.toml").write_text("ministry = 1\n")
    with pytest.raises(NoOffice, match="ministry"):
        open_office(office.data)
    (office.data / "lost").rename(office.data / "office.toml")
    with open_office(office.data) as again:
        assert again.secret(1) == secret


def test_a_region_routes_otherwise_and_what_was_filed_elsewhere_is_asked_for_at_both_counters(
    office: Office, clock: Clock
) -> None:
    """Nabatieh's files go by a shorter chain; one was handed in in Beirut, and comes back to either counter."""
    source = dict(shipped_sources())["work_permits.toml"].replace("version = 2", "version = 3")
    steps = [f"[[regions.nabatieh]]{part.partition('# A rejection')[0]}" for part in source.split("[[steps]]")[1:]]
    (office.data / "workflow").mkdir()
    (office.data / "workflow" / "permits.toml").write_text(source + "\n".join([steps[0], *steps[3:]]))
    with open_office(office.data, clock=clock) as there:
        tracking = submit(there, region="nabatieh", filed_at="beirut")
        assert refused(there.act, tracking, "accept", role="registry", region="beirut") == "wrong_unit"
        there.act(tracking, "return", role="registry", region="nabatieh", documents=["lab_tests"])
        back = there.known(tracking)
        units = units_at(there.kind_of(back), back.filing, back.standing)
        assert [(unit.role, unit.region) for unit in units] == [(Role.INTAKE, 1), (Role.INTAKE, 6)]
        there.act(tracking, "resubmit", role="intake", region="beirut")
        for role in ("registry", "director_general", "minister"):
            assert there.status_of(there.known(tracking)).filed_at == 1
            done = there.act(tracking, "approve", role=role)
        assert (done.state, done.step) == (State.COMPLETED, 3)
        assert there.kind_of(there.known(submit(there))).steps[2].role is Role.HEAD_OF_SERVICE
        publish_all(there)
        assert isinstance(audit_verify(there), Intact)


def test_a_changed_table_needs_a_new_version(office: Office, clock: Clock) -> None:
    tracking = submit(office)
    source = dict(shipped_sources())["work_permits.toml"]
    (office.data / "workflow").mkdir()
    own = office.data / "workflow" / "permits.toml"
    changed = source.replace("expected = [1, 2]", "expected = [3, 4]")
    own.write_text(changed)
    with pytest.raises(InvalidTable, match=r"permits\.toml:\d+: version: .*expected a new version number"):
        open_office(office.data, clock=clock)
    own.write_text(changed.replace("version = 2", "version = 3"))
    with open_office(office.data, clock=clock) as other:
        new = submit(other)
        own.unlink()
    # What was filed under a version follows it for good, in every process, whatever became of the file.
    for each, expected in ((tracking, (1, 2)), (new, (3, 4))):
        filed = office.find(each)
        assert filed is not None
        assert office.kind_of(filed).steps[0].expected == expected


def test_a_calendar_that_is_changed_twice_within_a_tick_of_the_clock_is_read_again(office: Office) -> None:
    """A script copies it and adds a decree: who read in between did not learn of the decree."""
    path = office.data / "calendar.toml"
    hours = '"07:30-15:30", "07:30-15:30", "07:30-15:30", "07:30-15:30", "07:30-11:00", "", ""'
    path.write_text(f"hours = [{hours}]\nholidays = []\n")
    assert office.calendar.frozen == ()
    written = path.stat().st_mtime_ns
    with path.open("a") as more:
        more.write('[[frozen]]\nfirst = 2026-03-02\nlast = 2026-03-13\ndecree = "one"\n')
    os.utime(path, ns=(written, written))
    assert [one.decree for one in office.calendar.frozen] == ["one"]


def test_a_calendar_that_was_edited_wrongly_counts_once_it_is_mended(office: Office) -> None:
    """Until then the days count on as they were, and decrees with them: no page fails, and no time limit moves."""
    path = office.data / "calendar.toml"
    hours = '"07:30-15:30", "07:30-15:30", "07:30-15:30", "07:30-15:30", "", "", ""'
    good = f"hours = [{hours}]\nholidays = []\n"
    path.write_text(good)
    assert office.calendar.weekdays == {0, 1, 2, 3}
    for broken in (good[:40].encode(), b"\xff\xfeh\0"):
        path.write_bytes(broken)
        assert office.calendar.weekdays == {0, 1, 2, 3}
    one = Frozen(datetime.date(2026, 12, 24), datetime.date(2026, 12, 24), "one")
    office.execute_write(lambda connection: decrees.freeze(connection, one, "0 test", office.clock())).result()
    assert [frozen.decree for frozen in office.calendar.frozen] == ["one"]
    path.write_text(good.replace('"07:30-15:30", ""', '"", ""'))
    assert office.calendar.weekdays == {0, 1, 2}


@pytest.mark.parametrize("name", ["office.toml", "calendar.toml", "workflow/own.toml"])
def test_a_file_of_the_office_that_is_no_text_is_named(office: Office, name: str) -> None:
    path = office.data / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"\xff\xfeh\0")
    with pytest.raises((NoOffice, InvalidTable), match=path.name), open_office(office.data) as again:
        assert again.calendar


def test_an_editor_may_put_its_mark_before_the_settings(office: Office) -> None:
    path = office.data / "office.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    with open_office(office.data) as again:
        assert again.settings == office.settings
