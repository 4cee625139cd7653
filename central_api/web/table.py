"""The route table: every address of the office, and what it answers."""

import asyncio
from collections.abc import AsyncIterator
from importlib.metadata import version
from typing import Annotated, Final, Literal

import msgspec
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from central_api.contract.keylist import Purpose
from central_api.contract.times import sign_time
from central_api.publish import snapshot_file
from central_api.store import outbox
from central_api.store.renewals import renewals

from . import card_codes, cards, content, imports, sms, terminals
from .desk import Desk
from .feed import Ahead
from .lookups import Lookup, internet_lookup, terminal_lookup
from .openapi import openapi
from .pages import PAGE_HEADERS
from .problems import Code, Refusal
from .receipts import ReceiptText, Verdict, check_receipt
from .routes import Answer, Caller, Route
from .statuses import SLOT_PATTERN, TEMPLATE

_CBOR: Final = "application/cbor"
_JSON: Final = "application/json"
_NO_STORE: Final = {"cache-control": "no-store"}


class OfficeFacts(msgspec.Struct):
    """Whose office this is: id, names by language, host of its slips, root key in hex."""

    ministry: str
    names: dict[str, str]
    host: str
    root_key: str


class Health(msgspec.Struct):
    """The process answers and reads its register; `position` of the audit chain.

    `to_renew`: how many files are still to be looked at whose statuses may have to be published anew.
    """

    status: Literal["ok"]
    position: int
    to_renew: int


class TimeQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`nonce`: 16 random bytes in hex."""

    nonce: Annotated[str, msgspec.Meta(pattern="^[0-9a-fA-F]{32}$")]


class FeedQuery(msgspec.Struct, forbid_unknown_fields=True):
    """`after`: the version that the reader has; `limit`: about how many entries."""

    after: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
    limit: Annotated[int, msgspec.Meta(ge=1, le=50_000)] = 5_000


async def show_office(desk: Desk, *, terminal: str | None) -> Response:
    """Answer whose office this is."""
    office = desk.office
    facts = OfficeFacts(
        office.settings.ministry, dict(office.settings.names), office.settings.host, office.root_public.hex()
    )
    return Response(msgspec.json.encode(facts), media_type=_JSON)


async def show_keys(desk: Desk, *, terminal: str | None) -> Response:
    """Answer the signed key list."""
    return Response(desk.office.key_list_bytes, media_type=_CBOR, headers={"cache-control": "no-cache"})


async def tell_time(desk: Desk, *, query: TimeQuery, terminal: str | None) -> Response:
    """Answer the signed time."""
    signed = sign_time(desk.office.clock(), bytes.fromhex(query.nonce), desk.office.signing_key(Purpose.FEED))
    return Response(signed, media_type=_CBOR, headers=_NO_STORE)


async def serve_feed(desk: Desk, *, query: FeedQuery, terminal: str | None) -> Response:
    """Answer one signed page."""
    page = desk.pages.cached(query.after, query.limit)
    if page is None:
        try:
            page = await asyncio.to_thread(desk.pages.page, query.after, query.limit)
        except Ahead:
            raise Refusal(Code.AHEAD) from None
    headers = {**_NO_STORE, "istilam-key-list": str(desk.office.key_list.number)}
    if number := desk.content_number():
        headers["istilam-content"] = str(number)
    return Response(page, media_type=_CBOR, headers=headers)


async def serve_snapshot(desk: Desk, *, terminal: str | None) -> Response:
    """Stream the whole register, one part in memory at a time."""
    parts: AsyncIterator[bytes] = iterate_in_threadpool(snapshot_file(desk.office))
    return StreamingResponse(parts, media_type="application/octet-stream", headers=_NO_STORE)


async def show_health(desk: Desk, *, terminal: str | None) -> Response:
    """Answer once the register was read."""
    position = desk.reader.execute("SELECT coalesce(max(position), 0) FROM event").fetchone()[0]
    to_renew = sum(renewal.left for renewal in renewals(desk.reader))
    return Response(msgspec.json.encode(Health("ok", position, to_renew)), media_type=_JSON, headers=_NO_STORE)


async def show_metrics(desk: Desk, *, terminal: str | None) -> Response:
    """Answer the counters of this process, and of the outbox."""
    for state, count in outbox.counts(desk.reader).items():
        desk.metrics.sms.labels(state.name.lower()).set(count)
    return Response(desk.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8", headers=_NO_STORE)


async def show_openapi(desk: Desk, *, terminal: str | None) -> Response:
    """Answer the document made from this table."""
    document = openapi(ROUTES, "Istilam, central API", version("istilam"))
    return Response(msgspec.json.encode(document), media_type=_JSON)


async def hot_status(desk: Desk, *, path: str, terminal: str | None) -> Response:
    """Stand in the table for the one route that is answered before the router (`statuses.Statuses`)."""
    raise AssertionError("answered at the door")


async def public_page(desk: Desk, *, terminal: str | None) -> Response:
    """Answer the page itself."""
    return await public_file(desk, path="index.html", terminal=terminal)


async def technicians_page(desk: Desk, *, terminal: str | None) -> Response:
    """Answer what a code of the technician's is, to a phone that scanned it."""
    return await public_file(desk, path="technician.html", terminal=terminal)


