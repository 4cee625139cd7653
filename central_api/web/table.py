"""The route table: every address of the office, and what it answers."""

from importlib.metadata import version
from typing import Final

import msgspec
from starlette.responses import Response

from . import card_codes, cards, content, facts, imports, sms, terminals
from .desk import Desk
from .facts import CBOR, JSON
from .lookups import Lookup, internet_lookup, terminal_lookup
from .openapi import openapi
from .problems import Code
from .receipts import ReceiptText, Verdict, check_receipt
from .routes import Answer, Caller, Route
from .statuses import SLOT_PATTERN, TEMPLATE


async def show_openapi(desk: Desk, *, terminal: str | None) -> Response:
    """Answer the document made from this table."""
    document = openapi(ROUTES, "Istilam, central API", version("istilam"))
    return Response(msgspec.json.encode(document), media_type=JSON)


_PAGE: Final = Answer("text/html; charset=utf-8", "The page; what follows # never reaches the office")
_SIGNED: Final = Answer(CBOR, "Signed bytes (docs/contract.md)")
_CA: Final = Answer("application/x-pem-file", "PEM")
_TAKEN: Final = Answer("", "Taken", status=204)
_LOOKED_UP: Final = Answer(CBOR, "Map {1: version, 2: plaintext Status}")
_LOOKUP_PROBLEMS: Final = (Code.NOT_A_NUMBER, Code.NO_MATCH, Code.EXPIRED, Code.TOO_MANY, Code.NOT_YET)

ROUTES: Final = (
    Route(
        "GET", "/v1/office", "Whose office this is", facts.show_office, (Answer(JSON, "The office", facts.OfficeFacts),)
    ),
    Route("GET", "/v1/keys", "The signed key list", facts.show_keys, (_SIGNED,)),
    Route(
        "GET", "/v1/time", "The time, signed with the asker's nonce", facts.tell_time, (_SIGNED,), query=facts.TimeQuery
    ),
    Route(
        "GET",
        "/v1/feed",
        "One page of the feed after a cursor",
        facts.serve_feed,
        (Answer(CBOR, "A signed feed page", headers=("Istilam-Key-List", "Istilam-Content")),),
        caller=Caller.TERMINAL,
        query=facts.FeedQuery,
        problems=(Code.AHEAD,),
    ),
    Route(
        "GET",
        "/v1/snapshot",
        "The whole register as a snapshot file",
        facts.serve_snapshot,
        (Answer("application/octet-stream", "Parts, each behind a 4-byte big-endian length"),),
        caller=Caller.TERMINAL,
    ),
    Route(
        "GET",
        TEMPLATE,
        "The sealed status that lies at a slot",
        facts.hot_status,
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
            Answer(JSON, "The place, pending until a person let it in", terminals.Place, status=201),
            Answer(JSON, "The same key with the same code again", terminals.Place),
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
        (Answer(JSON, "Its state", terminals.EnrolmentState),),
        caller=Caller.ANY_KEY,
    ),
    Route(
        "GET",
        "/v1/settings",
        "What the office set on this terminal",
        terminals.show_settings,
        (
            Answer(CBOR, "Signed Terminal settings (docs/contract.md)", headers=("ETag",)),
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
        (Answer(CBOR, "Heartbeat answer (docs/contract.md)"),),
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
            Answer(CBOR, "Signed Content (docs/contract.md)", headers=("ETag",)),
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
        (Answer(CBOR, "Help answer (docs/contract.md)"),),
        caller=Caller.TERMINAL,
        body_bytes=content.CALL_BYTES,
    ),
    Route(
        "POST",
        "/v1/cards/challenges",
        "A challenge for the next card, of this terminal",
        cards.give_challenge,
        (Answer(CBOR, "Card challenge (docs/contract.md)"),),
        caller=Caller.TERMINAL,
        keyed=True,
    ),
    Route(
        "POST",
        "/v1/cards/judgements",
        "What the office says of a card that a terminal relays",
        cards.judge_card,
        (Answer(CBOR, "Judgement (docs/contract.md)"),),
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
        (Answer(CBOR, "Code sent (docs/contract.md), whether or not the card is known"),),
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
        (Answer(CBOR, "Judgement (docs/contract.md)"),),
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
        (Answer(JSON, "What became of the rows", imports.Report),),
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
        (Answer(JSON, "The verdict", Verdict),),
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
    Route(
        "GET", "/v1/health", "Whether this process works", facts.show_health, (Answer(JSON, "It works", facts.Health),)
    ),
    Route(
        "GET", "/metrics", "Counters for Prometheus", facts.show_metrics, (Answer("text/plain", "Text format 0.0.4"),)
    ),
    Route("GET", "/openapi.json", "This document", show_openapi, (Answer(JSON, "OpenAPI 3.1"),)),
    Route("GET", "/", "What a phone opens from a slip", facts.public_page, (_PAGE,)),
    Route("GET", "/R", "What a phone opens from a status receipt", facts.public_page, (_PAGE,)),
    Route("GET", "/E", "What a phone opens from a code that enrols a terminal", facts.technicians_page, (_PAGE,)),
    Route("GET", "/T", "What a phone opens from a readiness slip", facts.technicians_page, (_PAGE,)),
    Route(
        "GET",
        "/public/{file}",
        "A file of these pages",
        facts.public_file,
        (Answer("*/*", "Script, style, sign or words"),),
        path_pattern="[a-z]+\\.[a-z]+",
        problems=(Code.NO_SUCH_PAGE,),
    ),
)
