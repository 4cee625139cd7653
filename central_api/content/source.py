"""The content's source, one TOML file: `sample.toml` is the documented one that this edition ships."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from importlib import resources
from typing import Annotated, Final

import msgspec

from central_api.contract.catalogue import Section, catalogue
from central_api.contract.content import (
    MAX_TEXT,
    Content,
    Document,
    Fee,
    FeeLine,
    Objection,
    Picture,
    Place,
    Service,
    Text,
    Topic,
    Use,
)
from central_api.contract.content_bytes import encode_content
from central_api.contract.errors import ContractError
from central_api.contract.readers import ANSWERED, NOT_ANSWERED
from central_api.workflow import InvalidTable, Kind, Reading, Table
from central_api.workflow.lines import Path

from .week import NotHours, Week, read_week

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TEXT)]
_SAMPLE: Final = "sample.toml"
_EPOCH: Final = date(1970, 1, 1)


class _Text(msgspec.Struct, forbid_unknown_fields=True):
    ar: Words
    fr: Words
    en: Words
    am: str = ""
    bn: str = ""
    fil: str = ""

    def text(self) -> Text:
        return Text(self.ar, self.fr, self.en, self.am, self.bn, self.fil)


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    what: _Text
    amount: Annotated[int, msgspec.Meta(ge=0, le=10**15)]


class _Fee(msgspec.Struct, forbid_unknown_fields=True):
    since: date
    lines: Annotated[list[_Line], msgspec.Meta(min_length=1, max_length=20)]


class _Service(msgspec.Struct, forbid_unknown_fields=True):
    steps: Annotated[list[_Text], msgspec.Meta(max_length=20)] = []
    fees: Annotated[list[_Fee], msgspec.Meta(max_length=20)] = []


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    looks: _Text
    picture: str | None = None
    proxy: bool | None = None


class _Topic(msgspec.Struct, forbid_unknown_fields=True):
    key: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{0,31}$")]
    title: _Text
    body: Annotated[list[_Text], msgspec.Meta(min_length=1, max_length=20)]
    audio: dict[str, Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9_.-]{0,63}$")]] = {}


class _Place(msgspec.Struct, forbid_unknown_fields=True):
    use: str
    name: _Text
    counter: Annotated[str, msgspec.Meta(max_length=8)] = ""
    floor: _Text | None = None
    hours: str | None = None
    phone: Annotated[str, msgspec.Meta(pattern=r"^(\+[0-9]{6,15})?$")] = ""
    region: str | None = None


class _Objection(msgspec.Struct, forbid_unknown_fields=True):
    how: Annotated[list[_Text], msgspec.Meta(min_length=1, max_length=20)]
    within: Annotated[int, msgspec.Meta(ge=1, le=3660)] | None = None
    family: str | None = None


class _Head(msgspec.Struct, forbid_unknown_fields=True):
    draft: bool
    services: dict[str, dict[str, dict[str, object]]] = {}
    documents: dict[str, dict[str, object]] = {}
    rights: list[dict[str, object]] = []
    places: list[dict[str, object]] = []
    objections: list[dict[str, object]] = []


def read_content(text: str, file: str) -> Content:
    """Read a source; `file` is its name in messages. Raises InvalidTable with every fault that was found.

    What comes back has no number yet, and of services only what the file says: `join_tables` adds the rest.
    """
    return _Reader(text, file).content()


def join_tables(content: Content, tables: Iterable[Table]) -> Content:
    """Add each kind of the newest tables with its documents, first day and usual duration: nothing is said twice."""
    newest: dict[int, Table] = {}
    for table in tables:
        if table.family not in newest or newest[table.family].version < table.version:
            newest[table.family] = table
    said = {(service.family, service.kind): service for service in content.services}
    services = tuple(
        _joined(said.get((family, kind.code)) or Service(family, kind.code), kind)
        for family in sorted(newest)
        for kind in newest[family].kinds.values()
    )
    return replace(content, services=services)


def sample() -> str:
    """Return the text of the sample that this edition ships: invented where no source was at hand, and marked so."""
    return (resources.files(__package__ or "") / _SAMPLE).read_text(encoding="utf-8")


def _joined(service: Service, kind: Kind) -> Service:
    usual = sum(step.expected[0] for step in kind.steps), sum(step.expected[1] for step in kind.steps)
    opens = None if kind.opens is None else _day(kind.opens)
    return replace(service, documents=kind.documents, opens=opens, usual=usual)


class _Reader(Reading):
    """Reads one source."""

    def content(self) -> Content:
        head, words = self.head(_Head), catalogue()
        content = Content(
            number=1,
            effective=0,
            services=tuple(self._services(head.services)),
            documents=tuple(
                self._document(raw, self.code(words.documents, key, ("documents", key)), ("documents", key))
                for key, raw in head.documents.items()
            ),
            rights=tuple(self._topics(head.rights)),
            places=tuple(self._places(head.places)),
            objections=tuple(self._objections(head.objections)),
            draft=head.draft,
        )
        if self.faults:
            raise InvalidTable(self.faults)
        try:
            encode_content(content)
        except ContractError as error:
            self.fault((), f"cannot be published: {error}")
            raise InvalidTable(self.faults) from None
        return content

    def _services(self, families: dict[str, dict[str, dict[str, object]]]) -> Iterator[Service]:
        words = catalogue()
        for family, kinds in families.items():
            family_code = self.code(words.families, family, ("services", family))
            for kind, raw in kinds.items():
                at = ("services", family, kind)
                code = self.code(words.services.get(family, Section({}, {})), kind, at)
                if (read := self.shape(raw, _Service, at)) is None:
                    continue
                days = [fee.since for fee in read.fees]
                if len(set(days)) != len(days):
                    self.fault((*at, "fees"), "expected fees of different days")
                fees = [Fee(_day(fee.since), tuple(map(_line, fee.lines))) for fee in read.fees]
                fees.sort(key=lambda fee: fee.since)
                yield Service(family_code, code, (), tuple(fees), tuple(step.text() for step in read.steps))

    def _document(self, raw: dict[str, object], code: int, at: Path) -> Document:
        read = self.shape(raw, _Document, at)
        if read is None:
            return Document(code, Text("-", "-", "-"))
        picture = self._member(Picture, read.picture, (*at, "picture"))
        return Document(code, read.looks.text(), None if picture is None else Picture(picture), read.proxy)

    def _topics(self, topics: list[dict[str, object]]) -> Iterator[Topic]:
        seen: set[str] = set()
        for index, raw in enumerate(topics):
            at = ("rights", index)
            if (read := self.shape(raw, _Topic, at)) is None:
                continue
            if read.key in seen:
                self.fault((*at, "key"), f"expected another key than that of an earlier topic, found {read.key!r}")
            if read.key in {ANSWERED, NOT_ANSWERED}:
                self.fault((*at, "key"), f"expected another key than the one that counts answers, found {read.key!r}")
            seen.add(read.key)
            if unknown := set(read.audio) - set(_Text.__struct_fields__):
                self.fault((*at, "audio"), f"expected languages {', '.join(_Text.__struct_fields__)}, found {unknown}")
            audio = tuple((name, read.audio[name]) for name in _Text.__struct_fields__ if name in read.audio)
            yield Topic(read.key, read.title.text(), tuple(part.text() for part in read.body), audio)

    def _places(self, places: list[dict[str, object]]) -> Iterator[Place]:
        for index, raw in enumerate(places):
            at = ("places", index)
            if (read := self.shape(raw, _Place, at)) is None:
                continue
            use = self._member(Use, read.use, (*at, "use"))
            region = None if read.region is None else self.code(catalogue().regions, read.region, (*at, "region"))
            floor = None if read.floor is None else read.floor.text()
            hours = None if read.hours is None else self._hours(read.hours, (*at, "hours"))
            yield Place(Use(use or 1), read.name.text(), read.counter, floor, hours, read.phone, region)

    def _objections(self, rules: list[dict[str, object]]) -> Iterator[Objection]:
        for index, raw in enumerate(rules):
            at = ("objections", index)
            if (read := self.shape(raw, _Objection, at)) is None:
                continue
            family = None if read.family is None else self.code(catalogue().families, read.family, (*at, "family"))
            yield Objection(tuple(part.text() for part in read.how), read.within, family)

    def _member(self, members: type[Picture] | type[Use], word: str | None, at: Path) -> int | None:
        names = {member.name.lower(): int(member) for member in members}
        if word is not None and word not in names:
            self.fault(at, f"expected one of {', '.join(names)}, found {word!r}")
        return None if word is None else names.get(word)

    def _hours(self, text: str, at: Path) -> Week | None:
        try:
            return read_week(text)
        except NotHours as error:
            self.fault(at, str(error))
            return None


def _line(line: _Line) -> FeeLine:
    return FeeLine(line.what.text(), line.amount)


def _day(day: date) -> int:
    return (day - _EPOCH).days
