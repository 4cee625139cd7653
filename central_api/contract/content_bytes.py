"""The content as signed bytes: the tables “Content” and below of docs/contract.md."""

import re
from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import Final, TypeVar

from . import cbor
from .content import (
    MAX_CONTENT_BYTES,
    MAX_ITEMS,
    MAX_LINES,
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
from .errors import ContractError, Refused
from .signed import Domain, KeyFinder, SigningKey, open_signed, sign
from .status import MAX_ARGUMENT, Language
from .terminal_settings import openings

_UINT32: Final = 2**32 - 1
_CODE: Final = 0xFFFF
_DAYS: Final = 3660
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)
_AUDIO: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}", re.ASCII)
_PHONE: Final = re.compile(r"\+[0-9]{6,15}", re.ASCII)
_COUNTER: Final = 8
_WRITTEN: Final = tuple((int(language), language.name.lower()) for language in Language)
_ALWAYS: Final = 3
"""Languages that a text always has: the first three of the numbering."""

T = TypeVar("T")
E = TypeVar("E", bound=IntEnum)


def encode_content(content: Content) -> bytes:
    """Write content. Raises ContractError for values out of range, or more than MAX_CONTENT_BYTES."""
    body = cbor.encode(
        cbor.present(
            {
                1: content.number,
                2: content.effective,
                3: [_service_fields(service) for service in content.services],
                4: [_document_fields(document) for document in content.documents],
                5: [_topic_fields(topic) for topic in content.rights],
                6: [_place_fields(place) for place in content.places],
                7: [
                    cbor.present({1: list(map(_text_fields, rule.how)), 2: rule.within, 3: rule.family})
                    for rule in content.objections
                ],
                8: content.draft,
            }
        )
    )
    decode_content(body)
    return body


def sign_content(body: bytes, key: SigningKey) -> bytes:
    """Sign written content with a content key."""
    return sign(Domain.CONTENT, body, key)


def open_content(data: bytes, key_of: KeyFinder) -> Content:
    """Verify and read content. Raises Refused."""
    body = open_signed(Domain.CONTENT, data, key_of)
    try:
        return decode_content(body)
    except ContractError as error:
        raise Refused(f"not content: {error}") from None


def decode_content(body: bytes) -> Content:
    """Read written content. Raises ContractError."""
    if len(body) > MAX_CONTENT_BYTES:
        raise ContractError("content that is too large")
    read = cbor.Fields(cbor.decode(body))
    content = Content(
        number=read.uint(1),
        effective=read.uint(2),
        services=_all(read, 3, _service),
        documents=_all(read, 4, _document),
        rights=_all(read, 5, _topic),
        places=tuple(place for place in _all(read, 6, _place) if place is not None),
        objections=_all(read, 7, _objection),
        draft=read.flag(8),
    )
    _once((service.family, service.kind) for service in content.services)
    _once(document.code for document in content.documents)
    _once(topic.key for topic in content.rights)
    return content


# ---- texts and lists ----


def _all(read: cbor.Fields, key: int, one: Callable[[object], T], most: int = MAX_ITEMS) -> tuple[T, ...]:
    items = read.items(key)
    if len(items) > most:
        raise ContractError(f"field {key} has too many items")
    return tuple(map(one, items))


def _once(keys: Iterable[object]) -> None:
    seen = list(keys)
    if len(set(seen)) != len(seen):
        raise ContractError("the same thing twice")


def _text_fields(text: Text) -> dict[int, object]:
    return {code: words for code, language in _WRITTEN if (words := text.of(language))}


def _text(value: object) -> Text:
    read = cbor.Fields(value)
    words = {language: read.text(code, MAX_TEXT) for code, language in _WRITTEN if code in read or code < _ALWAYS}
    if not all(said.strip() for said in words.values()):
        raise ContractError("a text without words")
    return Text(**words)


