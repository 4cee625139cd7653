"""The ASGI application: the door (log, counters, the hot route), the gate (who, query, body), then a handler."""

import time
import traceback
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, cast
from urllib.parse import parse_qsl

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route as StarletteRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from central_api.store.terminals import KeyState

from .access import AccessLog
from .desk import NOBODYS_KEY, UNENROLLED, Desk
from .imports import feeder_of
from .problems import Code, Refusal, problem_response
from .routes import Caller, Route
from .signatures import asked_of
from .statuses import PATH, TEMPLATE, Statuses
from .table import ROUTES

# A receipt of 1,024 characters, each escaped, and a little.
MAX_BODY_BYTES: Final = 8192
Gate = Callable[[Request], Awaitable[Response]]
CONSOLE: Final = "/console"
_UNMATCHED: Final = "unmatched"
_JSON: Final = "application/json"
_CBOR: Final = "application/cbor"


def make_app(desk: Desk, console: ASGIApp | None = None) -> ASGIApp:
    """Return the whole application over a desk; `console` answers what lies under /console, where there is one."""
    gates = {(route.method, route.path): _gate(desk, route) for route in ROUTES if route.path != TEMPLATE}
    routes = [StarletteRoute(path, gate, methods=[method]) for (method, path), gate in gates.items()]
    handlers: dict[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
        HTTPException: _on_http_exception,
        Refusal: _on_refusal,
    }
    inner = Starlette(routes=routes, exception_handlers=cast(Any, handlers))
    inner.router.redirect_slashes = False
    return Door(desk, inner, {ask: gate for ask, gate in gates.items() if "{" not in ask[1]}, console)


class Door:
    """Logs and counts every request by its route's template: never its path, query or body.

    `gates` are the routes without a parameter: found at once, since a country's terminals ask one of them each second.
    """

    def __init__(
        self, desk: Desk, inner: ASGIApp, gates: Mapping[tuple[str, str], Gate], console: ASGIApp | None
    ) -> None:
        self._desk = desk
        self._inner = inner
        self._console = console
        self._gates = gates
        self._statuses = Statuses(desk.office)
        self._access = AccessLog(desk.log, desk.metrics)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        began = time.perf_counter()
        if scope["path"].startswith(PATH):
            status = await self._statuses.answer(scope, receive, send)
            self._access.hot(status, time.perf_counter() - began)
            return
        scope["istilam.route"] = _UNMATCHED
        seen = _Seen(send)
        try:
            gate = self._gates.get((scope["method"], scope["path"]))
            if self._console is not None and scope["path"].startswith(CONSOLE):
                scope["istilam.route"] = CONSOLE
                await self._console(scope, receive, seen)
            elif gate is None:
                await self._inner(scope, receive, seen)
            else:
                await _through(gate, scope, receive, seen)
        except ClientDisconnect:
            seen.status = 499
        except Exception as error:  # noqa: BLE001 - a bug: it is told, and this one request fails
            # Types and places only: an error's words may hold a number or a code.
            where = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
            self._desk.log.error("failed", route=scope["istilam.route"], error=type(error).__name__, where=where)
            if not seen.status:
                await problem_response(Refusal(Code.INTERNAL))(scope, receive, seen)
        self._access.one(scope["method"], scope["istilam.route"], seen.status, time.perf_counter() - began)


async def _through(gate: Gate, scope: Scope, receive: Receive, send: Send) -> None:
    try:
        answer = await gate(Request(scope, receive, send))
    except Refusal as refusal:
        answer = problem_response(refusal)
    await answer(scope, receive, send)


class _Seen:
    """Passes an answer on, and remembers its status."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)


def _gate(desk: Desk, route: Route) -> Gate:
    takes_body = route.body is not None or route.body_bytes is not None

    async def endpoint(request: Request) -> Response:
        request.scope["istilam.route"] = route.path
        body = await _read(request, route) if takes_body else b""
        asked = await _who(desk, route, request, body)
        if route.query is not None:
            asked["query"] = _query(request, route.query)
        elif request.scope["query_string"]:
            raise Refusal(Code.BAD_REQUEST, "no query is taken here")
        if route.body is not None:
            asked["body"] = _json(body, route.body)
        elif takes_body:
            asked["body"] = body
        if route.path_name is not None:
            asked["path"] = request.path_params[route.path_name]
        if route.streamed:
            asked["request"] = request
        if route.conditional:
            asked["if_none_match"] = request.headers.get("if-none-match")
        return await route.handler(desk, **asked)

    return endpoint


async def _who(desk: Desk, route: Route, request: Request, body: bytes) -> dict[str, object]:
    """Say who asks, as the route's handler wants it; refuse whoever may not."""
    if route.caller is Caller.ANYONE:
        return {"terminal": None}
    if route.caller is Caller.FEEDER:
        return {"feeder": feeder_of(desk, request.headers.get("authorization", ""))}
    asked = asked_of(request, desk.origin, body)
    if asked is None:
        if route.caller is Caller.TERMINAL and desk.lets_in_unenrolled(request):
            return {"key": NOBODYS_KEY} if route.keyed else {"terminal": UNENROLLED}
        raise Refusal(Code.NOT_A_TERMINAL)
    if route.caller is Caller.NEW_KEY:
        return {"asked": asked}
    key = await desk.key_of(asked)
    shut_out = key.state is KeyState.REVOKED or (key.state is KeyState.REFUSED and route.caller is not Caller.ANY_KEY)
    if shut_out:
        raise Refusal(Code.REVOKED)
    if key.state is KeyState.PENDING and route.caller is not Caller.ANY_KEY:
        raise Refusal(Code.PENDING)
    return {"terminal": key.name} if route.caller is Caller.TERMINAL and not route.keyed else {"key": key}


def _query(request: Request, struct: type[msgspec.Struct]) -> object:
    pairs = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    asked = dict(pairs)
    if len(pairs) != len(asked):
        raise Refusal(Code.BAD_REQUEST, "a query field that comes twice")
    try:
        return msgspec.convert(asked, struct, strict=False)
    except msgspec.ValidationError as error:
        raise Refusal(Code.BAD_REQUEST, str(error)) from None


async def _read(request: Request, route: Route) -> bytes:
    """Read the body of a request, of the route's media type and no larger than it takes."""
    expected, fault = (_JSON, Code.NOT_JSON) if route.body is not None else (_CBOR, Code.NOT_CBOR)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != expected:
        raise Refusal(fault)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > (route.body_bytes or MAX_BODY_BYTES):
            raise Refusal(Code.TOO_LARGE)
    return bytes(body)


def _json(body: bytes, struct: type[msgspec.Struct]) -> object:
    try:
        return msgspec.json.decode(body, type=struct)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal(Code.BAD_REQUEST, str(error)) from None


async def _on_refusal(_request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return problem_response(refusal)


async def _on_http_exception(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == Code.WRONG_METHOD.status:
        return problem_response(Refusal(Code.WRONG_METHOD, allow=(error.headers or {}).get("Allow")))
    return problem_response(Refusal(Code.NO_SUCH_PAGE))
