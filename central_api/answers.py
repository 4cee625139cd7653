"""What the commands answer: one line or one JSON object, and where they fail, why."""

import json
import os
import select
import sqlite3
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Final

from cyclopts import CycloptsError, Parameter

from central_api.contract.catalogue import catalogue
from central_api.contract.errors import ContractError, NotANumber
from central_api.imports import WrongFile, WrongProfile
from central_api.store import ActionRefused, Filed, NoOffice, Office, StoreFailed, Submitted
from central_api.store.keyring import WrongRootKey
from central_api.store.terminals import TerminalRefused
from central_api.workflow import InvalidTable, RefusalCode

Data = Annotated[Path, Parameter(help="The office's data folder.")]
Flag = Annotated[bool, Parameter(negative=())]
Json = Annotated[bool, Parameter(name="--json", negative=(), help="Answer with one JSON object.")]

# What was asked is not something this program knows: wrong use, like an unknown option.
_WRONG_USE: Final = frozenset(
    {
        RefusalCode.UNKNOWN_CODE,
        RefusalCode.BAD_PHONE,
        RefusalCode.BAD_DOCUMENT,
        RefusalCode.BAD_CARD,
        RefusalCode.CHANGING_CARD,
    }
)


class Failed(Exception):
    """A command that found that something does not hold: exit 1 (2 for wrong use), with what it found."""

    def __init__(self, found: dict[str, object], words: str, *, exit_code: int = 1) -> None:
        super().__init__(words)
        self.found = found
        self.exit_code = exit_code


# What a person can do something about. Anything else is a bug, and shows as one.
TOLD: Final = (
    ActionRefused,
    ContractError,
    CycloptsError,
    Failed,
    InvalidTable,
    NoOffice,
    OSError,
    RuntimeError,
    sqlite3.DatabaseError,
    StoreFailed,
    TerminalRefused,
    WrongFile,
    WrongProfile,
    WrongRootKey,
)


def explain(error: Exception) -> tuple[int, dict[str, object], str]:
    """Return the exit code, what --json tells, and the words of an error."""
    exit_code, code, words = 1, "failed", str(error)
    match error:
        case ActionRefused():
            exit_code, code, words = 2 if error.code in _WRONG_USE else 1, error.code, error.words
        case TerminalRefused():
            exit_code, code = 2 if error.code == "bad_value" else 1, error.code
        case WrongRootKey():
            code = "wrong_root_key"
        case Failed():
            return error.exit_code, error.found, words
        case NotANumber():
            exit_code, code, words = 2, "not_a_number", f"not a tracking number: {error}"
        case CycloptsError() | WrongFile():
            exit_code, code = 2, "wrong_use"
        case OSError(filename=str(name), strerror=str(why)):
            words = f"{name}: {why}"
        case sqlite3.DatabaseError():
            # Its own text may quote what stands in the register.
            words = f"the register cannot be read ({error.sqlite_errorname})"
        case _:
            pass
    return exit_code, {"error": code}, words


def text_of(file: Path) -> str:
    """Read a file that somebody wrote. Raises Failed where it is no text."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Failed({"error": "wrong_use"}, f"{file}: not text in UTF-8 (byte {error.start})", exit_code=2) from None


def say(answer: Mapping[str, object], as_json: bool, line: str) -> None:
    """Print the answer as JSON, or its line."""
    print(json.dumps(answer, ensure_ascii=False) if as_json else line)


def nobody_reads() -> bool:
    """Say whether whoever read standard output has gone, as `| head` does; what is left to say is then dropped."""
    outlet = select.poll()
    outlet.register(sys.stdout.fileno(), 0)
    if not outlet.poll(0):  # of a pipe that nobody reads it tells an error
        return False
    # Python flushes once more as it ends, and would tell of it.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return True


def counted(number: int, what: str) -> str:
    """Say how many of something there are, as `1 key` and `2 keys`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def given_of(given: Submitted) -> dict[str, object]:
    """Return what the visitor is given."""
    return {"tracking": given.tracking, "secret_code": given.secret_code, "slip_url": given.slip_url}


def shown_of(office: Office, filed: Filed) -> dict[str, object]:
    """Return what `show` tells of an application, by keys of the catalogue; times are seconds since 1970, UTC."""
    words = catalogue()
    status = office.status_of(filed)
    steps = [
        {
            "role": words.roles.key(step.office.role),
            "region": words.regions.key(step.office.region),
            "done_at": step.when,
            "acting": step.acting,
            "reported_by": None if step.reported_by is None else words.systems.key(step.reported_by),
            "expected_working_days": step.expected,
            "suspended_since": step.suspended_since,
        }
        for step in status.steps
    ]
    return {
        "tracking": filed.tracking,
        "family": words.families.key(status.family),
        "kind": office.kind_of(filed).key,
        "state": status.state.name.lower(),
        "step": status.current,
        "at": steps[status.current]["role"] if status.state.name == "UNDER_REVIEW" else None,
        "since": status.since,
        "changed": status.changed,
        "region": words.regions.key(filed.filing.region),
        "filed_at": words.regions.key(status.filed_at),
        "language": status.language.name.lower(),
        "issue": filed.issue,
        "legacy_number": filed.legacy_number,
        "missing": [words.documents.key(code) for code in status.missing],
        "reasons": [words.reasons.key(reason.code) for reason in status.reasons],
        "deadline": None if status.deadline is None else date.fromordinal(719_163 + status.deadline).isoformat(),
        "pending_checks": [{"agency": words.agencies.key(c.agency), "since": c.since} for c in status.checks],
        "document_waits": status.document_waits,
        "steps": steps,
    }
