"""One row of an older system's file: its columns, and what it says once it was read.

Everything here is checked against the row alone; whether the change is allowed is judged later, in the register.
"""

import hashlib
import zlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Final, TypeVar

import msgspec

from central_api.contract.catalogue import Section, catalogue
from central_api.contract.errors import NotANumber
from central_api.contract.numbers import fold_digits, parse_tracking_number
from central_api.contract.status import Language
from central_api.store import ActionRefused, codes
from central_api.workflow import Act, Action, Role
from central_api.workflow.chain import CHAIN_ACTIONS

V = TypeVar("V")
_EPOCH: Final = date(1970, 1, 1).toordinal()
_MOST_TEXT: Final = 64
_ACTIONS: Final = {action.word: action for action in (Action.SUBMIT, *CHAIN_ACTIONS)}
_ROLES: Final = {role.word: role for role in Role}
_LANGUAGES: Final = {language.name.lower(): int(language) for language in Language}
_YES: Final = {"": False, "0": False, "false": False, "no": False, "1": True, "true": True, "yes": True}


class Row(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """The columns, as text, as docs/import.md has them. `line` and `reason` let a refused file be sent again."""

    system: str = ""
    legacy_number: str = ""
    tracking: str = ""
    action: str = ""
    role: str = ""
    at: str = ""
    family: str = ""
    kind: str = ""
    region: str = ""
    filed_at: str = ""
    language: str = ""
    phone: str = ""
    acting: str | bool = ""
    reasons: str | list[str] = ""
    documents: str | list[str] = ""
    deadline: str = ""
    line: int | str = ""
    reason: str = ""


COLUMNS: Final = Row.__struct_fields__


class RowRefused(ValueError):
    """A row that cannot be applied, with the reason in words. It holds no personal value."""


class Said(msgspec.Struct, frozen=True, gc=False):
    """What a row says in words of the catalogue, as an act of no moment yet; `digest` is 31 bits of it."""

    system: int
    act: Act
    digest: int


class Particulars(msgspec.Struct, frozen=True, gc=False):
    """What a row with the action `submit` says besides. `phone` is in E.164."""

    family: str
    kind: str
    filed_at: int
    language: int
    phone: str | None

    @property
    def digest(self) -> int:
        """31 bits of it, the phone left out: a digest so short would tell it."""
        return zlib.crc32(f"{self.family}|{self.kind}|{self.filed_at}|{self.language}".encode()) >> 1

    def __repr__(self) -> str:
        return "Particulars()"


class Change(msgspec.Struct, frozen=True, gc=False):
    """A row that was read. `at` is seconds since 1970, UTC; `fingerprint` is its own within its application."""

    line: int
    said: Said
    legacy_number: str
    tracking: str
    at: int
    fingerprint: int
    intake: Particulars | None

    def __repr__(self) -> str:
        return f"Change(line={self.line})"


def read_row(row: Row, line: int) -> Change:
    """Read the columns of a row. Raises RowRefused."""
    reasons, documents, acting = row.reasons, row.documents, row.acting
    if not isinstance(reasons, str):
        reasons = ";".join(reasons)
    if not isinstance(documents, str):
        documents = ";".join(documents)
    said = _said(row.system, row.action, row.role, row.region, str(acting), reasons, documents, row.deadline)
    at = _time(row.at)
    legacy_number = _text(row.legacy_number, "legacy_number")
    tracking = _tracking(row.tracking) if row.tracking else ""
    if not legacy_number and not tracking:
        raise RowRefused("expected a legacy_number, or a tracking number of ours")
    intake = _particulars(row) if said.act.action is Action.SUBMIT else None
    # The second it happened and what it says tell a row from the others of its application.
    fingerprint = at << 31 | said.digest ^ (intake.digest if intake else 0)
    return Change(line, said, legacy_number, tracking, at, fingerprint, intake)


@lru_cache(maxsize=10_000)
def _said(*spelled: str) -> Said:
    """Read the words that most rows of a file share; spelled otherwise, they still say the same."""
    system, action, role, region, acting, reasons, documents, deadline = spelled
    words = catalogue()
    does = _one(_ACTIONS, "action", action)
    by_intake = does is Action.SUBMIT or (does is Action.RESUBMIT and not role)
    reporter = _one(words.systems.codes, "system", system)
    act = Act(
        action=does,
        role=Role.INTAKE if by_intake else _one(_ROLES, "role", role),
        at=0,
        region=_one(words.regions.codes, "region", region) if region else None,
        acting=_one(_YES, "acting", acting),
        reported_by=reporter,
        reasons=_codes(words.reasons, "reason", reasons),
        documents=_codes(words.documents, "document", documents),
        deadline=_date(deadline) if deadline else None,
    )
    digest = hashlib.blake2b(msgspec.msgpack.encode(act), digest_size=4).digest()
    return Said(reporter, act, int.from_bytes(digest, "big") >> 1)


def _particulars(row: Row) -> Particulars:
    if not row.legacy_number or row.tracking:
        raise RowRefused("submit needs the legacy_number, and no tracking number: it is given here")
    if not row.region:
        raise RowRefused("submit needs the region")
    regions = catalogue().regions.codes
    try:
        return Particulars(
            family=row.family.strip(),
            kind=row.kind.strip(),
            filed_at=_one(regions, "region", row.filed_at or row.region),
            language=_one(_LANGUAGES, "language", row.language or "ar"),
            phone=codes.phone_of(fold_digits(row.phone)) if row.phone else None,
        )
    except ActionRefused as refused:
        raise RowRefused(refused.words) from None


def _one(valid: Mapping[str, V], what: str, word: str) -> V:
    found = valid.get(word)
    if found is None:
        found = valid.get(word.strip().lower())
    if found is None:
        raise RowRefused(f"expected as {what} one of {', '.join(key for key in valid if key)}, found {word[:40]!r}")
    return found


def _codes(section: Section, what: str, words: str) -> tuple[int, ...]:
    keys = words.replace(";", " ").replace("|", " ").split()
    return tuple(dict.fromkeys(_one(section.codes, what, key) for key in keys))


def _text(text: str, column: str) -> str:
    if not text.isascii():
        text = fold_digits(text)
    text = text.strip()
    if len(text) > _MOST_TEXT or not (text.isprintable()):
        raise RowRefused(f"expected a {column} of at most {_MOST_TEXT} printable characters")
    return text


def _tracking(text: str) -> str:
    try:
        return parse_tracking_number(text)
    except NotANumber as error:
        raise RowRefused(f"not a tracking number of ours: {error}") from None


def _time(text: str) -> int:
    if not text.isascii():
        text = fold_digits(text)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise RowRefused(f"expected a time like 2026-03-01T09:30:00+02:00 in `at`, found {text[:40]!r}") from None
    if moment.tzinfo is None:
        raise RowRefused("the time in `at` needs its zone, like 2026-03-01T09:30:00+02:00")
    seconds = int(moment.timestamp())
    if not 0 < seconds < 1 << 32:
        raise RowRefused("the time in `at` is not of our days")
    return seconds


def _date(text: str) -> int:
    try:
        day = date.fromisoformat(fold_digits(text).strip()).toordinal() - _EPOCH
    except ValueError:
        raise RowRefused(f"expected a date like 2026-03-01 in `deadline`, found {text[:40]!r}") from None
    if day < 0:
        raise RowRefused("the date in `deadline` is not of our days")
    return day
