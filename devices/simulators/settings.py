"""What a virtual printer is told when it starts, and the faults it knows."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

Fault = Literal[
    "none",
    "paper-out",
    "paper-out-mid",
    "near-end",
    "cover-open",
    "cover-open-mid",
    "silent",
    "no-confirm",
    "cut-connection",
    "reset",
    "garbage",
    "slow",
    "hot-mid",
    "stuck",
    "wrong-answers",
    "flood",
    "cutter-jammed",
    "another-model",
]
FAULTS: Final[tuple[Fault, ...]] = get_args(Fault)


@dataclass(frozen=True, slots=True)
class Settings:
    """speed: mm/s, 0 = as fast as the machine can; roll_mm: None = a roll without end; dpi: dots an inch, both ways."""

    paper: Path
    width_dots: int = 576
    speed: float = 250.0
    roll_mm: int | None = None
    fault: Fault = "none"
    dpi: int = 203
