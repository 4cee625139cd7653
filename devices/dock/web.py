"""The dock's page over HTTP, on loopback alone.

Other pages in the same browser can reach loopback too: whoever asks must name loopback as the host, and whoever orders
must send a header that a foreign page may not.
"""

import json
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import parse_qs, urlsplit

from devices.address import is_loopback
from devices.dock.board import News
from devices.dock.dock import BadOrder, Dock

MOST_BYTES: Final = 20_000_000
"""Of a picture that is dropped: more than any phone's photograph."""
WAIT: Final = 15.0
"""Seconds after which a question without an answer is answered with nothing, so that lines that died are noticed."""

_PAGE: Final = Path(__file__).parent / "page"
_FILES: Final = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/dock.css": ("dock.css", "text/css; charset=utf-8"),
    "/dock.js": ("dock.js", "text/javascript; charset=utf-8"),
    "/words.js": ("words.js", "text/javascript; charset=utf-8"),
}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob: data:"
)


class DockServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, dock: Dock) -> None:
        super().__init__(("127.0.0.1", port), _Visitor)
        self.dock = dock

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Visitor(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: DockServer  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self) -> None:
        if not self._is_at_home():
            return
        address = urlsplit(self.path)
        asked = {name: values[-1] for name, values in parse_qs(address.query).items()}
        match address.path:
            case path if path in _FILES:
                name, kind = _FILES[path]
                self._answer((_PAGE / name).read_bytes(), kind)
            case "/screen":
                picture = self.server.dock.picture(_number(asked.get("after")), WAIT)
                if picture is None:
                    self._answer(b"", "image/jpeg", HTTPStatus.NO_CONTENT)
                else:
                    self._answer(picture.jpeg, "image/jpeg", frame=str(picture.number))
            case "/paper/hanging.png":
                hanging = self.server.dock.hanging_paper()
                # It may have been cut off since the page was told of it.
                self._answer(hanging or b"", "image/png", HTTPStatus.OK if hanging else HTTPStatus.NO_CONTENT)
            case path if path.startswith("/paper/"):
                file = self.server.dock.paper(path.removeprefix("/paper/"))
                self._answer_paper(None if file is None else file.read_bytes())
            case "/events":
                self._tell_events()
            case _:
                self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        if not self._is_at_home():
            return
        length = _number(self.headers.get("Content-Length"))
        if self.headers.get("X-Dock") != "1" or length > MOST_BYTES:
            self._refuse(HTTPStatus.FORBIDDEN)
            return
        body = self.rfile.read(length)
        try:
            match self.path:
                case "/slips":
                    self._answer_json({"said": self.server.dock.drop(body)})
                case "/orders":
                    self._answer_json({"said": self.server.dock.obey(_order(body))})
                case _:
                    self._refuse(HTTPStatus.NOT_FOUND)
        except BadOrder:
            self._refuse(HTTPStatus.BAD_REQUEST)

    def log_message(self, format: str, *args: Any) -> None:
        """What is asked for is no news."""

    def _tell_events(self) -> None:
        """Server-sent events: what changed, as it changes; a comment when nothing did, so that a dead line is left."""
        self.close_connection = True
        self._begin(HTTPStatus.OK, "text/event-stream", {})
        version = line = 0
        try:
            while True:
                news = self.server.dock.board.wait(version, line, WAIT)
                if news is None:
                    self.wfile.write(b": nothing\n\n")
                    continue
                version = news.version
                line = news.log[-1].number if news.log else line
                self.wfile.write(b"data: " + _event(news) + b"\n\n")
        except OSError:
            return  # the page was closed

    def _is_at_home(self) -> bool:
        if is_loopback(f"http://{self.headers.get('Host', '')}"):
            return True
        self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
        return False

    def _answer_paper(self, picture: bytes | None) -> None:
        if picture is None:
            self._refuse(HTTPStatus.NOT_FOUND)
        else:
            self._answer(picture, "image/png")

    def _answer_json(self, what: dict[str, str]) -> None:
        self._answer(json.dumps(what).encode(), "application/json")

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True
        self._answer(status.phrase.encode(), "text/plain", status)

    def _answer(self, body: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK, frame: str = "") -> None:
        more = {"Content-Length": str(len(body))} | ({"X-Frame": frame} if frame else {})
        self._begin(status, kind, more)
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # the page was closed

    def _begin(self, status: HTTPStatus, kind: str, more: dict[str, str]) -> None:
        self.send_response(status)
        headers = {"Content-Type": kind, "Cache-Control": "no-store", "Content-Security-Policy": _POLICY}
        for name, value in (headers | more | {"X-Content-Type-Options": "nosniff"}).items():
            self.send_header(name, value)
        self.end_headers()


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdecimal() else 0


def _order(body: bytes) -> dict[str, Any]:
    """Raises BadOrder."""
    try:
        order: object = json.loads(body)
    except (ValueError, RecursionError):
        raise BadOrder("no JSON") from None
    if not isinstance(order, dict):
        raise BadOrder("no order")
    return cast(dict[str, Any], order)


def _event(news: News) -> bytes:
    return json.dumps({"parts": news.parts, "log": [asdict(line) for line in news.log]}).encode()
