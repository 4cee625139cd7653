"""Who of the office may act on an application, in whose name. Pure: no I/O, no clock.

Nobody acts on his own application. A deputy acts for an officer who is away, between two days, where somebody else
appointed him: never on an application of whoever appointed him, which would be approval by one's own hand.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import msgspec

from central_api.contract.status import Office

from .chain import STAFF_ACTIONS, Action, Kind, Role, Word
from .rules import Act, Refusal, RefusalCode, apply, unit_of
from .standing import Filing, Returned, Standing
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
) -> Mandate | Refusal:
    """Say in whose name an account acts at a unit on an application of `owners`, or why it may not.

    `units` are those that the account holds, `deputations` those of officers who hold `unit`.
    """
    if account in owners:
        return Refusal(RefusalCode.OWN_FILE, "this is your own application: somebody else has to decide on it")
    if unit in units:
        return Mandate(unit)
    own = False
    for one in deputations:
        if one.deputy != account or one.unit != unit or one.ended or not one.first <= today <= one.last:
            continue
        if one.made_by not in {account, *owners}:
            return Mandate(unit, one.absent)
        own = True
    if own:
        words = "who appointed you may not be yourself, nor the one whose application this is"
        return Refusal(RefusalCode.OWN_DELEGATION, words)
    return Refusal(RefusalCode.WRONG_UNIT, "this application is not with a unit of yours")


def units_at(kind: Kind, filing: Filing, standing: Standing) -> tuple[Office, ...]:
    """Return the units that may act now: the one whose turn it is; intake, where the visitor has the application."""
    step = step_at_work(kind, standing)
    if step is not None:
        return (unit_of(step, filing.region),)
    regions = (filing.filed_at, filing.region) if isinstance(standing.stage, Returned) else ()
    return tuple(Office(Role.INTAKE, region) for region in dict.fromkeys(regions))


def next_actions(kind: Kind, filing: Filing, standing: Standing, mandates: Iterable[Mandate]) -> tuple[Offer, ...]:
    """Return what can be done under the mandates that somebody has here, each action once, by asking the rules."""
    offers: dict[Action, Offer] = {}
    for mandate in mandates:
        for action in STAFF_ACTIONS:
            # With a reason, since only what lacks one is refused for it.
            act = Act(action, Role(mandate.unit.role), standing.changed, mandate.unit.region, reasons=(1,))
            after = apply(kind, filing.region, standing, act)
            if isinstance(after, Standing):
                offers.setdefault(action, Offer(action, mandate))
            elif after.code in {RefusalCode.CHECK_PENDING, RefusalCode.CHECK_FAILED}:
                offers.setdefault(action, Offer(action, mandate, after))
    return tuple(offers.values())
