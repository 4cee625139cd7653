"""A stolen terminal tells nothing: its folder, after following the real office, holds no number in any spelling."""

import base64
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_api.contract.numbers import show_tracking_number
from central_api.contract.slips import parse_slip
from kiosk.visit_state import Found
from tests.kiosk.feed_office import wait_for
from tests.kiosk.terminal import Terminal, terminal_at

PHONE = "+96171123456"
COMMAND = [sys.executable, "-m", "central_api"]
FILED = ["--family", "work_permits", "--kind", "renewal"]


class RealOffice:
    """`python -m central_api serve` in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._log = (folder.parent / "office.log").open("w+")
        self._process = subprocess.Popen(
            [*COMMAND, "serve", "--data", str(folder), "--port", "0", "--loopback-terminals"],
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def listens(self) -> None:
        """Wait until it says where."""
        wait_for(lambda: '"listening"' in Path(self._log.name).read_text(), 30)
        lines = Path(self._log.name).read_text().splitlines()
        self.url: str = next(json.loads(line)["listening"] for line in lines if '"listening"' in line)

    def submits(self) -> dict[str, str]:
        done = subprocess.run(
            [*COMMAND, "submit", "--data", str(self.folder), *FILED, "--phone", PHONE, "--json"],
            check=True,
            capture_output=True,
            text=True,
        )
        return json.loads(done.stdout)

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(20)
        self._log.close()


@pytest.fixture
def real_office(tmp_path: Path) -> Iterator[RealOffice]:
    office = RealOffice(tmp_path / "office")
    try:
        office.listens()
        yield office
    finally:
        office.close()


@pytest.fixture
def terminal(tmp_path: Path, real_office: RealOffice) -> Iterator[Terminal]:
    terminal = terminal_at(tmp_path / "terminal", real_office.url)
    yield terminal
    terminal.close()


def spellings(text: str) -> list[bytes]:
    """Every way in which a text might lie in a file."""
    plain = text.encode()
    shifted = [base64.b64encode(b"\0" * shift + plain)[4:-4] for shift in range(3)]
    spelled = [plain, plain.hex().encode(), plain.hex().upper().encode(), *shifted]
    spelled += [text.encode("utf-16-le"), text.encode("utf-16-be")]
    if text.isdigit():
        spelled += [int(text).to_bytes(5, "big"), int(text).to_bytes(5, "little")]
    return spelled


def test_a_terminals_folder_holds_no_number_phone_or_key(terminal: Terminal, real_office: RealOffice) -> None:
    given = [real_office.submits() for _ in range(2)]
    assert terminal.rounds(), terminal.reports
    secrets: list[str] = [PHONE, PHONE[1:]]
    for paper in given:
        slip = parse_slip(paper["slip_url"], [terminal.vault.pins.host])  # type: ignore[union-attr]
        result = terminal.lookup.find(slip)
        assert isinstance(result, Found)
        assert result.sheet.status.tracking == paper["tracking"]
        secrets += [paper["tracking"], show_tracking_number(paper["tracking"]), paper["secret_code"]]
        secrets += [slip.key.hex(), base64.b32encode(slip.key).decode().rstrip("=")]
    folder = next(path for path in Path(real_office.folder.parent).iterdir() if path.name == "terminal")
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    names = os.fsencode("".join(str(path) for path in folder.rglob("*")))
    assert len(held) > 1000
    for secret in secrets:
        for spelled in spellings(secret):
            assert spelled not in held + names


def test_with_the_office_stopped_the_same_status_shows_with_its_age(
    terminal: Terminal, real_office: RealOffice
) -> None:
    paper = real_office.submits()
    assert terminal.rounds()
    slip = parse_slip(paper["slip_url"], [terminal.vault.pins.host])  # type: ignore[union-attr]
    live = terminal.lookup.find(slip)
    real_office.close()
    assert not terminal.rounds()
    offline = terminal.lookup.find(slip)
    assert isinstance(live, Found)
    assert isinstance(offline, Found)
    assert (offline.sheet.status, offline.sheet.version) == (live.sheet.status, live.sheet.version)
    assert offline.sheet.age.link_cut
    assert offline.sheet.age.signed_at == terminal.vault.mark.time


def test_the_real_office_s_snapshot_fills_a_vault(terminal: Terminal, real_office: RealOffice, tmp_path: Path) -> None:
    real_office.submits()
    assert terminal.rounds()
    fresh = terminal_at(tmp_path / "fresh", real_office.url)
    pins = terminal.vault.pins
    assert pins is not None
    fresh.vault.pin(pins)
    with urllib.request.urlopen(real_office.url + "/v1/keys") as answer:
        fresh.vault.keep_keys(answer.read())
    real_office.submits()
    with urllib.request.urlopen(real_office.url + "/v1/snapshot") as answer:
        outcome = fresh.vault.load_snapshot(answer)
    assert fresh.vault.count() >= 2, outcome
    assert fresh.rounds()
    fresh.close()
