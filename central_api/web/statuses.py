"""`GET /v1/statuses/{slot}`: the one hot route: plain ASGI, read straight from the database in the event loop."""

import asyncio
import re
from typing import Final

from starlette.types import Receive, Scope, Send

from central_api.contract.feed import Tombstone
from central_api.store import Office

from .problems import Code, Refusal, problem_response

PATH: Final = "/v1/statuses/"
TEMPLATE: Final = "/v1/statuses/{slot}"
SLOT_PATTERN: Final = "[0-9a-f]{32}"
_SLOT: Final = re.compile(PATH + SLOT_PATTERN).fullmatch
_START: Final = len(PATH)
_CACHE: Final = (b"cache-control", b"public, max-age=30")
_BYTES: Final = (b"content-type", b"application/octet-stream")
_READ: Final = "SELECT version, sealed, reason FROM sealed WHERE slot = ?"
_GONE: Final = {Tombstone.REISSUED: Code.REISSUED, Tombstone.EXPIRED: Code.EXPIRED}
_MAPPED_BYTES: Final = 1 << 30
# How long one view of the register may serve: taking and leaving one costs as much as a lookup.
VIEW_SECONDS: Final = 0.005


class Statuses:
    """Answers slots from a connection and cursor of its own; lives in the event loop's thread."""

    def __init__(self, office: Office) -> None:
        reader = office.reader()
        # Pages come from the system's cache without a system call each.
        reader.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}").close()
        self._execute = reader.cursor().execute
        self._viewing = False

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> int:
        """Answer GET or HEAD of one slot, and return the HTTP status."""
        path: str = scope["path"]
        if not self._viewing:
            self._begin_view()
        # Whatever is not a slot is answered like one where nothing lies.
        row = self._execute(_READ, (bytes.fromhex(path[_START:]),)).fetchone() if _SLOT(path) else None
        if row is None or row[1] is None or scope["query_string"] or scope["method"] not in ("GET", "HEAD"):
            refusal = _refusal(scope, row)
            await problem_response(refusal)(scope, receive, send)
            return refusal.code.status
        version, sealed, _reason = row
        etag = b'"%d"' % version
        for name, value in scope["headers"]:
            if name == b"if-none-match" and _matches(value, etag):
                await send({"type": "http.response.start", "status": 304, "headers": [(b"etag", etag), _CACHE]})
                await send({"type": "http.response.body"})
                return 304
        headers = [(b"etag", etag), _CACHE, _BYTES, (b"content-length", b"%d" % len(sealed))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": sealed if scope["method"] == "GET" else b""})
        return 200

    def _begin_view(self) -> None:
        self._execute("BEGIN")
        self._viewing = True
        asyncio.get_running_loop().call_later(VIEW_SECONDS, self._end_view)

    def _end_view(self) -> None:
        self._execute("COMMIT")
        self._viewing = False


def _refusal(scope: Scope, row: tuple[int, bytes | None, int] | None) -> Refusal:
    if scope["method"] not in ("GET", "HEAD"):
        return Refusal(Code.WRONG_METHOD, allow="GET, HEAD")
    if scope["query_string"]:
        return Refusal(Code.BAD_REQUEST, "no query is taken here")
    return Refusal(Code.NO_STATUS if row is None else _GONE[Tombstone(row[2])])


def _matches(value: bytes, etag: bytes) -> bool:
    candidates = {candidate.strip().removeprefix(b"W/") for candidate in value.split(b",")}
    return etag in candidates or b"*" in candidates
