"""What was written while nobody served is published while the office serves, and holds up neither start nor end."""

from pathlib import Path

import pytest

from central_api.imports import import_file
from central_api.publish import Intact, audit_verify
from central_api.store import Office, open_office
from central_api.store.pace import somebody_publishes
from tests import forked

from .running import running, until

FILES = 4_000


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An office with a backlog of some seconds, and one application of its own behind it."""
    old = tmp_path / "old.csv"
    rows = [f"legacy_permits,A-{n},submit,2026-02-01T09:00:00Z,work_permits,renewal,north\n" for n in range(FILES)]
    old.write_text("system,legacy_number,action,at,family,kind,region\n" + "".join(rows))
    with open_office(tmp_path / "office") as office:
        assert import_file(office, old).applied == FILES
        office.submit("work_permits", "renewal", region="beirut", phone=None)
    return tmp_path / "office"


def left(office: Office) -> int:
    return office.own_reader.execute("SELECT count(*) FROM event WHERE position IS NULL").fetchone()[0]


def in_books(office: Office) -> int:
    return office.own_reader.execute("SELECT position FROM book_written").fetchone()[0]


def test_it_listens_at_once_ends_when_told_and_goes_on_the_next_time(data: Path):
    with running(data) as served:
        assert left(served.office) > 0
        assert served.get("/v1/health").status_code == 200
        until(lambda: left(served.office) < FILES)
    with open_office(data) as office:
        assert left(office) > 0
    with running(data) as served:
        until(lambda: in_books(served.office) == FILES + 1, 120)
        assert isinstance(audit_verify(served.office), Intact)


def test_told_to_end_before_it_listens_it_does(data: Path):
    process = forked.Program("central_api", "serve", "--data", str(data), "--port", "0")
    until(lambda: somebody_publishes(data))
    process.terminate()
    assert process.wait(20) == 0
    with open_office(data) as office:
        assert left(office) > 0
