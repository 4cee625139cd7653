"""The floor for the office's HTTP: an ASGI application that answers 320 fixed bytes, on the same server."""

from collections.abc import Awaitable, Callable
from typing import Any

BODY = bytes(320)
HEADERS = [(b"content-type", b"application/octet-stream"), (b"content-length", b"320")]


async def app(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})
