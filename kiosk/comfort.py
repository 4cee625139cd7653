"""How one visitor wants the screen: chosen on it, kept for the visit, and forgotten with it."""

from dataclasses import replace
from enum import Enum
from typing import Final

from .frozen import frozen
from .speech.said import Hearing
from .visit_state import CORE_LANGUAGES, ScreenLanguage

TEXT_SIZES: Final = (100, 150, 200)
"""Percent of the usual size."""
VOLUME_STEP: Final = 10
LEAST_VOLUME: Final = 10
MOST_VOLUME: Final = 100
QUIET_TERMINAL: Final = 40
"""How loud headphones begin where the terminal's own loudness is silence: that is for the lobby, not for an ear."""


class Contrast(Enum):
    """Which of the themes."""

    LIGHT = "light"
    DARK = "dark"
    HIGH = "high"


@frozen
class Comfort:
    """`text`: the size of letters, in percent. `easy`: larger letters, nothing moves, more time.

    `low_reach`: everything in the lower part of a tall panel. `listen`: the loudspeaker says what concerns nobody.
    `blank`: the screen shows nothing, for somebody who listens at the `headphones`, which are plugged in or not.
    `choosing`: the choices are on the screen. `volume`: 10 to 100 in the headphones, as chosen there; None: as usual.
    `core`: the language of the core visit that was chosen; whoever leaves it by mistake must find it again.
    """

    contrast: Contrast = Contrast.LIGHT
    text: int = 100
    easy: bool = False
    low_reach: bool = False
    listen: bool = False
    blank: bool = False
    choosing: bool = False
    headphones: bool = False
    volume: int | None = None
    core: ScreenLanguage | None = None

    @property
    def size(self) -> int:
        """The size of letters in percent: the easy mode's are larger by themselves."""
        return max(self.text, 150) if self.easy else self.text

    @property
    def unhurried(self) -> bool:
        """Whether this visitor takes more time: he reads letter by letter, or listens."""
        return self.easy or self.headphones or self.listen or self.text > 100

    @property
    def hearing(self) -> Hearing:
        """Who hears what is said."""
        if self.headphones:
            return Hearing.EAR
        return Hearing.LOBBY if self.listen else Hearing.NOBODY

    def loudness(self, usual: int) -> int:
        """Return how loud the voice is, 0 to 100; for the lobby as `usual`, which is not the visitor's choice."""
        if not self.headphones:
            return usual
        return self.volume or usual or QUIET_TERMINAL

    def louder(self, step: int, usual: int) -> "Comfort":
        """Return it with the headphones a step louder (1) or softer (-1); who hears finds the way back."""
        wanted = self.loudness(usual) + step * VOLUME_STEP
        return replace(self, volume=max(LEAST_VOLUME, min(MOST_VOLUME, wanted)))

    def chosen(self, wanted: "Comfort") -> "Comfort":
        """Return what a choice makes of it; the plug is no choice, and only who has it in may blank the screen."""
        return self._of_ear(replace(wanted, core=self.core), self.headphones)

    def spoken(self, language: ScreenLanguage) -> "Comfort":
        """Return it once a language was chosen."""
        return replace(self, core=language) if language in CORE_LANGUAGES else self

    def plugged(self, headphones: bool) -> "Comfort":
        return self._of_ear(self, headphones)

    @staticmethod
    def _of_ear(comfort: "Comfort", headphones: bool) -> "Comfort":
        """Return it with what belongs to an ear left out where there is none: the next one must not be startled."""
        if headphones:
            return replace(comfort, headphones=True)
        return replace(comfort, headphones=False, blank=False, volume=None)

    def forgotten(self) -> "Comfort":
        """Return what the next visitor finds."""
        return Comfort(headphones=self.headphones)
