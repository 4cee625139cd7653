"""Tracking number and secret code: counted first, then compared, with one answer at one cost for every wrong pair."""

import asyncio
import hmac
from typing import Annotated, Final

import msgspec
from starlette.responses import Response

from central_api.contract import cbor, keys
from central_api.contract.errors import NotANumber
from central_api.contract.feed import Tombstone
from central_api.contract.numbers import parse_secret_code, parse_tracking_number
from central_api.contract.sealed import open_sealed

from .desk import Desk
from .problems import Code, Refusal
from .throttle import INTERNET, Attempt, Wait, attempt_succeeded, begin_attempt

TELL_EVERY_SECONDS: Final = 60


class Lookup(msgspec.Struct, forbid_unknown_fields=True):
    """Digits as the person typed them: in any of three scripts, grouped or not."""

    tracking: Annotated[str, msgspec.Meta(min_length=11, max_length=40)]
    code: Annotated[str, msgspec.Meta(min_length=8, max_length=40)]


async def internet_lookup(desk: Desk, *, body: Lookup, terminal: str | None) -> Response:
    """Answer someone on the internet, whoever it is: a terminal that asks here counts as internet too."""
    return await _answer(desk, body, INTERNET)


async def terminal_lookup(desk: Desk, *, body: Lookup, terminal: str | None) -> Response:
    """Answer a terminal."""
    assert terminal is not None
    return await _answer(desk, body, terminal)


async def _answer(desk: Desk, lookup: Lookup, way: str) -> Response:
    try:
        tracking, code = parse_tracking_number(lookup.tracking), parse_secret_code(lookup.code)
    except NotANumber as error:
        raise Refusal(Code.NOT_A_NUMBER, str(error)) from None
    office, now = desk.office, desk.office.clock()
    begun = await asyncio.wrap_future(office.execute_write(lambda c: begin_attempt(c, way, tracking, now)))
    match begun:
        case Wait(seconds, closed):
            desk.metrics.refused_lookups.labels("closed" if closed else "locked").inc()
            if closed and now - desk.told_closed.get(way, 0) >= TELL_EVERY_SECONDS:
                # For staff: whoever tries numbers has shut this way for everyone. Not once a try, or he fills the log.
                desk.told_closed[way] = now
                desk.log.warning("lookups closed", way=way, seconds=seconds)
            raise Refusal(Code.TOO_MANY, retry_after=seconds)
        case Attempt():
            sealed, slip_key = _compare(desk, tracking, code)
            await asyncio.wrap_future(office.execute_write(lambda c: attempt_succeeded(c, begun)))
            if sealed is None:
                raise Refusal(Code.NOT_YET, retry_after=1)
            if isinstance(sealed, Tombstone):  # the number's present slot: it was not reissued, but is no longer shown
                raise Refusal(Code.EXPIRED)
            version, plain = open_sealed(sealed, slip_key)
            body = cbor.encode({1: version, 2: plain})
            return Response(body, media_type="application/cbor", headers={"cache-control": "no-store"})


def _compare(desk: Desk, tracking: str, code: str) -> tuple[bytes | Tombstone | None, bytes]:
    """Return what lies at the number's slot, and its slip key, or refuse. An unknown number costs the same."""
    office = desk.office
    filed = office.find(tracking)
    secret = office.secret(filed.secret_id if filed else office.settings.secret)
    right = keys.secret_code(secret, tracking, filed.issue if filed else 1)
    slip_key = keys.slip_key(secret, tracking, filed.issue if filed else 1)
    sealed = office.sealed_at(keys.slot(slip_key))
    same = hmac.compare_digest(right, code)
    if filed is None or not same:
        desk.metrics.refused_lookups.labels("no_match").inc()
        raise Refusal(Code.NO_MATCH)
    return sealed, slip_key