async def public_file(desk: Desk, *, path: str, terminal: str | None) -> Response:
    """Answer one of the page's files."""
    if path not in desk.files:
        raise Refusal(Code.NO_SUCH_PAGE)
    file = desk.files[path]
    return Response(file.content, media_type=file.media_type, headers={**PAGE_HEADERS, "etag": file.etag})


_PAGE: Final = Answer("text/html; charset=utf-8", "The page; what follows # never reaches the office")
_SIGNED: Final = Answer(_CBOR, "Signed bytes (docs/contract.md)")
_CA: Final = Answer("application/x-pem-file", "PEM")
_TAKEN: Final = Answer("", "Taken", status=204)
_LOOKED_UP: Final = Answer(_CBOR, "Map {1: version, 2: plaintext Status}")
_LOOKUP_PROBLEMS: Final = (Code.NOT_A_NUMBER, Code.NO_MATCH, Code.EXPIRED, Code.TOO_MANY, Code.NOT_YET)

ROUTES: Final = (
    Route("GET", "/v1/office", "Whose office this is", show_office, (Answer(_JSON, "The office", OfficeFacts),)),
    Route("GET", "/v1/keys", "The signed key list", show_keys, (_SIGNED,)),
    Route("GET", "/v1/time", "The time, signed with the asker's nonce", tell_time, (_SIGNED,), query=TimeQuery),
    Route(
        "GET",
        "/v1/feed",
        "One page of the feed after a cursor",
        serve_feed,
        (Answer(_CBOR, "A signed feed page", headers=("Istilam-Key-List", "Istilam-Content")),),
        caller=Caller.TERMINAL,
        query=FeedQuery,
        problems=(Code.AHEAD,),
    ),
    Route(
        "GET",
        "/v1/snapshot",
        "The whole register as a snapshot file",
        serve_snapshot,
        (Answer("application/octet-stream", "Parts, each behind a 4-byte big-endian length"),),
        caller=Caller.TERMINAL,
    ),
    Route(
        "GET",
        TEMPLATE,
        "The sealed status that lies at a slot",
        hot_status,
        (
            Answer("application/octet-stream", "A sealed status", headers=("ETag", "Cache-Control")),
            Answer("", "Not newer than the ETag that the asker has", status=304),
        ),
        path_pattern=SLOT_PATTERN,
        problems=(Code.NO_STATUS, Code.REISSUED, Code.EXPIRED),
    ),
    Route(
        "POST",
        "/v1/lookups",
        "A status by tracking number and secret code, for terminals",
        terminal_lookup,
        (_LOOKED_UP,),
        caller=Caller.TERMINAL,
        body=Lookup,
        problems=_LOOKUP_PROBLEMS,
    ),
    Route("GET", "/v1/ca", "The certificate that terminals pin", terminals.show_ca, (_CA,), problems=(Code.NO_CA,)),
    Route(
        "POST",
        "/v1/enrolments",
        "A place for a new terminal, by its one-time code",
        terminals.enrol,
        (
            Answer(_JSON, "The place, pending until a person let it in", terminals.Place, status=201),
            Answer(_JSON, "The same key with the same code again", terminals.Place),
        ),
        caller=Caller.NEW_KEY,
        body=terminals.EnrolmentRequest,
        problems=(Code.UNKNOWN_CODE, Code.CODE_USED, Code.KEY_KNOWN, Code.CODE_EXPIRED, Code.TOO_MANY),
    ),
    Route(
        "GET",
        "/v1/enrolment",
        "How far an enrolment is",
        terminals.show_enrolment,
        (Answer(_JSON, "Its state", terminals.EnrolmentState),),
        caller=Caller.ANY_KEY,
    ),
    Route(
        "GET",
        "/v1/settings",
        "What the office set on this terminal",
        terminals.show_settings,
        (
            Answer(_CBOR, "Signed Terminal settings (docs/contract.md)", headers=("ETag",)),
            Answer("", "Not newer than the ETag that the asker has", status=304),
        ),
        caller=Caller.ENROLLED,
        conditional=True,
    ),
    Route(
        "POST",
        "/v1/heartbeats",
        "How a terminal is",
        terminals.take_report,
        (Answer(_CBOR, "Heartbeat answer (docs/contract.md)"),),
        caller=Caller.ENROLLED,
        body_bytes=terminals.HEARTBEAT_BYTES,
    ),
    Route(
        "POST",
        "/v1/readiness",
        "The result of a terminal's self-test",
        terminals.take_readiness,
        (_TAKEN,),
        caller=Caller.ENROLLED,
        body_bytes=terminals.READINESS_BYTES,
    ),
    Route(
        "GET",
        "/v1/content",
        "What terminals tell every visitor",
        content.show_content,
        (
            Answer(_CBOR, "Signed Content (docs/contract.md)", headers=("ETag",)),
            Answer("", "Not newer than the ETag that the asker has", status=304),
        ),
        conditional=True,
        problems=(Code.NO_CONTENT,),
    ),
    Route(
        "POST",
        "/v1/readers",
        "How many read about workers' rights at a terminal, since its count began",
        content.take_readers,
        (_TAKEN,),
        caller=Caller.TERMINAL,
        body_bytes=content.READERS_BYTES,
    ),
    Route(
        "POST",
        "/v1/help",
        "A visitor calls for a person, and asks again what became of it",
        content.take_call,
        (Answer(_CBOR, "Help answer (docs/contract.md)"),),
        caller=Caller.TERMINAL,
        body_bytes=content.CALL_BYTES,
    ),
    Route(
        "POST",
        "/v1/cards/challenges",
        "A challenge for the next card, of this terminal",
        cards.give_challenge,
        (Answer(_CBOR, "Card challenge (docs/contract.md)"),),
        caller=Caller.TERMINAL,
        keyed=True,
    ),
    Route(
        "POST",
        "/v1/cards/judgements",
        "What the office says of a card that a terminal relays",
        cards.judge_card,
        (Answer(_CBOR, "Judgement (docs/contract.md)"),),
        caller=Caller.TERMINAL,
        keyed=True,
        body_bytes=cards.JUDGEMENT_BYTES,
        problems=(Code.BAD_CHALLENGE, Code.TOO_MANY),
    ),
    Route(
        "POST",
        "/v1/cards/codes",
        "A one-time code by SMS, for a card that proves nothing",
        card_codes.send_code,
        (Answer(_CBOR, "Code sent (docs/contract.md), whether or not the card is known"),),
        caller=Caller.TERMINAL,
        keyed=True,
        body_bytes=card_codes.CODE_BYTES,
        problems=(Code.BAD_ASK, Code.TOO_MANY),
    ),
    Route(
        "POST",
        "/v1/cards/openings",
        "A one-time code that was typed; a right one opens the card's files",
        card_codes.open_by_code,
        (Answer(_CBOR, "Judgement (docs/contract.md)"),),
        caller=Caller.TERMINAL,
        keyed=True,
        body_bytes=card_codes.CODE_BYTES,
        problems=(Code.WRONG_CODE, Code.BAD_ASK, Code.CODE_OVER, Code.TOO_MANY),
    ),
    Route(
        "PUT",
        "/v1/key",
        "A new key for a terminal, signed by its old one",
        terminals.renew_key,
        (_TAKEN,),
        caller=Caller.ENROLLED,
        body=terminals.Renewal,
        problems=(Code.KEY_KNOWN,),
    ),
    Route(
        "POST",
        "/v1/imports",
        "Status changes that an older system reports (docs/import.md)",
        imports.take_rows,
        (Answer(_JSON, "What became of the rows", imports.Report),),
        caller=Caller.FEEDER,
        query=imports.ImportQuery,
        streamed=True,
        problems=(Code.TOO_LARGE, Code.NOT_ROWS, Code.NOT_SAVED),
    ),
    Route(
        "POST",
        "/v1/public/lookups",
        "A status by tracking number and secret code, from the internet",
        internet_lookup,
        (_LOOKED_UP,),
        body=Lookup,
        problems=_LOOKUP_PROBLEMS,
    ),
    Route(
        "POST",
        "/v1/receipts/check",
        "Whether a status receipt is genuine, and the latest",
        check_receipt,
        (Answer(_JSON, "The verdict", Verdict),),
        body=ReceiptText,
    ),
    Route(
        "GET",
        "/v1/sms/reports/{report}",
        "What the SMS gateway says of a message; its address is unguessable",
        sms.take_sms_report,
        (Answer("", "Taken", status=202),),
        query=sms.ReportQuery,
        path_pattern=sms.REPORT_PATTERN,
        problems=(Code.NO_MESSAGE,),
    ),
    Route("GET", "/v1/health", "Whether this process works", show_health, (Answer(_JSON, "It works", Health),)),
    Route("GET", "/metrics", "Counters for Prometheus", show_metrics, (Answer("text/plain", "Text format 0.0.4"),)),
    Route("GET", "/openapi.json", "This document", show_openapi, (Answer(_JSON, "OpenAPI 3.1"),)),
    Route("GET", "/", "What a phone opens from a slip", public_page, (_PAGE,)),
    Route("GET", "/R", "What a phone opens from a status receipt", public_page, (_PAGE,)),
    Route("GET", "/E", "What a phone opens from a code that enrols a terminal", technicians_page, (_PAGE,)),
    Route("GET", "/T", "What a phone opens from a readiness slip", technicians_page, (_PAGE,)),
    Route(
        "GET",
        "/public/{file}",
        "A file of these pages",
        public_file,
        (Answer("*/*", "Script, style, sign or words"),),
        path_pattern="[a-z]+\\.[a-z]+",
        problems=(Code.NO_SUCH_PAGE,),
    ),
)
