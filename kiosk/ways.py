"""Which ways in there are, the slip and what home offers beside it: each only while all that it needs is there."""

import threading
from collections.abc import Callable, Collection
from enum import Enum, auto
from typing import Final

from .visit_state import Way


class Need(Enum):
    """What a way in needs."""

    OFFICE = auto()  # the office answers, and takes this terminal's word
    CARD_READER = auto()
    CONTENT = auto()  # something to read under the other services
    HELP_DESK = auto()  # somebody is set up to be called


_NEEDS: Final = {
    Way.CARD: {Need.OFFICE, Need.CARD_READER},
    Way.NUMBER: {Need.OFFICE},  # the office alone can tell whether number and code belong together
    Way.OTHER_SERVICES: {Need.CONTENT},
    Way.HELP: {Need.HELP_DESK},
}


class WaysIn:
    """Told by any thread what is there; tells each change of the ways that work, in order."""

    def __init__(self, tell: Callable[[frozenset[Way]], None]) -> None:
        self._tell = tell
        self._there: set[Need] = set()
        self._told: frozenset[Way] = frozenset()
        self._one_at_a_time = threading.Lock()

    def say(self, need: Need, *, there: bool) -> None:
        """Take note that something is there, or is there no more."""
        with self._one_at_a_time:
            if there:
                self._there.add(need)
            else:
                self._there.discard(need)
            ways = frozenset(way for way, needs in _NEEDS.items() if needs <= self._there)
            if ways != self._told:
                self._told = ways
                self._tell(ways)


class SlipsIn:
    """Slips are taken once there is a scanner, and an office whose slips are known as ours and can be looked up.

    Told by any thread; tells each time, and its last word is the true one. `hosts`, whose slips are ours, fills when
    the office is known: a terminal that knows no office must not call anybody's slip foreign.
    """

    def __init__(self, hosts: Collection[str], tell: Callable[[bool], None]) -> None:
        self._hosts = hosts
        self._tell = tell
        self._scanner = self._office = False
        self._one_at_a_time = threading.Lock()

    def scanner_is(self, *, ready: bool) -> None:
        """Take note of the scanner's state."""
        with self._one_at_a_time:
            self._scanner = ready
            self._say()

    def office_is_known(self) -> None:
        """Take note that slips can be looked up, and that `hosts` may have filled."""
        with self._one_at_a_time:
            self._office = True
            self._say()

    def _say(self) -> None:
        self._tell(self._scanner and self._office and bool(self._hosts))
