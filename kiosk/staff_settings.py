"""What was changed in the staff corner, and how long it counts.

A change counts until office or settings file say something else than they said when it was made. So whoever stands
before a terminal that is too loud can help at once, and whoever decides for all terminals has the last word again as
soon as it is said.
"""

import json
from pathlib import Path
from typing import Any, Final, cast

from devices.durable import write_whole

from .visit_state import CORE_LANGUAGES, SCREEN_LANGUAGES, ScreenLanguage

FILE: Final = "staff-settings.json"


class StaffSettings:
    """The changes in one data folder. `why_not` says why what was kept cannot be used; it then counts for nothing."""

    def __init__(self, data: Path) -> None:
        self._path = data / FILE
        self._changes: dict[str, dict[str, Any]] = {}
        self.why_not = ""
        try:
            self._changes = _judged(json.loads(self._path.read_bytes()))
        except FileNotFoundError:
            pass
        except (OSError, ValueError) as error:
            self.why_not = str(error)

    def volume(self, usual: int) -> int:
        """Return the loudness in force, where office and file say `usual`."""
        return cast(int, self._now("volume", usual))

    def languages(self, usual: tuple[ScreenLanguage, ...]) -> tuple[ScreenLanguage, ...]:
        """Return what home offers, where office and file say `usual`."""
        return tuple(cast("list[ScreenLanguage]", self._now("languages", list(usual))))

    @property
    def brightness(self) -> int | None:
        """The panel's brightness that was set here, in percent; nobody else sets one."""
        return cast("int | None", self._now("brightness", None))

    def change(self, name: str, now: object, usual: object) -> bool:
        """Take a change, in place of what office and file say; tells whether the disk keeps it."""
        self._changes = self._changes | {name: {"now": now, "was": usual}}
        if now == usual:
            self._changes = {other: change for other, change in self._changes.items() if other != name}
        try:
            write_whole(self._path, json.dumps(self._changes).encode())
        except OSError:
            return False
        return True

    def _now(self, name: str, usual: object) -> object:
        change = self._changes.get(name)
        return usual if change is None or change["was"] != usual else change["now"]


def _judged(told: object) -> dict[str, dict[str, Any]]:
    """Return what a file holds. Raises ValueError where it is none of ours."""
    if not isinstance(told, dict):
        raise ValueError("not an object")
    changes: dict[str, dict[str, Any]] = {}
    for name, change in cast("dict[str, object]", told).items():
        if not isinstance(change, dict) or set(cast("dict[str, object]", change)) != {"now", "was"}:
            raise ValueError(f"{name}: not a change")
        change = cast("dict[str, Any]", change)
        if name not in _JUDGES or not _JUDGES[name](change["now"]):
            raise ValueError(f"{name}: not a value")
        changes[name] = change
    return changes


def _is_percent(value: object) -> bool:
    return type(value) is int and 0 <= value <= 100


def _are_languages(value: object) -> bool:
    listed = cast("list[object]", value) if isinstance(value, list) else []
    return bool(listed) and all(one in (*SCREEN_LANGUAGES, *CORE_LANGUAGES) for one in listed)


_JUDGES: Final = {"volume": _is_percent, "languages": _are_languages, "brightness": _is_percent}
