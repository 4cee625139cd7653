"""Nothing flashes, and nothing moves by itself: what is drawn changes when something happened, or once a second."""

from itertools import pairwise
from pathlib import Path

from kiosk.app import TICK_SECONDS
from kiosk.flow import Flow
from kiosk.visit_events import ScannerChanged, Ticked
from tests.kiosk.test_comfort import Visitor


def test_nothing_changes_more_than_twice_a_second_by_itself():
    """States change by ticks when nobody does anything, which come twice a second; a countdown once."""
    assert TICK_SECONDS >= 0.5
    visitor = Visitor()
    visitor.shows_slip()
    changed = []
    state = visitor.flow.state
    for tick in range(2 * 90):
        visitor.waits(0.5)
        if visitor.flow.state != state:
            state = visitor.flow.state
            changed.append(tick)
    assert changed and all(later - earlier >= 2 for earlier, later in pairwise(changed))


def test_no_screen_moves_by_a_clock_of_its_own():
    """Only home's time looks again by itself, and what a camera sees of the hand before it."""
    clocks = [
        path.name
        for path in sorted(Path("kiosk/screens").glob("*.py"))
        if "schedule_interval" in path.read_text(encoding="utf-8") or "Animation" in path.read_text(encoding="utf-8")
    ]
    assert clocks == ["camera.py", "home.py"]


def test_home_stands_still():
    flow = Flow(["ISTILAM.EXAMPLE"], now=0.0)
    flow.handle(ScannerChanged(True))
    states = set()
    for second in range(100):
        flow.handle(Ticked(float(second)))
        states.add(flow.state)
    assert len(states) == 1
