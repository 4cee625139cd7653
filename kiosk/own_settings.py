"""What this terminal goes by while it runs: the staff corner's change, else the office's word, else the file's."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from .journal import log
from .staff_settings import StaffSettings

if TYPE_CHECKING:
    from central_api.contract.terminal_settings import TerminalSettings

    from .settings import Settings
    from .visit_state import ScreenLanguage


class OwnSettings:
    """`office` gives what the office set as it was last heard; None where it set nothing yet. From any thread."""

    def __init__(self, settings: "Settings", office: "Callable[[], TerminalSettings | None]") -> None:
        self._settings = settings
        self._office = office
        self.changes = StaffSettings(settings.data)
        if self.changes.why_not:
            log("staff settings", why=self.changes.why_not)

    def volume(self) -> int:
        """Return how loud sounds are, 0 to 100."""
        return self.changes.volume(self.usual_volume())

    def usual_volume(self) -> int:
        """Return how loud they are without the staff's change."""
        office = self._office()
        return self._settings.volume if office is None or office.volume is None else office.volume

    def languages(self) -> "tuple[ScreenLanguage, ...]":
        """Return what home offers, in order."""
        return self.changes.languages(self.usual_languages())

    def usual_languages(self) -> "tuple[ScreenLanguage, ...]":
        """Return what it offers without the staff's change."""
        office = self._office()
        if office is None:
            return self._settings.languages
        from .settings_in_force import languages_of

        return languages_of(office) or self._settings.languages
