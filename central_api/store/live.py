"""What the office may lose and learns again in minutes: nonces, card challenges and asks, heartbeats, calls for help.

A SQLite file of its own beside the register, shared by the office's processes. Its commits do not wait for the disk.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from central_api.contract.cards import ASK_SECONDS, CARD_CHALLENGE_SECONDS
from central_api.contract.help_calls import HELP_SECONDS, HelpState
from central_api.contract.request_signature import NONCE_KEPT_SECONDS

from .writer import failure_of

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS nonce (
    created INTEGER NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (created, digest)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS heartbeat (
    terminal INTEGER PRIMARY KEY, received INTEGER NOT NULL, body BLOB NOT NULL, facts TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS card_challenge (
    terminal INTEGER PRIMARY KEY, challenge BLOB NOT NULL, made INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS help_call (
    terminal TEXT PRIMARY KEY, call BLOB NOT NULL, since INTEGER NOT NULL, answered INTEGER
);
CREATE TABLE IF NOT EXISTS card_ask (
    terminal INTEGER PRIMARY KEY, ask BLOB NOT NULL, card TEXT NOT NULL, made INTEGER NOT NULL
);
"""
_BUSY_SECONDS: Final = 5.0
_BROKEN: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class Facts(msgspec.Struct, frozen=True):
    """What the office concluded from a terminal's heartbeats.

    `conditions`: what is not as it should be, since when (seconds since 1970, UTC); `key_id`: whose key it was;
    `runs`: machines and processes (32 hex digits each) that reported with it, the newest last.
    """

    key_id: str
    conditions: Mapping[str, int]
    runs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LastHeartbeat:
    """The newest report of a terminal: when it came (seconds since 1970, UTC), its bytes, and what follows from it."""

    received: int
    body: bytes = field(repr=False)
    facts: Facts


@dataclass(frozen=True, slots=True)
class WaitingCall:
    """A visitor who called for a person, at which terminal and since when (seconds since 1970, UTC)."""

    terminal: str
    since: int


