"""What holds a terminal together: its disk, its threads, and whether slips can be taken."""

import json
import queue
import sqlite3
import threading
from pathlib import Path

import pytest

from central_api.contract.heartbeat import DeviceState
from devices.keypad.events import Key
from devices.scanner.camera_events import CameraPreview
from kiosk.camera import Picture
from kiosk.devices_here import DevicesHere
from kiosk.settings import Settings
from kiosk.terminal import Terminal
from kiosk.vault import FILE, Pins, Vault
from kiosk.visit_events import HeadphonesChanged, LinkChanged, LookUp, ScannerChanged, Wipe
from tests.devices.keys import PluggedKeys, stroke
from tests.devices.peers import WAIT, wait_until

PINS = Pins("labour", "FOLLOW.LABOUR.EXAMPLE", bytes(32))


class Posted:
    """What a terminal posted, in order."""

    def __init__(self) -> None:
        self.all = []

    def __call__(self, event) -> None:
        self.all.append(event)

    @property
    def scanner(self) -> list[bool]:
        return [event.ready for event in self.all if isinstance(event, ScannerChanged)]


@pytest.fixture
def pinned(tmp_path: Path) -> Path:
    vault = Vault(tmp_path)
    vault.pin(PINS)
    vault.close()
    return tmp_path


