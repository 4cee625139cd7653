"""What a handler gets: who asks, in which language, what was sent; and how it answers."""

import secrets
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from central_api.store import ActionRefused
from central_api.store.credentials import Session
from central_api.store.people import Account
from central_api.web.desk import Desk
from central_api.workflow import Duty, Role

from . import words
from .pages import environment

T = TypeVar("T")
LOOK: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS: Final = {
    "content-security-policy": LOOK,
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}


@dataclass(slots=True)
class Asked:
    """One request of the console. `form` holds the fields as sent, each a list; `files` what was uploaded."""

    desk: Desk
    path: str
    language: str
    query: Mapping[str, list[str]]
    session: Session | None = None
    form: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])
    files: Mapping[str, UploadFile] = field(default_factory=dict[str, UploadFile])
    parts: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def account(self) -> Account:
        """Who asks; only in handlers of signed-in people."""
        assert self.session is not None
        return self.session.account

    def holds(self, role: Role) -> bool:
        """Say whether who asks holds a unit of a role."""
        return any(unit.role == role for unit in self.account.units)

    def value(self, name: str) -> str:
        """Return a field of the form, or of the query; empty where it was not sent."""
        return (self.form.get(name) or self.query.get(name) or [""])[0].strip()

    def values(self, name: str) -> list[str]:
        """Return every value of a field."""
        return list(self.form.get(name) or self.query.get(name) or [])

    def say(self, key: str, **values: object) -> str:
        """Return words in the asker's language."""
        return words.say(self.language, key, **values)

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do work in the office's writer, and wait until it is durable."""
        return self.desk.office.execute_write(work).result()

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """Draw a page."""
        drawn = (
            environment(self.language)
            .get_template(template)
            .render(
                asked=self,
                account=self.session.account if self.session else None,
                csrf=self.session.csrf() if self.session else "",
                ministry=self.desk.office.settings.names.get(self.language, ""),
                practice=self.desk.practice,
                Duty=Duty,
                Role=Role,
                **values,
            )
        )
        return Response(drawn, status, HEADERS, "text/html; charset=utf-8")

    def refused(self, error: ActionRefused, status: int = 409) -> Response:
        """Draw why something was refused: in words of the asker's language, with what can be done."""
        return self.page("refused.html", status, code=error.code, words=words.refusal(self.language, error))


def see_other(path: str, **query: str) -> Response:
    """Send the browser on to a page of the console, after a form was taken."""
    pairs = "&".join(f"{name}={quote(value)}" for name, value in query.items())
    return RedirectResponse(f"/console{path}" + (f"?{pairs}" if pairs else ""), 303, HEADERS)


def new_form() -> str:
    """Draw the name of a form, so that sending it twice counts once."""
    return secrets.token_urlsafe(16)
