"""A family gets new rules: files that are under way are moved to them, tried first, each by its own event, or named."""

from pathlib import Path

import pytest

from central_api.publish import Intact, audit_verify, publish_all
from central_api.store import ActionRefused, Office, migrations, open_office
from central_api.workflow import Action, Role, decode_standing, shipped_sources
from central_api.workflow.standing import Completed
from tests.central_api.store.conftest import Clock

PERMITS = dict(shipped_sources())["work_permits.toml"]
# Version 3 has no Head of Service, asks for a check more of renewals, and knows no change of employer.
SERVICE = PERMITS[
    PERMITS.index('[[steps]]\nrole = "head_of_service"') : PERMITS.index('[[steps]]\nrole = "director_general"')
]
CHANGE = PERMITS[PERMITS.index("[kinds.employer_change]") : PERMITS.index("[kinds.category_change]")]
SHORTER = (
    PERMITS.replace("version = 2", "version = 3")
    .replace(SERVICE, "")
    .replace(CHANGE, "")
    .replace("[kinds.renewal]", '[kinds.renewal]\nchecks = [{ agency = "general_security", required = true }]')
)
CHAIN = ("registry", "head_of_department", "head_of_service", "director_general", "minister")


def submit(office: Office, kind: str = "renewal", steps: int = 0) -> str:
    tracking = office.submit("work_permits", kind, region="beirut", phone=None).tracking
    for role in CHAIN[:steps]:
        office.act(tracking, "approve", role=role)
    return tracking


@pytest.fixture
def reformed(office: Office, clock: Clock) -> tuple[dict[str, str], Path]:
    """Return files at several steps under version 2, of an office whose folder has version 3 now."""
    files = {str(steps): submit(office, steps=steps) for steps in range(6)}
    files["change"] = submit(office, "employer_change")
    (office.data / "workflow").mkdir()
    (office.data / "workflow" / "permits.toml").write_text(SHORTER)
    return files, office.data


def test_it_is_tried_first_and_then_done_once_and_what_cannot_be_mapped_is_named(reformed, clock: Clock) -> None:
    files, data = reformed
    with open_office(data, clock=clock) as office:
        table = migrations.version_of(office, "work_permits", 3)
        tried = migrations.migrate(office, table, apply=False)
        assert (tried.moved, tried.ended) == (3, 1)
        why = dict(tried.refused)
        assert set(why) == {files["3"], files["4"], files["change"]}
        assert "director_general would be skipped" in why[files["3"]]
        assert "employer_change is no kind of version 3" in why[files["change"]]
        assert all(office.known(one).filing.table == 2 for one in files.values())
        done = migrations.migrate(office, table, apply=True)
        assert (done.moved, done.refused) == (tried.moved, tried.refused)
        again = migrations.migrate(office, table, apply=True)
        assert (again.moved, again.refused) == (0, tried.refused)
        publish_all(office)
        assert isinstance(audit_verify(office), Intact)
        # A check that is new is asked until the first signature is there; then it is too late to ask.
        assert [bool(office.known(files[step]).standing.pending) for step in "012"] == [True, True, False]
        assert office.status_of(office.known(files["2"])).steps[2].office.role == Role.DIRECTOR_GENERAL
        for role in ("director_general", "minister"):
            office.act(files["2"], "approve", role=role)
        assert isinstance(office.known(files["2"]).standing.stage, Completed)
        with pytest.raises(ActionRefused, match="expected one of 2, 3"):
            migrations.version_of(office, "work_permits", 9)
        publish_all(office)
        assert isinstance(audit_verify(office), Intact)


def test_cut_off_in_the_middle_it_goes_on_where_it_was(reformed, clock: Clock, monkeypatch) -> None:
    files, data = reformed
    monkeypatch.setattr(migrations, "_AT_ONCE", 1)

    class Killed(Exception):
        pass

    def kill(result: migrations.Migrated) -> None:
        if result.moved == 2:
            raise Killed

    with open_office(data, clock=clock) as office:
        table = migrations.version_of(office, "work_permits", 3)
        with pytest.raises(Killed):
            migrations.migrate(office, table, apply=True, told=kill)
    with open_office(data, clock=clock) as office:
        assert migrations.migrate(office, table, apply=True).moved == 1
        query = "SELECT count(*) FROM event WHERE application = ?"
        counts = [office.own_reader.execute(query, (office.known(files[one]).row,)).fetchone()[0] for one in "012"]
        assert counts == [2, 3, 4]
        publish_all(office)
        assert isinstance(audit_verify(office), Intact)


def test_a_forged_version_in_the_register_is_found(reformed, clock: Clock) -> None:
    _files, data = reformed
    with open_office(data, clock=clock) as office:
        publish_all(office)
        office.execute_write(lambda c: c.execute("UPDATE application SET workflow = 3 WHERE id = 1")).result()
        assert not isinstance(audit_verify(office), Intact)
        kept = office.own_reader.execute("SELECT standing FROM application WHERE id = 1").fetchone()[0]
        assert decode_standing(kept).done == ()
        assert Action.MIGRATE == 19
