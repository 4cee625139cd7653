"""Which ways in home may offer beside the slip: each only while everything that it needs is there."""

import threading
from collections.abc import Callable
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
