"""A whole terminal without its window: whose it is, when it is revoked, and on which power it runs."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from central_api.contract.terminal_settings import TerminalSettings, sign_settings
from kiosk import watches
from kiosk.identity import FOLDER
from kiosk.in_use import hold
from kiosk.machine import Power
from kiosk.office_settings import FILE
from kiosk.settings import Settings
from kiosk.sync import pins_of
from kiosk.terminal import Terminal
from kiosk.vault import Vault
from kiosk.visit_events import (
    LanguagesChanged,
    LinkChanged,
    LookedUp,
    LookUp,
    MainsChanged,
    OpeningChanged,
    ServiceChanged,
)
from kiosk.visit_state import ClosedUntil, Found
from provisioning.standing import standing_of
from tests.kiosk.feed_office import slip_of, wait_for
from tests.small_disk import small_disk_at

from .enrolled import enrolled_at
from .enrolling_office import EnrollingOffice
from .test_duties import CONTENT, FeedWithContent, heard, offers


@pytest.fixture
def office(tmp_path: Path) -> Iterator[EnrollingOffice]:
    import time

    office = EnrollingOffice(tmp_path / "office", feed=FeedWithContent(time=int(time.time())))
    office.feed.publish(slip_of(1))
    yield office
    office.close()


class Standing:
    """A terminal that runs, and what it posted."""

    def __init__(self, data: Path) -> None:
        self.posted: list = []
        # The office that the settings name is for machines that are not enrolled.
        self.terminal = Terminal(Settings("https://office.invalid", data, name="T-99"))
        self.terminal.start(self.posted.append)

    def stops(self) -> None:
        if not self.terminal._stopping.is_set():
            self.terminal.stop()

    def last(self, kind: type) -> object:
        return next((event for event in reversed(self.posted) if isinstance(event, kind)), None)


@pytest.fixture
def stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Standing]]:
    monkeypatch.setattr("kiosk.sync.POLL_EVERY", 0.05)
    monkeypatch.setattr("kiosk.sync.RETRY_FIRST", 0.05)
    monkeypatch.setattr("kiosk.terminal._OPEN_AGAIN", 0.05)
    standing: list[Standing] = []

    def one() -> Standing:
        standing.append(Standing(tmp_path / "data"))
        return standing[-1]

    yield one
    for each in standing:
        each.stops()


def test_an_enrolled_terminal_is_who_its_office_says(
    office: EnrollingOffice, tmp_path: Path, stand: Callable[[], Standing]
) -> None:
    enrolled_at(office, tmp_path / "data")
    first = stand()
    assert first.terminal.name == "T-07"
    wait_for(lambda: first.terminal.settled() and first.last(LinkChanged) == LinkChanged(up=True))
    wait_for(lambda: "POST /v1/heartbeats" in office.asked)
    assert standing_of(tmp_path / "data")["statuses"] == 1


def test_a_revoked_terminal_says_so_also_after_a_restart_without_network(
    office: EnrollingOffice, tmp_path: Path, stand: Callable[[], Standing]
) -> None:
    enrolled_at(office, tmp_path / "data")
    first = stand()
    wait_for(lambda: first.last(LinkChanged) == LinkChanged(up=True))
    office.revoke()
    wait_for(lambda: first.last(ServiceChanged) == ServiceChanged(withdrawn=True))
    first.stops()
    office.close()
    second = stand()
    wait_for(lambda: second.last(ServiceChanged) == ServiceChanged(withdrawn=True))


def test_a_revoked_terminal_goes_on_from_its_vault_where_the_office_allowed_it(
    office: EnrollingOffice, tmp_path: Path, stand: Callable[[], Standing]
) -> None:
    enrolled_at(office, tmp_path / "data")
    first = stand()
    wait_for(lambda: first.last(LinkChanged) == LinkChanged(up=True))
    first.stops()
    allowed = TerminalSettings(1, "T-07", vault_when_revoked=True)
    (tmp_path / "data" / FILE).write_bytes(sign_settings(allowed, CONTENT))
    office.revoke()
    second = stand()
    wait_for(lambda: second.last(LinkChanged) == LinkChanged(up=False))
    assert second.last(ServiceChanged) in (None, ServiceChanged(withdrawn=False))


def test_a_lost_key_leaves_the_vault_and_asks_nobody(
    office: EnrollingOffice, tmp_path: Path, stand: Callable[[], Standing]
) -> None:
    identity = enrolled_at(office, tmp_path / "data")
    (identity.folder / identity.key_file).unlink()
    vault = Vault(tmp_path / "data")
    vault.pin(pins_of(identity))
    vault.close()
    office.asked.clear()
    one = stand()
    wait_for(lambda: one.last(LinkChanged) == LinkChanged(up=False))
    assert one.terminal.settled()
    assert one.terminal.hosts == {identity.host.upper()}
    assert office.asked == []


def test_a_terminal_that_moved_to_another_office_forgets_the_first_ones_vault(
    office: EnrollingOffice, tmp_path: Path, stand: Callable[[], Standing]
) -> None:
    identity = enrolled_at(office, tmp_path / "data")
    vault = Vault(tmp_path / "data")
    vault.pin(pins_of(identity))
    vault.close()
    for path in (tmp_path / "data" / FOLDER).iterdir():
        path.unlink()
    (tmp_path / "data" / FOLDER).rmdir()
    other = EnrollingOffice(tmp_path / "other")
    enrolled_at(other, tmp_path / "data")
    one = stand()
    wait_for(lambda: one.last(LinkChanged) == LinkChanged(up=True))
    assert standing_of(tmp_path / "data")["statuses"] == 0
    other.close()


def test_it_waits_while_somebody_fills_its_vault(
    office: EnrollingOffice, tmp_path: Path, stand: Callable[[], Standing], capsys: pytest.CaptureFixture[str]
) -> None:

    enrolled_at(office, tmp_path / "data")
    held = hold(tmp_path / "data")
    assert held is not None
    one = stand()
    said = ""
    while "another process has it" not in said:
        said += capsys.readouterr().err
    assert one.last(LinkChanged) is None
    os.close(held)
    wait_for(lambda: one.last(LinkChanged) == LinkChanged(up=True))


def test_hours_and_languages_of_the_office_are_taken_while_the_terminal_runs_and_at_the_next_start(
    office: EnrollingOffice, tmp_path: Path, stand: Callable[[], Standing], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watches, "_LOOK_AT_OFFICE_SETTINGS", 0.01)
    monkeypatch.setattr("kiosk.heartbeat.EVERY", 0.1)
    enrolled_at(office, tmp_path / "data")
    first = stand()
    wait_for(lambda: "POST /v1/heartbeats" in office.asked)
    wait_for(lambda: first.last(LanguagesChanged) == LanguagesChanged(("ar", "fr", "en")))
    assert first.last(OpeningChanged) is None
    offers(office, 4, hours=((),) * 7, languages=("fr", "en"))
    wait_for(lambda: first.last(OpeningChanged) == OpeningChanged(ClosedUntil()))
    wait_for(lambda: first.last(LanguagesChanged) == LanguagesChanged(("fr", "en")))
    offers(office, 5, hours=(((0, 1440),),) * 7)
    wait_for(lambda: first.last(OpeningChanged) == OpeningChanged(None))
    wait_for(lambda: first.last(LanguagesChanged) == LanguagesChanged(("ar", "fr", "en")))
    offers(office, 6, hours=((),) * 7)
    wait_for(lambda: first.last(OpeningChanged) == OpeningChanged(ClosedUntil()))
    first.stops()
    second = stand()
    wait_for(lambda: second.last(OpeningChanged) == OpeningChanged(ClosedUntil()))


def test_mains_that_go_and_come_back_are_told(
    tmp_path: Path, stand: Callable[[], Standing], monkeypatch: pytest.MonkeyPatch
) -> None:
    power = [Power(mains=True, battery=90)]
    monkeypatch.setattr("kiosk.machine.read_power", lambda _: power[0])
    monkeypatch.setattr(watches, "_LOOK_AT_MAINS", 0.01)
    one = stand()
    wait_for(lambda: one.last(MainsChanged) == MainsChanged(on=True))
    power[0] = Power(mains=False, battery=89)
    wait_for(lambda: one.last(MainsChanged) == MainsChanged(on=False))
    power[0] = Power(mains=True, battery=89)
    wait_for(lambda: one.last(MainsChanged) == MainsChanged(on=True))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """The terminal's disk: 8 MB, in memory."""
    with small_disk_at(tmp_path / "data", "8m") as disk:
        yield disk


