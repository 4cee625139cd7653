"""Who of the office may act on an application, in whose name. Pure: no I/O, no clock.

Nobody acts on his own application. A deputy acts for an officer who is away, between two days, where somebody else
appointed him: never on an application of whoever appointed him, which would be approval by one's own hand.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import msgspec

from central_api.contract.status import Office

from .acts import Act, Refusal, RefusalCode
from .calendar import day_of
from .chain import STAFF_ACTIONS, Action, Kind, Role, Word
from .objections import judge_of
from .rules import apply, unit_of
from .standing import Filing, Rejected, Returned, Standing
from .status import step_at_work


class Duty(Word):
    """What an account is for: an administrator keeps accounts and signs nothing, an auditor only looks."""

    OFFICER = 1
    ADMINISTRATOR = 2
    AUDITOR = 3


class Deputation(msgspec.Struct, frozen=True):
    """From `first` to `last` (days since 1970) `deputy` acts for `absent` at a unit, as `made_by` appointed him.

    All three are accounts. `ended`: it was taken back.
    """

    row: int
    absent: int
    deputy: int
    unit: Office
    first: int
    last: int
    made_by: int
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Mandate:
    """In whose name somebody acts: his own, at a unit that he holds, or for the officer who is away."""

    unit: Office
    acting_for: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody may do now. `blocked` says why it would be refused at present, as for a check not answered."""

    action: Action
    mandate: Mandate
    blocked: Refusal | None = None


def mandate_at(
    unit: Office,
    account: int,
    *,
    units: Collection[Office],
    deputations: Iterable[Deputation],
    owners: Collection[int],
    today: int,
    rejected: Collection[int] = (),
) -> Mandate | Refusal:
    """Say in whose name an account acts at a unit on an application of `owners`, or why it may not.

    `units` are those that the account holds, `deputations` those of officers who hold `unit`. `rejected`: who rejected
    it, where it is an objection that is to be decided on.
    """
    if account in owners:
        return Refusal(RefusalCode.OWN_FILE, "this is your own application: somebody else has to decide on it")
    if account in rejected:
        return Refusal(RefusalCode.OWN_DECISION, "you rejected it yourself: somebody else decides on the objection")
    if unit in units:
        return Mandate(unit)
    own = False
    for one in deputations:
        if one.deputy != account or one.unit != unit or one.ended or not one.first <= today <= one.last:
            continue
        if one.made_by not in {account, *owners, *rejected} and one.absent not in rejected:
            return Mandate(unit, one.absent)
        own = True
    if own:
        words = "who appointed you may not be yourself, nor the one whose application or whose rejection this is"
        return Refusal(RefusalCode.OWN_DELEGATION, words)
    return Refusal(RefusalCode.WRONG_UNIT, "this application is not with a unit of yours")


def units_at(kind: Kind, filing: Filing, standing: Standing) -> tuple[Office, ...]:
    """Return the units that may act now: the one whose turn it is; a counter, where the next word is the visitor's.

    That is intake for a returned application, and where objections are taken in for a rejected one.
    """
    step = step_at_work(kind, standing)
    if step is not None:
        return (unit_of(step, filing.region),)
    regions = tuple(dict.fromkeys((filing.filed_at, filing.region)))
    match standing.stage:
        case Returned():
            return tuple(Office(Role.INTAKE, region) for region in regions)
        case Rejected() if kind.objection and judge_of(kind, standing) and not standing.objected:
            return tuple(Office(kind.objection.received_by, region) for region in regions)
        case _:
            return ()


def next_actions(kind: Kind, filing: Filing, standing: Standing, mandates: Iterable[Mandate]) -> tuple[Offer, ...]:
    """Return what can be done under the mandates that somebody has here, each action once, by asking the rules.

    Whether it is late for an objection, the rules cannot say without a calendar.
    """
    offers: dict[Action, Offer] = {}
    for mandate in mandates:
        for action in STAFF_ACTIONS:
            # With a reason, since only what lacks one is refused for it.
            role, region, today = Role(mandate.unit.role), mandate.unit.region, day_of(standing.changed)
            act = Act(action, role, standing.changed, region, reasons=(1,), deadline=today)
            after = apply(kind, filing.region, standing, act)
            if isinstance(after, Standing):
                offers.setdefault(action, Offer(action, mandate))
            elif after.code in {RefusalCode.CHECK_PENDING, RefusalCode.CHECK_FAILED}:
                offers.setdefault(action, Offer(action, mandate, after))
    return tuple(offers.values())
