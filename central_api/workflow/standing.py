"""Where one application stands: what its events add up to, and how that is kept."""

from dataclasses import dataclass, field
from typing import cast

import cbor2


@dataclass(frozen=True, slots=True)
class UnderReview:
    """The application is at the step after the last one done."""


@dataclass(frozen=True, slots=True)
class Returned:
    """The visitor has it back: why, what is missing, and until when (days since 1970) where a date was set."""

    reasons: tuple[int, ...]
    documents: tuple[int, ...]
    deadline: int | None


@dataclass(frozen=True, slots=True)
class Rejected:
    """It ended at the step after the last one done."""

    reasons: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Completed:
    """Every step is done; by the minister's own hand, or as an older system reported it."""


Stage = UnderReview | Returned | Rejected | Completed


@dataclass(frozen=True, slots=True)
class Done:
    """One step done: when (seconds since 1970, UTC), by a deputy or not, and the older system that reported it."""

    when: int
    acting: bool = False
    reported_by: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One application. `since`: it came to where it is; `changed`: its last event (seconds since 1970, UTC).

    `pending` holds the agency checks not answered yet as (agency, asked at), `failed` the agencies that object.
    """

    done: tuple[Done, ...]
    stage: Stage
    since: int
    changed: int
    pending: tuple[tuple[int, int], ...] = ()
    failed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Filing:
    """What does not change in an application: codes of the catalogue, and the version of the table it follows.

    `region` handles it, `filed_at` is where it was handed in. `tracking` is 11 digits.
    """

    tracking: str = field(repr=False)
    family: int
    kind: int
    table: int
    region: int
    filed_at: int
    language: int


def encode_standing(standing: Standing) -> bytes:
    """Write a standing in CBOR, for the store alone: nothing signs or publishes these bytes."""
    stage = standing.stage
    match stage:
        case UnderReview():
            written: list[object] = [1]
        case Returned():
            written = [2, stage.reasons, stage.documents, stage.deadline]
        case Rejected():
            written = [3, stage.reasons]
        case Completed():
            written = [4]
    done = [(step.when, step.acting, step.reported_by) for step in standing.done]
    return cbor2.dumps((written, standing.since, standing.changed, done, standing.pending, standing.failed))


def decode_standing(data: bytes) -> Standing:
    """Read a standing back. Raises ValueError for anything else: the store is damaged."""
    try:
        written, since, changed, done, pending, failed = cast(list[list[object]], cbor2.loads(data))
        return Standing(
            done=tuple(Done(*step) for step in cast(list[tuple[int, bool, int | None]], done)),
            stage=_stage(written),
            since=cast(int, since),
            changed=cast(int, changed),
            pending=tuple((agency, asked) for agency, asked in cast(list[tuple[int, int]], pending)),
            failed=tuple(cast(list[int], failed)),
        )
    except (cbor2.CBORDecodeError, TypeError, ValueError) as error:
        raise ValueError("a standing that cannot be read") from error


def _stage(written: object) -> Stage:
    match cast(list[object], written):
        case [1]:
            return UnderReview()
        case [2, reasons, documents, deadline]:
            return Returned(_codes(reasons), _codes(documents), cast(int | None, deadline))
        case [3, reasons]:
            return Rejected(_codes(reasons))
        case [4]:
            return Completed()
        case _:
            raise ValueError("an unknown stage")


def _codes(value: object) -> tuple[int, ...]:
    return tuple(cast(list[int], value))
