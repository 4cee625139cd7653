"""A virtual SMS gateway on loopback: takes what Kannel's sendsms takes, by POST, and reports each message as delivered.

For a demonstration. Kannel itself, with its own operator, stands in the tests.
"""

import hmac
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from devices.address import is_loopback

PATH: Final = "/cgi-bin/sendsms"
MOST_BYTES: Final = 2000
REPORT_SECONDS: Final = 10.0
# Taken by the operator, and come to the phone.
_REPORTS: Final = ("8", "1")


class VirtualGateway(ThreadingHTTPServer):
    """`received` is told phone and text of each message, by a thread of its own."""

    daemon_threads = True

    def __init__(self, username: str, password: str, received: Callable[[str, str], None], port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Asked)
        self.given = (username, password)
        self.received = received

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}{PATH}"

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, name="sms-gateway", daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


class _Asked(BaseHTTPRequestHandler):
    server: VirtualGateway  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != PATH or not length.isdecimal() or int(length) > MOST_BYTES:
            self._answer(HTTPStatus.NOT_FOUND, b"Unknown request.")
            return
        body = self.rfile.read(int(length))
        name, password = (self.headers.get(f"X-Kannel-{word}", "") for word in ("Username", "Password"))
        ours = "\0".join(self.server.given).encode()
        phone = self.headers.get("X-Kannel-To", "")
        if not hmac.compare_digest(f"{name}\0{password}".encode(), ours):
            self._answer(HTTPStatus.FORBIDDEN, b"Authorization failed for sendsms")
        elif not phone:
            self._answer(HTTPStatus.BAD_REQUEST, b"Missing receiver number, rejected")
        else:
            self._answer(HTTPStatus.ACCEPTED, b"0: Accepted for delivery")
            self.server.received(phone, body.decode("utf-8", "replace"))
            _report(self.headers.get("X-Kannel-DLR-Url", ""))

    def log_message(self, format: str, *args: Any) -> None:
        """Whom a message went to is no news."""

    def _answer(self, status: HTTPStatus, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _report(address: str) -> None:
    """Tell whoever asked for it that the message arrived; only to this machine, and once."""
    if not is_loopback(address):
        return
    for kind in _REPORTS:
        try:
            urllib.request.urlopen(address.replace("%d", kind), timeout=REPORT_SECONDS).close()
        except (urllib.error.URLError, OSError):
            return
