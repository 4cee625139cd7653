"""A keypad with every fault, and its jack."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices import Supervisor
from devices.keyboard import EV_KEY, InputEvent
from devices.keypad.events import JackChanged, Key, KeypadChanged, KeypadEvent, KeyPressed
from devices.keypad.states import KeypadOffline, KeypadReady, KeypadState, KeypadUnknown
from tests.devices.keys import ENTER, stroke
from tests.devices.peers import Told
from tests.devices.scanners import KeypadPeer

DEVICE = "keypad"
NOTHING = "nothing is plugged in at its address"
CODES = {
    Key.UP: 103,
    Key.DOWN: 108,
    Key.LEFT: 105,
    Key.RIGHT: 106,
    Key.OK: ENTER,
    Key.LOUDER: 115,
    Key.SOFTER: 114,
}


class Lobby:
    """One terminal's keypad, plugged in, and what the terminal was told of it."""

    def __init__(self, folder: Path) -> None:
        self.peer = KeypadPeer(folder / "keypad")
        self.told: Told[KeypadEvent] = Told()
        keypad = f"keys:{self.peer.name}"
        self.supervisor = Supervisor(keypad=keypad, scanner="none", printer="none", journal=folder / "journal")

    def start(self) -> None:
        self.supervisor.start(lambda event: None, keypad_listener=self.told)

    def plugged(self) -> None:
        self.peer.plug()
        self.start()
        self.becomes(KeypadReady())

    def becomes(self, state: KeypadState) -> None:
        self.told.until_equal(KeypadChanged(state))

    def presses(self, key: Key) -> None:
        self.peer.send(stroke(CODES[key]))
        self.told.until_equal(KeyPressed(key))

    @property
    def pressed(self) -> list[Key]:
        return [event.key for event in self.told.all if isinstance(event, KeyPressed)]


def absent(lobby: Lobby) -> None:
    lobby.start()
    lobby.becomes(KeypadOffline(NOTHING))


def slow(lobby: Lobby) -> None:
    """A key that is held is one press, however long."""
    lobby.plugged()
    lobby.peer.send([InputEvent(EV_KEY, 103, 1), *[InputEvent(EV_KEY, 103, 2)] * 50, InputEvent(EV_KEY, 103, 0)])
    lobby.presses(Key.DOWN)
    assert lobby.pressed == [Key.UP, Key.DOWN]


def silent(lobby: Lobby) -> None:
    lobby.plugged()
    assert lobby.pressed == []
    for key in Key:
        lobby.presses(key)
    assert lobby.pressed == list(Key)


def wrong_answers(lobby: Lobby) -> None:
    lobby.plugged()
    for none_of_ours in (30, 1, 59, 116):
        lobby.peer.send(stroke(none_of_ours))
    lobby.presses(Key.OK)
    assert lobby.pressed == [Key.OK]


def garbage(lobby: Lobby) -> None:
    lobby.plugged()
    lobby.peer.garbage()
    lobby.presses(Key.OK)
    assert lobby.pressed == [Key.OK]


def flood(lobby: Lobby) -> None:
    lobby.plugged()
    for _ in range(200):
        lobby.peer.send(stroke(103))
    lobby.becomes(KeypadUnknown("its keys come faster than a finger can press them"))
    assert len(lobby.pressed) <= 30
    lobby.becomes(KeypadReady())
    lobby.presses(Key.OK)


def gone_in_the_middle(lobby: Lobby) -> None:
    lobby.plugged()
    lobby.peer.send([InputEvent(EV_KEY, 103, 1)])
    lobby.peer.unplug()
    lobby.becomes(KeypadOffline("it was unplugged"))
    lobby.becomes(KeypadOffline(NOTHING))


def back_again(lobby: Lobby) -> None:
    lobby.plugged()
    lobby.peer.unplug()
    lobby.becomes(KeypadOffline(NOTHING))
    lobby.peer.plug()
    lobby.becomes(KeypadReady())
    lobby.presses(Key.LEFT)


def swapped(lobby: Lobby) -> None:
    lobby.plugged()
    lobby.peer.unplug()
    lobby.becomes(KeypadOffline(NOTHING))
    lobby.peer.name.symlink_to(os.devnull)
    lobby.becomes(KeypadOffline("what is at its address is another kind of device"))


OFFLINE, UNKNOWN = "off line, and why", "unknown: keys faster than a finger; ready once they are quiet"
KINDS: dict[str, tuple[Callable[[Lobby], None], str, str]] = {
    "absent": (absent, OFFLINE, "goes on by touch"),
    "slow": (slow, "ready", "goes on; a held key is one press"),
    "silent": (silent, "ready", "goes on by touch; devices test keypad finds it"),
    "wrong answers": (wrong_answers, "ready", "goes on; other keys do nothing"),
    "garbage": (garbage, "ready", "goes on"),
    "flood": (flood, UNKNOWN, "goes on by touch; no key of it is taken"),
    "gone in the middle": (gone_in_the_middle, OFFLINE, "goes on by touch"),
    "back again": (back_again, "ready", "goes on"),
    "swapped for another model": (swapped, OFFLINE, "goes on by touch"),
}
ROWS = [
    pytest.param(
        kind, id=kind, marks=pytest.mark.fault(device=DEVICE, kind=kind, state=state, reads="nothing", visit=visit)
    )
    for kind, (_, state, visit) in KINDS.items()
]


@pytest.fixture
def lobby(tmp_path: Path) -> Iterator[Lobby]:
    lobby = Lobby(tmp_path)
    yield lobby
    lobby.supervisor.stop()


@pytest.mark.parametrize("kind", ROWS)
def test_a_keypad_with_a_fault(lobby: Lobby, kind: str) -> None:
    KINDS[kind][0](lobby)


def test_a_plug_that_goes_in_and_out_is_told_once_each(lobby: Lobby) -> None:
    lobby.plugged()
    for inserted in (True, True, False, True):
        lobby.peer.jack(inserted)
    lobby.presses(Key.OK)
    assert [event.inserted for event in lobby.told.all if isinstance(event, JackChanged)] == [True, False, True]


def test_pad_and_jack_may_be_two_devices(tmp_path: Path) -> None:
    pad, jack = KeypadPeer(tmp_path / "pad"), KeypadPeer(tmp_path / "jack")
    told: Told[KeypadEvent] = Told()
    pad.plug()
    keypad = f"keys:{pad.name},{jack.name}"
    supervisor = Supervisor(keypad=keypad, scanner="none", printer="none", journal=tmp_path / "journal")
    supervisor.start(lambda event: None, keypad_listener=told)
    told.until_equal(KeypadChanged(KeypadOffline(NOTHING)))
    jack.plug()
    told.until_equal(KeypadChanged(KeypadReady()))
    jack.jack(True)
    told.until_equal(JackChanged(True))
    pad.send(stroke(108))
    told.until_equal(KeyPressed(Key.DOWN))
    supervisor.stop()
