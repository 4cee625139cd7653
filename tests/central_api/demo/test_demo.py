"""The demo's data: believable, whole, and made by the office's own acts."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
import zxingcpp
from PIL import Image

from central_api.contract.errors import ForeignSlip, NotASlip
from central_api.contract.feed import Tombstone
from central_api.contract.keys import slot
from central_api.contract.slips import parse_slip
from central_api.contract.status import Language, State, Status
from central_api.demo import build_demo
from central_api.demo.calendar import BEIRUT, Calendar, day_of, working_day
from central_api.publish import publish_pending
from central_api.store import Office, open_office

TODAY = 1_795_340_000  # a Sunday: 22 November 2026


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    data = tmp_path_factory.mktemp("demo") / "office"
    summary = build_demo(data, today=TODAY, applications=700, reported=60)
    assert (summary.applications, summary.reported) == (700, 60)
    with open_office(data, create=False, clock=lambda: TODAY) as opened:
        assert summary.events == publish_pending(opened).position
        yield opened


@pytest.fixture(scope="module")
def statuses(office: Office) -> list[Status]:
    filed = [office.find(f"{row[0]:011d}") for row in office.reader().execute("SELECT tracking FROM application")]
    return [office.status_of(one) for one in filed if one is not None]


def test_every_family_state_step_and_region_is_met(statuses: list[Status]):
    assert {status.family for status in statuses} == {1, 2, 3}
    assert {status.state for status in statuses} == set(State)
    assert {status.filed_at for status in statuses} == {1, 2, 3, 4, 5, 6}
    under_review = Counter(status.current for status in statuses if status.state is State.UNDER_REVIEW)
    assert set(under_review) == {0, 1, 2, 3, 4}
    assert {status.language for status in statuses} == {Language.AR, Language.FR, Language.EN}


def test_deputies_suspended_units_pending_checks_and_reports_are_met(statuses: list[Status]):
    steps = [step for status in statuses for step in status.steps]
    assert any(step.acting for step in steps)
    assert any(step.suspended_since for step in steps)
    assert any(step.reported_by for step in steps)
    assert any(status.checks and status.state is State.UNDER_REVIEW for status in statuses)
    assert any(status.deadline for status in statuses)


def test_nothing_lies_in_the_future(statuses: list[Status]):
    assert all(status.changed <= TODAY for status in statuses)


def test_each_picture_is_what_its_list_says(office: Office):
    folder = office.data / "slips"
    listed = {entry["file"]: entry for entry in json.loads((folder / "slips.json").read_text())}
    assert set(listed) == {path.name for path in folder.glob("*.png")}
    hosts = [office.settings.host]
    for file, entry in listed.items():
        [code] = zxingcpp.read_barcodes(Image.open(folder / file).convert("L"))
        assert code.text == entry["text"]
        if file == "not-a-slip.png":
            with pytest.raises(NotASlip):
                parse_slip(code.text, hosts)
        elif file == "another-ministry.png":
            with pytest.raises(ForeignSlip):
                parse_slip(code.text, hosts)
        else:
            lies = office.sealed_at(slot(parse_slip(code.text, hosts).key))
            assert (lies is Tombstone.REISSUED) == (file == "replaced-ar.png")


def test_a_second_build_does_not_touch_a_folder_in_use(office: Office, tmp_path: Path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "something").touch()
    with pytest.raises(FileExistsError, match="not empty"):
        build_demo(tmp_path / "full", today=TODAY, applications=300, reported=40)
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["something"]


def test_an_office_that_another_command_made_meanwhile_is_kept_and_the_build_says_why_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    data = tmp_path / "office"

    def founds_one(*_: object) -> int:
        with open_office(data):
            return 16

    monkeypatch.setattr("central_api.demo.build.write_slips", founds_one)
    with pytest.raises(FileExistsError, match="by one command"):
        build_demo(data, today=TODAY, applications=20, reported=4)
    assert [path.name for path in tmp_path.iterdir()] == ["office"]


@pytest.mark.parametrize("days", [1, 3, 50])
def test_the_demo_builds_on_any_day(tmp_path: Path, days: int):
    # 50 days on, a kind has opened that was still closed when the first files were handed in.
    summary = build_demo(tmp_path / "office", today=TODAY + days * 86_400, applications=500, reported=40)
    assert summary.slips == 16


def test_the_calendar_keeps_to_working_time():
    calendar = Calendar(Random(1))
    at = TODAY
    for _ in range(200):
        at = calendar.later(at, 0, 3)
        assert day_of(at).weekday() < 5
    friday = working_day(day_of(TODAY), -1)
    assert (friday.weekday(), working_day(friday, 1).weekday()) == (4, 0)
    assert BEIRUT.key == "Asia/Beirut"
