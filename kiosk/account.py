"""What a status tells its visitor, in words and in the order of screen and paper: no layout, no toolkit.

Whose file, the answer in one sentence, the chain, what is asked of him, and how old all this is.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from central_api.contract.catalogue import catalogue
from central_api.contract.content import Use
from central_api.contract.status import State
from devices.lettering import isolate

from .chain import ToldStep, tell_chain
from .frozen import frozen
from .marks import Sign
from .objections import dismissed, examined, may_object
from .places import ToldPlace, said, tell_place
from .requirements import ToldDocument, tell_document
from .words import day_of, role_key

if TYPE_CHECKING:
    from central_api.contract.content import Content
    from central_api.contract.status import Status

    from .visit_state import DataAge, Sheet
    from .words import Words


@frozen
class Notice:
    """Something to know: a heading and its lines."""

    title: str
    lines: tuple[str, ...]


@frozen
class Account:
    """One status, told. `documents` are missing ones; `asked` says what to do, and is never empty.

    `place`: where to go with what is asked, under `place_title`; `objection`: how to object to a rejection, where the
    office says it. `deadline`: the last day, where the office set one; `late` once it is over.
    """

    service: str
    number: str
    sign: Sign
    answer: str
    label: str | None
    details: tuple[str, ...]
    steps: tuple[ToldStep, ...]
    documents: tuple[ToldDocument, ...]
    asked: tuple[str, ...]
    place: ToldPlace | None
    place_title: str
    objection: tuple[str, ...]
    reasons: tuple[str, ...]
    deadline: str | None
    late: bool
    notices: tuple[Notice, ...]
    age: str
    link_cut: bool
    as_of: str


@frozen
class ToldRow:
    """What a list tells of a file."""

    number: str
    service: str
    answer: str
    sign: Sign


def tell_row(sheet: "Sheet", words: "Words") -> ToldRow:
    """Tell of a file what a list shows: of a thousand files nobody waits for the rest."""
    status = sheet.status
    collect = status.state is State.COMPLETED and status.document_waits
    return ToldRow(
        words.tracking(status.tracking),
        words.service(status.family, status.kind),
        words("answer.collect") if collect else _answer(status, words),
        _sign(status),
    )


def tell(sheet: "Sheet", words: "Words", *, lasting: bool = False) -> Account:
    """Tell a status in the words of one language. lasting: for paper, where “today” would soon be wrong."""
    status = sheet.status
    content = None if sheet.guide is None else sheet.guide.content
    last, late = _last_day(status), _late(status, sheet.age)
    return Account(
        service=words.service(status.family, status.kind),
        number=words.tracking(status.tracking),
        sign=_sign(status),
        answer=_answer(status, words),
        label=words("answer.asked_of_you") if status.state is State.RETURNED else None,
        details=_details(status, words, late=late),
        steps=tell_chain(status, words),
        documents=tuple(tell_document(code, content, words) for code in status.missing),
        asked=_asked(status, words, late=late),
        place=_place(status, content, words, late=late),
        place_title=_place_title(status, words, late=late),
        objection=() if late else _objection(status, content, words),
        reasons=_reasons(status, words),
        deadline=None if last is None else words.day(last),
        late=late,
        notices=_notices(status, None if lasting else sheet.age.now, words),
        age=_age(sheet.age, words, lasting=lasting),
        link_cut=sheet.age.link_cut,
        as_of=words("paper.published", date=words.date(status.changed)),
    )


def _sign(status: "Status") -> Sign:
    """An objection that is examined is no end, and nobody works where a unit is suspended."""
    match status.state:
        case State.UNDER_REVIEW:
            return Sign.WAITING if _suspended(status) is None else Sign.SUSPENDED
        case State.RETURNED:
            return Sign.RETURNED
        case State.REJECTED:
            return Sign.REJECTED if examined(status) is None else Sign.WAITING
        case State.COMPLETED:
            return Sign.COMPLETED
        case _:
            assert_never(status.state)


def _suspended(status: "Status") -> int | None:
    """Return since when (seconds since 1970, UTC) the unit does not work where the file is, or None where it does."""
    if status.state is not State.UNDER_REVIEW or status.current == len(status.steps):
        return None
    return status.steps[status.current].suspended_since


def _answer(status: "Status", words: "Words") -> str:
    match status.state:
        case State.RETURNED if status.missing:
            return words.counted("answer.missing", len(status.missing))
        case State.RETURNED:
            return words("answer.returned")
        case State.REJECTED:
            return words(_rejection(status))
        case State.COMPLETED:
            return words("answer.completed")
        case State.UNDER_REVIEW:
            if status.current == len(status.steps):
                return words("answer.under_review")
            key = f"answer.with.{role_key(status.steps[status.current].office)}"
            return words(key) if words.has(key) else words("answer.with_other")
        case _:
            assert_never(status.state)


def _rejection(status: "Status") -> str:
    """Return the key of a rejection's sentence: who objected knows that it is one, and reads what became of that."""
    if examined(status) is not None:
        return "answer.objected"
    return "answer.dismissed" if dismissed(status) else "answer.rejected"


def _late(status: "Status", age: "DataAge") -> bool:
    """Tell whether the last day is over, by the latest time that the office vouches for: no unverified clock's word."""
    vouched, last = max(age.now or 0, age.signed_at or 0), _last_day(status)
    return last is not None and day_of(vouched) > last