def test_a_disk_that_fills_up_costs_what_is_new_and_the_office_hears_of_it(
    office: EnrollingOffice, disk: Path, stand: Callable[[], Standing], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.heartbeat.EVERY", 0.1)
    enrolled_at(office, disk)
    one = stand()
    wait_for(lambda: one.last(LinkChanged) == LinkChanged(up=True) and standing_of(disk)["statuses"] == 1)
    fill(disk)
    for number in range(2, 400):
        office.feed.publish(slip_of(number))
    wait_for(lambda: [beat for beat in heard(office) if beat.disk_free == 0])
    one.terminal.perform(LookUp(1, slip_of(1)))
    wait_for(lambda: isinstance(one.last(LookedUp), LookedUp))
    said = one.last(LookedUp)
    assert isinstance(said, LookedUp)
    assert isinstance(said.result, Found), "what it has is shown"
    (disk / "other").unlink()
    wait_for(lambda: standing_of(disk)["statuses"] == 399)


def test_on_a_disk_that_takes_no_writes_it_waits_and_goes_on_by_itself(
    office: EnrollingOffice, disk: Path, stand: Callable[[], Standing], capsys: pytest.CaptureFixture[str]
) -> None:
    enrolled_at(office, disk)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    one = stand()
    said = ""
    while "cannot be opened now" not in said:
        said += capsys.readouterr().err
    assert one.last(LinkChanged) is None
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    wait_for(lambda: one.last(LinkChanged) == LinkChanged(up=True))


def fill(disk: Path) -> None:
    """Leave no byte on a disk."""
    with (disk / "other").open("wb", buffering=0) as file:
        while True:
            try:
                file.write(bytes(4096))
            except OSError:
                return
