"""The terminal's speed and memory: from scan to picture and to paper, start, memory, idle."""

import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central_api.contract import keys
from central_api.contract.feed import Entry, FeedPage, PageKind, sign_page
from central_api.contract.keylist import KeyList, ListedKey, Purpose, sign_key_list
from central_api.contract.numbers import new_tracking_number
from central_api.contract.receipts import sign_status
from central_api.contract.sealed import seal
from central_api.contract.signed import SigningKey
from central_api.contract.slips import Slip, slip_url
from central_api.contract.status import Language, Office, State, Status, Step
from kiosk.vault import Applied, Pins, Vault

from .bench_visitors import LOOKS
from .figures import Figure, cpu_seconds, percentile, pss_kib
from .wiretap import Wiretap

WIDTH, HEIGHT = 1080, 1920
VAULT_ENTRIES = 1_000_000
PAGE_ENTRIES = 5_000
SCANS = 60
PRINTS = 12
STARTS = 9
IDLE_SECONDS = 30
NOW = int(time.time()) - 86_400
HOST = "FOLLOW.LABOUR.EXAMPLE"


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="bench-terminal-") as folder:
        data = Path(folder) / "terminal"
        slips = _full_vault(data)
        return [*_scans(Path(folder), data, slips), *_start_and_rest(data)]


def _full_vault(data: Path) -> list[str]:
    """Fill a vault with a million statuses; returns the slips that open some of them."""
    root, feed, receipt = (SigningKey(number, Ed25519PrivateKey.generate()) for number in (0, 1, 2))
    listed = (
        ListedKey(1, Purpose.FEED, feed.public, 0, 2**32),
        ListedKey(2, Purpose.RECEIPT, receipt.public, 0, 2**32),
    )
    vault = Vault(data)
    vault.pin(Pins("labour", HOST, root.public))
    vault.keep_keys(sign_key_list(KeyList(1, listed), root))
    slips: list[str] = []
    every = VAULT_ENTRIES // (SCANS + PRINTS)
    for start in range(0, VAULT_ENTRIES, PAGE_ENTRIES):
        entries: list[Entry] = []
        for version in range(start + 1, start + PAGE_ENTRIES + 1):
            if version % every == 0:
                slip = Slip(new_tracking_number(26, secrets.randbelow), secrets.token_bytes(16))
                plain = sign_status(_status(slip.tracking), version, os.urandom(32), receipt)
                sealed = seal(plain, slip.key, version, os.urandom(12))
                entries.append(Entry(version, keys.slot(slip.key), sealed))
                slips.append(slip_url(HOST, slip))
            else:
                entries.append(Entry(version, os.urandom(16), b"\x01" + version.to_bytes(8, "big") + os.urandom(284)))
        upto = start + PAGE_ENTRIES
        page = FeedPage(
            "labour", PageKind.FEED, start, upto, NOW + start // PAGE_ENTRIES, upto, os.urandom(32), tuple(entries)
        )
        outcome = vault.apply(sign_page(page, feed))
        assert isinstance(outcome, Applied), outcome
    vault.close()
    return slips


def _status(tracking: str) -> Status:
    """A usual status: three steps done, one by a deputy, two to come."""
    steps = (
        Step(Office(2, 1), NOW - 9 * 86_400),
        Step(Office(3, 1), NOW - 7 * 86_400),
        Step(Office(4, 1), NOW - 3 * 86_400, acting=True),
        Step(Office(5), expected=(4, 7)),
        Step(Office(6), expected=(2, 5)),
    )
    return Status(tracking, 1, 4, State.UNDER_REVIEW, Language.AR, NOW - 3 * 86_400, NOW - 3 * 86_400, 1, steps)


