"""`serve`: one process of the office on the network; beside it the publisher and, if configured, the sender of SMS."""

import gc
import logging
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog
import uvicorn
from starlette.types import ASGIApp

from central_api.notify import Gateway, Sender, sms_settings
from central_api.store import NoOffice, Office, open_office
from central_api.store.authority import Authority, authority
from central_api.store.beside import Beside
from central_api.store.founding import DEFAULT_HOST, settings_of
from central_api.store.opened import SERVED_AT

from .app import make_app
from .desk import Desk, is_loopback
from .nightly import Nightly
from .publisher import Publisher

# A terminal asks every few seconds: its connection, with TLS the dearest part, is kept meanwhile.
KEEP_ALIVE_SECONDS: Final = 75
MOST_CONNECTIONS: Final = 10_000


class NoOrigin(ValueError):
    """Terminals sign the office's address: without one in office.toml, none that comes over the network is let in."""


class NotOnLoopback(ValueError):
    """Terminals that nobody enrolled may be let in on a loopback address only."""


class _Server(uvicorn.Server):
    """Says on standard output when it listens, in one JSON line."""

    def __init__(self, config: uvicorn.Config, desk: Desk) -> None:
        super().__init__(config)
        self._desk = desk

    async def startup(self, sockets: "list[object] | None" = None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        await super().startup(sockets)  # pyright: ignore[reportArgumentType] - socket.socket, untyped there
        if self.should_exit:
            return
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        scheme, office = "https" if self.config.is_ssl else "http", self._desk.office
        address = f"{scheme}://{shown}:{port}"
        if not self._desk.origin and is_loopback(host):
            # Where nobody wrote down how terminals reach the office, they reach it here, on this machine.
            self._desk.origin = address
            (office.data / SERVED_AT).write_text(address, encoding="ascii")
        line = {"listening": address, "ministry": office.settings.ministry}
        print(msgspec.json.encode(line).decode(), flush=True)


def serve(
    data: Path,
    *,
    bind: str = "127.0.0.1",
    port: int = 8400,
    tls: bool = False,
    demo: bool = False,
    practice: bool = False,
    loopback_terminals: bool = False,
    console: Callable[[Desk], ASGIApp] | None = None,
) -> int:
    """Serve the office of a folder until SIGTERM or SIGINT; returns the exit code.

    `port` 0 takes a free one; `tls` is by the office's own certificate. `demo` fills an empty folder with the demo's
    data first, and lets loopback terminals in; `practice` serves such an
    office of its own inside the folder. `console` makes the pages of the office's people.

    Raises NotOnLoopback, NoOrigin, NoOffice, InvalidTable.
    """
    if (demo or loopback_terminals) and not is_loopback(bind):
        raise NotOnLoopback("--loopback-terminals and --demo listen on a loopback address only")
    log_to_stderr()
    host = None
    if practice:
        # An office of its own, with keys, secrets and a host of its own: a live terminal knows none of its slips.
        host = f"PRACTICE.{settings_of(data).host if (data / 'office.toml').exists() else DEFAULT_HOST}"
        data /= "practice"
    if (demo or practice) and not (data / "office.toml").exists():
        from central_api.demo import build_demo

        build_demo(data, today=int(time.time()), host=host)
    with open_office(data) as office:
        _ = office.calendar  # one that cannot be read is told now, not to whoever asks for a page
        origin = office.settings.origin
        if not origin and not is_loopback(bind):
            words = (
                f"served on {bind}, every terminal would be refused: write in {data / 'office.toml'} where terminals"
            )
            raise NoOrigin(f'{words} reach this office, as origin = "https://office.labour.example:{port}"')
        if tls and origin.startswith("http://"):
            raise NoOffice("office.toml says that terminals reach this office by plain HTTP: write its https:// origin")
        certificates = _certificates(office, origin or f"https://{bind}") if tls or origin.startswith("https") else None
        desk = Desk(
            office,
            loopback_terminals=demo or loopback_terminals,
            origin=origin,
            ca_pem=certificates.ca_pem if certificates else None,
            practice=practice,
        )
        beside: list[Beside] = [Publisher(desk), Nightly(desk), *_senders(office)]
        config = uvicorn.Config(
            make_app(desk, console(desk) if console else None),
            host=bind,
            port=port,
            access_log=False,
            log_config=None,
            proxy_headers=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=5,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            limit_concurrency=MOST_CONNECTIONS,
            ssl_certfile=certificates.server_file if tls and certificates else None,
        )
        server = _Server(config, desk)
        for work in beside:
            work.on_crash = lambda: setattr(server, "should_exit", True)
        if threading.current_thread() is threading.main_thread():
            # Heard before it listens, too. And uvicorn ends gently at a signal and then raises it again, which would
            # cut the publisher off.
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, server.handle_exit)
        _allow_connections()
        for work in beside:
            work.start()
        # What lives as long as the process is not searched for garbage again and again.
        gc.freeze()
        try:
            server.run()
        finally:
            for work in reversed(beside):
                work.stop()
            desk.live.close()
    return 0 if server.started and all(work.crashed is None for work in beside) else 1


def _senders(office: Office) -> list[Sender]:
    """Return the sender of SMS, where there is a gateway that this process is to ask."""
    address = sms_settings(office.data)
    return [Sender(office, Gateway(address))] if address is not None and address.settings.serve else []


def _certificates(office: Office, origin: str) -> Authority:
    return authority(office.data, office.settings.ministry, origin, office.clock())


def _allow_connections() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + 1000
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted if hard < 0 else min(hard, wanted)), hard))


def _as_json(_logger: object, _method: str, event: MutableMapping[str, Any]) -> bytes:
    return msgspec.json.encode(event)


def log_to_stderr() -> None:
    """Write every log line as JSON on standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _as_json,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
