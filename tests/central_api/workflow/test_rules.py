"""The chain, as a machine that is driven at random: no signature skipped, no dead end, no stranger's hand."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from central_api.contract.catalogue import catalogue
from central_api.contract.status import Office, State, decode_status, encode_status
from central_api.workflow import (
    STAFF_ACTIONS,
    Act,
    Action,
    Filing,
    Kind,
    Refusal,
    RefusalCode,
    Role,
    Standing,
    apply,
    decode_standing,
    encode_standing,
    own_action,
    shipped_tables,
    state_of,
    status_of,
    submitted,
    unit_at_work,
)
from central_api.workflow.calendar import day_of
from central_api.workflow.standing import Completed, Objected, Rejected, Returned, UnderReview

KINDS = [(table.family, kind) for table in shipped_tables() for kind in table.kinds.values()]
BEIRUT, NORTH = 1, 3
REASON = (1,)


def kind_of(family: str, key: str) -> Kind:
    table = next(table for table in shipped_tables() if table.key == family)
    return next(kind for kind in table.kinds.values() if kind.key == key)


def do(kind: Kind, standing: Standing, role: Role, action: Action, **more: object) -> Standing | Refusal:
    act = Act(action, role, standing.changed + 60, **more)  # type: ignore[arg-type]
    named = Act(own_action(kind, standing, act), role, act.at, **more)  # type: ignore[arg-type]
    return apply(kind, BEIRUT, standing, named)


def moved(kind: Kind, standing: Standing, role: Role, action: Action, **more: object) -> Standing:
    after = do(kind, standing, role, action, **more)
    assert isinstance(after, Standing), after
    return after


def refused(kind: Kind, standing: Standing, role: Role, action: Action, **more: object) -> RefusalCode:
    after = do(kind, standing, role, action, **more)
    assert isinstance(after, Refusal), after
    assert after.words
    return after.code


RENEWAL = kind_of("work_permits", "renewal")
COMPANY = kind_of("companies", "permit")
HEAD = Role.HEAD_OF_DEPARTMENT


def test_approve_is_everyones_word_and_is_recorded_as_each_ones_own() -> None:
    standing = submitted(RENEWAL, 1000)
    words: list[str] = []
    for role in list(Role)[1:]:
        act = Act(Action.APPROVE, role, 2000)
        words.append(own_action(RENEWAL, standing, act).word)
        standing = moved(RENEWAL, standing, role, Action.APPROVE)
    assert words == ["accept", "approve", "approve", "approve", "sign"]
    assert state_of(standing) is State.COMPLETED


def test_a_returned_file_continues_at_the_same_step() -> None:
    standing = moved(RENEWAL, submitted(RENEWAL, 1000), Role.REGISTRY, Action.ACCEPT)
    returned = moved(RENEWAL, standing, HEAD, Action.RETURN, documents=RENEWAL.documents[:2], deadline=20_000)
    assert returned.stage == Returned((), RENEWAL.documents[:2], 20_000)
    assert refused(RENEWAL, returned, HEAD, Action.APPROVE) is RefusalCode.RETURNED
    assert refused(RENEWAL, returned, HEAD, Action.RESUBMIT) is RefusalCode.RETURNED
    again = moved(RENEWAL, returned, Role.INTAKE, Action.RESUBMIT)
    assert isinstance(again.stage, UnderReview)
    assert again.done == standing.done
    moved(RENEWAL, again, HEAD, Action.APPROVE)


def test_a_return_says_why_and_asks_only_for_papers_of_its_kind() -> None:
    standing = submitted(RENEWAL, 1000)
    foreign = catalogue().documents.codes["signatories"]
    assert refused(RENEWAL, standing, Role.REGISTRY, Action.RETURN) is RefusalCode.REASON_NEEDED
    assert refused(RENEWAL, standing, Role.REGISTRY, Action.REJECT) is RefusalCode.REASON_NEEDED
    code = refused(RENEWAL, standing, Role.REGISTRY, Action.RETURN, documents=(foreign,))
    assert code is RefusalCode.UNKNOWN_DOCUMENT


def test_a_word_that_is_not_the_steps_own_is_refused() -> None:
    standing = submitted(RENEWAL, 1000)
    assert refused(RENEWAL, standing, Role.REGISTRY, Action.SIGN) is RefusalCode.WRONG_ACTION
    assert refused(RENEWAL, standing, Role.MINISTER, Action.SIGN) is RefusalCode.OUT_OF_ORDER
    assert refused(RENEWAL, standing, Role.INTAKE, Action.RESUBMIT) is RefusalCode.NOT_RETURNED
    assert refused(RENEWAL, standing, Role.REGISTRY, Action.ACCEPT, region=NORTH) is RefusalCode.WRONG_UNIT


def test_nothing_happens_before_what_happened_last() -> None:
    standing = submitted(RENEWAL, 1000)
    early = apply(RENEWAL, BEIRUT, standing, Act(Action.ACCEPT, Role.REGISTRY, 999))
    assert isinstance(early, Refusal)
    assert early.code is RefusalCode.TOO_EARLY


def test_a_company_that_an_agency_does_not_know_cannot_pass_the_first_signature() -> None:
    standing = moved(COMPANY, submitted(COMPANY, 1000), Role.REGISTRY, Action.ACCEPT)
    assert refused(COMPANY, standing, HEAD, Action.APPROVE) is RefusalCode.CHECK_PENDING
    first, second = (check.agency for check in COMPANY.checks)
    standing = moved(COMPANY, standing, Role.INTAKE, Action.ANSWER, agency=first, well=True)
    standing = moved(COMPANY, standing, Role.INTAKE, Action.ANSWER, agency=second, well=False)
    assert refused(COMPANY, standing, HEAD, Action.APPROVE) is RefusalCode.CHECK_FAILED
    assert refused(COMPANY, standing, Role.INTAKE, Action.ANSWER, agency=first, well=True) is RefusalCode.NO_SUCH_CHECK
    corrected = moved(COMPANY, standing, Role.INTAKE, Action.ANSWER, agency=second, well=True)
    moved(COMPANY, corrected, HEAD, Action.APPROVE)
    moved(COMPANY, standing, HEAD, Action.REJECT, reasons=REASON)


def test_an_agency_answers_also_while_the_file_is_returned_or_objected_to() -> None:
    first, second = (check.agency for check in COMPANY.checks)
    standing = moved(COMPANY, submitted(COMPANY, 1000), Role.REGISTRY, Action.ACCEPT)
    returned = moved(COMPANY, standing, HEAD, Action.RETURN, reasons=REASON)
    answered = moved(COMPANY, returned, Role.INTAKE, Action.ANSWER, agency=first, well=True)
    assert (answered.stage, answered.since) == (returned.stage, returned.since)
    again = moved(COMPANY, answered, Role.INTAKE, Action.RESUBMIT)
    rejected = moved(COMPANY, again, HEAD, Action.REJECT, reasons=REASON, deadline=9)
    assert refused(COMPANY, rejected, Role.INTAKE, Action.ANSWER, agency=second, well=True) is RefusalCode.ENDED
    objected = moved(COMPANY, rejected, Role.REGISTRY, Action.OBJECT, deadline=9)
    answered = moved(COMPANY, objected, Role.INTAKE, Action.ANSWER, agency=second, well=True)
    assert answered.stage == objected.stage
    granted = moved(COMPANY, answered, Role.DIRECTOR_GENERAL, Action.GRANT)
    moved(COMPANY, granted, HEAD, Action.APPROVE)


def test_a_report_is_no_signature() -> None:
    standing = submitted(COMPANY, 1000)
    for role in list(Role)[1:3]:
        standing = moved(COMPANY, standing, role, Action.APPROVE, reported_by=2)
    # The first signature of our own still waits for the checks.
    assert refused(COMPANY, standing, Role.HEAD_OF_SERVICE, Action.APPROVE) is RefusalCode.CHECK_PENDING
    for role in list(Role)[3:]:
        standing = moved(COMPANY, standing, role, Action.APPROVE, reported_by=2)
    status = status_of(Filing("26318283312", 2, COMPANY.code, 1, BEIRUT, NORTH, 0), COMPANY, standing, {})
    assert status.state is State.COMPLETED
    assert all(step.reported_by == 2 for step in status.steps)
    assert not status.document_waits


def test_a_suspended_unit_is_told_to_those_whose_file_lies_there_alone() -> None:
    filing = Filing("26318283312", 1, RENEWAL.code, 1, BEIRUT, BEIRUT, 0)
    standing = submitted(RENEWAL, 1000)
    suspended = {Office(Role.REGISTRY, BEIRUT): 900, Office(Role.MINISTER): 900}
    status = status_of(filing, RENEWAL, standing, suspended)
    assert [step.suspended_since for step in status.steps] == [900, None, None, None, None]
    elsewhere = status_of(Filing("26318283312", 1, RENEWAL.code, 1, NORTH, NORTH, 0), RENEWAL, standing, suspended)
    assert elsewhere.steps[0].suspended_since is None


def test_an_objection_goes_above_who_rejected_and_signs_nothing() -> None:
    standing = moved(RENEWAL, submitted(RENEWAL, 1000), Role.REGISTRY, Action.ACCEPT)
    rejected = moved(RENEWAL, standing, HEAD, Action.REJECT, reasons=(8,), deadline=0)
    filing = Filing("26318283312", 1, RENEWAL.code, 2, BEIRUT, NORTH, 0)
    assert status_of(filing, RENEWAL, rejected, {}).deadline == 0
    assert refused(RENEWAL, rejected, Role.INTAKE, Action.OBJECT, deadline=0) is RefusalCode.WRONG_UNIT
    late = replace(rejected, changed=2 * 86_400)
    assert refused(RENEWAL, late, Role.REGISTRY, Action.OBJECT, deadline=0) is RefusalCode.TOO_LATE
    objected = moved(RENEWAL, rejected, Role.REGISTRY, Action.OBJECT, deadline=0)
    told = status_of(filing, RENEWAL, objected, {})
    assert (told.state, told.since, told.deadline) == (State.REJECTED, rejected.since, None)
    assert told.reasons[-1].arguments == (Role.DIRECTOR_GENERAL, objected.since)
    for role in (HEAD, Role.HEAD_OF_SERVICE, Role.MINISTER):
        assert refused(RENEWAL, objected, role, Action.GRANT) is RefusalCode.OUT_OF_ORDER
    assert refused(RENEWAL, objected, Role.DIRECTOR_GENERAL, Action.APPROVE) is RefusalCode.WRONG_ACTION
    assert refused(RENEWAL, objected, Role.DIRECTOR_GENERAL, Action.DISMISS) is RefusalCode.REASON_NEEDED
    dismissed = moved(RENEWAL, objected, Role.DIRECTOR_GENERAL, Action.DISMISS, reasons=(8,))
    assert refused(RENEWAL, dismissed, Role.REGISTRY, Action.OBJECT, deadline=9) is RefusalCode.NO_OBJECTION
    granted = moved(RENEWAL, objected, Role.DIRECTOR_GENERAL, Action.GRANT)
    assert granted.done == standing.done
    moved(RENEWAL, granted, HEAD, Action.APPROVE)
    again = moved(RENEWAL, granted, HEAD, Action.REJECT, reasons=(8,), deadline=9)
    assert refused(RENEWAL, again, Role.REGISTRY, Action.OBJECT, deadline=9) is RefusalCode.NO_OBJECTION


def test_what_the_director_rejects_the_minister_judges_and_what_he_rejects_only_a_court() -> None:
    standing = submitted(RENEWAL, 1000)
    for role in (Role.REGISTRY, HEAD, Role.HEAD_OF_SERVICE):
        standing = moved(RENEWAL, standing, role, Action.APPROVE)
    by_director = moved(RENEWAL, standing, Role.DIRECTOR_GENERAL, Action.REJECT, reasons=(8,))
    objected = moved(RENEWAL, by_director, Role.REGISTRY, Action.OBJECT, deadline=9)
    assert unit_at_work(RENEWAL, BEIRUT, objected) == Office(Role.MINISTER)
    at_minister = moved(RENEWAL, standing, Role.DIRECTOR_GENERAL, Action.APPROVE)
    by_minister = moved(RENEWAL, at_minister, Role.MINISTER, Action.REJECT, reasons=(8,))
    assert refused(RENEWAL, by_minister, Role.REGISTRY, Action.OBJECT, deadline=9) is RefusalCode.NO_OBJECTION


class Chain(RuleBasedStateMachine):
    """Anyone tries anything, in any order."""

    @initialize(pair=st.sampled_from(KINDS))
    def submit(self, pair: tuple[int, Kind]) -> None:
        self.family, self.kind = pair
        self.now = 86_400 * 10
        self.standing = submitted(self.kind, self.now)
        self.hands: list[tuple[Role, bool]] = []

    @rule(
        role=st.sampled_from(Role),
        action=st.sampled_from(STAFF_ACTIONS),
        region=st.sampled_from([None, 0, BEIRUT, NORTH]),
        acting=st.booleans(),
        system=st.sampled_from([None, None, 1]),
        explained=st.booleans(),
        later=st.integers(-1, 100_000),
        overdue=st.integers(0, 1),
    )
    def someone_acts(
        self,
        *,
        role: Role,
        action: Action,
        region: int | None,
        acting: bool,
        system: int | None,
        explained: bool,
        later: int,
        overdue: int,
    ) -> None:
        before = self.standing
        reasons = REASON if explained else ()
        at = self.now + later
        act = Act(action, role, at, region, acting, system, reasons, deadline=day_of(at) - overdue)
        named = replace(act, action=own_action(self.kind, before, act))
        after = apply(self.kind, BEIRUT, before, named)
        if isinstance(after, Refusal):
            assert after.words
            return
        assert later >= 0
        unit = unit_at_work(self.kind, BEIRUT, before)
        if isinstance(before.stage, Returned):
            assert (role, action) == (Role.INTAKE, Action.RESUBMIT)
            assert after.done == before.done
        elif isinstance(before.stage, Rejected):
            # The one objection that there is, in time.
            assert (role, action, overdue) == (Role.REGISTRY, Action.OBJECT, 0)
            assert not before.objected
        else:
            assert unit is not None
            assert role == unit.role
            assert region in {None, unit.region}
        if isinstance(before.stage, Objected):
            # Whoever decides stands above the step that rejected, and signs nothing by that.
            assert action in {Action.GRANT, Action.DISMISS}
            assert role > self.kind.steps[len(before.done)].role
            assert after.done == before.done
        if len(after.done) > len(before.done):
            assert isinstance(before.stage, UnderReview)
            assert named.action is self.kind.steps[len(before.done)].action
            self.hands.append((role, system is not None))
        self.standing, self.now = after, act.at

    @rule(well=st.booleans(), first=st.booleans())
    def an_agency_answers(self, well: bool, first: bool) -> None:
        if not self.kind.checks:
            return
        agency = self.kind.checks[0 if first else -1].agency
        after = apply(
            self.kind, BEIRUT, self.standing, Act(Action.ANSWER, Role.INTAKE, self.now, agency=agency, well=well)
        )
        if isinstance(after, Standing):
            assert after.done == self.standing.done
            self.standing = after

    @invariant()
    def every_signature_is_there_in_order(self) -> None:
        steps = [step.role for step in self.kind.steps]
        assert [role for role, _reported in self.hands] == steps[: len(self.standing.done)]
        assert isinstance(self.standing.stage, Completed) == (len(self.standing.done) == len(steps))
        required = {check.agency for check in self.kind.checks if check.required}
        signed = [role for role, reported in self.hands if not reported and role is not Role.REGISTRY]
        if signed:
            assert not required & set(self.standing.failed)

    @invariant()
    def someone_can_always_go_on_until_it_ends(self) -> None:
        stage = self.standing.stage
        if isinstance(stage, Completed | Rejected):
            return
        if isinstance(stage, Returned):
            moved(self.kind, self.standing, Role.INTAKE, Action.RESUBMIT)
            return
        if isinstance(stage, Objected):
            judge = unit_at_work(self.kind, BEIRUT, self.standing)
            assert judge is not None
            for action in (Action.GRANT, Action.DISMISS):
                moved(self.kind, self.standing, Role(judge.role), action, reasons=REASON)
            return
        step = self.kind.steps[len(self.standing.done)]
        moved(self.kind, self.standing, step.role, Action.REJECT, reasons=REASON)
        assert (
            any(isinstance(do(self.kind, self.standing, *try_), Standing) for try_ in [(step.role, Action.APPROVE)])
            or self.standing.pending
            or self.standing.failed
        )

    @invariant()
    def it_is_kept_and_shown_as_it_is(self) -> None:
        assert decode_standing(encode_standing(self.standing)) == self.standing
        filing = Filing("26318283312", self.family, self.kind.code, 1, BEIRUT, NORTH, 1)
        status = status_of(filing, self.kind, self.standing, {})
        assert status.current == len(self.standing.done)
        assert decode_status(encode_status(status)) == status


Chain.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
TestChain = Chain.TestCase


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x95", encode_standing(submitted(RENEWAL, 1))[:-1]])
def test_a_damaged_standing_is_told_as_such(data: bytes) -> None:
    with pytest.raises(ValueError):
        decode_standing(data)
