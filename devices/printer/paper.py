"""How much of the roll is printed: millimetres since it was put in, in a small file that a power cut leaves whole.

Most printers see the end of a roll coming; for one that does not (`near_end` in its profile), low paper is told by
what was counted.
"""

import contextlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from devices.durable import write_whole
from devices.printer.profile import Profile
from devices.printer.states import CoverOpen, PaperLow, PaperOut, PrinterState, Ready

RESERVE_MM: Final = 5_000
"""Low is told when so much of the roll is left: thirty papers."""

_NO_ROLL_MM: Final = 10**9  # a file that somebody wrote by hand may say infinity

CUT_MM: Final = 12
"""Blank paper between head and cutter, which each cut costs."""


@dataclass(frozen=True, slots=True)
class Roll:
    """millimetres: printed since it was put in. ending: the printer said that it ends, or is at its end. opened: the
    cover was open since."""

    millimetres: float = 0.0
    ending: bool = False
    opened: bool = False


def paper_file(journal: Path) -> Path:
    """Where the roll of the printer with this print journal is kept."""
    return journal.with_name(journal.name + ".paper")


def printed_mm(journal: Path) -> int | None:
    """Millimetres since the roll was put in, of the printer with this print journal; None where none were counted."""
    path = paper_file(journal)
    return round(min(_read(path).millimetres, _NO_ROLL_MM)) if path.exists() else None


class PaperMeter:
    """The roll of one printer. What cannot be written is counted all the same, until the next start."""

    def __init__(self, path: Path, model: Profile) -> None:
        self._path = path
        self._model = model
        self.roll = _read(path)

    def printed(self, rows: int, *, cut: bool) -> None:
        """So many rows of dots came out, and were cut or not."""
        more = rows * 25.4 / self._model.dpi + (CUT_MM if cut else 0)
        self._is(replace(self.roll, millimetres=round(self.roll.millimetres + more, 1)))

    def judged(self, state: PrinterState) -> PrinterState:
        """The state with what is known of the roll; paper after its end is a new roll."""
        match state:
            case PaperOut() | PaperLow():
                self._is(replace(self.roll, ending=True))
            case CoverOpen():
                self._is(replace(self.roll, opened=True))
            case Ready() if self.roll.ending or (self.low and self.roll.opened):
                self._is(Roll())
            case Ready():
                self._is(replace(self.roll, opened=False))
                return PaperLow() if self.low else state
            case _:
                pass
        return state

    @property
    def low(self) -> bool:
        """Whether the count alone says so, on a printer that does not see it."""
        return self._model.near_end is False and self.roll.millimetres >= self._model.roll_mm - RESERVE_MM

    def _is(self, roll: Roll) -> None:
        if roll == self.roll:
            return
        self.roll = roll
        with contextlib.suppress(OSError):
            write_whole(self._path, json.dumps(asdict(roll)).encode())


def _read(path: Path) -> Roll:
    """What is damaged or missing is a new roll: at worst its end comes unforeseen, as on any printer."""
    try:
        said: dict[str, Any] = json.loads(path.read_bytes())
        return Roll(max(0.0, float(said["millimetres"])), bool(said["ending"]), bool(said["opened"]))
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return Roll()
