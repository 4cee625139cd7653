"""What a check can find: a closed list for each part, each with its outcome; its words are in `saying.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from central_api.contract.readiness import Outcome, Part, Readiness, Result

_P, _F, _N, _C = Outcome.PASSED, Outcome.FAILED, Outcome.NOT_PRESENT, Outcome.CANNOT_TELL
TOO_LATE: Final = "too_late"
"""Of any part: its check did not end by its deadline."""

DETAILS: Final[dict[Part, dict[str, Outcome]]] = {
    Part.PANEL: {
        "good": _P,
        "wrong_size": _F,
        "wrong_mm": _F,
        "bad_dots": _F,
        "no_display": _N,
        "not_seen": _C,
        "unknown": _C,
    },
    Part.TOUCH: {"good": _P, "missed": _F, "absent": _N, "not_tried": _C, "unknown": _C},
    Part.SCANNER: {
        "good": _P,
        "nothing_read": _F,
        "other_code": _F,
        "unplugged": _F,
        "not_set": _N,
        "not_tried": _C,
    },
    Part.PRINTER: {
        "good": _P,
        "paper_low": _P,
        "paper_out": _F,
        "cover_open": _F,
        "offline": _F,
        "silent": _F,
        "fault": _F,
        "not_set": _N,
        "unconfirmed": _C,
        "not_tried": _C,
    },
    Part.CARD_READER: {
        "good": _P,
        "missing": _F,
        "no_service": _F,
        "card_silent": _F,
        "absent": _N,
        "no_card": _C,
    },
    Part.SOUND: {
        "good": _P,
        "not_heard": _F,
        "refused": _F,
        "absent": _N,
        "no_player": _C,
        "not_asked": _C,
    },
    Part.CLOCK: {"good": _P, "off": _F, "no_office": _C, "no_key": _C},
    Part.DISK: {
        "good": _P,
        "good_wear": _P,
        "full": _F,
        "read_only": _F,
        "failing": _F,
        "worn": _F,
    },
    Part.NETWORK: {
        "good": _P,
        "certificate_ends": _P,
        "no_name": _F,
        "no_answer": _F,
        "certificate": _F,
        "refused": _F,
        "not_enrolled": _F,
        "not_an_office": _F,
    },
    Part.POWER: {"mains": _P, "mains_battery": _P, "on_battery": _F, "untold": _C},
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one part. `values` are set into its words: numbers, sizes, names."""

    part: Part
    detail: str
    values: Mapping[str, int | str] = field(default_factory=dict[str, int | str])

    def __post_init__(self) -> None:
        if self.detail != TOO_LATE and self.detail not in DETAILS[self.part]:
            raise ValueError(f"{self.part.name} is never found {self.detail}")

    @property
    def outcome(self) -> Outcome:
        return DETAILS[self.part].get(self.detail, Outcome.CANNOT_TELL)


def readiness_of(findings: Mapping[Part, Finding], *, taken: int, terminal: str) -> Readiness:
    """Return what the office is told: outcomes and codes, nothing else."""
    results = tuple(Result(part, found.outcome, found.detail) for part, found in sorted(findings.items()))
    return Readiness(taken, terminal, results)
