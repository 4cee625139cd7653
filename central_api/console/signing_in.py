"""Signing in by login, password and the phone's six digits; joining by invitation; what a session's end leaves."""

import re
import threading
from collections.abc import Mapping
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlencode

from qrcode.main import QRCode
from starlette.responses import Response

from central_api.store import ActionRefused, credentials
from central_api.store.credentials import SESSION_SECONDS, Session
from central_api.web.throttle import Attempt, Wait, attempt_succeeded, begin_attempt

from .asked import Asked, see_other

# One at a time: a hash takes 19 MiB and tens of milliseconds, and anyone may ask for it.
_hashing: Final = threading.Lock()
_TOTP: Final = re.compile("[A-Z2-7]{32}")
_NOT_KEPT: Final = frozenset({"csrf", "password", "digits", "login"})


def ask(asked: Asked) -> Response:
    """Show the page to sign in."""
    return _page(asked)


def ask_keeping(asked: Asked) -> Response:
    """Show it in place of a form whose session has ended, with all that was typed into the form."""
    if asked.path == "/sign-out":
        return see_other("/sign-in")  # who wanted to leave has left: nothing is left to do once he is back
    kept = [(name, value) for name, values in asked.form.items() for value in values if name not in _NOT_KEPT]
    return _page(asked, 401, kept=urlencode(kept), to=asked.path)


def sign_in(asked: Asked) -> Response:
    """Open a session, and go on where its person wanted to, or was."""
    login, kept = asked.value("login").lower()[:64], asked.value("kept")
    session = _proven(asked, login)
    if not isinstance(session, Session):
        wait = -(-session.seconds // 60) if isinstance(session, Wait) else 0
        status = 429 if wait else 401
        return _page(asked, status, kept=kept, to=asked.value("next"), login=login, wrong=not wait, wait=wait)
    asked.session = session
    if "lang" not in asked.query:
        asked.language = session.account.language
    target = asked.value("next")
    if kept:
        form: dict[str, list[str]] = {}
        for name, value in parse_qsl(kept, keep_blank_values=True):
            form.setdefault(name, []).append(value)
        answer = show_kept(asked, target, form)
    else:
        answer = see_other(target if target.startswith("/") and not target.startswith("//") else "/")
    answer.set_cookie(
        "istilam_session",
        session.token,
        max_age=SESSION_SECONDS,
        path="/console",
        secure=asked.desk.origin.startswith("https"),
        httponly=True,
        samesite="strict",
    )
    answer.set_cookie("istilam_language", asked.language, path="/console", samesite="strict", httponly=True)
    return answer


def show_kept(asked: Asked, target: str, form: Mapping[str, list[str]]) -> Response:
    """Show what was typed into a form before its session ended: nothing of it is done until it is sent again."""
    fields = [(name, value) for name, values in form.items() for value in values if name not in _NOT_KEPT]
    return asked.page("kept.html", target=target, fields=fields)


def sign_out(asked: Asked) -> Response:
    """End the session."""
    token = cast(Session, asked.session).token
    asked.write(lambda connection: credentials.end(connection, token))
    answer = see_other("/sign-in")
    answer.delete_cookie("istilam_session", path="/console")
    return answer


def ask_to_join(asked: Asked) -> Response:
    """Show the page where an invited person sets his password and phone."""
    return _joining(asked, credentials.new_totp())


def join(asked: Asked) -> Response:
    """Set password and phone of whoever was invited."""
    office, login = asked.desk.office, asked.value("login").lower()[:64]
    data, now, totp = office.data, office.clock(), asked.value("totp")
    password, form = asked.form.get("password", [""])[0], asked.form
    ours = _TOTP.fullmatch(totp) is not None
    if password != form.get("again", [""])[0] or not ours:
        return _joining(asked, totp if ours else credentials.new_totp(), "passwords_differ")
    attempt = asked.write(lambda connection: begin_attempt(connection, f"join/{login}", login, now))
    if isinstance(attempt, Wait):
        return _page(asked, 429, wait=-(-attempt.seconds // 60))
    with _hashing:
        hashed = credentials.hash_password(password)
    code, digits = asked.value("code"), asked.value("digits")
    try:
        asked.write(
            lambda connection: credentials.join(
                connection, data, login, code, password=password, hashed=hashed, totp=totp, digits=digits, now=now
            )
        )
    except ActionRefused as error:
        return _joining(asked, totp, f"join_{error.code.value}")
    asked.write(lambda connection: attempt_succeeded(connection, attempt))
    return see_other("/sign-in", joined="1")


def _proven(asked: Asked, login: str) -> Session | Wait | None:
    """Return the session of whoever proved to be somebody; how long to wait after too many failures; else None."""
    office = asked.desk.office
    now, digits, password = office.clock(), asked.value("digits"), asked.form.get("password", [""])[0]
    attempt: Attempt | Wait = asked.write(lambda connection: begin_attempt(connection, f"staff/{login}", login, now))
    if isinstance(attempt, Wait):
        return attempt
    with _hashing:
        holds = credentials.password_holds(office.own_reader, login, password)
    if not holds:
        return None

    def work(connection: Any) -> Session | None:
        session = credentials.begin(connection, office.data, login, digits, now)
        if session is not None:
            attempt_succeeded(connection, attempt)
        return session

    return asked.write(work)


def _page(asked: Asked, status: int = 200, **values: Any) -> Response:
    shown = {
        "kept": "",
        "to": asked.value("next"),
        "login": "",
        "wrong": False,
        "wait": 0,
        "joined": asked.value("joined"),
    }
    return asked.page("sign_in.html", status, **{**shown, **values})


def _joining(asked: Asked, totp: str, wrong: str = "") -> Response:
    login = asked.value("login").lower()[:64]
    address = credentials.totp_address(totp, login or "…", asked.desk.office.settings.ministry)
    code: Any = QRCode(border=4)
    code.add_data(address)
    code.make(fit=True)
    rows: list[list[bool]] = code.get_matrix()
    dark = [(x, y) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell]
    return asked.page(
        "join.html", 400 if wrong else 200, totp=totp, dark=dark, size=len(rows), wrong=wrong, login=login
    )
