"""What happens to each invented application, as dated acts: decided here, carried out by the office."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final

from central_api.contract.catalogue import catalogue
from central_api.store import Office, Submitted
from central_api.workflow import Kind, Role, StepRule

from .calendar import Calendar, day_of, working_day

FAMILIES: Final = {"work_permits": 11, "recruitment": 6, "companies": 4}
REGIONS: Final = {"beirut": 9, "mount_lebanon": 7, "north": 4, "south": 3, "bekaa": 3, "nabatieh": 2}
LANGUAGES: Final = {"ar": 16, "fr": 3, "en": 2}
REASONS: Final = ("quota_reached", "profession_reserved", "conditions_not_met", "fees_unpaid")
# Working days back from today that the demo's files were handed in.
DAYS_BACK: Final = 75
# How often, of a hundred: a step returns a file, rejects it, is taken by a deputy; a returned file comes back.
RETURNED, REJECTED, ACTING, COMES_BACK = 9, 3, 12, 70


@dataclass(slots=True)
class File:
    """One invented application. `given` is None until it is handed in, at `handed_in` (seconds since 1970, UTC)."""

    family: str
    kind: Kind
    region: str
    filed_at: str
    language: str
    phone: str = field(repr=False)
    cards: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    given: Submitted | None = field(default=None, repr=False)
    handed_in: int = 0

    @property
    def slip(self) -> Submitted:
        """What the visitor got."""
        assert self.given is not None
        return self.given

    @property
    def tracking(self) -> str:
        """The 11 digits."""
        return self.slip.tracking


@dataclass(frozen=True, slots=True)
class Suspension:
    """A unit of a region that did not work from `since` on, until `until` (None: still)."""

    role: str
    region: str
    since: int
    until: int | None

    def holds(self, role: str, region: str, at: int) -> bool:
        """Say whether the unit is suspended at a time."""
        return (role, region) == (self.role, self.region) and self.since <= at < (self.until or at + 1)


@dataclass(frozen=True, slots=True)
class Dated:
    """Something that is done at a time (seconds since 1970, UTC)."""

    at: int
    do: Callable[[Office], object]


def suspensions(today: int) -> tuple[Suspension, ...]:
    """Return the units that do not work, or did not for a while."""
    random = Calendar(Random("suspensions"))

    def ago(days: int) -> int:
        return random.moment(working_day(day_of(today), -days))

    return (
        Suspension("head_of_department", "nabatieh", ago(9), None),
        Suspension("head_of_department", "north", ago(40), ago(36)),
    )


def invent(random: Random, tables: dict[str, list[Kind]]) -> File:
    """Invent an application: what, where, in which language, and a phone of the right form."""
    family = _pick(random, FAMILIES)
    region = _pick(random, REGIONS)
    phone = f"+961{random.choice(('3', '70', '71'))}{random.randrange(10**6):06d}"
    filed_at = _pick(random, REGIONS) if random.randrange(100) < 8 else region
    return File(family, random.choice(tables[family]), region, filed_at, _pick(random, LANGUAGES), phone)


def life(file: File, random: Random, today: int, stopped: tuple[Suspension, ...]) -> Iterator[Dated]:
    """Yield what happens to a file, in order, up to today."""
    calendar = Calendar(random)
    back = random.randrange(1, DAYS_BACK)
    at = calendar.moment(working_day(day_of(today), -back))
    yield Dated(at, _submit(file, at))
    for agency, ok, answered in _answers(file, random, calendar, at):
        if answered <= today:
            yield Dated(answered, lambda o, a=agency, k=ok, t=answered: o.answer_check(file.tracking, a, k, at=t))
        if not ok or answered > today:
            # Without a good answer the first signature is not given: the file ends, or waits at the Head of Department.
            at = calendar.later(at, 1, 2)
            yield from _until(today, Dated(at, _act(file, "accept", Role.REGISTRY, at)))
            at = calendar.later(max(at, answered), 1, 3)
            if not ok:
                reason = "conditions_not_met" if agency == "general_security" else "company_not_found"
                acting = _stopped(stopped, "head_of_department", file, at)
                act = _act(file, "reject", Role.HEAD_OF_DEPARTMENT, at, reasons=[reason], acting=acting)
                yield from _until(today, Dated(at, act))
            return
        at = max(at, answered)
    yield from _chain(file, random, calendar, at, today=today, stopped=stopped)


def _chain(
    file: File, random: Random, calendar: Calendar, at: int, *, today: int, stopped: tuple[Suspension, ...]
) -> Iterator[Dated]:
    for step in file.kind.steps:
        at = calendar.later(at, *step.expected)
        luck = random.randrange(100)
        acting = random.randrange(100) < ACTING
        if _stopped(stopped, step.role.word, file, at):
            if random.randrange(100) < 70:
                return
            acting = True
        if at > today:
            return
        if step.role is not Role.REGISTRY and luck < REJECTED:
            yield Dated(at, _act(file, "reject", step.role, at, reasons=[random.choice(REASONS)], acting=acting))
            return
        if luck < REJECTED + RETURNED and step.role is not Role.MINISTER:
            yield Dated(at, _return(file, step, random, at, acting=acting))
            at = calendar.later(at, 2, 8)
            if at > today or random.randrange(100) >= COMES_BACK:
                return
            yield Dated(at, _act(file, "resubmit", Role.INTAKE, at))
            at = calendar.later(at, *step.expected)
            acting = acting or _stopped(stopped, step.role.word, file, at)
            if at > today:
                return
        yield Dated(at, _act(file, step.action.word, step.role, at, acting=acting))


def _answers(file: File, random: Random, calendar: Calendar, at: int) -> list[tuple[str, bool, int]]:
    """Return what the asked agencies answer and when, in order; one that is not required may still be silent."""
    answers: list[tuple[str, bool, int]] = []
    for check in file.kind.checks:
        answered = calendar.later(at, 0, 2)
        answered = answered if answered > at else at + 3600
        if random.randrange(100) < 15:
            if not check.required:
                continue
            answered = calendar.later(at, 30, 40)
        answers.append((catalogue().agencies.key(check.agency) or "", random.randrange(100) >= 6, answered))
    return sorted(answers, key=lambda answer: answer[2])


def _submit(file: File, at: int) -> Callable[[Office], object]:
    def do(office: Office) -> None:
        file.handed_in = at
        file.given = office.submit(
            file.family,
            file.kind.key,
            region=file.region,
            filed_at=file.filed_at,
            phone=file.phone,
            **file.cards,
            language=file.language,
            at=at,
        )

    return do


def _act(
    file: File, action: str, role: Role, at: int, *, reasons: list[str] | None = None, acting: bool = False
) -> Callable[[Office], object]:
    return lambda office: office.act(file.tracking, action, role=role.word, reasons=reasons or (), acting=acting, at=at)


def _return(file: File, step: StepRule, random: Random, at: int, *, acting: bool) -> Callable[[Office], object]:
    documents = catalogue().documents
    count = min(len(file.kind.documents), random.choice((1, 1, 2, 2, 3)))
    missing = [documents.key(code) or "" for code in random.sample(file.kind.documents, count)]
    reason = "document_missing" if random.randrange(4) else random.choice(("document_expired", "document_unreadable"))
    deadline = working_day(day_of(at), 10) if random.randrange(2) else None
    return lambda office: office.act(
        file.tracking,
        "return",
        role=step.role.word,
        documents=missing,
        reasons=[reason],
        deadline=deadline,
        acting=acting,
        at=at,
    )


def _stopped(stopped: tuple[Suspension, ...], role: str, file: File, at: int) -> bool:
    return any(one.holds(role, file.region, at) for one in stopped)


def _until(today: int, dated: Dated) -> Iterator[Dated]:
    if dated.at <= today:
        yield dated


def _pick(random: Random, weights: dict[str, int]) -> str:
    return random.choices(list(weights), list(weights.values()))[0]
