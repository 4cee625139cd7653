"""Which files a card opens: by an index under a key that the office alone holds, never by the number itself.

The index lies beside the event that took the application in, as a personal value: its salted digest is in the audit
chain, it can be erased by law, and then the card opens that file no more. A card that is bound later has an event of
its own, beside the application: it changes no status. Who looks at a person's files by a card makes an event of his
own, before he sees them.
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
from .events import CARD, IDENTITY, LOOK, SAID, UID, WHO, Event, decode_event
from .filed import Filed, find_row
from .founding import alone, sync, write_secret
from .register import tell

_DOCUMENT: Final = re.compile(r"([A-Z])-([A-Z]{1,3})-([A-Z0-9]{1,22})")
_RANDOM_UID: Final = "08"
_OPENED: Final = f"""
    SELECT coalesce(event.application, note.application) AS file, event.body, personal.salt, personal.field,
        said.salt, said.value
    FROM personal JOIN event ON event.seq = personal.event LEFT JOIN note ON note.event = event.seq
        LEFT JOIN personal AS said ON said.event = event.seq AND said.field = {SAID}
    WHERE personal.field IN ({CARD}, {IDENTITY}, {UID}) AND personal.value = ? AND file IS NOT NULL
    ORDER BY file DESC
"""
_UNBOUND: Final = f"""
    DELETE FROM personal WHERE field IN ({CARD}, {IDENTITY}, {UID}) AND value = ?1 AND event IN
        (SELECT seq FROM event WHERE application = ?2 UNION ALL SELECT event FROM note WHERE application = ?2)
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
        raise ActionRefused(RefusalCode.BAD_CARD, f"expected the number of an identity card: {error}") from None


def uid_of(text: str) -> str:
    """Return a contactless card as the index knows it, by its number in hex. Raises ActionRefused."""
    digits = re.sub(r"[\s:-]", "", text).upper()
    if not re.fullmatch(r"([0-9A-F]{2}){4,10}", digits, re.ASCII):
        raise ActionRefused(RefusalCode.BAD_CARD, "expected the number of a contactless card: 4 to 10 bytes in hex")
    if len(digits) == 8 and digits.startswith(_RANDOM_UID):
        # ISO/IEC 14443-3: passports and some cards draw such a number anew each time.
        raise ActionRefused(
            RefusalCode.CHANGING_CARD, "this card says another number each time: it cannot be known by it"
        )
    return f"UID {digits}"


def card_index(key: bytes, text: str) -> str:
    """Return the index of a card (docs/contract.md, Card index), in hex."""
    return hmac.digest(key, text.encode(), "sha256").hex()


def opened_by(connection: sqlite3.Connection, card: str) -> list[Filed]:
    """Return the files that a card opens, by its index, the newest first."""
    found: dict[int, Filed] = {}
    for row, body, salt, field, *said in connection.execute(_OPENED, (card,)).fetchall():
        if len(found) == MAX_CARD_STATUSES:
            break
        filed = find_row(connection, row)
        # What was written beside the chain, and not by it, opens nothing.
        if _in_chain(decode_event(body), (field, personal_digest(salt, card)), filed, tuple(said)):
            found[row] = filed
    return list(found.values())


def _in_chain(event: Event, shown: tuple[int, bytes], filed: Filed, said: tuple[object, ...]) -> bool:
    """Tell whether an event says itself that a card opens a file; a binding names the file in what it `said`."""
    field, digest = shown
    if event.personal.get(field) != digest:
        return False
    if event.act.action is not Action.BIND:
        return event.tracking is not None
    match said:
        case (bytes(salt), str(text)):
            return text == filed.tracking and event.personal.get(SAID) == personal_digest(salt, text)
        case _:
            return False


def bind(connection: sqlite3.Connection, filed: Filed, shown: tuple[int, str], who: str, now: int) -> None:
    """Let a card that was shown (its personal field, its index) open an application from now on. Raises ActionRefused.

    who: of the account, as it signs. Runs inside a transaction of the office's writer.
    """
    if any(found.row == filed.row for found in opened_by(connection, shown[1])):
        raise ActionRefused(RefusalCode.ALREADY, "this card opens this application already")
    _beside(connection, Action.BIND, filed, [(WHO, who), (SAID, filed.tracking), shown], now)


def unbind(connection: sqlite3.Connection, filed: Filed, shown: tuple[int, str], who: str, now: int) -> None:
    """Let a card open an application no more: its index is erased wherever it lies beside it. Raises ActionRefused."""
    if not connection.execute(_UNBOUND, (shown[1], filed.row)).rowcount:
        raise ActionRefused(RefusalCode.ALREADY, "this card does not open this application")
    _beside(connection, Action.UNBIND, filed, [(WHO, who), (SAID, filed.tracking)], now)


def _beside(
    connection: sqlite3.Connection, action: Action, filed: Filed, said: list[tuple[int, str]], now: int
) -> None:
    sequence = tell(connection, Act(action, Role.INTAKE, now), now, said)
    connection.execute("INSERT INTO note (event, application) VALUES (?, ?)", (sequence, filed.row))


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