def _scans(folder: Path, data: Path, slips: list[str]) -> list[Figure]:
    milliseconds = _played(folder, data, slips[:SCANS], "none")["milliseconds"]
    with _running(
        "devices", "printer", "--listen", "127.0.0.1:0", "--paper", str(folder / "paper"), "--speed", "250"
    ) as ready:
        tap = Wiretap(str(ready["listening"]))
        touches = _played(folder, data, slips[SCANS : SCANS + PRINTS], f"tcp:{tap.address}")["touches"]
    assert len(tap.first_rows) == len(touches), "a print without rows, or rows without a print"
    first_rows = [(row - touch) * 1000 for touch, row in zip(touches, tap.first_rows, strict=True)]
    return [
        Figure(
            "scan to complete status, p95",
            percentile(milliseconds, 95),
            "ms",
            f"first byte on the scanner's line to the finished frame of the status screen, {SCANS} different slips, "
            f"vault of {VAULT_ENTRIES:,}, network off; driver process, look-up, opening, receipt check, Pango and "
            "drawing in software included",
            limit=50,
        ),
        Figure("scan to complete status, median", statistics.median(milliseconds), "ms", "as above"),
        Figure(
            "tap to first row at the printer, p95",
            percentile(first_rows, 95),
            "ms",
            f"finger on “print”, {LOOKS} s after the status is complete, to the first raster bytes on the printer's "
            f"TCP line: layout and driver process included; {PRINTS} prints, the first after the start among them",
            limit=150,
        ),
    ]


def _played(folder: Path, data: Path, slips: list[str], printer: str) -> dict[str, list[float]]:
    listed = folder / "slips.txt"
    listed.write_text("\n".join(slips))
    command = [sys.executable, "-m", "tests.benchmarks.scans", str(data), str(listed), printer]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)
    return json.loads(done.stdout.splitlines()[-1])


def _start_and_rest(data: Path) -> list[Figure]:
    """Start terminal and empty window in turn; then leave one of each alone and look at memory and processor time."""
    terminal = ("kiosk", "--office", "http://127.0.0.1:9", "--data", str(data), "--json", "--scanner", "none")
    empty = ("tests.benchmarks.empty_window", str(WIDTH), str(HEIGHT))
    starts: list[float] = []
    floors: list[float] = []
    for _ in range(STARTS):
        floors.append(_seconds_to_ready(*empty))
        starts.append(_seconds_to_ready(*terminal))
    with _running(*empty) as floor, _running(*terminal) as ours:
        time.sleep(12)  # the vault is open, the office was asked, the home screen rests
        before = cpu_seconds(int(ours["pid"]))
        time.sleep(IDLE_SECONDS)
        idle = (cpu_seconds(int(ours["pid"])) - before) / IDLE_SECONDS * 100
        memory, floor_memory = pss_kib(int(ours["pid"])) / 1024, pss_kib(int(floor["pid"])) / 1024
    with _running(*empty) as floor, _running(*empty, "filled") as filled:  # not beside ours: it would share the cost
        time.sleep(2)
        rectangle = (pss_kib(int(filled["pid"])) - pss_kib(int(floor["pid"]))) / 1024
    return [
        Figure(
            "start to complete home",
            statistics.median(starts) * 1000,
            "ms",
            "process start to the finished frame of home; the floor is an empty Kivy window of the same size",
            limit=1.25,
            floor=statistics.median(floors) * 1000,
            of_floor=True,
        ),
        Figure(
            "memory above an empty window",
            memory - floor_memory,
            "MB",
            f"PSS of the terminal with all its processes, vault open, resting ({memory:.0f} MB) less that of the empty "
            f"window ({floor_memory:.0f} MB)",
            limit=40,
        ),
        Figure(
            "of it the first rectangle of any window",
            rectangle,
            "MB",
            "PSS of the empty window with one rectangle in it, less that without: what Mesa loads to draw without a "
            "graphics processor",
        ),
        Figure(
            "idle",
            idle,
            "% of a core",
            f"processor time of all its processes over {IDLE_SECONDS} s of an empty lobby",
            limit=0.5,
        ),
    ]


def _seconds_to_ready(*arguments: str) -> float:
    started = time.monotonic()
    with _running(*arguments):
        return time.monotonic() - started


@contextmanager
def _running(*arguments: str) -> Iterator[dict[str, object]]:
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        yield json.loads(next(line for line in process.stdout if line.startswith("{"))) | {"pid": process.pid}
    finally:
        process.terminate()
        process.wait()
