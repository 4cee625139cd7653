"""Cards that terminals relay: a challenge for each, and what the office says of it."""

import asyncio
import secrets

from starlette.responses import Response

from central_api.cards import judge
from central_api.contract.cards import (
    CARD_CHALLENGE_BYTES,
    MAX_JUDGEMENT_BYTES,
    CardStatus,
    CardVerdict,
    IndexCard,
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
from central_api.store.terminals import KnownKey

from .desk import Desk
from .problems import Code, Refusal
from .throttle import count_card

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
    wait = await asyncio.wrap_future(desk.office.execute_write(lambda c: count_card(c, key.name, now)))
    if wait is not None:
        raise Refusal(Code.TOO_MANY, retry_after=wait.seconds)
    if not desk.live.take_challenge(key.terminal, asked.challenge, now):
        raise Refusal(Code.BAD_CHALLENGE)
    judgement = await asyncio.to_thread(_judge, desk, asked, key.name, now)
    return Response(encode_judgement(judgement), media_type=_CBOR, headers=_NO_STORE)


def _judge(desk: Desk, asked: JudgementRequest, terminal: str, now: int) -> Judgement:
    match asked.card:
        case PassportFiles() as files:
            judged = judge(files, chip_challenge(asked.challenge), desk.issuers, now)
        case IndexCard():
            return Judgement(CardVerdict.UNPROVEN)
    if judged.document is None:
        return Judgement(judged.verdict)
    office = desk.office
    opened = [(filed, office.sealed_at(filed.slot)) for filed in office.look(judged.document.name, terminal)]
    # What is not published yet, or not shown any more, is left out.
    shown = [open_sealed(sealed, office.slip_key(filed)) for filed, sealed in opened if isinstance(sealed, bytes)]
    return Judgement(judged.verdict, tuple(CardStatus(version, plain) for version, plain in shown))
