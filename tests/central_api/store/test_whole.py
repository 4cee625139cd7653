"""The whole office, driven at random: officers, deputies, objections, assignments, suspended units, new rules, nights.

Whatever the order: no signature skipped, nobody on his own file or on an objection to what he rejected, no file in two
places or stuck, and a register that says what it said. `ISTILAM_WHOLE=50` plays so many offices.
"""

import contextlib
import os
import shutil
import tempfile
from itertools import count
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from central_api.publish import Intact, audit_verify, publish_all
from central_api.store import ActionRefused, assignments, deeds, migrations, open_office, people, queues
from central_api.store.deeds import Deed
from central_api.store.nightly import do_night
from central_api.workflow import STAFF_ACTIONS, Act, Action, Duty, Role, shipped_sources, units_at
from central_api.workflow.chain import FORWARD
from central_api.workflow.standing import Completed, Objected, Rejected, Returned
from tests.central_api.store.conftest import Clock

DAY = 86_400
PERMITS = dict(shipped_sources())["work_permits.toml"]
_SERVICE, _DIRECTOR = (f'[[steps]]\nrole = "{role}"' for role in ("head_of_service", "director_general"))
SHORTER = PERMITS.replace("version = 2", "version = 3").replace(
    PERMITS[PERMITS.index(_SERVICE) : PERMITS.index(_DIRECTOR)], ""
)
HOUSE = {
    "clerk": ["intake/beirut", "registry/beirut"],
    "head": ["head_of_department/beirut", "head_of_service"],
    "other": ["head_of_department/beirut", "director_general"],
    "chief": ["director_general", "minister"],
    "boss": ["minister", "registry/beirut"],
}
UNITS = sorted({unit for held in HOUSE.values() for unit in held})
PHONE = "+96170555{:03d}"
who, files = st.sampled_from([*HOUSE]), st.integers(0, 4)
# What takes a file on is tried more often than what ends it.
actions = st.sampled_from([*STAFF_ACTIONS, *[*FORWARD.values()] * 2, Action.OBJECT, Action.GRANT])
_DECIDE = frozenset({*FORWARD.values(), Action.RETURN, Action.REJECT, Action.GRANT, Action.DISMISS})


