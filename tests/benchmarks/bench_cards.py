"""Cards, over a real pcscd and virtual cards: how soon they are told, and a passport against bare commands."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from devices.card.apdu import Command
from devices.card.outcome import PassportRead
from devices.card.passport import APPLICATION
from devices.card.pcsc import Context
from devices.card.states import ReaderEmpty
from tests.devices.card.peers import FIELDS, READER, Card, Pcscd, Terminal
from tests.journeys.people import OfficeDesk, standing
from tests.journeys.test_by_card import BY_PASSPORT, types_fields

from .figures import Figure, cpu_seconds, pss_kib, timed

ROUNDS = 15
VISITS = 8
FILES = 3
IDLE = 10.0
SELECT = Command(0x00, 0xA4, 0x04, 0x0C, APPLICATION).encode()


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        daemon = Pcscd(Path(folder) / "pcsc")
        os.environ["PCSCLITE_CSOCK_NAME"] = str(daemon.socket)
        daemon.plug_in()
        daemon.start()
        lobby = Terminal()
        try:
            lobby.sees(ReaderEmpty())
            measured = [*_idle(lobby), *_passports(daemon, lobby, Path(folder))]
            lobby.devices.stop()
            return [*measured, _applications(daemon, Path(folder))]
        finally:
            lobby.devices.stop()
            daemon.end()


def _idle(lobby: Terminal) -> list[Figure]:
    before = cpu_seconds(lobby.driver)
    time.sleep(IDLE)
    used = cpu_seconds(lobby.driver) - before
    return [
        Figure("card reader idle", 100 * used / IDLE, "% of a core", "its process, no card in the reader", limit=1),
        Figure("card reader memory", pss_kib(lobby.driver) / 1024, "MB", "its process, PSS, no card met", limit=30),
    ]


def _passports(daemon: Pcscd, lobby: Terminal, folder: Path) -> list[Figure]:
    figures: list[Figure] = []
    met: list[float] = []
    for access in ("bac", "pace"):
        card = Card(daemon, "passport", "--pki", str(folder / "pki"), "--access", access, "--out")
        reads: list[float] = []
        for at in range(ROUNDS):
            time.sleep(0.4 * at / ROUNDS)  # pcscd looks at vpcd every 400 ms: fall into each part of that
            card.insert()
            met.append(timed(lambda: lobby.meets("passport")))
            before = card.command("state")["commands"]
            started = time.perf_counter()
            assert isinstance(lobby.reads(FIELDS, bytes(8)), PassportRead)
            reads.append(time.perf_counter() - started)
            commands = card.command("state")["commands"] - before
            card.remove()
            lobby.misses()
        card.insert()
        lobby.meets("passport")
        floor = _bare(commands)
        card.end()
        lobby.misses()
        figures.append(
            Figure(
                f"passport read, {access.upper()}",
                1000 * statistics.median(reads),
                "ms",
                f"key given to files and signature there, {commands} commands; the floor is as many bare ones; median",
                limit=400,
                floor=1000 * floor,
            )
        )
    inserted = Figure(
        "card inserted to event",
        1000 * statistics.median(met),
        "ms",
        "a virtual card's connection to CardInserted, of which pcscd's look at vpcd is up to 400; median",
        limit=300,
    )
    return [inserted, *figures]


def _applications(daemon: Pcscd, folder: Path) -> Figure:
    """A whole visit: terminal, office, chip. The passport lies on the reader while its fields are typed."""
    office = OfficeDesk(folder)
    for _ in range(FILES):
        office.files(opened_by=BY_PASSPORT)
    seconds: list[float] = []
    with office.open():
        card = Card(daemon, "passport", "--pki", str(folder / "pki"), "--out")
        shutil.copytree(folder / "pki" / "csca", office.data / "csca", dirs_exist_ok=True)
        with standing(folder, office.url, "--card", f"pcsc:{READER}") as terminal:
            terminal.offers("card")
            for _ in range(VISITS):
                card.insert()
                types_fields(terminal, entered=False)
                seconds.append(timed(lambda: (terminal.presses("enter"), terminal.sees("ShowList"))))
                terminal.presses("finish")
                terminal.sees("TakeCard")
                card.remove()
                terminal.sees("Home")
        card.end()
    return Figure(
        "passport fields entered to its applications",
        1000 * statistics.median(seconds),
        "ms",
        f"the last touch to the finished frame of {FILES} files: challenge, chip, judgement, statuses, drawing; median",
        limit=1500,
    )


def _bare(commands: int) -> float:
    """Seconds for so many commands to the same card with nothing around them."""
    script = f"from tests.benchmarks.bench_cards import bare; bare({commands})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return float(done.stdout)


def bare(commands: int) -> None:
    with Context() as context:
        card = context.connect(READER)
        print(timed(lambda: [card.transmit(SELECT) for _ in range(commands)]))
        card.close()
