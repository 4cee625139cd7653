"""A vault is filled from a snapshot: from a file, a USB stick, or the office; whole or not at all."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_api.contract.snapshot import frame_part
from kiosk.identity import FOLDER
from kiosk.in_use import hold
from kiosk.vault import Vault
from provisioning.failures import EnrolmentFailed, Why
from provisioning.seeding import FILE_NAME, find_snapshot, seed_terminal
from provisioning.standing import standing_of
from tests.kiosk.feed_office import slip_of

from .enrolled import enrolled_at
from .enrolling_office import EnrollingOffice


@pytest.fixture
def data(office: EnrollingOffice, tmp_path: Path) -> Iterator[Path]:
    for number in range(8):
        office.feed.publish(slip_of(number))
    enrolled_at(office, tmp_path / "data")
    yield tmp_path / "data"


@pytest.fixture
def stick(office: EnrollingOffice, tmp_path: Path) -> Path:
    folder = tmp_path / "my stick"
    folder.mkdir()
    return folder / FILE_NAME


def write(stick: Path, office: EnrollingOffice) -> Path:
    stick.write_bytes(b"".join(map(frame_part, office.feed.snapshot())))
    return stick


def failure(data: Path, file: Path | None, *, from_office: bool = False) -> Why:
    with pytest.raises(EnrolmentFailed) as failed:
        seed_terminal(data, file, from_office=from_office, progress=lambda *_: None)
    return failed.value.why


def count(data: Path) -> int:
    vault = Vault(data)
    try:
        return vault.count()
    finally:
        vault.close()


def test_with_no_network_at_all_a_stick_fills_the_vault(data: Path, stick: Path, office: EnrollingOffice) -> None:
    write(stick, office)
    office.close()
    shown: list[tuple[int, int]] = []
    taken = seed_terminal(data, stick, from_office=False, progress=lambda done, of: shown.append((done, of)))
    assert (taken.entries, taken.cursor, count(data)) == (8, 8, 8)
    assert shown[-1] == (stick.stat().st_size, stick.stat().st_size)
    assert standing_of(data)["statuses"] == 8
    assert failure(data, stick) is Why.SNAPSHOT_REFUSED, "the same again is not newer"


def test_the_office_gives_its_snapshot_to_its_own_terminals(data: Path, office: EnrollingOffice) -> None:
    taken = seed_terminal(data, None, from_office=True, progress=lambda *_: None)
    assert taken.entries == 8
    assert {path.name for path in data.glob(".*")} == set(), "nothing is left of the way"
    office.revoke()
    assert failure(data, None, from_office=True) is Why.OFFICE_FAULT


@pytest.mark.parametrize("cut", [0, 3, 100, -1])
def test_a_file_that_is_cut_off_or_altered_changes_nothing(
    data: Path, stick: Path, office: EnrollingOffice, cut: int
) -> None:
    whole = write(stick, office).read_bytes()
    stick.write_bytes(whole[:cut])
    assert failure(data, stick) is Why.SNAPSHOT_REFUSED
    stick.write_bytes(whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:])
    assert failure(data, stick) is Why.SNAPSHOT_REFUSED
    assert count(data) == 0
    assert failure(data, stick.with_name("nothing")) is Why.SNAPSHOT_REFUSED


def test_another_offices_snapshot_is_refused(data: Path, stick: Path, tmp_path: Path) -> None:
    other = EnrollingOffice(tmp_path / "other")
    other.feed.publish(slip_of(1))
    assert failure(data, write(stick, other)) is Why.SNAPSHOT_REFUSED
    other.close()


def test_a_machine_of_no_office_takes_none(tmp_path: Path, stick: Path, office: EnrollingOffice) -> None:
    assert failure(tmp_path / "bare", write(stick, office)) is Why.NOT_ENROLLED
    assert failure(tmp_path / "bare", None, from_office=True) is Why.NOT_ENROLLED


def test_a_vault_of_another_office_is_left_alone(data: Path, stick: Path, office: EnrollingOffice) -> None:
    write(stick, office)
    seed_terminal(data, stick, from_office=False, progress=lambda *_: None)
    for path in (data / FOLDER).iterdir():
        path.unlink()
    (data / FOLDER).rmdir()
    other = EnrollingOffice(data.parent / "other")
    enrolled_at(other, data)
    assert failure(data, stick) is Why.SNAPSHOT_REFUSED
    assert count(data) == 8
    other.close()


def test_a_terminal_that_runs_is_not_filled_behind_its_back(data: Path, stick: Path, office: EnrollingOffice) -> None:
    write(stick, office)
    child = (
        "import sys; from pathlib import Path; from kiosk.in_use import hold;"
        f"hold(Path({str(data)!r})); print(1, flush=True); sys.stdin.read()"
    )
    running = subprocess.Popen([sys.executable, "-c", child], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert running.stdout is not None
    assert running.stdout.readline()
    assert failure(data, stick) is Why.IN_USE
    assert hold(data) is None
    running.kill()
    running.communicate()
    assert seed_terminal(data, stick, from_office=False, progress=lambda *_: None).entries == 8


def test_the_newest_snapshot_on_mounted_media_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    media = tmp_path / "media"
    monkeypatch.setattr("provisioning.seeding._MEDIA", (str(media),))
    stick = media / "A STICK"
    stick.mkdir(parents=True)
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 {str(stick).replace(' ', chr(92) + '040')} vfat rw 0 0\n")
    with pytest.raises(EnrolmentFailed) as failed:
        find_snapshot(mounts)
    assert failed.value.why is Why.NO_SNAPSHOT
    (stick / FILE_NAME).write_bytes(b"")
    assert find_snapshot(mounts) == stick / FILE_NAME
    for day in ("2026-11-23", "2026-11-22"):
        copied = stick / f"{FILE_NAME}-{day}"
        copied.write_bytes(b"")
        os.utime(copied, (2_000_000_000, 2_000_000_000))  # in one go, within the two seconds that a stick tells apart
    assert find_snapshot(mounts).name.endswith("-2026-11-23")
