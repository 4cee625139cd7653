"""The vault under a process that is killed, and on a disk that is full."""

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from central_api.contract import keys
from kiosk.vault import Applied, Vault
from tests.kiosk.feed_office import FeedOffice, slip_of

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
