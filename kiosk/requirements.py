"""What one kind of request asks for, in words and in the order of screen and paper: no layout, no toolkit."""

from typing import TYPE_CHECKING

from central_api.contract.content import Use

from .frozen import frozen
from .places import ToldPlace, said, tell_place

if TYPE_CHECKING:
    from central_api.contract.content import Content, Picture

    from .guide_state import Requirements
    from .words import Words


@frozen
class ToldDocument:
    """A document: its name, its drawing, what it must look like, and who may bring it, where the office says so."""

    name: str
    picture: "Picture | None" = None
    looks: str | None = None
    bearer: str | None = None

    @property
    def details(self) -> tuple[str, ...]:
        return tuple(line for line in (self.looks, self.bearer) if line)


@frozen
class ToldFees:
    """Fees with their heading, which names the day since when they hold; each line is what and how much."""

    title: str
    lines: tuple[tuple[str, str], ...]


@frozen
class ToldRequirements:
    """One kind of request, told. `answer` is the one sentence; `waits`: the kind is not open yet."""

    service: str
    answer: str
    waits: bool
    documents: tuple[ToldDocument, ...]
    fees: ToldFees
    steps: tuple[str, ...]
    usual: str
    place: ToldPlace | None
    draft: str | None
    edition: str


def tell_requirements(asked: "Requirements", words: "Words") -> ToldRequirements:
    """Tell what a kind of request asks for on the guide's day."""
    content, service = asked.guide.content, asked.service
    waits = service.opens is not None and service.opens > asked.guide.day
    answer = words("requirements.needs_none")
    if service.documents:
        answer = words.counted("requirements.needs", len(service.documents))
    if waits and service.opens is not None:
        answer = words("requirements.opens", date=words.day(service.opens))
    usual = words("requirements.usual_unknown")
    if service.usual is not None:
        usual = words("requirements.usual", duration=words.working_days(service.usual))
    place = content.place(Use.DOCUMENTS)
    return ToldRequirements(
        service=words.service(service.family, service.kind),
        answer=answer,
        waits=waits,
        documents=tuple(tell_document(code, content, words) for code in service.documents),
        fees=_fees(asked, words),
        steps=tuple(said(step, words) for step in service.steps),
        usual=usual,
        place=None if place is None else tell_place(place, words),
        draft=words("guide.draft") if content.draft else None,
        edition=words("requirements.edition", number=words.number(content.number), date=words.date(content.effective)),
    )


def tell_document(code: int, content: "Content | None", words: "Words") -> ToldDocument:
    """Tell a document (a code of the catalogue), as far as the office's content says more than its name."""
    name = words.document(code)
    known = None if content is None else content.document(code)
    if known is None:
        return ToldDocument(name)
    bearer = None
    if known.proxy is not None:
        bearer = words("document.proxy" if known.proxy else "document.in_person")
    return ToldDocument(name, known.picture, said(known.looks, words), bearer)


def _fees(asked: "Requirements", words: "Words") -> ToldFees:
    fee = asked.service.fee_on(asked.guide.day)
    if fee is None:
        return ToldFees(words("requirements.fees_title"), ((words("requirements.fees_unknown"), ""),))
    lines = tuple((said(line.what, words), words("amount", amount=words.amount(line.amount))) for line in fee.lines)
    return ToldFees(words("requirements.fees", date=words.day(fee.since)), lines)
