"""Moving an application from one version of its family's table to another: where it stands there, or why it cannot.

Nothing is signed, skipped or undone by that: what was done must be the beginning of the new chain, by the same steps.
Pure: no I/O, no clock.
"""

from msgspec.structs import replace

from central_api.contract.catalogue import catalogue

from .acts import Refusal, RefusalCode
from .chain import SIGNATURES, Kind, Table
from .objections import judge_of
from .standing import Completed, Objected, Rejected, Returned, Standing


def ended(standing: Standing) -> bool:
    """Say whether an application has ended: it stays for good under the version that it ended under."""
    return isinstance(standing.stage, Completed | Rejected)


def moved_to(table: Table, kind: Kind, region: int, standing: Standing, at: int) -> Standing | Refusal:
    """Return where an application of a kind and region, not ended, stands under another table; it is moved `at`."""
    new = table.regional.get(region, table.kinds).get(kind.code)
    if new is None:
        return _not_mapped(f"{kind.key} is no kind of version {table.version}")
    steps, done = [step.role for step in new.steps], [step.role for step in kind.steps[: len(standing.done)]]
    if steps[: len(done)] != done:
        missing = next((role for role, other in zip(steps, done, strict=False) if role is not other), steps[-1])
        return _not_mapped(f"the step of {missing.word} would be skipped: version {table.version} has another order")
    if len(steps) == len(done):
        return _not_mapped(f"version {table.version} ends before the step where it is: nobody would sign it last")
    if isinstance(standing.stage, Objected) and (
        kind.steps[len(done)].role is not steps[len(done)] or judge_of(new, standing) is None
    ):
        return _not_mapped(f"its objection has nobody who decides on it by version {table.version}")
    if isinstance(standing.stage, Returned) and (foreign := set(standing.stage.documents) - set(new.documents)):
        asked = catalogue().documents.key(min(foreign))
        return _not_mapped(f"it was returned for {asked}, which version {table.version} does not ask for")
    return replace(standing, **_checks(kind, new, standing, at), changed=at)


def _checks(kind: Kind, new: Kind, standing: Standing, at: int) -> dict[str, tuple[object, ...]]:
    """Keep the questions that are still asked; until the first signature, ask those that are new."""
    asked = {check.agency for check in new.checks}
    signed = any(
        step.action in SIGNATURES and done.reported_by is None
        for step, done in zip(kind.steps, standing.done, strict=False)
    )
    added = () if signed else sorted(asked - {check.agency for check in kind.checks})
    pending = (*(check for check in standing.pending if check[0] in asked), *((agency, at) for agency in added))
    return {"pending": pending, "failed": tuple(agency for agency in standing.failed if agency in asked)}


def _not_mapped(words: str) -> Refusal:
    return Refusal(RefusalCode.NOT_MAPPED, words)