def logged(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def opened(folder: Path, posted: Posted, **settings) -> Terminal:
    """A terminal whose vault is open; its devices are played by the test."""
    terminal = Terminal(Settings("http://127.0.0.1:9", folder, **settings))
    terminal._post = posted
    terminal._open()
    return terminal


def test_slips_are_taken_once_scanner_vault_and_office_are_known(pinned):
    posted = Posted()
    terminal = Terminal(Settings("http://127.0.0.1:9", pinned, hosts=frozenset({"FOLLOW.LABOUR.EXAMPLE"})))
    terminal._post = posted
    terminal.slips.scanner_is(ready=True)
    assert posted.scanner == [False]  # a slip shown now would be looked up by nobody
    terminal._open()
    assert posted.scanner[-1]
    terminal.slips.scanner_is(ready=False)
    assert not posted.scanner[-1]
    terminal.stop()


def test_the_last_word_on_the_scanner_is_the_true_one(tmp_path):
    """The office becomes known on one thread while the scanner is reported on another."""
    terminal = Terminal(Settings("http://127.0.0.1:9", tmp_path, hosts=frozenset({"FOLLOW.LABOUR.EXAMPLE"})))
    posted = Posted()
    opening = threading.Thread(target=terminal._open)

    def interrupted(event) -> None:
        if not opening.ident:
            opening.start()
            opening.join(0.3)  # where nothing holds it back, it says "ready" now, before this older word
        posted(event)

    terminal._post = interrupted
    terminal.slips.scanner_is(ready=True)
    opening.join()
    assert not posted.scanner[0]
    assert posted.scanner[1:]
    assert all(posted.scanner[1:])
    terminal.stop()


def test_an_office_that_does_not_answer_is_told_as_such(pinned, capsys):
    posted = Posted()
    terminal = opened(pinned, posted)
    wait_until(terminal.settled)
    assert LinkChanged(False) in posted.all
    assert terminal.hosts == {"FOLLOW.LABOUR.EXAMPLE"}
    assert terminal.trusted_time() is None
    terminal.stop()
    assert {"event": "link", "up": False, "why": "ConnectionError"} in logged(capsys)


def test_an_unreadable_vault_is_put_aside(pinned, capsys):
    (pinned / FILE).write_bytes(b"no vault at all" * 400)
    terminal = opened(pinned, Posted())
    assert (pinned / f"damaged-{FILE}").exists()
    terminal.stop()
    vault = Vault(pinned)
    assert vault.pins is None
    vault.close()
    assert logged(capsys)[0]["what"] == "unreadable, put aside"


def test_a_whole_vault_that_cannot_be_opened_now_is_kept_and_tried_again(pinned, capsys, monkeypatch):
    monkeypatch.setattr("kiosk.terminal._OPEN_AGAIN", 0.01)
    terminal = Terminal(Settings("http://127.0.0.1:9", pinned))
    terminal._post = Posted()
    vault = pinned / FILE
    elsewhere = vault.rename(pinned / "elsewhere")
    vault.mkdir()  # what SQLite says of it: unable to open database file

    def back_again(seconds: float) -> bool:
        vault.rmdir()
        elsewhere.rename(vault)
        return False

    monkeypatch.setattr(terminal._stopping, "wait", back_again)
    terminal._open()
    assert terminal.hosts == {"FOLLOW.LABOUR.EXAMPLE"}
    assert not list(pinned.glob("damaged-*"))
    terminal.stop()
    assert logged(capsys)[0]["what"] == "cannot be opened now"


def test_a_vault_in_somebodys_hands_is_not_put_aside(pinned, capsys, monkeypatch):
    monkeypatch.setattr("kiosk.vault_file.sqlite3.connect", _impatient)
    holder = sqlite3.connect(pinned / FILE, isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    terminal = Terminal(Settings("http://127.0.0.1:9", pinned))
    terminal._stopping.set()
    terminal._open()
    holder.close()
    assert not list(pinned.glob("damaged-*"))
    assert logged(capsys)[0]["why"] == "database is locked"


_connect = sqlite3.connect


def _impatient(path, **options) -> sqlite3.Connection:
    return _connect(path, **options | {"timeout": 0.05})


def test_the_keypads_keys_are_pressed_and_its_jack_is_told(pinned, tmp_path):
    pad = PluggedKeys(tmp_path / "pad")
    pad.plug()
    terminal, posted = Terminal(Settings("http://127.0.0.1:9", pinned, keypad=f"keys:{pad.name}")), Posted()
    pressed: queue.Queue[tuple[Key, bool]] = queue.Queue()
    terminal.start(posted, lambda key, down: pressed.put((key, down)))
    assert terminal._gauges is not None
    wait_until(lambda: terminal._gauges.keypad is DeviceState.READY)
    for code, key in ((103, Key.UP), (108, Key.DOWN), (105, Key.LEFT), (106, Key.RIGHT), (28, Key.OK)):
        pad.send(stroke(code))
        assert [pressed.get(timeout=WAIT) for _ in range(2)] == [(key, True), (key, False)]
    for plugged in (True, False):
        pad.jack(plugged)
        wait_until(lambda plugged=plugged: HeadphonesChanged(plugged) in posted.all)
    terminal.stop()


def test_what_the_camera_sees_is_in_no_file_of_the_terminal(pinned, monkeypatch):
    listeners = []

    def heard(settings, journal, told):
        listeners.extend(told)
        return DevicesHere(settings, journal, told)

    monkeypatch.setattr("kiosk.devices_here.DevicesHere", heard)
    terminal, posted = Terminal(Settings("http://127.0.0.1:9", pinned)), Posted()
    terminal.start(posted)
    terminal.camera.open()
    grey = bytes(range(160)) * 90
    listeners[3](CameraPreview(160, 90, grey))
    assert terminal.camera.newest == Picture(160, 90, grey)
    terminal.stop()
    assert not any(grey[:160] in path.read_bytes() for path in pinned.rglob("*") if path.is_file())


def test_a_visit_is_marked_on_the_disk_while_it_lasts_and_a_disk_that_refuses_does_not_end_it(pinned, capsys):
    terminal = opened(pinned, Posted())
    mark = pinned / "visit-open"
    from central_api.contract.slips import Slip

    assert not terminal.power_was_cut
    terminal.perform(LookUp(1, Slip("26318283312", bytes(16))))
    terminal._marks.worker.submit(lambda: None).result()
    assert mark.exists()
    assert Terminal(Settings("http://127.0.0.1:9", pinned)).power_was_cut
    terminal.perform(Wipe())
    terminal._marks.worker.submit(lambda: None).result()
    assert not mark.exists()
    mark.mkdir()  # cannot be unlinked
    terminal.perform(Wipe())
    terminal._marks.worker.submit(lambda: None).result()
    terminal.stop()
    assert "visit mark" in {line["event"] for line in logged(capsys)}
