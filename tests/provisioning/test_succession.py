"""A terminal whose machine becomes another one ends in order, and its supervisor starts it as that one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from central_api.contract.enrolment import parse_enrolment
from kiosk.identity import FACTS, FOLDER, Identity
from kiosk.succession import Succession
from kiosk.visit_state import Home, PrinterHealth, Reading
from provisioning.enrolment import Enrolling
from provisioning.renewal import renew_key
from tests.kiosk.feed_office import wait_for
from tests.kiosk.test_service import Supervisor, terminal

from .enrolled import enrolled_at
from .enrolling_office import EnrollingOffice

HOME = Home("ar", scanner_ready=True, printer=PrinterHealth.OK, link_cut=False)


@contextmanager
def watched(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Succession]:
    monkeypatch.setattr("kiosk.succession._LOOK_EVERY", 0.01)
    succession, stopping = Succession(data, Identity.read(data)), threading.Event()
    watching = threading.Thread(target=succession.watch, args=(stopping,))
    watching.start()
    try:
        yield succession
    finally:
        stopping.set()
        watching.join()


def ends(succession: Succession) -> bool:
    ended: list[bool] = []
    succession.turned(lambda: ended.append(True))
    return bool(ended)


def test_enrolled_while_it_runs_a_terminal_is_its_offices_at_the_next_start(
    office: EnrollingOffice, tmp_path: Path
) -> None:
    data, supervisor = tmp_path / "data", Supervisor(str(tmp_path / "notify"))
    settings = f'[terminal]\ndata = "{data}"\n[office]\nurl = "https://office.invalid"\n'
    with terminal(str(tmp_path / "notify"), tmp_path, settings) as process:
        supervisor.hears("STATUS=showing OutOfOrder")
        enrolled_at(office, data)
        supervisor.hears("STOPPING=1")
        _, journal = process.communicate(timeout=60)
        assert process.returncode == 0
        assert "this machine is another terminal now" in journal
    assert "GET /v1/feed" not in office.asked
    with terminal(str(tmp_path / "notify"), tmp_path, settings):
        supervisor.hears("READY=1")
        wait_for(lambda: "GET /v1/feed" in office.asked)


def test_whoever_stands_before_it_is_served_first(
    office: EnrollingOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with watched(tmp_path, monkeypatch) as succession:
        succession.drawn(Reading("fr"))
        enrolled_at(office, tmp_path)
        wait_for(succession._is_another.is_set)
        assert not ends(succession)
        succession.drawn(HOME)
        assert ends(succession)
        assert not ends(succession), "once is enough"


def test_a_renewed_key_or_a_damaged_folder_makes_no_other_terminal(
    office: EnrollingOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = enrolled_at(office, tmp_path)
    looks = threading.Semaphore(0)
    read = Identity.read

    def counted(data: Path) -> Identity | None:
        looks.release()
        return read(data)

    monkeypatch.setattr("kiosk.succession.Identity.read", counted)
    with watched(tmp_path, monkeypatch) as succession:
        succession.drawn(HOME)
        renew_key(tmp_path)
        facts = (identity.folder / FACTS).read_bytes()
        (identity.folder / FACTS).write_bytes(b"{")
        for _ in range(3):
            assert looks.acquire(timeout=30)
        (identity.folder / FACTS).write_bytes(facts)
        for _ in range(3):
            assert looks.acquire(timeout=30)
        assert not ends(succession)


def test_enrolled_anew_it_is_another_terminal(
    office: EnrollingOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled_at(office, tmp_path)
    with watched(tmp_path, monkeypatch) as succession:
        succession.drawn(HOME)
        office.feed.time += 1
        Enrolling(tmp_path, parse_enrolment(office.code()), lambda _: None, anew=True, place="file").run()
        wait_for(succession._is_another.is_set)
        assert ends(succession)
        assert (tmp_path / FOLDER).exists()
