"""How the supervisor says that its drivers are, and one that says too much."""

import os
import signal
from pathlib import Path

import pytest

from devices import ScannerReady, ScannerUnknown, Supervisor, wire
from devices.child import MOST_MESSAGES, RESTART_DELAYS, Child, Flooded
from devices.events import ScannerChanged
from tests.devices.peers import Told, driver_pid, wait_until
from tests.devices.scanners import SerialPeer


def test_health_tells_state_failures_and_when_a_driver_is_back(tmp_path: Path) -> None:
    peer, told = SerialPeer(tmp_path / "scanner"), Told()
    peer.plug()
    supervisor = Supervisor(scanner=f"serial:{peer.name}", printer="none", journal=tmp_path / "journal")
    supervisor.start(told)
    told.until_equal(ScannerChanged(ScannerReady()))
    printer, scanner, card, keypad = supervisor.health()
    assert [part.device for part in (printer, scanner, card, keypad)] == ["printer", "scanner", "card", "keypad"]
    assert [part.present for part in (printer, scanner, card, keypad)] == [False, True, False, False]
    assert (scanner.state, scanner.running, scanner.restarts, scanner.last_failure) == (ScannerReady(), True, 0, "")
    os.kill(driver_pid("scanner"), signal.SIGKILL)
    told.until_equal(ScannerChanged(ScannerUnknown("its driver died and is being started again")))
    assert 0 <= supervisor.health()[1].back_in <= RESTART_DELAYS[-1]
    wait_until(lambda: supervisor.health()[1].state == ScannerReady())
    scanner = supervisor.health()[1]
    assert (scanner.running, scanner.restarts, scanner.last_failure, scanner.back_in) == (True, 1, "died", 0.0)
    supervisor.stop()


def test_a_driver_that_says_too_much_is_told_from_one_that_works() -> None:
    child = Child(["scanner", "none"])
    said = wire.pack({"is": "alive"})
    assert len(child.heard(said * MOST_MESSAGES, 3.0)) == MOST_MESSAGES
    with pytest.raises(Flooded):
        child.heard(said * (MOST_MESSAGES + 1), 3.0)
    child.close(5.0)
