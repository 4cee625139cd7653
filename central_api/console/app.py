"""The console's door: where a request came from, whose session it is, which page it asks for.

A form counts only if it came from a page of this very origin and carries its session's mark. Where a session has ended
in the middle of a form, what was typed goes back to the browser with the page to sign in, and is there again after.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, cast
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from central_api.contract.catalogue import WRITTEN_LANGUAGES
from central_api.contract.errors import ContractError
from central_api.store import ActionRefused, StoreFailed, credentials
from central_api.web.desk import Desk
from central_api.web.imports import MOST_BYTES
from central_api.workflow import Duty

from . import (
    audit,
    books,
    bulk,
    calendar,
    cards,
    deputies,
    feeds,
    files,
    intake,
    people,
    queue,
    reports,
    search,
    signing_in,
    terminals,
)
from .asked import HEADERS, Asked
from .pages import static_files

COOKIE: Final = "istilam_session"
LANGUAGE_COOKIE: Final = "istilam_language"
# A bulk approval of 500 files, or a long note; an upload goes to a file of its own.
_MOST_BYTES: Final = 256 * 1024
_MOST_FIELDS: Final = 2_000
_THREADS: Final = 4
Handler = Callable[[Asked], Response]


@dataclass(frozen=True, slots=True)
class Page:
    """One method of one address under /console. `duties`: who may ask; none: whoever is not signed in, too."""

    method: str
    pattern: str
    handler: Handler
    duties: frozenset[Duty] = frozenset()
    upload: bool = False


_STAFF: Final = frozenset({Duty.OFFICER})
_READERS: Final = frozenset({Duty.OFFICER, Duty.AUDITOR})
_KEEPERS: Final = frozenset({Duty.ADMINISTRATOR, Duty.AUDITOR})
_ALL: Final = frozenset(Duty)
_FILE: Final = r"/files/(?P<tracking>\d{11})"

PAGES: Final = (
    Page("GET", r"/sign-in", signing_in.ask),
    Page("POST", r"/sign-in", signing_in.sign_in),
    Page("GET", r"/join", signing_in.ask_to_join),
    Page("POST", r"/join", signing_in.join),
    Page("POST", r"/sign-out", signing_in.sign_out, _ALL),
    Page("GET", r"/?", queue.home, _ALL),
    Page("GET", _FILE, files.show, _READERS),
    Page("POST", _FILE + "/note", files.note, _STAFF),
    Page("POST", _FILE + "/card", cards.change, _STAFF),
    Page("POST", _FILE + "/assign", files.assign, _STAFF),
    Page("GET", _FILE + "/told", files.told, _READERS),
    Page("GET", _FILE + "/(?P<action>[a-z]+)", files.confirm, _STAFF),
    Page("POST", _FILE + "/(?P<action>[a-z]+)", files.act, _STAFF),
    Page("GET", r"/bulk", bulk.review, _STAFF),
    Page("POST", r"/bulk", bulk.approve, _STAFF),
    Page("GET", r"/intake", intake.ask, _STAFF),
    Page("POST", r"/intake", intake.take_in, _STAFF),
    Page("GET", r"/intake/(?P<tracking>\d{11})", intake.taken, _STAFF),
    Page("GET", r"/slips/(?P<tracking>\d{11})\.(?P<suffix>png|pdf)", intake.slip, _STAFF),
    Page("POST", _FILE + "/slip/reissue", intake.reissue, _STAFF),
    Page("GET", r"/search", search.search, _READERS),
    Page("GET", r"/deputies", deputies.show, _READERS),
    Page("POST", r"/deputies", deputies.change, _STAFF),
    Page("GET", r"/calendar", calendar.show, _ALL),
    Page("POST", r"/calendar", calendar.change, _STAFF),
    Page("GET", r"/terminals", terminals.show, _ALL),
    Page("GET", r"/feed", feeds.ask, _STAFF),
    Page("POST", r"/feed", feeds.take, _STAFF, upload=True),
    Page("POST", r"/feed/profiles", feeds.keep, _STAFF),
    Page("GET", r"/reports", reports.show, _READERS),
    Page("GET", r"/reports/(?P<name>[a-z_]+)\.csv", reports.as_csv, _READERS),
    Page("GET", r"/books", books.show, _READERS),
    Page("GET", r"/books\.csv", books.as_csv, _READERS),
    Page("GET", r"/people", people.show, _KEEPERS),
    Page("POST", r"/people", people.change, frozenset({Duty.ADMINISTRATOR})),
    Page("GET", r"/audit", audit.show, frozenset({Duty.AUDITOR})),
)


def make_console(desk: Desk) -> ASGIApp:
    """Return the console over a desk, for all that lies under /console."""
    compiled = [(re.compile(page.pattern), page) for page in PAGES]
    threads = CapacityLimiter(_THREADS)

    async def console(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        answer = await _answer(desk, compiled, threads, request)
        await answer(scope, receive, send)

    return console


async def _answer(
    desk: Desk, compiled: list[tuple[re.Pattern[str], Page]], threads: CapacityLimiter, request: Request
) -> Response:
    path = request.url.path.removeprefix("/console")
    if path.startswith("/static/") and request.method == "GET":
        return _static(*path.removeprefix("/static/").partition("/")[::2])
    matches = [(found, page) for pattern, page in compiled if (found := pattern.fullmatch(path))]
    found, page = next(((f, p) for f, p in matches if p.method == request.method), (None, None))
    asked = _asked(desk, request, path)
    if found is None or page is None:
        page = Page("GET", "", lambda nothing: nothing.page("nothing.html", 405 if matches else 404))
    else:
        asked.parts = found.groupdict()
    token = request.cookies.get(COOKIE)
    # A stranger's upload is not read at all: it would lie on the disk before anybody asked whose it is.
    wanted = not page.upload or await to_thread.run_sync(partial(_known, desk, token), limiter=threads)
    if page.method == "POST" and wanted and (code := await _read_form(asked, request, page)):
        return asked.page("nothing.html", code)
    return await to_thread.run_sync(partial(_handle, asked, page, token), limiter=threads)


def _known(desk: Desk, token: str | None) -> bool:
    office = desk.office
    return token is not None and credentials.session_of(office.own_reader, token, office.clock()) is not None


def _asked(desk: Desk, request: Request, path: str) -> Asked:
    query = parse_qs(request.url.query, keep_blank_values=True)
    wanted = (query.get("lang") or [request.cookies.get(LANGUAGE_COOKIE, "")])[0]
    return Asked(desk, path, wanted if wanted in WRITTEN_LANGUAGES else "ar", query)


async def _read_form(asked: Asked, request: Request, page: Page) -> int:
    """Read what a form sent: 0, or the HTTP status of why it does not count."""
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    if origin is None or urlsplit(origin).netloc != host:
        return 403
    kind = request.headers.get("content-type", "").partition(";")[0]
    try:
        if page.upload and kind == "multipart/form-data":
            return await _read_upload(asked, request)
        if kind != "application/x-www-form-urlencoded":
            return 415
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MOST_BYTES:
                return 413
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except (MultiPartException, HTTPException, ValueError):
        return 400
    asked.form = _by_name(pairs)
    return 0


async def _read_upload(asked: Asked, request: Request) -> int:
    # No more comes than what is announced here: the server sees to that.
    if not 0 < int(request.headers.get("content-length", "0")) <= MOST_BYTES:
        return 413
    asked.form, asked.files = _parted(await request.form(max_files=1, max_fields=20))
    return 0


def _by_name(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return form


def _parted(sent: FormData) -> tuple[dict[str, list[str]], dict[str, UploadFile]]:
    form: dict[str, list[str]] = {}
    files: dict[str, UploadFile] = {}
    for name, value in sent.multi_items():
        if isinstance(value, UploadFile):
            files[name] = value
        else:
            form.setdefault(name, []).append(value)
    return form, files


def _handle(asked: Asked, page: Page, token: str | None) -> Response:
    """Answer a request in a thread of its own, as whoever it is."""
    try:
        _recognize(asked, token)
        answer = _let_in(asked, page)
    except ActionRefused as error:
        answer = asked.refused(error)
    except (ContractError, OverflowError):
        # Of a number that is none, or larger than any that a register holds.
        answer = asked.page("nothing.html", 404)
    except StoreFailed:
        answer = asked.page("failed.html", 503)
    if "lang" in asked.query:
        answer.set_cookie(LANGUAGE_COOKIE, asked.language, path="/console", samesite="strict", httponly=True)
    return answer


def _recognize(asked: Asked, token: str | None) -> None:
    office = asked.desk.office
    now = office.clock()
    found = credentials.session_of(office.own_reader, token, now) if token else None
    if found is None:
        return
    asked.session, stale = found
    if stale and token:
        asked.write(lambda connection: credentials.touch(connection, token, now))


def _let_in(asked: Asked, page: Page) -> Response:
    if not page.duties:
        return page.handler(asked)
    if asked.session is None:
        if page.method == "GET":
            return RedirectResponse("/console/sign-in?" + urlencode({"next": _address(asked)}), 303, HEADERS)
        return signing_in.ask_keeping(asked)
    if asked.account.duty not in page.duties:
        return asked.page("nothing.html", 403)
    if page.method == "POST" and asked.value("csrf") != asked.session.csrf():
        # Of a session that has ended, or of none: nothing is done, and what was typed is shown once more.
        return signing_in.show_kept(asked, asked.path, asked.form)
    return page.handler(asked)


def _address(asked: Asked) -> str:
    query = {name: values for name, values in asked.query.items() if name != "lang"}
    return asked.path + ("?" + urlencode(cast(Mapping[str, list[str]], query), doseq=True) if query else "")


def _static(edition: str, name: str) -> Response:
    present, files = static_files()
    if name not in files:
        return Response(status_code=404, headers=HEADERS)
    # Its address changes with its content, so a browser asks for it once. Another edition's page is not kept.
    kept = {"cache-control": "public, max-age=31536000, immutable"} if edition == present else {}
    media_type = "text/css" if name.endswith("css") else "image/svg+xml"
    return Response(files[name], headers=HEADERS | kept, media_type=media_type)
