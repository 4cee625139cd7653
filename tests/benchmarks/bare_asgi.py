"""The floor for the office's HTTP, on the same server: 320 fixed bytes, or at /page a page of one letter."""

from collections.abc import Awaitable, Callable
from typing import Any

BODY = bytes(320)
HEADERS = [(b"content-type", b"application/octet-stream"), (b"content-length", b"320")]
PAGE = b'<!doctype html><html lang="en"><title>p</title><p>p'
PAGE_HEADERS = [(b"content-type", b"text/html"), (b"content-length", str(len(PAGE)).encode())]


async def app(
    scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    assert scope["type"] == "http"
    headers, body = (PAGE_HEADERS, PAGE) if scope["path"] == "/page" else (HEADERS, BODY)
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def main() -> None:
    """Serve on a free port, with the office's own server settings; says where in one line of JSON."""
    import json
    import socket

    import uvicorn

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    print(json.dumps({"listening": f"http://127.0.0.1:{listening.getsockname()[1]}"}), flush=True)
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        lifespan="off",
        limit_concurrency=1000,
    )
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
