"""Whatever officers try, in whatever order: no signature skipped, nobody decides on his own, no file stuck or twice."""

from hypothesis import given
from hypothesis import strategies as st

from central_api.contract.status import Office
from central_api.workflow import (
    STAFF_ACTIONS,
    Act,
    Action,
    Deputation,
    Filing,
    Kind,
    Mandate,
    Refusal,
    RefusalCode,
    Role,
    Standing,
    apply,
    mandate_at,
    next_actions,
    shipped_tables,
    submitted,
    units_at,
)
from central_api.workflow.calendar import day_of
from central_api.workflow.standing import Completed, Objected, Rejected, Returned

KINDS = [(table, kind) for table in shipped_tables() for kind in table.kinds.values()]
TODAY = 20_000
PEOPLE = range(1, 6)
REGIONS = (1, 2)
UNITS = [Office(role, region) for role in Role for region in (0, *REGIONS)]
people = st.sampled_from(PEOPLE)
units_held = st.dictionaries(people, st.frozensets(st.sampled_from(UNITS), max_size=4), max_size=5)
deputations = st.lists(
    st.builds(
        Deputation,
        row=st.integers(1, 99),
        absent=people,
        deputy=people,
        unit=st.sampled_from(UNITS),
        first=st.integers(TODAY - 2, TODAY + 1),
        last=st.integers(TODAY - 1, TODAY + 2),
        made_by=people,
        ended=st.booleans(),
    ),
    max_size=6,
)
# What is rarely reached by chance, an objection and what follows, is tried more often.
words = st.sampled_from([*Action, Action.REJECT, Action.OBJECT, Action.GRANT, Action.DISMISS, Action.ACCEPT])
tries = st.lists(st.tuples(people, words, st.sampled_from(UNITS)), max_size=40)


def attempt(
    kind: Kind, filing: Filing, standing: Standing, *, who: int, action: Action, house: "House"
) -> tuple[Standing, Mandate] | None:
    """Do what the office does with a deed: find a mandate where the file is, then ask the rules."""
    for unit in units_at(kind, filing, standing):
        mandate = house.mandate(unit, who)
        if isinstance(mandate, Refusal):
            continue
        act = Act(
            action,
            Role(mandate.unit.role),
            standing.changed + 1,
            mandate.unit.region,
            reasons=(1,),
            agency=1,
            well=True,
            deadline=day_of(standing.changed + 1),
        )
        after = apply(kind, filing.region, standing, act)
        if isinstance(after, Standing):
            return after, mandate
    return None


class House:
    def __init__(self, held: dict[int, frozenset[Office]], deputed: list[Deputation], owners: frozenset[int]) -> None:
        self.held, self.deputed, self.owners = held, deputed, owners
        # Who rejected, and for whom, while an objection to that is to be decided on.
        self.rejected: frozenset[int] = frozenset()

    def mandate(self, unit: Office, who: int) -> Mandate | Refusal:
        # As the store reads them: of officers who hold the unit still.
        for_unit = [one for one in self.deputed if one.unit in self.held.get(one.absent, ())]
        return mandate_at(
            unit,
            who,
            units=self.held.get(who, frozenset()),
            deputations=for_unit,
            owners=self.owners,
            today=TODAY,
            rejected=self.rejected,
        )

    def remember(self, standing: Standing, action: Action, who: int, mandate: Mandate) -> None:
        if action is Action.REJECT:
            self.by = frozenset({who} if mandate.acting_for is None else {who, mandate.acting_for})
        self.rejected = self.by if isinstance(standing.stage, Objected) else frozenset()


def file_of(choice: tuple[object, Kind], region: int, filed_at: int) -> tuple[Kind, Filing, Standing]:
    _table, kind = choice
    standing = submitted(kind, 1_000)
    return kind, Filing("26318283312", 1, kind.code, 1, region, filed_at, 0), standing


