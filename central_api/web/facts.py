"""What the office says to anyone and to its terminals: whose it is, keys and time, the feed, its pages, its health."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Final, Literal

import msgspec
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from central_api.contract.keylist import Purpose
from central_api.contract.times import sign_time
from central_api.publish import snapshot_file
from central_api.store import outbox
from central_api.store.renewals import renewals

from .desk import Desk
from .feed import Ahead
from .pages import PAGE_HEADERS
from .problems import Code, Refusal

CBOR: Final = "application/cbor"
JSON: Final = "application/json"
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
    return Response(msgspec.json.encode(facts), media_type=JSON)


async def show_keys(desk: Desk, *, terminal: str | None) -> Response:
    """Answer the signed key list."""
    return Response(desk.office.key_list_bytes, media_type=CBOR, headers={"cache-control": "no-cache"})


async def tell_time(desk: Desk, *, query: TimeQuery, terminal: str | None) -> Response:
    """Answer the signed time."""
    signed = sign_time(desk.office.clock(), bytes.fromhex(query.nonce), desk.office.signing_key(Purpose.FEED))
    return Response(signed, media_type=CBOR, headers=_NO_STORE)


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
    return Response(page, media_type=CBOR, headers=headers)


async def serve_snapshot(desk: Desk, *, terminal: str | None) -> Response:
    """Stream the whole register, one part in memory at a time."""
    parts: AsyncIterator[bytes] = iterate_in_threadpool(snapshot_file(desk.office))
    return StreamingResponse(parts, media_type="application/octet-stream", headers=_NO_STORE)


async def show_health(desk: Desk, *, terminal: str | None) -> Response:
    """Answer once the register was read."""
    position = desk.reader.execute("SELECT coalesce(max(position), 0) FROM event").fetchone()[0]
    to_renew = sum(renewal.left for renewal in renewals(desk.reader))
    return Response(msgspec.json.encode(Health("ok", position, to_renew)), media_type=JSON, headers=_NO_STORE)


async def show_metrics(desk: Desk, *, terminal: str | None) -> Response:
    """Answer the counters of this process, and of the outbox."""
    for state, count in outbox.counts(desk.reader).items():
        desk.metrics.sms.labels(state.name.lower()).set(count)
    return Response(desk.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8", headers=_NO_STORE)


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
