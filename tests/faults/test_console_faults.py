"""The console where things go wrong beneath it: a full disk, a register that another holds, a clock that goes back."""

import re
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_api.publish import Intact, audit_verify, publish_pending
from central_api.store import Office, StoreFailed, deeds, open_office
from central_api.store.deeds import Deed, seen_of
from central_api.workflow import Act, Action, Role
from tests.central_api.console.conftest import House
from tests.central_api.console.staff import Person, hire
from tests.central_api.web.running import running
from tests.small_disk import small_disk_at

NOTE = "words that must not be lost"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of three megabytes."""
    with small_disk_at(tmp_path / "disk", "3m") as disk:
        yield disk


def hidden(person: Person, path: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(csrf|form|seen)" value="([^"]*)"', person.get(path).text))


def test_on_a_full_disk_nothing_is_recorded_that_is_said_and_the_same_form_counts_later(small_disk: Path):
    with running(small_disk / "office") as served:
        house = House(served)
        rami, tracking = house.add("rami", "head_of_department/beirut"), house.filed()
        form, ballast = hidden(rami, f"/files/{tracking}/approve"), small_disk / "ballast"
        with pytest.raises(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        for _ in range(200):  # what room the journal had left
            refused = rami.post(f"/files/{tracking}/note", note=NOTE * 50, **form | {"form": f"note-{_}"})
            if refused.status_code == 503:
                break
        assert refused.status_code == 503
        assert "Nothing was recorded" in refused.text
        ballast.unlink()
        assert rami.post(f"/files/{tracking}/approve", **form).status_code == 200
        assert len(house.office.known(tracking).standing.done) == 2


def test_a_register_that_another_program_holds_is_waited_for(tmp_path: Path):
    with running(tmp_path / "office") as served:
        house = House(served)
        rami, tracking = house.add("rami", "head_of_department/beirut"), house.filed()
        form = hidden(rami, f"/files/{tracking}/approve")
        other = sqlite3.connect(served.data / "office.db", isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        letting_go = threading.Timer(1.0, other.execute, ["ROLLBACK"])
        letting_go.start()
        assert rami.post(f"/files/{tracking}/approve", **form).status_code == 200
        letting_go.join()
        other.close()
        assert len(house.office.known(tracking).standing.done) == 2


def test_a_register_that_cannot_be_written_says_so_to_whoever_acts(tmp_path: Path):
    with open_office(tmp_path / "office") as office:
        rami = hire(office, "rami", "registry/beirut")
        tracking = office.submit("work_permits", "renewal", region="beirut", phone=None).tracking
        # As a file system that was mounted read-only answers the writer.
        office.execute_write(lambda c: None).result()
        office._writer._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(StoreFailed, match="nothing was recorded"):
            approve(office, rami, tracking, "one")
        office._writer._connection.execute("PRAGMA query_only = OFF")
        assert approve(office, rami, tracking, "one") == "accept"


def test_a_clock_that_was_set_back_stops_nobody_and_breaks_no_order(tmp_path: Path):
    now = 1_795_000_000
    with open_office(tmp_path / "office", clock=lambda: now) as office:
        nada, rami = hire(office, "nada", "registry/beirut"), hire(office, "rami", "head_of_department/beirut")
        tracking = office.submit("work_permits", "renewal", region="beirut", phone=None).tracking
        assert approve(office, nada, tracking, "one") == "accept"
        now -= 7 * 86_400
        assert approve(office, rami, tracking, "two") == "approve"
        first, second = office.known(tracking).standing.done
        assert second.when == first.when == 1_795_000_000
        publish_pending(office)
        assert isinstance(audit_verify(office), Intact)


def approve(office: Office, person: Person, tracking: str, form: str) -> str:
    seen = seen_of(office.known(tracking).standing)
    deed = Deed(tracking, Act(Action.APPROVE, Role.INTAKE, 0), person.row, form, seen)
    return office.execute_write(lambda connection: deeds.do(connection, office, deed)).result()