def _matched(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ContractError("a name, key or number in another form")
    return text


def _known(members: type[E], code: int) -> E | None:
    """Return the member of a code; None for one of a later edition."""
    return members(code) if code in set(members) else None


# ---- services ----


def _service_fields(service: Service) -> dict[int, object]:
    return cbor.present(
        {
            1: service.family,
            2: service.kind,
            3: list(service.documents),
            4: [[fee.since, [[_text_fields(line.what), line.amount] for line in fee.lines]] for fee in service.fees],
            5: list(map(_text_fields, service.steps)),
            6: service.opens,
            7: list(service.usual) if service.usual else None,
        }
    )


def _service(value: object) -> Service:
    read = cbor.Fields(value)
    usual = None
    if 7 in read:
        least, most = (cbor.as_uint(days, _CODE) for days in cbor.as_list(read.items(7), 2))
        if least > most:
            raise ContractError("a range that ends before it starts")
        usual = (least, most)
    fees = _all(read, 4, _fee, MAX_LINES)
    if list(fees) != sorted(fees, key=lambda fee: fee.since):
        raise ContractError("fees out of order")
    _once(fee.since for fee in fees)
    return Service(
        family=read.uint(1, _CODE),
        kind=read.uint(2, _CODE),
        documents=_all(read, 3, lambda code: cbor.as_uint(code, _CODE)),
        fees=fees,
        steps=_all(read, 5, _text, MAX_LINES),
        opens=read.maybe_uint(6, _UINT32),
        usual=usual,
    )


def _fee(value: object) -> Fee:
    since, lines = cbor.as_list(value, 2)
    read = tuple(_fee_line(line) for line in cbor.as_list(lines))
    if not 0 < len(read) <= MAX_LINES:
        raise ContractError("a fee without lines, or with too many")
    return Fee(cbor.as_uint(since, _UINT32), read)


def _fee_line(value: object) -> FeeLine:
    what, amount = cbor.as_list(value, 2)
    return FeeLine(_text(what), cbor.as_uint(amount, MAX_ARGUMENT))


# ---- documents, topics, places, objections ----


def _document_fields(document: Document) -> dict[int, object]:
    proxy = None if document.proxy is None else int(document.proxy)
    return cbor.present({1: document.code, 2: _text_fields(document.looks), 3: document.picture, 4: proxy})


def _document(value: object) -> Document:
    read = cbor.Fields(value)
    picture, proxy = read.maybe_uint(3, 255), read.maybe_uint(4, 1)
    return Document(
        code=read.uint(1, _CODE),
        looks=_text(read.map(2)),
        picture=None if picture is None else _known(Picture, picture),
        proxy=None if proxy is None else proxy == 1,
    )


def _topic_fields(topic: Topic) -> dict[int, object]:
    codes = {language: code for code, language in _WRITTEN}
    audio = {codes[language]: name for language, name in topic.audio}
    return {
        1: topic.key,
        2: _text_fields(topic.title),
        3: list(map(_text_fields, topic.body)),
        **({4: audio} if audio else {}),
    }


def _topic(value: object) -> Topic:
    read = cbor.Fields(value)
    audio = cbor.Fields(read.map(4)) if 4 in read else cbor.Fields({})
    body = _all(read, 3, _text, MAX_LINES)
    if not body:
        raise ContractError("a topic without words")
    return Topic(
        key=_matched(_KEY, read.text(1)),
        title=_text(read.map(2)),
        body=body,
        audio=tuple((name, _matched(_AUDIO, audio.text(code))) for code, name in _WRITTEN if code in audio),
    )


def _place_fields(place: Place) -> dict[int, object]:
    return cbor.present(
        {
            1: int(place.use),
            2: _text_fields(place.name),
            3: place.counter or None,
            4: None if place.floor is None else _text_fields(place.floor),
            5: None if place.hours is None else [[list(span) for span in day] for day in place.hours],
            6: place.phone or None,
            7: place.region,
        }
    )


def _place(value: object) -> Place | None:
    """Read a place; None for one of a use of a later edition."""
    read = cbor.Fields(value)
    use = _known(Use, read.uint(1, 255))
    hours = tuple(map(openings, cbor.as_list(read.required_items(5), 7))) if 5 in read else None
    name, floor = _text(read.map(2)), _text(read.map(4)) if 4 in read else None
    counter = read.text(3, _COUNTER) if 3 in read else ""
    phone = _matched(_PHONE, read.text(6)) if 6 in read else ""
    return None if use is None else Place(use, name, counter, floor, hours, phone, read.maybe_uint(7, _CODE))


def _objection(value: object) -> Objection:
    read = cbor.Fields(value)
    how = _all(read, 1, _text, MAX_LINES)
    if not how:
        raise ContractError("an objection without words")
    return Objection(how, read.maybe_uint(2, _DAYS), read.maybe_uint(3, _CODE))
