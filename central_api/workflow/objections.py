"""Objections to a rejection: whether one is taken in, who decides on it, what follows. Pure: no I/O, no clock.

The law gives one. Granted, the application goes on where it was rejected: that step still has to take it forward, so no
signature is skipped. Dismissed, the rejection stands for good.
"""

from msgspec.structs import replace

from .acts import Act, Refusal, RefusalCode, turn
from .calendar import day_of
from .chain import Action, Kind, StepRule
from .standing import Objected, Rejected, Standing, UnderReview


def judge_of(kind: Kind, standing: Standing) -> StepRule | None:
    """Return who decides on an objection: the step that the table names, or the next above the one that rejected.

    None where nobody does: what the last of the chain has rejected, only a court judges.
    """
    if kind.objection is None:
        return None
    above = kind.steps[len(standing.done) + 1 :]
    roles = [step.role for step in above]
    named = kind.objection.decided_by
    return above[roles.index(named)] if named in roles else next(iter(above), None)


def object_to(kind: Kind, standing: Standing, stage: Rejected, act: Act) -> Standing | Refusal:
    """Take in an objection, handed in at the counter that the table names, not after the last day (act.deadline)."""
    if kind.objection is None or judge_of(kind, standing) is None:
        words = "no office decides on an objection to this rejection: it can be contested before the court alone"
        return Refusal(RefusalCode.NO_OBJECTION, words)
    if standing.objected:
        return Refusal(RefusalCode.NO_OBJECTION, "an objection was decided on already: there is one only")
    if act.role is not kind.objection.received_by:
        return Refusal(RefusalCode.WRONG_UNIT, f"an objection is taken in by {kind.objection.received_by.word}")
    if act.deadline is None or day_of(act.at) > act.deadline:
        return Refusal(RefusalCode.TOO_LATE, "the last day to object to this rejection is over")
    objected = Objected(stage.reasons, standing.since)
    return replace(standing, stage=objected, since=act.at, changed=act.at, objected=True)


def redate(kind: Kind, standing: Standing, stage: Rejected, act: Act) -> Standing | Refusal:
    """Move the last day to object (act.deadline), where one was told and nobody has objected yet."""
    if kind.objection is None or stage.deadline is None or act.deadline is None or standing.objected:
        return Refusal(RefusalCode.NO_OBJECTION, "no last day to object was told, or there was an objection")
    return replace(standing, stage=replace(stage, deadline=act.deadline), changed=act.at)


def decide(kind: Kind, region: int, standing: Standing, stage: Objected, act: Act) -> Standing | Refusal:
    """Decide on an objection, at the step whose turn it is: GRANT it, or DISMISS it for reasons of the law."""
    judge = judge_of(kind, standing)
    assert judge is not None
    if refused := turn(judge, region if judge.regional else 0, act):
        return refused
    match act.action:
        case Action.GRANT:
            return replace(standing, stage=UnderReview(), since=act.at, changed=act.at)
        case Action.DISMISS if act.reasons:
            dismissed = Rejected(act.reasons, dismissed=True)
            return replace(standing, stage=dismissed, since=act.at, changed=act.at)
        case Action.DISMISS:
            return Refusal(RefusalCode.REASON_NEEDED, "a dismissal needs at least one reason")
        case _:
            words = f"an objection is granted or dismissed by the {judge.role.word}: nothing else is to be done now"
            return Refusal(RefusalCode.WRONG_ACTION, words)
