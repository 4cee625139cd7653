"""The rules of the chain: who may do what to an application, and where it stands afterwards. Pure: no I/O, no clock.

`apply` takes a standing and an act and gives the next standing, or a Refusal with its reason in words.
"""

from typing import assert_never

from msgspec.structs import replace

from central_api.contract.catalogue import catalogue
from central_api.contract.status import Office

from .acts import Act, Refusal, RefusalCode, turn
from .chain import SIGNATURES, Action, Kind, Role, StepRule
from .objections import decide, object_to, redate
from .standing import Completed, Done, Objected, Rejected, Returned, Standing, UnderReview


def submitted(kind: Kind, at: int) -> Standing:
    """Return the standing of an application that was just taken in."""
    return Standing((), UnderReview(), at, at, tuple((check.agency, at) for check in kind.checks))


def unit_of(step: StepRule, region: int) -> Office:
    """Return who takes a step for a file of a region."""
    return Office(step.role, region if step.regional else 0)


def own_action(kind: Kind, standing: Standing, act: Act) -> Action:
    """Return the act's action by its own name: `approve` is also the general word for a step's forward action."""
    if act.action is Action.APPROVE and isinstance(standing.stage, UnderReview):
        step = kind.steps[len(standing.done)]
        if step.role is act.role:
            return step.action
    return act.action


def apply(kind: Kind, region: int, standing: Standing, act: Act) -> Standing | Refusal:
    """Return where the application stands after an act (named by its own action), or why the act is refused."""
    if act.at < standing.changed:
        return Refusal(RefusalCode.TOO_EARLY, "it is dated before the last change of this application")
    # An agency answers when it can: that is no act of the chain, and the file may go on later.
    stage, answers = standing.stage, act.action is Action.ANSWER
    match stage:
        case UnderReview():
            return _answer(standing, act) if answers else _step(kind, region, standing, act)
        case Returned():
            return _answer(standing, act) if answers else _resubmit(standing, act)
        case Rejected() if act.action in {Action.OBJECT, Action.REDATE}:
            follow = object_to if act.action is Action.OBJECT else redate
            return follow(kind, standing, stage, act)
        case Objected():
            return _answer(standing, act) if answers else decide(kind, region, standing, stage, act)
        case Completed() | Rejected():
            how = "completed" if isinstance(stage, Completed) else "rejected"
            return Refusal(RefusalCode.ENDED, f"the application is {how}: nothing more can be done to it")
        case _:
            assert_never(stage)


def _resubmit(standing: Standing, act: Act) -> Standing | Refusal:
    if act.action is not Action.RESUBMIT or act.role is not Role.INTAKE:
        return Refusal(RefusalCode.RETURNED, "the application was returned to the visitor: only intake can resubmit it")
    return replace(standing, stage=UnderReview(), since=act.at, changed=act.at)


def _answer(standing: Standing, act: Act) -> Standing | Refusal:
    pending = tuple(check for check in standing.pending if check[0] != act.agency)
    if act.agency is None or (len(pending) == len(standing.pending) and act.agency not in standing.failed):
        return Refusal(RefusalCode.NO_SUCH_CHECK, "this agency was not asked, or has already answered")
    failed = tuple(agency for agency in standing.failed if agency != act.agency)
    return replace(standing, pending=pending, failed=failed if act.well else (*failed, act.agency), changed=act.at)


def _step(kind: Kind, region: int, standing: Standing, act: Act) -> Standing | Refusal:
    step = kind.steps[len(standing.done)]
    if refusal := turn(step, region if step.regional else 0, act):
        return refusal
    match act.action:
        case Action.RETURN:
            return _return(kind, standing, act)
        case Action.REJECT:
            return _reject(standing, act)
        case step.action:
            return _check(kind, standing, act) or _forward(kind, standing, act)
        case _:
            words = f"the {step.role.word} can {step.action.word}, return or reject, not {act.action.word}"
            return Refusal(RefusalCode.WRONG_ACTION, words)


def _reject(standing: Standing, act: Act) -> Standing | Refusal:
    if not act.reasons:
        return Refusal(RefusalCode.REASON_NEEDED, "a rejection needs at least one reason")
    return replace(standing, stage=Rejected(act.reasons, act.deadline), since=act.at, changed=act.at)


def _return(kind: Kind, standing: Standing, act: Act) -> Standing | Refusal:
    if not act.reasons and not act.documents:
        return Refusal(RefusalCode.REASON_NEEDED, "a return needs a reason or a document that is missing")
    if foreign := [code for code in act.documents if code not in kind.documents]:
        documents = catalogue().documents
        words = f"{kind.key} does not ask for {documents.key(foreign[0])}; it asks for " + ", ".join(
            documents.key(code) or str(code) for code in kind.documents
        )
        return Refusal(RefusalCode.UNKNOWN_DOCUMENT, words)
    stage = Returned(act.reasons, act.documents, act.deadline)
    return replace(standing, stage=stage, since=act.at, changed=act.at)


def _check(kind: Kind, standing: Standing, act: Act) -> Refusal | None:
    """Refuse the first signature of our own while a required check is open or failed. A report is no signature."""
    if act.action not in SIGNATURES or act.reported_by is not None:
        return None
    if any(
        done.reported_by is None and step.action in SIGNATURES
        for done, step in zip(standing.done, kind.steps, strict=False)
    ):
        return None
    required = {check.agency for check in kind.checks if check.required}
    agencies = catalogue().agencies
    for agency in standing.failed:
        if agency in required:
            words = f"the check by {agencies.key(agency)} failed: the application can only be returned or rejected"
            return Refusal(RefusalCode.CHECK_FAILED, words)
    for agency, _since in standing.pending:
        if agency in required:
            words = f"{agencies.key(agency)} has not answered yet: the first signature waits for it"
            return Refusal(RefusalCode.CHECK_PENDING, words)
    return None


def _forward(kind: Kind, standing: Standing, act: Act) -> Standing:
    done = (*standing.done, Done(act.at, act.acting, act.reported_by))
    stage = Completed() if len(done) == len(kind.steps) else UnderReview()
    return replace(standing, done=done, stage=stage, since=act.at, changed=act.at)
