"""The workflow tables: families, kinds, the chain of steps, documents, checks and opening dates, as TOML.

A table is validated whole when it is read; each fault names the file, the line, the key and what was expected there.
"""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Annotated, Final, TypeVar

import msgspec

from central_api.contract.catalogue import Section, catalogue

from .chain import FORWARD, Action, CheckRule, Kind, ObjectionRule, Role, StepRule, Table
from .lines import Path
from .reading import InvalidTable, Reading

M = TypeVar("M", Role, Action)
Days = Annotated[int, msgspec.Meta(ge=0, le=365)]
_MOST_STEPS: Final = 16


class _Step(msgspec.Struct, forbid_unknown_fields=True):
    role: str
    action: str
    regional: bool
    expected: tuple[Days, Days]
    limit: Annotated[int, msgspec.Meta(ge=1, le=365)]


class _Check(msgspec.Struct, forbid_unknown_fields=True):
    agency: str
    required: bool


class _Kind(msgspec.Struct, forbid_unknown_fields=True):
    documents: list[str]
    opens: datetime.date | None = None
    requires: list[str] = []
    checks: list[_Check] = []


class _Objection(msgspec.Struct, forbid_unknown_fields=True):
    days: Annotated[int, msgspec.Meta(ge=1, le=365)]
    received_by: str
    decided_by: str


class _Head(msgspec.Struct, forbid_unknown_fields=True):
    family: str
    version: Annotated[int, msgspec.Meta(ge=1)]
    steps: list[dict[str, object]]
    kinds: dict[str, dict[str, object]]
    regions: dict[str, list[dict[str, object]]] = {}
    objection: dict[str, object] | None = None
    strict: bool = False


def read_table(text: str, file: str) -> Table:
    """Read one table; `file` is its name in messages. Raises InvalidTable with every fault that was found."""
    return _Reader(text, file).table()


@cache
def shipped_tables() -> tuple[Table, ...]:
    """Read the tables that this edition ships."""
    return tuple(read_table(text, name) for name, text in shipped_sources())


def shipped_sources() -> Iterator[tuple[str, str]]:
    """Yield name and text of each table that this edition ships."""
    for entry in sorted((resources.files(__package__ or "") / "tables").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            yield entry.name, entry.read_text(encoding="utf-8")


class _Reader(Reading):
    """Reads one workflow table."""

    def table(self) -> Table:
        head = self.head(_Head)
        words = catalogue()
        family = self.code(words.families, head.family, ("family",))
        services = words.services.get(head.family, Section({}, {}))
        steps = self._chain(head.steps, ("steps",))
        chains = {
            self.code(words.regions, key, ("regions", key)): self._regional(raw, ("regions", key), steps)
            for key, raw in head.regions.items()
        }
        if not head.kinds:
            self.fault(("kinds",), "expected at least one kind, as [kinds.<key>]")
        objection = None if head.objection is None else self._objection(head.objection, steps, *chains.values())
        kinds = {kind.code: kind for kind in self._kinds(head, services, steps, objection)}
        if self.faults:
            raise InvalidTable(self.faults)
        regional = {
            region: {code: replace(kind, steps=chain) for code, kind in kinds.items()}
            for region, chain in chains.items()
        }
        return Table(family, head.family, head.version, kinds, regional)

    def _chain(self, raw_steps: list[dict[str, object]], at: Path) -> tuple[StepRule, ...]:
        if not 1 <= len(raw_steps) <= _MOST_STEPS:
            self.fault(at, f"expected 1 to {_MOST_STEPS} steps, found {len(raw_steps)}")
        return tuple(self._steps(raw_steps, at))

    def _regional(self, raw: list[dict[str, object]], at: Path, whole: tuple[StepRule, ...]) -> tuple[StepRule, ...]:
        chain = self._chain(raw, at)
        if chain and whole and chain[-1].role is not whole[-1].role:
            words = f"expected {whole[-1].role.word} last, as in the other regions, found {chain[-1].role.word!r}"
            self.fault((*at, len(chain) - 1), words)
        return chain

    def _steps(self, raw_steps: list[dict[str, object]], place: Path) -> Iterator[StepRule]:
        seen: set[Role] = set()
        for index, raw in enumerate(raw_steps):
            at = (*place, index)
            step = self.shape(raw, _Step, at)
            if step is None:
                continue
            role = self._member(Role, step.role, (*at, "role"))
            action = self._member(Action, step.action, (*at, "action"))
            if role is Role.INTAKE or role in seen:
                self.fault((*at, "role"), f"expected a role that signs, once in the chain, found {step.role!r}")
            if role and action and role in FORWARD and action is not FORWARD[role]:
                expected = FORWARD[role].word
                self.fault((*at, "action"), f"expected {expected!r} for {role.word}, found {step.action!r}")
            if step.expected[0] > step.expected[1]:
                self.fault((*at, "expected"), "expected [least, most] with least not above most")
            if step.limit < step.expected[1]:
                self.fault((*at, "limit"), f"expected at least the usual {step.expected[1]} days, found {step.limit}")
            if role and action:
                seen.add(role)
                yield StepRule(role, action, step.regional, step.expected, step.limit)

    def _objection(self, raw: dict[str, object], *chains: tuple[StepRule, ...]) -> ObjectionRule | None:
        rule = self.shape(raw, _Objection, ("objection",))
        if rule is None:
            return None
        received = self._member(Role, rule.received_by, ("objection", "received_by"))
        decided = self._member(Role, rule.decided_by, ("objection", "decided_by"))
        if self.faults:
            return None  # its roles are judged against a chain that was read whole
        counters = [{Role.INTAKE, *(step.role for step in chain if step.regional)} for chain in chains]
        if received and not all(received in some for some in counters):
            words = f"expected intake or a regional step, which has a counter, found {rule.received_by!r}"
            self.fault(("objection", "received_by"), words)
        if decided and not all(decided in {step.role for step in chain[1:]} for chain in chains):
            words = f"expected a step of the chain after its first, found {rule.decided_by!r}"
            self.fault(("objection", "decided_by"), words)
        return ObjectionRule(rule.days, received, decided) if received and decided else None

    def _kinds(
        self,
        head: _Head,
        services: Section,
        steps: tuple[StepRule, ...],
        objection: ObjectionRule | None,
    ) -> Iterator[Kind]:
        words, raw_kinds = catalogue(), head.kinds
        for key, raw in raw_kinds.items():
            at = ("kinds", key)
            code = self.code(services, key, at)
            kind = self.shape(raw, _Kind, at)
            if kind is None:
                continue
            for wanted in kind.requires:
                if wanted not in raw_kinds or wanted == key:
                    others = sorted(set(raw_kinds) - {key})
                    self.fault((*at, "requires"), f"expected other kinds of this table {others}, found {wanted!r}")
            yield Kind(
                code=code,
                key=key,
                opens=kind.opens,
                documents=tuple(self.code(words.documents, name, (*at, "documents")) for name in kind.documents),
                requires=tuple(services.codes.get(name, 0) for name in kind.requires),
                checks=tuple(
                    CheckRule(self.code(words.agencies, check.agency, (*at, "checks")), check.required)
                    for check in kind.checks
                ),
                steps=steps,
                objection=objection,
                strict=head.strict,
            )

    def _member(self, members: type[M], word: str, at: Path) -> M | None:
        found = members.of_word(word)
        if found is None:
            self.fault(at, f"expected one of {', '.join(member.word for member in members)}, found {word!r}")
        return found
