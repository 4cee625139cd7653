"""How the supervisor says that its drivers are, and one that says too much."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import ScannerReady, ScannerUnknown, Supervisor, wire
from devices.child import MOST_MESSAGES, RESTART_DELAYS, STEADY, Child, DriverProcess, Flooded
from devices.events import ScannerChanged
from devices.supervisor import HANG
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


BACK_WITHIN = 5.0
TO_START = 1.0
"""Seconds that a driver is given to start, of those; `make bench` measures it."""


@dataclass
class Life:
    """A child of a clock that the test moves."""

    started_at: float
    heard_at: float


def next_start(driver: DriverProcess, life: Life, *, hung: bool) -> float:
    """When the supervisor starts the next one: at once where that is due when it notices."""
    driver.child = life  # type: ignore[assignment]
    driver.died("hung" if hung else "died")
    return max(driver.start_at, life.heard_at + HANG * hung)


A_CLOCK_TELLS = 1e-6
"""Seconds. Times that are added up are off by less: one was once too late by the last digit of a number."""


@given(st.lists(st.tuples(st.floats(0, 30), st.booleans()), max_size=20))
def test_a_driver_is_back_within_five_seconds_however_often_it_died_or_hung(lives: list[tuple[float, bool]]) -> None:
    driver, now = DriverProcess(["scanner", "none"]), 1000.0
    for seconds, hung in lives:
        fell_silent = now + seconds
        now = next_start(driver, Life(now, fell_silent), hung=hung)
        assert 0 < now - fell_silent < BACK_WITHIN - TO_START + A_CLOCK_TELLS


def test_a_driver_that_dies_at_once_is_started_ever_later_and_one_that_lived_is_forgiven() -> None:
    driver, now, waits = DriverProcess(["scanner", "none"]), 1000.0, []
    for seconds in (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, STEADY, 0.0):
        fell_silent = now + seconds
        now = next_start(driver, Life(now, fell_silent), hung=False)
        waits.append(round(now - fell_silent, 3))
    assert waits == [*RESTART_DELAYS, RESTART_DELAYS[-1], *RESTART_DELAYS[:2]]