def _last_day(status: "Status") -> int | None:
    """Return until when (days since 1970) something can be done: documents handed in, or an objection."""
    return status.deadline if status.state is State.RETURNED or may_object(status) else None


def _details(status: "Status", words: "Words", *, late: bool) -> tuple[str, ...]:
    if (objected := examined(status)) is not None:
        office, since = objected
        return (words("answer.objection_with", office=words.office(office), date=words.date(since)),)
    last = _last_day(status)
    match status.state:
        case State.RETURNED if last is not None:
            return (words("answer.late" if late else "answer.no_later_than", date=words.day(last)),)
        case State.REJECTED if last is not None:
            over = words("answer.late_objection" if late else "answer.object_until", date=words.day(last))
            return (words("answer.on", date=words.date(status.since)), over)
        case State.RETURNED if status.missing:  # beside documents a bare date would be read as their last day
            return (words("answer.returned_on", date=words.date(status.since)),)
        case State.UNDER_REVIEW:
            return _how_long(status, words)
        case State.RETURNED | State.REJECTED | State.COMPLETED:
            stands = (words("answer.stands"),) if dismissed(status) else ()
            return (words("answer.on", date=words.date(status.since)), *stands)
        case _:
            assert_never(status.state)


def _how_long(status: "Status", words: "Words") -> tuple[str, ...]:
    """Say since when the file is where it is, and how long that usually takes: not of a unit that does not work."""
    if (suspended := _suspended(status)) is not None:
        there = words("answer.there_since", date=words.date(status.since))
        return (words("answer.suspended", date=words.date(suspended)), there)
    since = words("answer.since", date=words.date(status.since))
    if status.current == len(status.steps):
        return (since,)
    expected = status.steps[status.current].expected
    if expected is None:
        return (since, words("answer.usual_unknown"))
    return (since, words("answer.usually", duration=words.working_days(expected)))


def _asked(status: "Status", words: "Words", *, late: bool) -> tuple[str, ...]:
    match status.state:
        case State.RETURNED | State.REJECTED if late:  # no rule says what follows: the desk does
            return (words("asked.late"),)
        case State.RETURNED:
            return (words("asked.bring" if status.missing else "asked.come"), words("asked.then"))
        case State.REJECTED if may_object(status):
            return (words("asked.objection"),)
        case State.COMPLETED if status.document_waits:
            return (words("waits.text"),)
        case State.COMPLETED:  # an older system reported it: whether the document was handed out there is not known
            return (words("asked.not_received"),)
        case State.REJECTED | State.UNDER_REVIEW:
            return (words("asked.nothing"),)
        case _:
            assert_never(status.state)


def _place(status: "Status", content: "Content | None", words: "Words", *, late: bool) -> ToldPlace | None:
    """Say where to go: with missing documents, to object, or to ask; in the region where the file was handed in."""
    use = None
    if late:
        use = Use.HELP
    elif status.state is State.RETURNED:
        use = Use.DOCUMENTS
    elif may_object(status):
        use = Use.OBJECTIONS
    place = None if content is None or use is None else content.place(use, status.filed_at)
    if place is None or content is None:
        return None
    told = tell_place(place, words)
    return replace(told, lines=(*told.lines, words("guide.draft"))) if content.draft else told


def _place_title(status: "Status", words: "Words", *, late: bool) -> str:
    if late:
        return words("late.place")
    return words("objection.place" if status.state is State.REJECTED else "place.title")


def _objection(status: "Status", content: "Content | None", words: "Words") -> tuple[str, ...]:
    """Say how to object. By when is a day of the file itself, where it has one, and never counted here."""
    if not may_object(status) or content is None:
        return ()
    rule = content.objection(status.family)
    if rule is None:
        return ()
    within = () if rule.within is None else (words.counted("objection.within", rule.within),)
    return (*(said(step, words) for step in rule.how), *within)


def _reasons(status: "Status", words: "Words") -> tuple[str, ...]:
    """Name the reasons; what the answer, under it too, or the list of documents says already is not said again."""
    known = catalogue().reasons
    said = {
        "document_missing": status.missing,
        "objection_under_review": examined(status),
        "objection_dismissed": dismissed(status),
    }
    told = {known.code(name) for name, there in said.items() if there}
    return tuple(words.reason(reason.code) for reason in status.reasons if reason.code not in told)


def _notices(status: "Status", now: int | None, words: "Words") -> tuple[Notice, ...]:
    if not status.checks:
        return ()
    lines = tuple(_check(check.agency, check.since, now, words) for check in status.checks)
    return (Notice(words("checks.title"), lines),)


def _check(agency: int, since: int, now: int | None, words: "Words") -> str:
    line = words("checks.line", agency=words.agency(agency), date=words.date(since))
    if now is None or now < since:
        return line
    days = day_of(now) - day_of(since)
    return f"{line} ({isolate(words.counted('checks.age', days) if days else words('checks.today'))})"


def _age(age: "DataAge", words: "Words", *, lasting: bool) -> str:
    if age.signed_at is None:
        return words("age.unknown")
    # A clock that stands before what the office signed is wrong, whatever it claims.
    now = age.now if age.now is not None and age.now >= age.signed_at else None
    line = words("age.line", when=words.moment(age.signed_at, None if lasting else now))
    return line if lasting or now is not None else f"{line} · {words('age.clock')}"
