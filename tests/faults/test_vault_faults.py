"""The vault under a process that is killed, and on a disk that is full."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_api.contract import keys
from kiosk.in_use import hold
from kiosk.opening import open_vault
from kiosk.vault import FILE, Applied, DiskFull, Vault
from kiosk.vault_file import NoRoom
from tests.kiosk.feed_office import FeedOffice, slip_of
from tests.small_disk import small_disk_at

PAGES = 40
PAGE_ENTRIES = 250


@pytest.fixture
def office() -> FeedOffice:
    office = FeedOffice()
    office.publish(slip_of(1))
    office.fill(PAGES * PAGE_ENTRIES - 1)
    return office


@pytest.fixture
def pages(office: FeedOffice, tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(PAGES):
        (folder / f"{number:04}").write_bytes(office.page(number * PAGE_ENTRIES, limit=PAGE_ENTRIES))
    return folder


def writer(vault: Path, pages: Path, *limit: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.faults.vault_writer", str(vault), str(pages), str(PAGE_ENTRIES), *limit]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_process_killed_while_it_writes_leaves_whole_pages(office: FeedOffice, pages: Path, tmp_path: Path) -> None:
    """kill -9 again and again, at any point: the vault is at some page's end, and goes on from there."""
    folder = tmp_path / "vault"
    office.found(Vault(folder)).close()
    chance = random.Random(11)
    reached = 0
    for _ in range(6):
        process = writer(folder, pages)
        assert process.stdout is not None
        for _ in range(chance.randrange(1, 9)):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        vault = Vault(folder)
        mark = vault.mark
        assert mark.cursor % PAGE_ENTRIES == 0
        assert vault.count() == mark.cursor, "every entry of the pages before the cursor, and none beyond it"
        assert reached <= mark.cursor
        reached = mark.cursor
        if reached:
            assert mark.head == office.heads[-1]
            assert vault.find(keys.slot(slip_of(1).key)) is not None
        vault.close()
    assert writer(folder, pages).communicate()
    vault = Vault(folder)
    assert (vault.mark.cursor, vault.count()) == (PAGES * PAGE_ENTRIES, PAGES * PAGE_ENTRIES)
    vault.close()


def test_a_full_disk_leaves_the_vault_as_it_was(office: FeedOffice, pages: Path, tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    vault = office.found(Vault(folder))
    assert isinstance(vault.apply((pages / "0000").read_bytes()), Applied)
    vault.close()
    process = writer(folder, pages, str(1_500_000))
    said, _ = process.communicate()
    assert process.returncode == 0
    assert "starved at" in said
    vault = Vault(folder)
    assert vault.count() == PAGES * PAGE_ENTRIES, "with room again, it caught up"
    vault.close()


def test_a_full_disk_in_the_middle_of_a_snapshot_leaves_the_old_vault(
    office: FeedOffice, pages: Path, tmp_path: Path
) -> None:
    vault = office.found(Vault(tmp_path / "vault"))
    vault.apply((pages / "0000").read_bytes())
    script = (
        "import resource, sys, pathlib\n"
        "from kiosk.vault import DiskFull, Vault\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, -1))\n"
        "vault = Vault(pathlib.Path(sys.argv[1]))\n"
        "outcome = vault.load_snapshot(open(sys.argv[2], 'rb'))\n"
        "assert isinstance(outcome, DiskFull), outcome\n"
        "assert vault.mark.cursor == 250 and vault.count() == 250\n"
    )
    snapshot = tmp_path / "snapshot"
    snapshot.write_bytes(b"".join(len(part).to_bytes(4, "big") + part for part in office.snapshot(part_entries=1000)))
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "vault"), str(snapshot)], check=True)
    with snapshot.open("rb") as file:
        assert vault.load_snapshot(file) == Applied(PAGES * PAGE_ENTRIES, PAGES * PAGE_ENTRIES)
    vault.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    with small_disk_at(tmp_path / "disk", "1m") as disk:
        yield disk


def fill(disk: Path) -> None:
    with (disk / "ballast").open("wb", buffering=0) as file, pytest.raises(OSError):
        while True:
            file.write(bytes(4096))


def cut_while_open(folder: Path, page: Path) -> None:
    """Take a page, and lose the mains: what the page brought lies in the log alone, and no index of it on the disk."""
    script = (
        "import os, pathlib, sys\n"
        "from kiosk.vault import Applied, Vault\n"
        "assert isinstance(Vault(pathlib.Path(sys.argv[1])).apply(pathlib.Path(sys.argv[2]).read_bytes()), Applied)\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(folder), str(page)], check=True)
    (folder / f"{FILE}-shm").unlink()


def fill_vault(office: FeedOffice, folder: Path, page: Path, *, log_left: bool) -> None:
    """Found a vault with one page in it, in the file or in the log alone."""
    vault = office.found(Vault(folder))
    if not log_left:
        vault.apply(page.read_bytes())
    vault.close()
    if log_left:
        cut_while_open(folder, page)


@pytest.mark.parametrize("log_left", [False, True])
def test_a_vault_on_a_full_disk_is_read_at_the_start_and_written_once_there_is_room(
    office: FeedOffice, pages: Path, small_disk: Path, *, log_left: bool
) -> None:
    fill_vault(office, small_disk, pages / "0000", log_left=log_left)
    fill(small_disk)
    for _ in range(2):  # what was read stays as it was
        vault = open_vault(small_disk, None)
        assert vault is not None
        assert vault.find(keys.slot(slip_of(1).key)) is not None
        assert (vault.mark.cursor, vault.count()) == (250, 250)
        assert vault.apply((pages / "0001").read_bytes()) == DiskFull("the disk is full (SQLITE_IOERR_SHMSIZE)")
        assert isinstance(vault.commit(), DiskFull)
        assert vault.count() == 250
        if _ == 0:
            vault.close()
    (small_disk / "ballast").unlink()
    assert vault.commit() is None
    assert vault.apply((pages / "0001").read_bytes()) == Applied(250, 500)
    assert vault.count() == 500
    vault.close()


@pytest.mark.parametrize("log_left", [False, True])
def test_a_vault_on_a_disk_that_is_read_only_is_read(
    office: FeedOffice, pages: Path, small_disk: Path, *, log_left: bool
) -> None:
    fill_vault(office, small_disk, pages / "0000", log_left=log_left)
    held = hold(small_disk)
    assert held is not None
    os.close(held)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    held = hold(small_disk)
    assert held is not None
    assert hold(small_disk) is None, "one process at a time, still"
    vault = open_vault(small_disk, None)
    assert vault is not None
    assert vault.count() == 250
    assert isinstance(vault.apply((pages / "0001").read_bytes()), DiskFull)
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert vault.commit() is None
    assert vault.apply((pages / "0001").read_bytes()) == Applied(250, 500)
    vault.close()
    os.close(held)


def test_a_vault_that_holds_nothing_yet_says_that_the_disk_is_full(small_disk: Path) -> None:
    fill(small_disk)
    with pytest.raises(NoRoom, match="the disk is full"):
        Vault(small_disk)
