"""Whether this machine has become another terminal than the one that runs: enrolled at last, or enrolled anew.

Name, office, keys and firewall are of one identity from start to end. So the terminal ends, once nobody stands before
it, and what started it starts it as the new one. A renewed key is no other identity: it is taken up while running.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from .identity import Identity, IdentityWrong
from .journal import log
from .visit_state import Closed, Home, OutOfOrder, VisitState

_LOOK_EVERY: Final = 2.0
"""Seconds between two looks at the disk."""

_Who: TypeAlias = tuple[str, str, int] | None


class Succession:
    """Watches the identity in a data folder, for a terminal that bears `identity`."""

    def __init__(self, data: Path, identity: Identity | None) -> None:
        self._data = data
        self._was = _who(identity)
        self._is_another = threading.Event()
        self._at_rest = False

    def watch(self, stopping: threading.Event) -> None:
        """Look until `stopping` is set, or the machine is another terminal; on a thread of its own."""
        while not stopping.wait(_LOOK_EVERY):
            try:
                now = _who(Identity.read(self._data))
            except IdentityWrong:  # of a folder that is being exchanged, or damaged: no other terminal yet
                continue
            if now is not None and now != self._was:
                self._is_another.set()
                return

    def drawn(self, state: VisitState) -> None:
        """Note whether somebody stands before the screen."""
        self._at_rest = isinstance(state, Home | Closed | OutOfOrder)

    def turned(self, end: Callable[[], None]) -> None:
        """Call `end` if it is time; on the window's thread."""
        if self._at_rest and self._is_another.is_set():
            self._is_another.clear()
            log("identity", what="this machine is another terminal now, and starts as such")
            end()


def _who(identity: Identity | None) -> _Who:
    return None if identity is None else (identity.office_url, identity.name, identity.enrolled)