class Whole(RuleBasedStateMachine):
    @initialize()
    def found(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.clock, self.forms = Clock(), count()
        self.office = open_office(self.folder / "office", clock=self.clock)
        self.rows: dict[str, int] = {}
        for number, (login, held) in enumerate(HOUSE.items()):
            units, phone = [people.unit_named(unit) for unit in held], PHONE.format(number)
            self.write(
                lambda c, login=login, units=units, phone=phone: people.add(
                    c, login, login.title(), Duty.OFFICER, units, phone=phone, by=people.COMMAND_LINE, now=0
                )
            )
            self.rows[login] = people.account_of(self.office.own_reader, login).row
        # Two files are officers' own; two follow the rules of before.
        self.files = [self.submit(PHONE.format(1)), self.submit(PHONE.format(3)), self.submit("+96171999888")]
        self.office.close()
        (self.folder / "office" / "workflow").mkdir()
        (self.folder / "office" / "workflow" / "permits.toml").write_text(SHORTER)
        self.office = open_office(self.folder / "office", clock=self.clock)
        self.files += [self.submit("+96171999888"), self.submit(PHONE.format(2))]

    def submit(self, phone: str) -> str:
        return self.office.submit("work_permits", "renewal", region="beirut", phone=phone, earlier="paper").tracking

    def write(self, work) -> None:
        with contextlib.suppress(ActionRefused):
            self.office.execute_write(work).result()

    @rule(who=who, file=files, action=actions)
    def somebody_acts(self, who: str, action: Action, file: int) -> None:
        self.clock.now += 3_600
        act = Act(action, Role.INTAKE, 0, reasons=(8,))
        deed = Deed(self.files[file], act, self.rows[who], f"f{next(self.forms)}")
        before = self.office.known(deed.tracking)
        self.write(lambda c: deeds.do(c, self.office, deed))
        after = self.office.known(deed.tracking)
        assert len(after.standing.done) - len(before.standing.done) in {0, 1}
        if isinstance(before.standing.stage, Objected):
            assert after.standing.done == before.standing.done
        unit = self.office.own_reader.execute("SELECT unit FROM application WHERE id = ?", (after.row,)).fetchone()[0]
        places = units_at(self.office.kind_of(after), after.filing, after.standing)
        if isinstance(after.standing.stage, Completed | Rejected | Returned):
            assert unit is None
        else:
            assert [unit] == [place.code for place in places]

    @rule(file=files, pick=st.integers(0, 99))
    def somebody_does_what_he_is_offered(self, file: int, pick: int) -> None:
        filed, reader = self.office.known(self.files[file]), self.office.own_reader
        offered = [
            (login, offer.action)
            for login in HOUSE
            for offer in deeds.offers(reader, self.office, filed, people.account_of(reader, login))
            if offer.blocked is None
        ]
        if offered:
            self.somebody_acts(*self.likely(offered, pick), file=file)

    @rule(pick=st.integers(0, 99))
    def all_are_taken_on(self, pick: int) -> None:
        for file in range(len(self.files)):
            self.somebody_does_what_he_is_offered(file, pick + file)

    def likely(self, offered: list[tuple[str, Action]], pick: int) -> tuple[str, Action]:
        """Choose what is offered: an end or a return only once in four times, where anything else is."""
        others = [one for one in offered if one[1] not in {Action.RETURN, Action.REJECT, Action.DISMISS}]
        some = others if others and pick % 4 else offered
        return some[pick % len(some)]

    @rule(who=who, to=who, file=files)
    def somebody_assigns(self, who: str, to: str, file: int) -> None:
        filed, reader = self.office.known(self.files[file]), self.office.own_reader
        by, given = (people.account_of(reader, one) for one in (who, to))
        self.write(lambda c: assignments.assign(c, self.office, by, filed, given))

    @rule(maker=who, absent=who, deputy=who, unit=st.sampled_from(UNITS), days=st.integers(0, 9))
    def somebody_appoints(self, maker: str, absent: str, deputy: str, unit: str, days: int) -> None:
        accounts = [people.account_of(self.office.own_reader, one) for one in (maker, absent, deputy)]
        today, place = people.day_of(self.clock.now), people.unit_named(unit)
        self.write(lambda c: people.depute(c, *accounts, place, first=today, last=today + days, now=self.clock.now))

    @rule(unit=st.sampled_from(UNITS), stops=st.booleans())
    def a_unit_stops_or_goes_on(self, unit: str, stops: bool) -> None:
        role, _, region = unit.partition("/")
        with contextlib.suppress(ActionRefused):
            (self.office.suspend_unit if stops else self.office.resume_unit)(role, region or None)

    @rule(days=st.integers(1, 12))
    def days_go_by(self, days: int) -> None:
        self.clock.now += days * DAY
        do_night(self.office)

    @rule(apply=st.booleans())
    def the_rules_change(self, apply: bool) -> None:
        migrations.migrate(self.office, migrations.version_of(self.office, "work_permits", 3), apply=apply)

    def teardown(self) -> None:
        if not hasattr(self, "office"):
            return
        for tracking in self.files:
            self.holds(tracking)
        publish_all(self.office)
        assert isinstance(audit_verify(self.office), Intact)
        self.office.close()
        shutil.rmtree(self.folder)

    def holds(self, tracking: str) -> None:
        """Read in the register itself, by the names that stand there, who did what."""
        filed = self.office.known(tracking)
        owners = people.owners_of(self.office.own_reader, filed.row)
        rejecters: set[str] = set()
        taken: list[Role] = []
        for entry in queues.history(self.office.own_reader, filed):
            number = int(entry.who.split()[0]) if entry.who else 0
            if entry.act.action in _DECIDE:
                assert number not in owners
                assert entry.acting_for != entry.who
            if entry.act.action is Action.REJECT:
                rejecters = {entry.who, *([entry.acting_for] if entry.acting_for else [])}
            if entry.act.action in {Action.GRANT, Action.DISMISS}:
                assert not {entry.who, entry.acting_for} & rejecters
            if entry.act.action in FORWARD.values():
                taken.append(entry.act.role)
        chain = [step.role for step in self.office.kind_of(filed).steps]
        assert taken == chain[: len(filed.standing.done)]
        if isinstance(filed.standing.stage, Completed):
            assert taken == chain
        elif not isinstance(filed.standing.stage, Rejected):
            # Whoever holds the unit where it is can move it: with another in the place of who may not, it is not stuck.
            assert units_at(self.office.kind_of(filed), filed.filing, filed.standing)


Whole.TestCase.settings = settings(
    max_examples=int(os.environ.get("ISTILAM_WHOLE", "6")), stateful_step_count=50, deadline=None
)
TestWhole = Whole.TestCase
