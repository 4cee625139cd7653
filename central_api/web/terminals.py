"""What terminals alone ask: their enrolment, settings and key, and where they leave heartbeats and self-tests."""

import asyncio
from typing import Annotated, Literal

import msgspec
from starlette.responses import Response

from central_api.contract import request_signature
from central_api.contract.enrolment import renewal_message
from central_api.contract.errors import ContractError, Refused
from central_api.contract.heartbeat import MAX_HEARTBEAT_BYTES, HeartbeatAnswer, encode_answer
from central_api.contract.keylist import Purpose
from central_api.contract.readiness import MAX_READINESS_BYTES, decode_readiness
from central_api.contract.request_signature import key_id_of
from central_api.contract.terminal_settings import sign_settings
from central_api.store import terminals
from central_api.store.fleet import take_heartbeat
from central_api.store.terminals import CodeFault, Enrolled, KeyState, KnownKey

from .desk import Desk
from .problems import Code, Refusal
from .signatures import Asked, public_key_of
from .throttle import ENROLMENT, Wait, begin_attempt

_CBOR = "application/cbor"
_JSON = "application/json"
_NO_STORE = {"cache-control": "no-store"}
HEARTBEAT_BYTES = MAX_HEARTBEAT_BYTES
READINESS_BYTES = MAX_READINESS_BYTES

PublicKey = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{130}$")]


class EnrolmentRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The one-time code and the new public key (an uncompressed point), in hex."""

    code: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]
    public_key: PublicKey


class Place(msgspec.Struct):
    """The place that a code gave: nonce in hex, `expires` in seconds since 1970, UTC."""

    terminal: str
    site: str
    nonce: str
    expires: int


class EnrolmentState(msgspec.Struct):
    """How far an enrolment is; the nonce in hex is empty for a renewed key."""

    state: Literal["pending", "accepted", "refused"]
    terminal: str
    site: str
    nonce: str


class Renewal(msgspec.Struct, forbid_unknown_fields=True):
    """The new public key, and its signature over the renewal message, in hex."""

    public_key: PublicKey
    proof: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{128}$")]


_FAULTS = {
    CodeFault.UNKNOWN: Code.UNKNOWN_CODE,
    CodeFault.USED: Code.CODE_USED,
    CodeFault.EXPIRED: Code.CODE_EXPIRED,
    CodeFault.KEY_KNOWN: Code.KEY_KNOWN,
}


async def show_ca(desk: Desk, *, terminal: str | None) -> Response:
    """Answer the certificate that terminals pin."""
    if desk.ca_pem is None:
        raise Refusal(Code.NO_CA)
    return Response(desk.ca_pem, media_type="application/x-pem-file")


async def enrol(desk: Desk, *, asked: Asked, body: EnrolmentRequest) -> Response:
    """Give a new key its place, pending. A wrong code is counted; a right one is never locked out by wrong ones."""
    public, now = bytes.fromhex(body.public_key), desk.office.clock()
    if key_id_of(public) != asked.signed.key_id:
        raise Refusal(Code.BAD_SIGNATURE, "keyid is not that of the key")
    asked.check(public, desk.live, now)
    code = bytes.fromhex(body.code)
    found = await asyncio.wrap_future(desk.office.execute_write(lambda c: terminals.enrol(c, code, public, now)))
    match found:
        case Enrolled(key, expires, again):
            assert key.nonce is not None
            desk.log.info("enrolment", terminal=key.name, again=again)
            place = Place(key.name, key.site, key.nonce.hex(), expires)
            return Response(msgspec.json.encode(place), 200 if again else 201, _NO_STORE, _JSON)
        case CodeFault.UNKNOWN:
            tried = await asyncio.wrap_future(desk.office.execute_write(lambda c: begin_attempt(c, ENROLMENT, "", now)))
            if isinstance(tried, Wait):
                raise Refusal(Code.TOO_MANY, retry_after=tried.seconds)
            raise Refusal(Code.UNKNOWN_CODE)
        case _:
            raise Refusal(_FAULTS[found])


async def show_enrolment(desk: Desk, *, key: KnownKey) -> Response:
    """Answer whether a person has let this key in."""
    state = "accepted" if key.state is KeyState.ACCEPTED else "refused" if key.state is KeyState.REFUSED else "pending"
    shown = EnrolmentState(state, key.name, key.site, "" if key.nonce is None else key.nonce.hex())
    return Response(msgspec.json.encode(shown), media_type=_JSON, headers=_NO_STORE)


async def show_settings(desk: Desk, *, key: KnownKey, if_none_match: str | None) -> Response:
    """Answer what the office set on this terminal, signed."""
    settings = terminals.place_of(desk.reader, key.name).settings
    headers = {**_NO_STORE, "etag": f'"{settings.number}"'}
    if if_none_match == headers["etag"]:
        return Response(status_code=304, headers=headers)
    signed = sign_settings(settings, desk.office.signing_key(Purpose.CONTENT))
    return Response(signed, media_type=_CBOR, headers=headers)


async def take_report(desk: Desk, *, key: KnownKey, body: bytes) -> Response:
    """Take a heartbeat, and answer what is new for this terminal."""
    try:
        report, agrees, alarms = take_heartbeat(desk.live, desk.reader, key, body, desk.office.clock())
    except ContractError as error:
        raise Refusal(Code.BAD_REQUEST, str(error)) from None
    for alarm in alarms:
        desk.log.error("terminal alarm", terminal=key.name, alarm=alarm, run=report.run.hex())
    settings = terminals.place_of(desk.reader, key.name).settings
    answer = encode_answer(HeartbeatAnswer(settings.number, desk.office.key_list.number, agrees))
    return Response(answer, media_type=_CBOR, headers=_NO_STORE)


async def take_readiness(desk: Desk, *, key: KnownKey, body: bytes) -> Response:
    """Keep the result of a self-test."""
    try:
        decode_readiness(body)
    except ContractError as error:
        raise Refusal(Code.BAD_REQUEST, str(error)) from None
    now = desk.office.clock()
    work = desk.office.execute_write(lambda c: terminals.put_readiness(c, key.terminal, body, now))
    await asyncio.wrap_future(work)
    return Response(status_code=204)


async def renew_key(desk: Desk, *, key: KnownKey, body: Renewal) -> Response:
    """Let a new key take over from its first use on."""
    public, now = bytes.fromhex(body.public_key), desk.office.clock()
    try:
        request_signature.verify_raw(bytes.fromhex(body.proof), renewal_message(key.key_id), public_key_of(public))
    except (ContractError, Refused):
        raise Refusal(Code.BAD_REQUEST, "the proof does not hold") from None
    work = desk.office.execute_write(lambda c: terminals.renew(c, key.key_id, public, now))
    if not await asyncio.wrap_future(work):
        raise Refusal(Code.KEY_KNOWN)
    return Response(status_code=204)
