"""Cards that terminals relay: a challenge for each, and what the office says of it."""

import asyncio
import secrets
from dataclasses import replace
from typing import assert_never

from starlette.responses import Response

from central_api.cards import judge
from central_api.contract.cards import (
    ASK_BYTES,
    CARD_CHALLENGE_BYTES,
    MAX_JUDGEMENT_BYTES,
    CardStatus,
    CardVerdict,
    IndexCard,
    IndexKind,
    Judgement,
    JudgementRequest,
    PassportFiles,
    chip_challenge,
    decode_judgement_request,
    encode_card_challenge,
    encode_judgement,
)
from central_api.contract.errors import ContractError
from central_api.contract.sealed import open_sealed
from central_api.store import Filed, Office
from central_api.store.terminals import KnownKey

from . import throttle
from .desk import Desk
from .problems import Code, Refusal

JUDGEMENT_BYTES = MAX_JUDGEMENT_BYTES
_CBOR = "application/cbor"
_NO_STORE = {"cache-control": "no-store"}


async def give_challenge(desk: Desk, *, key: KnownKey) -> Response:
    """Give a terminal its challenge for the next card."""
    challenge = secrets.token_bytes(CARD_CHALLENGE_BYTES)
    desk.live.put_challenge(key.terminal, challenge, desk.office.clock())
    return Response(encode_card_challenge(challenge), media_type=_CBOR, headers=_NO_STORE)


async def judge_card(desk: Desk, *, key: KnownKey, body: bytes) -> Response:
    """Judge a card over the challenge that this terminal was given."""
    try:
        asked = decode_judgement_request(body)
    except ContractError as error:
        raise Refusal(Code.BAD_REQUEST, str(error)) from None
    now = desk.office.clock()
    counting = desk.office.execute_write(lambda c: throttle.count(c, throttle.CARDS, key.name, now))
    if wait := await asyncio.wrap_future(counting):
        raise Refusal(Code.TOO_MANY, retry_after=wait.seconds)
    if not desk.live.take_challenge(key.terminal, asked.challenge, now):
        raise Refusal(Code.BAD_CHALLENGE)
    judgement, index = await asyncio.to_thread(_judge, desk, asked, key.name, now)
    desk.live.end_ask(key.terminal)
    if judgement.verdict is CardVerdict.UNPROVEN:
        ask = secrets.token_bytes(ASK_BYTES)
        desk.live.put_ask(key.terminal, ask, index, now)
        judgement = replace(judgement, ask=ask)
    return Response(encode_judgement(judgement), media_type=_CBOR, headers=_NO_STORE)


def _judge(desk: Desk, asked: JudgementRequest, terminal: str, now: int) -> tuple[Judgement, str]:
    """Return what is said of a card, and its index, for a one-time code."""
    office = desk.office
    match asked.card:
        case PassportFiles() as files:
            judged = judge(files, chip_challenge(asked.challenge), desk.issuers, now)
        case IndexCard(kind, number):
            return Judgement(CardVerdict.UNPROVEN), office.card_index(_text_of(kind, number))
    if judged.document is None:
        # Nothing is known of it that could open anything; it goes the way of a card that nobody knows.
        return Judgement(judged.verdict), office.card_index(f"UNREAD {secrets.token_hex(16)}")
    name = judged.document.name
    if judged.verdict is not CardVerdict.GENUINE:
        return Judgement(judged.verdict), office.card_index(name)
    return Judgement(judged.verdict, shown(office, office.look(name, terminal))), ""


def _text_of(kind: IndexKind, number: bytes) -> str:
    """Return what an index is made from (docs/contract.md, Card index); no file is known by an ATR."""
    match kind:
        case IndexKind.UID:
            return f"UID {number.hex().upper()}"
        case IndexKind.IDENTITY:
            return f"ID {number.decode()}"
        case IndexKind.CHIP:
            return f"ATR {number.hex().upper()}"
        case _:
            assert_never(kind)


def shown(office: Office, files: list[Filed]) -> tuple[CardStatus, ...]:
    """Return the statuses of files as sealed; what is not published yet, or not shown any more, is left out."""
    found = [(filed, office.sealed_at(filed.slot)) for filed in files]
    opened = [open_sealed(sealed, office.slip_key(filed)) for filed, sealed in found if isinstance(sealed, bytes)]
    return tuple(CardStatus(version, plain) for version, plain in opened)
