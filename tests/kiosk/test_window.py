"""The window as `open_window` leaves it."""

import pytest

pytestmark = pytest.mark.usefixtures("the_window")


def test_kivys_clock_does_not_sleep_before_a_frame() -> None:
    """It was imported before its pace was set, and held each answer to a scan for 12 ms."""
    from kivy.clock import Clock

    assert Clock._max_fps == 0
