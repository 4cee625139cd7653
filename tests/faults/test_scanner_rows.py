"""Every scanner with every fault: what the terminal knows of it, and what the visitor reads."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices import DeviceEvent, ScannerOffline, ScannerOverlong, ScannerRead, ScannerReady, ScannerUnknown, Supervisor
from devices.events import ScannerChanged
from devices.scanner.states import ScannerState
from kiosk import visit_events
from kiosk.hardware import event_of
from kiosk.words import words_of
from tests.devices.peers import WAIT, Told, wait_until
from tests.devices.scanners import HidPeer, PluggedScanner, SerialPeer, WedgePeer

PEERS = {
    "scanner on a serial line": SerialPeer,
    "scanner as a keyboard": WedgePeer,
    "scanner of USB's own class": HidPeer,
}
SLIP = b"HTTPS://FOLLOW.LABOUR.EXAMPLE/S#AE2QCAIBAEAQCAIBAEAQAE2QCAIBAEAQCAIBAEAQ"
NOTHING = "nothing is plugged in at its address"
WORDS = words_of("en")
PREPARING = WORDS("home.scanner_starting")
HOME = WORDS("home.place_slip")
NOT_A_SLIP = WORDS("problem.not_a_slip.title")


class Lobby:
    """One terminal's scanner, plugged in, and what the terminal was told of it."""

    def __init__(self, peer: PluggedScanner, folder: Path) -> None:
        self.peer = peer
        self.told: Told[DeviceEvent] = Told()
        self.supervisor = Supervisor(scanner=f"{peer.way}:{peer.name}", printer="none", journal=folder / "journal")

    def plugged(self) -> None:
        self.peer.plug()
        self.supervisor.start(self.told)
        self.becomes(ScannerReady())

    def becomes(self, *states: ScannerState) -> None:
        """Wait until it is one of these; the visitor may put a slip down exactly when it is ready."""
        event = self.told.until(lambda told: isinstance(told, ScannerChanged) and told.state in states)
        assert event_of(event) == visit_events.ScannerChanged(states == (ScannerReady(),))

    def reads(self, code: bytes) -> None:
        self.peer.scan(code)
        self.told.until_equal(ScannerRead(code))
        assert event_of(ScannerRead(code)) == visit_events.Scanned(code)

    @property
    def read(self) -> list[bytes]:
        return [event.data for event in self.told.all if isinstance(event, ScannerRead)]


def absent(lobby: Lobby) -> None:
    lobby.supervisor.start(lobby.told)
    lobby.becomes(ScannerOffline(NOTHING))
    assert lobby.read == []


def slow(lobby: Lobby) -> None:
    lobby.plugged()

    def read_whole() -> bool:  # again, where this machine was slower than the slow scanner is
        for piece in lobby.peer.pieces(SLIP):
            lobby.peer.raw(piece)
            time.sleep(0.001)
        return SLIP in lobby.read

    wait_until(read_whole)


def silent(lobby: Lobby) -> None:
    """Nobody can tell a scanner that says nothing from one that nobody shows a slip: the self-test asks for one."""
    lobby.plugged()
    assert lobby.read == []
    lobby.reads(SLIP)


def wrong_answers(lobby: Lobby) -> None:
    lobby.plugged()
    lobby.reads(b"4006381333931")
    lobby.reads(SLIP)


def garbage(lobby: Lobby) -> None:
    lobby.plugged()
    lobby.peer.garbage()
    deadline = time.monotonic() + WAIT
    while SLIP not in lobby.read:  # until the gap ends what the garbage began
        assert time.monotonic() < deadline
        lobby.peer.scan(SLIP)
        time.sleep(0.3)


def flood(lobby: Lobby) -> None:
    lobby.plugged()
    for number in range(60):
        lobby.peer.scan(b"%d" % number)
    lobby.becomes(ScannerUnknown("it sends more codes than a hand can show"))
    assert len(lobby.read) <= 20
    lobby.becomes(ScannerReady())
    lobby.reads(SLIP)


def overlong(lobby: Lobby) -> None:
    lobby.plugged()
    lobby.peer.scan(b"z" * 9000)
    lobby.told.until_equal(ScannerOverlong(9000))
    lobby.reads(SLIP)


def gone_in_the_middle(lobby: Lobby) -> None:
    lobby.plugged()
    pieces = lobby.peer.pieces(SLIP)
    lobby.peer.raw(pieces[0])
    lobby.peer.unplug()
    lobby.becomes(ScannerOffline("it was unplugged"))
    lobby.becomes(ScannerOffline(NOTHING))
    assert SLIP not in lobby.read


def back_again(lobby: Lobby) -> None:
    lobby.plugged()
    lobby.peer.unplug()
    lobby.becomes(ScannerOffline(NOTHING))
    lobby.peer.plug()
    lobby.becomes(ScannerReady())
    lobby.reads(SLIP)


def swapped(lobby: Lobby) -> None:
    lobby.plugged()
    lobby.peer.unplug()
    lobby.becomes(ScannerOffline(NOTHING))
    lobby.peer.name.symlink_to(os.devnull)
    lobby.becomes(ScannerOffline("what is at its address is another kind of device"))


OFFLINE, UNKNOWN = "off line, and why", "unknown: more codes than a hand can show; ready once it is quiet"
KINDS: dict[str, tuple[Callable[[Lobby], None], str, str, str]] = {
    "absent": (absent, OFFLINE, PREPARING, "begins once it is plugged in"),
    "slow": (slow, "ready", HOME, "goes on"),
    "silent": (silent, "ready", HOME, "waits; the self-test finds it"),
    "wrong answers": (wrong_answers, "ready", NOT_A_SLIP, "goes on"),
    "garbage": (garbage, "ready", NOT_A_SLIP, "goes on"),
    "too much in one code": (overlong, "ready", NOT_A_SLIP, "goes on"),
    "flood": (flood, UNKNOWN, PREPARING, "goes on; no code of it is taken"),
    "gone in the middle": (gone_in_the_middle, OFFLINE, PREPARING, "goes on; half a code is none"),
    "back again": (back_again, "ready", HOME, "goes on"),
    "swapped for another model": (swapped, OFFLINE, PREPARING, "begins once its address is set"),
}
ROWS = [
    pytest.param(
        device,
        kind,
        id=f"{device}: {kind}",
        marks=pytest.mark.fault(device=device, kind=kind, state=state, reads=reads, visit=visit),
    )
    for device in PEERS
    for kind, (_, state, reads, visit) in KINDS.items()
]


@pytest.fixture
def lobby(device: str, tmp_path: Path) -> Iterator[Lobby]:
    lobby = Lobby(PEERS[device](tmp_path / "scanner"), tmp_path)
    yield lobby
    lobby.supervisor.stop()


@pytest.mark.parametrize(("device", "kind"), ROWS)
def test_a_scanner_with_a_fault(lobby: Lobby, kind: str) -> None:
    KINDS[kind][0](lobby)
