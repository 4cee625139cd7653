"""An act, and why one is refused."""

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from central_api.contract.catalogue import catalogue

from .chain import Action, Role, StepRule


class RefusalCode(StrEnum):
    """Why an act is refused, for programs; the words beside it are for people."""

    ENDED = "ended"
    RETURNED = "returned"
    NOT_RETURNED = "not_returned"
    OUT_OF_ORDER = "out_of_order"
    WRONG_UNIT = "wrong_unit"
    WRONG_ACTION = "wrong_action"
    UNIT_SUSPENDED = "unit_suspended"
    CHECK_PENDING = "check_pending"
    CHECK_FAILED = "check_failed"
    NO_SUCH_CHECK = "no_such_check"
    NO_OBJECTION = "no_objection"
    TOO_LATE = "too_late"
    OWN_DECISION = "own_decision"
    REASON_NEEDED = "reason_needed"
    UNKNOWN_DOCUMENT = "unknown_document"
    TOO_EARLY = "too_early"
    IN_THE_FUTURE = "in_the_future"
    NOT_OPEN = "not_open"
    EARLIER_NEEDED = "earlier_needed"
    EARLIER_WRONG = "earlier_wrong"
    NOT_MAPPED = "not_mapped"
    ALREADY = "already"
    UNKNOWN_NUMBER = "unknown_number"
    UNKNOWN_CODE = "unknown_code"
    BAD_PHONE = "bad_phone"
    BAD_DOCUMENT = "bad_document"
    BAD_CARD = "bad_card"
    CHANGING_CARD = "changing_card"
    OWN_FILE = "own_file"
    OWN_DELEGATION = "own_delegation"
    MOVED_ON = "moved_on"
    NOT_ALLOWED = "not_allowed"
    NO_ACCOUNT = "no_account"
    BAD_VALUE = "bad_value"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An act that the rules do not allow: nothing changed."""

    code: RefusalCode
    words: str


class Act(msgspec.Struct, frozen=True, gc=False):
    """What someone does to an application.

    `at` is when it happened (seconds since 1970, UTC; 0 until that is known), `deadline` days since 1970. `region` is
    the region he acts for, None where the chain says it. `reported_by` is the older system that reports it. `agency`
    and `well` belong to ANSWER: who answered, and whether nothing stands against the application. `deadline` of REJECT
    and OBJECT is the last day to object; `well` of NOTE: the visitor may be told.
    """

    action: Action
    role: Role
    at: int
    region: int | None = None
    acting: bool = False
    reported_by: int | None = None
    reasons: tuple[int, ...] = ()
    documents: tuple[int, ...] = ()
    deadline: int | None = None
    agency: int | None = None
    well: bool = False


def turn(step: StepRule, region: int, act: Act) -> Refusal | None:
    """Refuse who is not at work on this application now."""
    if act.action is Action.RESUBMIT:
        return Refusal(RefusalCode.NOT_RETURNED, "the application was not returned: there is nothing to resubmit")
    if act.role is not step.role:
        words = f"it is the turn of {step.role.word}, not of {act.role.word}: no step can be skipped"
        return Refusal(RefusalCode.OUT_OF_ORDER, words)
    if act.region is not None and act.region != region:
        where = f"in {catalogue().regions.key(region)}" if region else "for the whole country"
        return Refusal(RefusalCode.WRONG_UNIT, f"the {step.role.word} {where} handles this application")
    return None