@given(
    st.sampled_from(KINDS), st.tuples(st.sampled_from(REGIONS), st.sampled_from(REGIONS)), units_held, deputations,
    st.tuples(st.frozensets(people, max_size=2), tries),
)  # fmt: skip
def test_whatever_is_tried_the_rules_hold(choice, regions, held, deputed, owners_and_tries):
    region, filed_at = regions
    owners, tried = owners_and_tries
    kind, filing, standing = file_of(choice, region, filed_at)
    house = House(held, deputed, owners)
    for who, action, _unit in tried:
        before = standing
        done = attempt(kind, filing, standing, who=who, action=action, house=house)
        if done is None:
            continue
        standing, mandate = done
        if isinstance(before.stage, Objected):
            # Not by who rejected, not for him, not by whom he appointed; and nothing is signed by that.
            assert not {who, mandate.acting_for} & house.by
            assert action in {Action.GRANT, Action.DISMISS}
            assert mandate.unit.role > kind.steps[len(before.done)].role
            assert standing.done == before.done
        house.remember(standing, action, who, mandate)
        # No self-approval, by no route: neither by himself, nor by a deputy of his own choice.
        assert who not in owners
        if mandate.acting_for is not None:
            makers = {
                one.made_by
                for one in deputed
                if (one.deputy, one.absent, one.unit) == (who, mandate.acting_for, mandate.unit) and not one.ended
            }
            assert makers - {who} - owners
            assert mandate.unit in held[mandate.acting_for]
        else:
            assert mandate.unit in held[who]
        # No skipped signature: one step at most, the next one, by its own unit.
        assert len(standing.done) - len(before.done) in (0, 1)
        if len(standing.done) > len(before.done):
            step = kind.steps[len(before.done)]
            assert mandate.unit == Office(step.role, region if step.regional else 0)
            assert isinstance(before.stage, type(submitted(kind, 0).stage))
        # Never in two places.
        places = units_at(kind, filing, standing)
        assert places or isinstance(standing.stage, Completed | Rejected)
        assert not places or not isinstance(standing.stage, Completed)
        # Two counters may take in what the visitor brings; the file is with him meanwhile.
        assert len(places) <= (2 if isinstance(standing.stage, Returned | Rejected) else 1)
        assert not standing.objected or not (places and isinstance(standing.stage, Rejected))
    if isinstance(standing.stage, Completed):
        assert len(standing.done) == len(kind.steps)


@given(st.sampled_from(KINDS), st.sampled_from(REGIONS), st.lists(st.sampled_from(list(Action)), max_size=30))
def test_no_file_is_ever_stuck(choice, region, actions):
    """Whatever was done: a file that has not ended can be moved by whoever holds the unit where it is."""
    kind, filing, standing = file_of(choice, region, region)
    every = House({1: frozenset(UNITS)}, [], frozenset())
    for action in actions:
        done = attempt(kind, filing, standing, who=1, action=action, house=every)
        standing = standing if done is None else done[0]
    if not units_at(kind, filing, standing):
        assert isinstance(standing.stage, Completed | Rejected)
        return
    offered = next_actions(kind, filing, standing, [Mandate(unit) for unit in units_at(kind, filing, standing)])
    assert any(one.blocked is None for one in offered)
    # What is offered is accepted, and what is not offered is refused: pages never ask for what the rules refuse.
    free = {one.action for one in offered if one.blocked is None}
    for action in STAFF_ACTIONS:
        accepted = attempt(kind, filing, standing, who=1, action=action, house=every) is not None
        assert accepted == (action in free)


def test_a_deputy_whom_nobody_else_appointed_is_told_why():
    unit = Office(Role.REGISTRY, 1)
    own = Deputation(1, 2, 3, unit, TODAY, TODAY, 3)
    said = mandate_at(unit, 3, units=(), deputations=[own], owners=(), today=TODAY)
    assert isinstance(said, Refusal)
    assert said.code is RefusalCode.OWN_DELEGATION
    by_owner = Deputation(1, 2, 3, unit, TODAY, TODAY, 2)
    said = mandate_at(unit, 3, units=(), deputations=[by_owner], owners=(2,), today=TODAY)
    assert isinstance(said, Refusal)
    assert said.code is RefusalCode.OWN_DELEGATION
    by_the_one_above = Deputation(2, 2, 3, unit, TODAY, TODAY, 9)
    said = mandate_at(unit, 3, units=(), deputations=[by_owner, by_the_one_above], owners=(2,), today=TODAY)
    assert said == Mandate(unit, 2)
