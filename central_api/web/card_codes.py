"""One-time codes for cards that prove nothing: one answer, at one cost, whether or not the office knows the card."""

import asyncio
import sqlite3

from starlette.responses import Response

from central_api.contract.card_codes import (
    MAX_CODE_BYTES,
    CodeSent,
    decode_code_request,
    decode_opening_request,
    encode_code_sent,
)
from central_api.contract.cards import CardVerdict, Judgement, encode_judgement
from central_api.contract.errors import ContractError
from central_api.store import card_codes
from central_api.store.card_codes import Opened, Over, Wrong
from central_api.store.cards import card_index_key
from central_api.store.terminals import KnownKey

from . import throttle
from .cards import shown
from .desk import Desk
from .problems import Code, Refusal
from .throttle import Wait

CODE_BYTES = MAX_CODE_BYTES
_CBOR = "application/cbor"
_NO_STORE = {"cache-control": "no-store"}


async def send_code(desk: Desk, *, key: KnownKey, body: bytes) -> Response:
    """Send a one-time code to the phone on file, if there is one: the answer is the same."""
    try:
        ask = decode_code_request(body)
    except ContractError as error:
        raise Refusal(Code.BAD_REQUEST, str(error)) from None
    now = desk.office.clock()
    card = _card_of(desk, key, ask, now)

    def work(connection: sqlite3.Connection) -> CodeSent | Wait:
        if again := card_codes.sent_just_now(connection, ask, now):
            return again
        wait = (
            throttle.wait_for(connection, throttle.CODES, key.name, now)
            or throttle.count(connection, throttle.CODES_OF_CARD, card, now)
            or throttle.count(connection, throttle.CODES, key.name, now)
        )
        return wait or card_codes.send(connection, ask, card, key.name, now)

    sent = await asyncio.wrap_future(desk.office.execute_write(work))
    desk.metrics.card_codes.labels("refused" if isinstance(sent, Wait) else "asked").inc()
    if isinstance(sent, Wait):
        raise Refusal(Code.TOO_MANY, retry_after=sent.seconds)
    return Response(encode_code_sent(sent), media_type=_CBOR, headers=_NO_STORE)


async def open_by_code(desk: Desk, *, key: KnownKey, body: bytes) -> Response:
    """Take a one-time code back; a right one opens what a genuine document opens."""
    try:
        asked = decode_opening_request(body)
    except ContractError as error:
        raise Refusal(Code.BAD_REQUEST, str(error)) from None
    office, now = desk.office, desk.office.clock()
    _card_of(desk, key, asked.ask, now)
    secret = card_index_key(office.data)

    def work(connection: sqlite3.Connection) -> Opened | Wrong | Over | Wait:
        if wait := throttle.wait_for(connection, throttle.WRONG_CODES, key.name, now):
            return wait
        tried = card_codes.try_code(connection, asked, secret=secret, terminal=key.name, now=now)
        if not isinstance(tried, Opened):
            throttle.count(connection, throttle.WRONG_CODES, key.name, now)
        return tried

    tried = await asyncio.wrap_future(office.execute_write(work))
    desk.metrics.card_codes.labels(type(tried).__name__.lower()).inc()
    match tried:
        case Wait():
            raise Refusal(Code.TOO_MANY, retry_after=tried.seconds)
        case Wrong():
            raise Refusal(Code.WRONG_CODE, tries_left=tried.tries_left)
        case Over():
            raise Refusal(Code.CODE_OVER)
        case Opened():
            desk.live.end_ask(key.terminal)
            statuses = await asyncio.to_thread(shown, office, tried.files)
            judgement = Judgement(CardVerdict.CONFIRMED, statuses)
            return Response(encode_judgement(judgement), media_type=_CBOR, headers=_NO_STORE)


def _card_of(desk: Desk, key: KnownKey, ask: bytes, now: int) -> str:
    card = desk.live.asked_card(key.terminal, ask, now)
    if card is None:
        raise Refusal(Code.BAD_ASK)
    return card
