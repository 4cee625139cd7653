"""What a terminal looks at again and again while it runs: what the office set, the hour, and the mains."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .entry_events import DeskHoursChanged
from .journal import log
from .visit_events import Event, LanguagesChanged, MainsChanged, OpeningChanged

if TYPE_CHECKING:
    from central_api.contract.terminal_settings import TerminalSettings

    from .visit_state import ScreenLanguage

_LOOK_AT_MAINS: Final = 2.0
"""Seconds between two looks at the mains, where the machine tells of them."""
_LOOK_AT_OFFICE_SETTINGS: Final = 1.0
"""Seconds between two looks at what the office set, and at the hour."""


def watch_office_settings(
    in_force: "Callable[[], TerminalSettings | None]",
    trusted_time: Callable[[], int | None],
    languages: "Callable[[], tuple[ScreenLanguage, ...]]",
    post: Callable[[Event], None],
    stopping: threading.Event,
) -> None:
    """Tell when the office opens and closes by the hours that it set, and when home is to offer other languages."""
    from .hours import closed_until, hours_today

    closed, hours, offered = None, None, ()
    while True:
        office = in_force()
        was_closed, closed = closed, closed_until(office, trusted_time())
        if closed != was_closed:
            log("hours", open=closed is None)
            post(OpeningChanged(closed))
        before, hours = hours, hours_today(office, trusted_time())
        if hours != before:
            post(DeskHoursChanged(hours))
        was_offered, offered = offered, languages()
        if offered != was_offered:
            post(LanguagesChanged(offered))
        if stopping.wait(_LOOK_AT_OFFICE_SETTINGS):
            return


def watch_mains(system: Path, post: Callable[[Event], None], stopping: threading.Event) -> None:
    """Tell when the mains go and come back. What lies in memory is flushed at once: the battery may be small."""
    from .machine import read_power

    was = read_power(system).mains
    if was is None:
        return
    post(MainsChanged(was))
    while not stopping.wait(_LOOK_AT_MAINS):
        on = read_power(system).mains
        if on is None or on is was:
            continue
        was = on
        log("mains", on=on)
        post(MainsChanged(on))
        if not on:
            os.sync()
