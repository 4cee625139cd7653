"""What terminals tell every visitor, for whoever asks; and what terminals count and call for."""

import asyncio
from typing import Final

from starlette.responses import Response

from central_api.contract.content_bytes import sign_content
from central_api.contract.errors import ContractError
from central_api.contract.help_calls import MAX_CALL_BYTES, decode_call, encode_help_state
from central_api.contract.keylist import Purpose
from central_api.contract.readers import MAX_READERS_BYTES, decode_readers
from central_api.store import content as publications

from .desk import Desk
from .problems import Code, Refusal

READERS_BYTES: Final = MAX_READERS_BYTES
CALL_BYTES: Final = MAX_CALL_BYTES
_CBOR: Final = "application/cbor"
_NO_STORE: Final = {"cache-control": "no-store"}


async def show_content(desk: Desk, *, terminal: str | None, if_none_match: str | None) -> Response:
    """Answer the content in force, signed."""
    published = publications.newest(desk.reader, desk.office.clock())
    if published is None:
        raise Refusal(Code.NO_CONTENT)
    headers = {"cache-control": "no-cache", "etag": f'"{published.number}"'}
    if if_none_match == headers["etag"]:
        return Response(status_code=304, headers=headers)
    signed = sign_content(published.body, desk.office.signing_key(Purpose.CONTENT))
    return Response(signed, media_type=_CBOR, headers=headers)


async def take_readers(desk: Desk, *, terminal: str | None, body: bytes) -> Response:
    """Keep what a terminal counted since its count began."""
    try:
        told = decode_readers(body)
    except ContractError as error:
        raise Refusal(Code.BAD_REQUEST, str(error)) from None
    now = desk.office.clock()
    work = desk.office.execute_write(lambda c: publications.count_readers(c, terminal or "", told, now))
    await asyncio.wrap_future(work)
    return Response(status_code=204)


async def take_call(desk: Desk, *, terminal: str | None, body: bytes) -> Response:
    """Take a visitor's call for a person, or the same again, and answer what became of it."""
    try:
        call = decode_call(body)
    except ContractError as error:
        raise Refusal(Code.BAD_REQUEST, str(error)) from None
    now = desk.office.clock()
    state = desk.live.call(terminal or "", call.call, now - call.waited, now)
    return Response(encode_help_state(state), media_type=_CBOR, headers=_NO_STORE)
