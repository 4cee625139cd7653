"""Errors as a documented family: RFC 9457 bodies whose `type` is a stable code, and no internals."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

import msgspec
from starlette.responses import Response

MEDIA_TYPE: Final = "application/problem+json"


class Code(Enum):
    """Every problem that this API answers: its code, HTTP status and title."""

    BAD_REQUEST = ("bad_request", 400, "The request is not of the documented form")
    NOT_A_NUMBER = ("not_a_number", 400, "Not a tracking number or not a secret code")
    NOT_A_TERMINAL = ("not_a_terminal", 401, "Only enrolled terminals may ask this")
    NOT_A_FEEDER = ("not_a_feeder", 401, "No key of an older system, or one that is revoked or too old")
    BAD_SIGNATURE = ("bad_signature", 401, "The signature does not hold, or its key is unknown here")
    OUT_OF_WINDOW = ("out_of_window", 401, "Signed too long ago, or in the future: compare clocks, and sign again")
    REPLAYED = ("replayed", 401, "This very request was taken before")
    PENDING = ("pending", 403, "Nobody has let this terminal in yet")
    REVOKED = ("revoked", 403, "This terminal is no longer let in")
    WRONG_CODE = ("wrong_code", 403, "This is not the code that was sent")
    NO_SUCH_PAGE = ("no_such_page", 404, "Nothing is here")
    NO_CA = ("no_ca", 404, "This office has no TLS")
    NO_CONTENT = ("no_content", 404, "This office has published no content yet")
    UNKNOWN_CODE = ("unknown_code", 404, "No such code: of another office, or replaced by a newer one")
    NO_STATUS = ("no_status", 404, "No status lies here")
    NO_MATCH = ("no_match", 404, "Number and code do not belong together")
    NO_MESSAGE = ("no_message", 404, "No such message was sent, or not so often")
    WRONG_METHOD = ("wrong_method", 405, "This address does not take this method")
    AHEAD = ("ahead", 409, "The office has not reached this cursor: it may have been restored from an older copy")
    CODE_USED = ("code_used", 409, "Another machine used this code")
    KEY_KNOWN = ("key_known", 409, "This key has been used before")
    BAD_CHALLENGE = ("bad_challenge", 409, "This challenge was used, replaced or given to another, or is too old")
    BAD_ASK = ("bad_ask", 409, "This card is no longer there: it is to be presented again")
    CODE_EXPIRED = ("code_expired", 410, "This code is older than 30 minutes")
    CODE_OVER = ("code_over", 410, "There is no code to be tried: too old, tried too often, used, or never asked for")
    REISSUED = ("reissued", 410, "This slip was replaced by a newer one")
    EXPIRED = ("expired", 410, "The application of this slip is no longer shown")
    TOO_LARGE = ("too_large", 413, "The body is larger than allowed")
    NOT_JSON = ("not_json", 415, "The body must be application/json")
    NOT_CBOR = ("not_cbor", 415, "The body must be application/cbor")
    TOO_MANY = ("too_many", 429, "Too many failures: wait before the next attempt")
    NOT_ROWS = ("not_rows", 415, "The body must be text/csv or application/jsonl, with the columns of docs/import.md")
    NOT_SAVED = ("not_saved", 503, "The register cannot be written now: send it again later, all of it")
    INTERNAL = ("internal", 500, "The office failed; nothing was changed")
    NOT_YET = ("not_yet", 503, "The status is being published: ask again")

    def __init__(self, code: str, status: int, title: str) -> None:
        self.code = code
        self.status = status
        self.title = title


class Problem(msgspec.Struct, omit_defaults=True):
    """The body of every error."""

    type: str
    title: str
    status: int
    detail: str | None = None
    office_time: int | None = None
    tries_left: int | None = None


@dataclass(slots=True, eq=False)
class Refusal(Exception):
    """A request that is answered with a problem. `retry_after` is in seconds, `detail` says which field is wrong.

    `office_time` (seconds since 1970, UTC) is for who signed by another clock, `tries_left` for who typed a wrong code.
    """

    code: Code
    detail: str | None = None
    retry_after: int | None = None
    allow: str | None = None
    office_time: int | None = None
    tries_left: int | None = None


def problem_response(refusal: Refusal) -> Response:
    """Write a refusal as its HTTP answer; never stored by a cache."""
    code = refusal.code
    headers = {"cache-control": "no-store"}
    if refusal.retry_after is not None:
        headers["retry-after"] = str(refusal.retry_after)
    if refusal.allow is not None:
        headers["allow"] = refusal.allow
    if code.status == Code.NOT_A_TERMINAL.status:
        headers["www-authenticate"] = "Signature"
    problem = Problem(code.code, code.title, code.status, refusal.detail, refusal.office_time, refusal.tries_left)
    body = msgspec.json.encode(problem)
    return Response(body, code.status, headers, MEDIA_TYPE)