class Live:
    """The file, open; for one thread at a time. Raises StoreFailed where it cannot be opened."""

    def __init__(self, data: Path) -> None:
        self._swept = 0
        path = data / "live.db"
        try:
            try:
                self._connection = _open(path)
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode not in _BROKEN:
                    raise
                # A power cut may leave it broken, since nobody waits for the disk: all of it is learnt again.
                for suffix in ("", "-wal", "-shm"):
                    path.with_name(path.name + suffix).unlink(missing_ok=True)
                self._connection = _open(path)
        except sqlite3.Error as error:
            raise failure_of(error) from error

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def is_fresh(self, key_id: str, nonce: str, created: int, now: int) -> bool:
        """Take a nonce; False if it was taken before, by any process of the office.

        A replay has the same `created` (seconds since 1970), since it is signed too: so rows lie in the order in which
        they are forgotten.
        """
        if self._swept != now:
            self._connection.execute("DELETE FROM nonce WHERE created < ?", (now - NONCE_KEPT_SECONDS,))
            self._swept = now
        digest = sha256(f"{key_id}{nonce}".encode()).digest()[:16]
        done = self._connection.execute(
            "INSERT OR IGNORE INTO nonce (created, digest) VALUES (?, ?)", (created, digest)
        )
        return done.rowcount == 1

    def put_challenge(self, terminal: int, challenge: bytes, now: int) -> None:
        """Keep the challenge that a terminal was given; the one before it is worth nothing any more."""
        self._connection.execute("REPLACE INTO card_challenge VALUES (?, ?, ?)", (terminal, challenge, now))

    def take_challenge(self, terminal: int, challenge: bytes, now: int) -> bool:
        """Take a challenge back, once, by any process; False for one of another terminal, an old or a late one."""
        done = self._connection.execute(
            "DELETE FROM card_challenge WHERE terminal = ? AND challenge = ? AND made BETWEEN ? AND ?",
            (terminal, challenge, now - CARD_CHALLENGE_SECONDS, now),
        )
        return done.rowcount == 1

    def call(self, terminal: str, call: bytes, since: int, now: int) -> HelpState:
        """Take a visitor's call, made at `since`, or the same again; returns what became of it.

        A terminal has one visitor: his call takes the place of any before it.
        """
        self._connection.execute(
            "INSERT INTO help_call VALUES (?, ?, ?, NULL) ON CONFLICT (terminal) DO UPDATE"
            " SET call = excluded.call, since = excluded.since, answered = NULL WHERE excluded.call <> call",
            (terminal, call, since),
        )
        began, answered = self._connection.execute(
            "SELECT since, answered FROM help_call WHERE terminal = ?", (terminal,)
        ).fetchone()
        if answered is not None:
            return HelpState.ANSWERED
        return HelpState.NOBODY if now - began > HELP_SECONDS else HelpState.WAITING

    def calls(self, now: int) -> list[WaitingCall]:
        """Return the calls that still wait, the oldest first."""
        rows = self._connection.execute(
            "SELECT terminal, since FROM help_call WHERE answered IS NULL AND since >= ? ORDER BY since",
            (now - HELP_SECONDS,),
        ).fetchall()
        return [WaitingCall(*row) for row in rows]

    def answer(self, terminal: str, now: int) -> int:
        """Say to whoever waits at a terminal that somebody comes; returns how many calls that answers.

        A call that waited too long is none: its visitor was told that nobody is there.
        """
        return self._connection.execute(
            "UPDATE help_call SET answered = ? WHERE terminal = ? AND answered IS NULL AND since >= ?",
            (now, terminal, now - HELP_SECONDS),
        ).rowcount

    def put_ask(self, terminal: int, ask: bytes, card: str, now: int) -> None:
        """Keep by which ask (16 bytes) a terminal may have a code for a card, by its index; the one before is over."""
        self._connection.execute("REPLACE INTO card_ask VALUES (?, ?, ?, ?)", (terminal, ask, card, now))

    def asked_card(self, terminal: int, ask: bytes, now: int) -> str | None:
        """Return the index of the card that an ask of this terminal is for; None for any other, or a late one."""
        row = self._connection.execute(
            "SELECT card FROM card_ask WHERE terminal = ? AND ask = ? AND abs(? - made) <= ?",
            (terminal, ask, now, ASK_SECONDS),
        ).fetchone()
        return None if row is None else row[0]

    def end_ask(self, terminal: int) -> None:
        """Forget the ask of a terminal: its card is gone, or its list was opened."""
        self._connection.execute("DELETE FROM card_ask WHERE terminal = ?", (terminal,))

    def last(self, terminal: int) -> LastHeartbeat | None:
        """Return the newest report of a terminal."""
        row = self._connection.execute(
            "SELECT received, body, facts FROM heartbeat WHERE terminal = ?", (terminal,)
        ).fetchone()
        return None if row is None else LastHeartbeat(row[0], row[1], msgspec.json.decode(row[2], type=Facts))

    def put(self, terminal: int, heartbeat: LastHeartbeat) -> None:
        """Keep the newest report of a terminal."""
        self._connection.execute(
            "INSERT INTO heartbeat (terminal, received, body, facts) VALUES (?, ?, ?, ?) ON CONFLICT (terminal)"
            " DO UPDATE SET received = excluded.received, body = excluded.body, facts = excluded.facts",
            (terminal, heartbeat.received, heartbeat.body, msgspec.json.encode(heartbeat.facts).decode()),
        )


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_SECONDS, check_same_thread=False)
    try:
        path.chmod(0o600)
        connection.execute("PRAGMA journal_mode = WAL")
        # A request must not wait for the disk, and neither must the thousand that come with it.
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(_SCHEMA)
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise _broken()
    except BaseException:
        connection.close()
        raise
    return connection


def _broken() -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError("quick_check found faults")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error
