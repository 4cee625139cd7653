"""What a printer can be in: a closed set. Unknown is never "fine" and never "broken"."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ready:
    """Online, with paper."""


@dataclass(frozen=True, slots=True)
class PaperLow:
    """Prints; the roll is near its end."""


@dataclass(frozen=True, slots=True)
class PaperOut:
    """No paper under the head. The job in hand stops at the last confirmed band."""


@dataclass(frozen=True, slots=True)
class CoverOpen:
    """The cover is open. The job in hand stops at the last confirmed band."""


@dataclass(frozen=True, slots=True)
class Offline:
    """There is no printer at the address, or its connection is gone."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Connected, but its condition cannot be told: it answers nothing, or reports a fault outside this set.

    why: for the operator, in English, without anything of a visitor.
    """

    why: str


PrinterState = Ready | PaperLow | PaperOut | CoverOpen | Offline | Unknown
