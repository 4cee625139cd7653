"""`GET /v1/statuses/{slot}`: the one hot route: plain ASGI, read straight from the database in the event loop."""

import re
from typing import Final

from starlette.types import Receive, Scope, Send

from central_api.contract.feed import Tombstone
from central_api.contract.sealed import sealed_version
from central_api.store import Office

from .problems import Code, Refusal, problem_response

PATH: Final = "/v1/statuses/"
TEMPLATE: Final = "/v1/statuses/{slot}"
SLOT_PATTERN: Final = "[0-9a-f]{32}"
_SLOT: Final = re.compile(SLOT_PATTERN)
_CACHE: Final = (b"cache-control", b"public, max-age=30")
_BYTES: Final = (b"content-type", b"application/octet-stream")


async def answer_status(office: Office, scope: Scope, receive: Receive, send: Send) -> int:
    """Answer GET or HEAD of one slot, and return the HTTP status."""
    if scope["method"] not in ("GET", "HEAD"):
        return await _refuse(Refusal(Code.WRONG_METHOD, allow="GET, HEAD"), scope, receive, send)
    if scope["query_string"]:
        return await _refuse(Refusal(Code.BAD_REQUEST, "no query is taken here"), scope, receive, send)
    slot: str = scope["path"][len(PATH) :]
    # Whatever is not a slot is answered like one where nothing lies.
    lies = office.sealed_at(bytes.fromhex(slot)) if _SLOT.fullmatch(slot) else None
    match lies:
        case None:
            return await _refuse(Refusal(Code.NO_STATUS), scope, receive, send)
        case Tombstone():
            return await _refuse(Refusal(Code.WITHDRAWN), scope, receive, send)
        case bytes():
            return await _serve(lies, scope, send)


async def _serve(sealed: bytes, scope: Scope, send: Send) -> int:
    etag = b'"%d"' % sealed_version(sealed)
    headers = [(b"etag", etag), _CACHE]
    if any(name == b"if-none-match" and _matches(value, etag) for name, value in scope["headers"]):
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return 304
    length = (b"content-length", b"%d" % len(sealed))
    await send({"type": "http.response.start", "status": 200, "headers": [*headers, _BYTES, length]})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else sealed})
    return 200


def _matches(value: bytes, etag: bytes) -> bool:
    candidates = {candidate.strip().removeprefix(b"W/") for candidate in value.split(b",")}
    return etag in candidates or b"*" in candidates


async def _refuse(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> int:
    await problem_response(refusal)(scope, receive, send)
    return refusal.code.status
