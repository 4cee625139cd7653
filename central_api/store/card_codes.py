"""One-time codes for cards that prove nothing (docs/contract.md, One-time code).

A card that nobody knows goes the same way as one that opens files, up to the message that is not sent; its code opens
nothing, whatever is typed. No code is kept: it is derived from what the message and the terminal's ask have in common.
All functions run inside a transaction of the office's writer, so that a try is counted before its answer is known.
"""

import hmac
import secrets
import sqlite3
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, cast

from central_api.contract.card_codes import CODE_SECONDS, CODE_TRIES, CodeSent, OpeningRequest
from central_api.contract.cards import ASK_SECONDS
from central_api.contract.numbers import ONE_TIME_DIGITS
from central_api.workflow import Action

from . import cards, outbox
from .filed import Filed

AGAIN_SECONDS: Final = 60
"""Within it, asking again for the same card sends nothing new: a tap too many, or an answer that was lost."""
_READ: Final = "SELECT card, made, tries, number, sent FROM card_code WHERE ask = ?"


@dataclass(frozen=True, slots=True)
class Opened:
    """The code was right: the files that the card opens, the newest first."""

    files: list[Filed]


@dataclass(frozen=True, slots=True)
class Wrong:
    """The code was wrong, and may be tried so often yet."""

    tries_left: int


@dataclass(frozen=True, slots=True)
class Over:
    """There is no code to be tried: too old, tried too often, used, or never asked for."""


@dataclass(frozen=True, slots=True)
class _Code:
    card: str = field(repr=False)
    made: int
    tries: int
    number: int
    sent: int

    def is_good(self, now: int) -> bool:
        # Either way: a clock that is set back must not lengthen a code's life beyond twice, nor end it at once.
        return abs(now - self.made) <= CODE_SECONDS and self.tries < CODE_TRIES


def one_time_code(key: bytes, secret: bytes) -> str:
    """Return the six digits that a message's secret gives under the card index key."""
    digest = hmac.digest(key, b"istilam code by sms v1\0" + secret, "sha256")
    return f"{int.from_bytes(digest, 'big') % 10**ONE_TIME_DIGITS:0{ONE_TIME_DIGITS}d}"


def sent_just_now(connection: sqlite3.Connection, ask: bytes, now: int) -> CodeSent | None:
    """Return what was answered to the same wish a moment ago, if that was so and its code can still be tried."""
    code = _read(connection, ask)
    if code is None or not code.is_good(now) or abs(now - code.made) >= AGAIN_SECONDS:
        return None
    return CodeSent(min(CODE_SECONDS, CODE_SECONDS - (now - code.made)), CODE_TRIES - code.tries)


def send(connection: sqlite3.Connection, ask: bytes, card: str, terminal: str, now: int) -> CodeSent:
    """Make a code for a card, by its index, and put the message with it into the outbox, if anyone is to get it."""
    connection.execute("DELETE FROM card_code WHERE abs(? - made) > ?", (now, 2 * ASK_SECONDS))
    before = _read(connection, ask)
    number = before.number + 1 if before else 1
    files = cards.opened_by(connection, card)
    sent = False
    if files and outbox.phone_of(connection, files[0].row) is not None:
        event = cards.record(connection, Action.CODE, card, terminal, now)
        row = outbox.message_row(event, files[0].row, outbox.Kind.CODE, now, _secret(ask, number))
        outbox.put(connection, [row])
        sent = True
    connection.execute("REPLACE INTO card_code VALUES (?, ?, ?, 0, ?, ?)", (_name(ask), card, now, number, sent))
    return CodeSent(CODE_SECONDS, CODE_TRIES)


def try_code(
    connection: sqlite3.Connection, asked: OpeningRequest, *, secret: bytes, terminal: str, now: int
) -> Opened | Wrong | Over:
    """Try a code: counted first, then compared under `secret`, the card index key. A right one is spent."""
    ask = asked.ask
    code = _read(connection, ask)
    if code is None or not code.is_good(now):
        return Over()
    tries = code.tries + 1
    connection.execute("UPDATE card_code SET tries = ? WHERE ask = ?", (tries, _name(ask)))
    # A code that nobody was sent is compared with what nobody can type.
    right = one_time_code(secret, _secret(ask, code.number)) if code.sent else secrets.token_hex(ONE_TIME_DIGITS)
    if hmac.compare_digest(right, asked.code):
        connection.execute("UPDATE card_code SET tries = ? WHERE ask = ?", (CODE_TRIES, _name(ask)))
        return Opened(cards.look(connection, code.card, terminal, now))
    if tries < CODE_TRIES:
        return Wrong(CODE_TRIES - tries)
    if code.sent:
        cards.record(connection, Action.MISSED, code.card, terminal, now)
    return Over()


def _read(connection: sqlite3.Connection, ask: bytes) -> _Code | None:
    row = connection.execute(_READ, (_name(ask),)).fetchone()
    return None if row is None else _Code(*cast(tuple[str, int, int, int, int], row))


def _name(ask: bytes) -> bytes:
    return sha256(ask).digest()


def _secret(ask: bytes, number: int) -> bytes:
    return ask + number.to_bytes(2, "big")
