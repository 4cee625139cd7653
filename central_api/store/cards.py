"""Which files a card opens: by an index under a key that the office alone holds, never by the number itself.

The index lies beside the event that took the application in, as a personal value: its salted digest is in the audit
chain, it can be erased by law, and then the card opens that file no more. Who looks at a person's files by a card makes
an event of his own, before he sees them.
"""

import hmac
import re
import secrets
import sqlite3
from pathlib import Path
from typing import Final

from central_api.contract.audit import personal_digest
from central_api.contract.cards import MAX_CARD_STATUSES
from central_api.contract.errors import NotANumber
from central_api.contract.numbers import parse_identity_number
from central_api.workflow import Act, Action, RefusalCode, Role

from .errors import ActionRefused
from .events import CARD, IDENTITY, LOOK, UID, decode_event
from .filed import Filed, find_row
from .founding import alone, sync, write_secret
from .register import tell

_DOCUMENT: Final = re.compile(r"([A-Z])-([A-Z]{1,3})-([A-Z0-9]{1,22})")
_RANDOM_UID: Final = "08"
_OPENED: Final = f"""
    SELECT event.application, event.body, personal.salt, personal.field
    FROM personal JOIN event ON event.seq = personal.event
    WHERE personal.field IN ({CARD}, {IDENTITY}, {UID}) AND personal.value = ? AND event.application IS NOT NULL
    ORDER BY event.seq DESC LIMIT {MAX_CARD_STATUSES}
"""


def card_index_key(data: Path) -> bytes:
    """Return the key (32 bytes) of the office in a folder, made on first use. Without it, cards open nothing again."""
    return own_key(data, "card-index-key")


def own_key(data: Path, name: str) -> bytes:
    """Return a key (32 bytes) that the office alone holds, made on first use."""
    path = data / "secrets" / name
    if not path.exists():
        with alone(data):
            if not path.exists():
                draft = path.with_name(f".{name}")
                draft.unlink(missing_ok=True)
                write_secret(draft, secrets.token_bytes(32))
                draft.rename(path)
                sync(path.parent)
    return path.read_bytes()


def document_of(text: str) -> str:
    """Return a document as the index knows it: `P-LBN-LR1234567`, kind and state as its MRZ begins, then its number.

    Spaces, case and dashes in the number are passed over. Raises ActionRefused.
    """
    kind, _, rest = re.sub(r"\s", "", text).upper().partition("-")
    state, _, number = rest.partition("-")
    document = f"{kind}-{state}-{number.replace('-', '')}"
    if not _DOCUMENT.fullmatch(document):
        words = "expected a document like P-LBN-LR1234567: the first letter of its MRZ, the issuing state, the number"
        raise ActionRefused(RefusalCode.BAD_DOCUMENT, words)
    return document


def identity_of(text: str) -> str:
    """Return an identity card as the index knows it, by its number. Raises ActionRefused."""
    try:
        return f"ID {parse_identity_number(text)}"
    except NotANumber as error:
        raise ActionRefused(RefusalCode.BAD_DOCUMENT, f"expected the number of an identity card: {error}") from None


def uid_of(text: str) -> str:
    """Return a contactless card as the index knows it, by its number in hex. Raises ActionRefused."""
    digits = re.sub(r"[\s:-]", "", text).upper()
    if not re.fullmatch(r"([0-9A-F]{2}){4,10}", digits, re.ASCII):
        raise ActionRefused(RefusalCode.BAD_DOCUMENT, "expected the number of a contactless card: 4 to 10 bytes in hex")
    if len(digits) == 8 and digits.startswith(_RANDOM_UID):
        # ISO/IEC 14443-3: passports and some cards draw such a number anew each time.
        raise ActionRefused(
            RefusalCode.BAD_DOCUMENT, "this card says another number each time: it cannot be known by it"
        )
    return f"UID {digits}"


def card_index(key: bytes, text: str) -> str:
    """Return the index of a card (docs/contract.md, Card index), in hex."""
    return hmac.digest(key, text.encode(), "sha256").hex()


def opened_by(connection: sqlite3.Connection, card: str) -> list[Filed]:
    """Return the files that a card opens, by its index, the newest first."""
    return [
        find_row(connection, row)
        for row, body, salt, field in connection.execute(_OPENED, (card,)).fetchall()
        # What was written beside the chain, and not by it, opens nothing.
        if decode_event(body).personal.get(field) == personal_digest(salt, card)
    ]


def look(connection: sqlite3.Connection, card: str, terminal: str, now: int) -> list[Filed]:
    """Return the files that a card opens, the newest first; where there are any, record that a terminal was shown them.

    Runs inside a transaction of the office's writer; the answer must wait for its commit.
    """
    found = opened_by(connection, card)
    if found:
        record(connection, Action.LOOK, card, terminal, now)
    return found


def record(connection: sqlite3.Connection, action: Action, card: str, terminal: str, now: int) -> int:
    """Append an event of a card (LOOK, CODE or MISSED) on a terminal; returns its sequence number."""
    return tell(connection, Act(action, Role.INTAKE, now), now, [(LOOK, f"{terminal} {card}")])
