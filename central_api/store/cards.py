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

from central_api.contract.audit import SALT_BYTES, personal_digest
from central_api.contract.cards import MAX_CARD_STATUSES
from central_api.workflow import Act, Action, RefusalCode, Role

from .errors import ActionRefused
from .events import CARD, LOOK, Event, decode_event, encode_event
from .filed import Filed, find_row
from .founding import alone, sync, write_secret
from .register import INSERT_PERSONAL, insert_event

_DOCUMENT: Final = re.compile(r"([A-Z])-([A-Z]{1,3})-([A-Z0-9]{1,22})")
_OPENED: Final = f"""
    SELECT event.application, event.body, personal.salt
    FROM personal JOIN event ON event.seq = personal.event
    WHERE personal.field = {CARD} AND personal.value = ? AND event.application IS NOT NULL
    ORDER BY event.seq DESC LIMIT {MAX_CARD_STATUSES}
"""


def card_index_key(data: Path) -> bytes:
    """Return the key (32 bytes) of the office in a folder, made on first use. Without it, cards open nothing again."""
    path = data / "secrets" / "card-index-key"
    if not path.exists():
        with alone(data):
            if not path.exists():
                draft = path.with_name(".card-index-key")
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


def card_index(key: bytes, document: str) -> str:
    """Return the index of a document, in hex."""
    return hmac.digest(key, document.encode("ascii"), "sha256").hex()


def look(connection: sqlite3.Connection, card: str, terminal: str, now: int) -> list[Filed]:
    """Return the files that a card opens, the newest first; where there are any, record that a terminal was shown them.

    Runs inside a transaction of the office's writer; the answer must wait for its commit.
    """
    found = [
        find_row(connection, row)
        for row, body, salt in connection.execute(_OPENED, (card,)).fetchall()
        # What was written beside the chain, and not by it, opens nothing.
        if decode_event(body).personal.get(CARD) == personal_digest(salt, card)
    ]
    if found:
        salt, value = secrets.token_bytes(SALT_BYTES), f"{terminal} {card}"
        event = Event(Act(Action.LOOK, Role.INTAKE, now), now, personal={LOOK: personal_digest(salt, value)})
        sequence = insert_event(connection, None, encode_event(event))
        connection.execute(INSERT_PERSONAL, (sequence, LOOK, salt, value))
    return found
