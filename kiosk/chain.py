"""The chain of offices that a file goes through, told step by step: whose it is, what was done, when and how."""

from typing import TYPE_CHECKING, Final, assert_never

from central_api.contract.status import State, Step
from devices.lettering import isolate

from .frozen import frozen
from .marks import Mark
from .objections import dismissed, examined
from .words import role_key

if TYPE_CHECKING:
    from central_api.contract.status import Status

    from .words import Words

_WHAT: Final = {
    Mark.HERE: "chain.here",
    Mark.RETURNED: "chain.returned",
    Mark.REJECTED: "chain.rejected",
    Mark.SUSPENDED: "chain.suspended",
}


@frozen
class ToldStep:
    """One step of the chain: its mark, the office and what it did, and when and how."""

    mark: Mark
    title: str
    detail: str


def tell_chain(status: "Status", words: "Words") -> tuple[ToldStep, ...]:
    """Tell the steps of a status, in their order: those behind it, the one where it is, and those to come."""
    return tuple(_step(status, index, words) for index in range(len(status.steps)))


def _step(status: "Status", index: int, words: "Words") -> ToldStep:
    step = status.steps[index]
    mark = _mark(status, index)
    what = _what(status, step, mark, words)
    # A region's or an older system's name may be in another direction than the line: each part stands by itself.
    parts = [words.region(step.office.region), *_when(status, step, mark, words)]
    office = words.office(step.office)
    coming = f"chain.coming.{role_key(step.office)}"
    if mark is Mark.COMING and words.has(coming):
        office = words(coming)
    return ToldStep(
        mark=mark,
        title=words("chain.line", office=office, what=what) if what else office,
        detail=_line([part for part in parts if part]),
    )


def _line(parts: list[str]) -> str:
    """Join what a line says: it begins with a capital letter, and what stands after a dot with a small one."""
    first, *others = parts
    told = [first[:1].upper() + first[1:], *(other[:1].lower() + other[1:] for other in others)]
    return " · ".join(isolate(part) for part in told)


def _mark(status: "Status", index: int) -> Mark:
    if index < status.current:
        return Mark.DONE
    if index > status.current:
        return Mark.HERE if _examines(status, status.steps[index]) is not None else Mark.COMING
    match status.state:
        case State.RETURNED:
            return Mark.RETURNED
        case State.REJECTED:
            return Mark.REJECTED
        case State.UNDER_REVIEW:
            return Mark.SUSPENDED if status.steps[index].suspended_since is not None else Mark.HERE
        case State.COMPLETED:
            return Mark.COMING
        case _:
            assert_never(status.state)


def _examines(status: "Status", step: Step) -> int | None:
    """Return since when (seconds since 1970, UTC) a step examines an objection to the rejection, or None."""
    if status.state is not State.REJECTED or (objected := examined(status)) is None:
        return None
    office, since = objected
    return since if office == step.office else None


def _what(status: "Status", step: Step, mark: Mark, words: "Words") -> str | None:
    """Say what the office did. A step that an older system reported is never said to be a signature."""
    if mark is Mark.RETURNED and not status.missing:
        return words("chain.returned_no_list")
    if mark is not Mark.DONE:
        return words(_WHAT[mark]) if mark in _WHAT else None
    if step.reported_by is not None:
        return words("chain.done_reported")
    key = f"chain.done.{role_key(step.office)}"
    return words(key) if words.has(key) else words("chain.done_other")


def _when(status: "Status", step: Step, mark: Mark, words: "Words") -> list[str]:
    if mark is Mark.COMING:
        if status.state is State.REJECTED:
            return [words("chain.not_reached")]
        if step.expected is None:
            return [words("chain.usual_unknown")]
        return [words("chain.usually", duration=words.working_days(step.expected))]
    if step.when is None:
        if mark is Mark.REJECTED and dismissed(status):  # its date is that of the dismissal, by another office
            return []
        here, since = mark is Mark.HERE, _examines(status, step) or status.since
        if mark is Mark.SUSPENDED and step.suspended_since is not None:
            here, since = True, step.suspended_since
        return [words("answer.since" if here else "answer.on", date=words.date(since))]
    told = [words.date(step.when)]
    if step.acting:
        told.append(words("chain.acting"))
    if step.reported_by is not None:
        told.append(words("chain.reported_by", system=words.system(step.reported_by)))
    return told
