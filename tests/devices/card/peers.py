"""A real pcscd with vpcd for one test, virtual cards as programs, and a listener that waits for what is told."""

import fcntl
import json
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from devices.card.events import CardEvent, CardInserted, CardReadEnded, CardReaderChanged, CardRemoved
from devices.card.keys import CardKey, DocumentFields
from devices.card.outcome import CardOutcome
from devices.card.states import CardReaderState
from devices.simulators.card.service import READER, CardService, may_mount
from devices.supervisor import Supervisor
from tests import forked
from tests.devices.peers import PEER_WAIT, Told, driver_pid

FIELDS = DocumentFields("L898902C3", "740812", "340415")

# Where nothing can be mounted pcscd has the machine's own /run, in turn.
MOUNTS = may_mount()
IN_TURN = Path(tempfile.gettempdir()) / "istilam-tests-pcscd.lock"


class Pcscd(CardService):
    """A pcscd of one test."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._turn = (folder / "turn" if MOUNTS else IN_TURN).open("w")
        fcntl.flock(self._turn, fcntl.LOCK_EX)
        super().__init__(folder, None if MOUNTS else Path("/run"))

    def end(self) -> None:
        self.kill()
        if not MOUNTS:  # what a killed pcscd leaves would keep the next from starting
            shutil.rmtree(self.socket.parent, ignore_errors=True)
        self._turn.close()


@pytest.fixture
def pcscd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pcscd]:
    """A running pcscd with one reader, empty; drivers started from this test reach it and no other."""
    daemon = Pcscd(tmp_path / "pcsc")
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", str(daemon.socket))
    daemon.plug_in()
    daemon.start()
    yield daemon
    daemon.end()


class Card:
    """A virtual card, as its own program."""

    def __init__(self, pcscd: Pcscd, kind: str, *arguments: str) -> None:
        command = ("devices", "card", "--kind", kind, "--vpcd", pcscd.vpcd)
        self.process = forked.Program(*command, "--control", "127.0.0.1:0", *arguments)
        assert self.process.stdout is not None
        host, port = json.loads(self.process.stdout.readline())["control"].split(":")
        self._control = socket.create_connection((host, int(port)), timeout=PEER_WAIT).makefile("rw")

    def command(self, line: str) -> dict[str, Any]:
        self._control.write(line + "\n")
        self._control.flush()
        return json.loads(self._control.readline())

    def insert(self) -> None:
        self.command("insert")

    def remove(self) -> None:
        self.command("remove")

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(PEER_WAIT)
        self._control.close()
        if self.process.stdout is not None:
            self.process.stdout.close()


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("country") / "pki"


@pytest.fixture
def new_card(pcscd: Pcscd, pki: Path) -> Iterator[Callable[..., Card]]:
    """new_card("passport", "--out"): a card for the reader; without "--out" it is in at once."""
    cards: list[Card] = []

    def start(kind: str, *arguments: str) -> Card:
        cards.append(Card(pcscd, kind, "--pki", str(pki), *arguments))
        return cards[-1]

    yield start
    for card in cards:
        card.end()


class Terminal:
    """A supervisor with a card reader alone, and what it tells of it."""

    def __init__(self, address: str = f"pcsc:{READER}") -> None:
        self.told: Told[CardEvent] = Told()
        self._reads = 0
        self.devices = Supervisor(scanner="none", printer="none", journal=Path("/dev/null"), card=address)
        self.devices.start(lambda _: None, self.told)

    def sees(self, state: CardReaderState) -> None:
        self.told.until_equal(CardReaderChanged(state))

    def meets(self, kind: str) -> None:
        met = self.told.until(lambda told: isinstance(told, CardInserted))
        assert met == CardInserted(kind)  # type: ignore[arg-type]

    def misses(self) -> None:
        self.told.until(lambda told: isinstance(told, CardRemoved))

    def asks(self, key: CardKey | None, challenge: bytes | None = None) -> int:
        self._reads += 1
        self.devices.read_card(self._reads, key, challenge)
        return self._reads

    def hears(self, read: int) -> CardOutcome:
        ended = self.told.until(lambda told: isinstance(told, CardReadEnded) and told.read == read)
        assert isinstance(ended, CardReadEnded)
        return ended.outcome

    def reads(self, key: CardKey | None, challenge: bytes | None = None) -> CardOutcome:
        return self.hears(self.asks(key, challenge))

    @property
    def driver(self) -> int:
        return driver_pid("card")


@pytest.fixture
def terminal(pcscd: Pcscd) -> Iterator[Terminal]:
    lobby = Terminal()
    yield lobby
    lobby.devices.stop()
