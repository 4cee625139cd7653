"""From a standing to the Status that the visitor may see."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import assert_never

from central_api.contract.catalogue import catalogue
from central_api.contract.status import AgencyCheck, Language, Office, Reason, State, Status, Step

from .chain import Kind, StepRule
from .expected import Days, Place
from .objections import judge_of
from .rules import unit_of
from .standing import Completed, Filing, Objected, Rejected, Returned, Standing, UnderReview

# What a status says of an objection, as messages among its reasons: with whom it is and since when; that it changed
# nothing.
_OBJECTION, _DISMISSED = (catalogue().reasons.codes[key] for key in ("objection_under_review", "objection_dismissed"))
Suspended = Mapping[Office, int]
"""Units that do not work at present, and since when (seconds since 1970, UTC)."""
Usual = Mapping[Place, Days]
"""How long steps usually take, as it was learnt."""


def state_of(standing: Standing) -> State:
    """Return the state as the contract names it."""
    match standing.stage:
        case UnderReview():
            return State.UNDER_REVIEW
        case Returned():
            return State.RETURNED
        case Rejected() | Objected():
            return State.REJECTED
        case Completed():
            return State.COMPLETED
        case _:
            assert_never(standing.stage)


def unit_at_work(kind: Kind, region: int, standing: Standing) -> Office | None:
    """Return the unit whose turn it is, or None where the office has nothing to do."""
    step = step_at_work(kind, standing)
    return unit_of(step, region) if step else None


def step_at_work(kind: Kind, standing: Standing) -> StepRule | None:
    """Return the step whose turn it is, or None where the office has nothing to do. An objection's is its judge's."""
    match standing.stage:
        case UnderReview():
            return kind.steps[len(standing.done)]
        case Objected():
            return judge_of(kind, standing)
        case Returned() | Rejected() | Completed():
            return None
        case _:
            assert_never(standing.stage)


def status_of(
    filing: Filing, kind: Kind, standing: Standing, suspended: Suspended, usual: Usual = MappingProxyType({})
) -> Status:
    """Build the Status without its receipt. `expected` is for steps to come, `suspended_since` for the current one.

    What is usual is as it was learnt; until then, and of what has ended, as the table says.
    """
    under_way = isinstance(standing.stage, UnderReview | Returned)
    at_work = unit_at_work(kind, filing.region, standing)
    steps: list[Step] = []
    for index, rule in enumerate(kind.steps):
        unit = unit_of(rule, filing.region)
        if index < len(standing.done):
            done = standing.done[index]
            steps.append(Step(unit, done.when, done.acting, done.reported_by))
        else:
            since = suspended.get(unit) if unit == at_work and index == len(standing.done) else None
            place = (filing.family, filing.kind, filing.region, rule.role)
            learnt = usual.get(place) or usual.get((*place[:2], 0, rule.role)) if under_way else None
            steps.append(Step(unit, expected=learnt or rule.expected, suspended_since=since))
    stage = standing.stage
    returned = stage if isinstance(stage, Returned) else None
    return Status(
        tracking=filing.tracking,
        family=filing.family,
        kind=kind.code,
        state=state_of(standing),
        language=Language(filing.language),
        changed=standing.changed,
        # Since when it is rejected; what became of the objection stands among the reasons.
        since=stage.rejected if isinstance(stage, Objected) else standing.since,
        filed_at=filing.filed_at,
        steps=tuple(steps),
        missing=returned.documents if returned else (),
        reasons=tuple(_reasons(kind, filing.region, standing)),
        deadline=stage.deadline if isinstance(stage, Returned | Rejected) else None,
        # A paper waits only for a signature: what an older system reports as completed was handed out there.
        document_waits=isinstance(stage, Completed) and standing.done[-1].reported_by is None,
        checks=tuple(AgencyCheck(agency, asked) for agency, asked in standing.pending),
    )


def _reasons(kind: Kind, region: int, standing: Standing) -> Iterator[Reason]:
    stage = standing.stage
    if isinstance(stage, Returned | Rejected | Objected):
        yield from map(Reason, stage.reasons)
    if isinstance(stage, Rejected) and stage.dismissed:
        yield Reason(_DISMISSED)
    if isinstance(stage, Objected) and (unit := unit_at_work(kind, region, standing)):
        yield Reason(_OBJECTION, (unit.code, standing.since))
