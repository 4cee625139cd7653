"""How one visitor wants the screen: chosen on it, kept for the visit, and forgotten with it."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from .speech.said import Hearing

TEXT_SIZES: Final = (100, 150, 200)
"""Percent of the usual size."""


class Contrast(Enum):
    """Which of the themes."""

    LIGHT = "light"
    DARK = "dark"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Comfort:
    """`text`: the size of letters, in percent. `easy`: larger letters, nothing moves, more time.

    `low_reach`: everything in the lower part of a tall panel. `listen`: the loudspeaker says what concerns nobody.
    `blank`: the screen shows nothing, for somebody who listens at the `headphones`, which are plugged in or not.
    `choosing`: the choices are on the screen.
    """

    contrast: Contrast = Contrast.LIGHT
    text: int = 100
    easy: bool = False
    low_reach: bool = False
    listen: bool = False
    blank: bool = False
    choosing: bool = False
    headphones: bool = False

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

    def chosen(self, wanted: "Comfort") -> "Comfort":
        """Return what a choice makes of it; the plug is no choice, and only who has it in may blank the screen."""
        return replace(wanted, headphones=self.headphones, blank=wanted.blank and self.headphones)

    def plugged(self, headphones: bool) -> "Comfort":
        return replace(self, headphones=headphones, blank=self.blank and headphones)

    def forgotten(self) -> "Comfort":
        """Return what the next visitor finds."""
        return Comfort(headphones=self.headphones)
