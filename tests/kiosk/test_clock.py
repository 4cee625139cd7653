"""The terminal's clock believes the office, and never its own battery."""

from kiosk.clock import Now, TrustedClock, since_boot

from .feed_office import START, YEAR


class Machine:
    """The two clocks of a terminal: one that counts, and one that anybody may set."""

    def __init__(self, system: float) -> None:
        self.elapsed = 5.0
        self.system = system

    def clock(self, newest_seen: int = 0) -> TrustedClock:
        return TrustedClock(newest_seen, elapsed=lambda: self.elapsed, system=lambda: self.system)


def test_before_the_office_spoke_the_time_is_the_systems_and_marked() -> None:
    assert Machine(START).clock().now() == Now(START, trusted=False)


def test_the_offices_time_runs_on_by_itself() -> None:
    machine = Machine(START - YEAR)
    clock = machine.clock()
    clock.seen(START)
    machine.elapsed += 90.5
    assert clock.now() == Now(START + 90, trusted=True)


def test_a_system_clock_that_is_a_year_behind_or_ahead_changes_nothing_once_the_office_spoke() -> None:
    for wrong in (START - YEAR, START + YEAR):
        clock = Machine(wrong).clock(START - 60)
        clock.seen(START)
        assert clock.now() == Now(START, trusted=True)


def test_a_clock_a_year_behind_never_falls_below_the_newest_signed_time() -> None:
    assert Machine(START - YEAR).clock(START).now() == Now(START, trusted=False)


def test_a_clock_a_year_ahead_is_not_trusted_without_the_office() -> None:
    assert not Machine(START + YEAR).clock(START).now().trusted


def test_an_old_time_sent_again_moves_nothing_back_and_vouches_for_nothing() -> None:
    machine = Machine(START)
    clock = machine.clock(START)
    clock.seen(START - 1)
    assert not clock.now().trusted
    clock.seen(START)
    machine.elapsed += 100
    clock.seen(START + 50)  # signed a while before it came
    assert clock.now() == Now(START + 100, trusted=True)
    clock.seen(START + 130)
    assert clock.now() == Now(START + 130, trusted=True)


def test_time_since_boot_cannot_run_backwards() -> None:
    first = since_boot()
    assert since_boot() >= first
