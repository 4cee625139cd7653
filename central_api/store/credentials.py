"""Passwords (argon2id) and the six digits of a phone (TOTP, RFC 6238): set by invitation, asked for at each sign-in."""

import hmac
import os
import secrets
import sqlite3
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pyotp import random_base32
from pyotp.totp import TOTP

from central_api.workflow import RefusalCode

from .cards import own_key
from .errors import ActionRefused
from .people import Account, account_of

SESSION_SECONDS: Final = 10 * 3600
IDLE_SECONDS: Final = 30 * 60
_SHORTEST: Final = 12
_STEP: Final = 30
# 19 MiB, twice: what OWASP asks for where many may sign in at once. A thread at a time hashes (see the console).
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in. `token` is the cookie's; the register holds its digest alone."""

    account: Account
    token: str = field(repr=False)

    def csrf(self) -> str:
        """Return what each form of this session carries."""
        return hmac.digest(self.token.encode(), b"istilam form v1", "sha256").hex()


def new_totp() -> str:
    """Draw a secret for the six digits, in base32."""
    return random_base32()


def digits_at(secret: str, now: int) -> str:
    """Return the six digits that a phone shows at a moment."""
    return TOTP(secret).at(now)


def totp_address(secret: str, login: str, ministry: str) -> str:
    """Return what a phone's authenticator reads from a QR code."""
    return TOTP(secret).provisioning_uri(name=login, issuer_name=f"Istilam {ministry}")


def join(
    connection: sqlite3.Connection,
    data: Path,
    login: str,
    code: str,
    *,
    password: str,
    hashed: str,
    totp: str,
    digits: str,
    now: int,
) -> Account:
    """Set password and phone of an invited account. `hashed` is the password's hash, made outside the transaction.

    Raises ActionRefused, alike for an unknown login and a wrong or old code.
    """
    row = connection.execute(
        "SELECT id FROM account WHERE login = ? AND invitation = ? AND invited_until > ? AND disabled IS NULL",
        (login, sha256(code.strip().encode()).digest(), now),
    ).fetchone()
    if row is None:
        raise ActionRefused(
            RefusalCode.NO_ACCOUNT, "no such invitation: it was used, is older than three days, or is mistyped"
        )
    if len(password) < _SHORTEST or login in password.lower() or len(set(password)) < 5:
        words = f"a password has {_SHORTEST} characters at least, of five different ones, and not the login in it"
        raise ActionRefused(RefusalCode.BAD_VALUE, words)
    step = _step_of(totp, digits, 0, now)
    if step is None:
        raise ActionRefused(RefusalCode.BAD_VALUE, "these are not the six digits that the phone shows now")
    connection.execute(
        "UPDATE account SET password = ?, totp = ?, totp_step = ?, invitation = NULL WHERE id = ?",
        (hashed, _seal(data, row[0], totp), step, row[0]),
    )
    return account_of(connection, row[0])


def hash_password(password: str) -> str:
    """Hash a password: tens of milliseconds, and 19 MiB."""
    return _HASHER.hash(password)


def password_holds(connection: sqlite3.Connection, login: str, password: str) -> bool:
    """Say whether a password is an account's, at one cost whether or not there is such an account."""
    row = connection.execute("SELECT password FROM account WHERE login = ? AND disabled IS NULL", (login,)).fetchone()
    kept = row[0] if row is not None and row[0] is not None else _nobodys()
    try:
        return _HASHER.verify(kept, password) and kept is not _nobodys()
    except (VerificationError, InvalidHashError):
        return False


def begin(connection: sqlite3.Connection, data: Path, login: str, digits: str, now: int) -> Session | None:
    """Open a session for whose password held, if the digits are his phone's, too; each are taken once."""
    row = connection.execute(
        "SELECT id, totp, totp_step FROM account WHERE login = ? AND totp IS NOT NULL AND disabled IS NULL", (login,)
    ).fetchone()
    step = None if row is None else _step_of(_unseal(data, row[0], row[1]), digits, row[2], now)
    if row is None or step is None:
        return None
    connection.execute("UPDATE account SET totp_step = ? WHERE id = ?", (step, row[0]))
    connection.execute("DELETE FROM session WHERE began < ?", (now - SESSION_SECONDS,))
    connection.execute("DELETE FROM answered WHERE at < ?", (now - 7 * 86_400,))
    token = secrets.token_urlsafe(32)
    connection.execute("INSERT INTO session VALUES (?, ?, ?, ?)", (_digest(token), row[0], now, now))
    return Session(account_of(connection, row[0]), token)


def session_of(connection: sqlite3.Connection, token: str, now: int) -> tuple[Session, bool] | None:
    """Return the session of a cookie, and whether its time of last use is to be written down; None for an ended one."""
    row = connection.execute("SELECT account, began, seen FROM session WHERE digest = ?", (_digest(token),)).fetchone()
    if row is None or row[1] < now - SESSION_SECONDS or row[2] < now - IDLE_SECONDS:
        return None
    account = account_of(connection, row[0])
    return None if account.disabled is not None else (Session(account, token), row[2] < now - 60)


def touch(connection: sqlite3.Connection, token: str, now: int) -> None:
    """Write down that a session is in use."""
    connection.execute("UPDATE session SET seen = ? WHERE digest = ?", (now, _digest(token)))


def end(connection: sqlite3.Connection, token: str) -> None:
    """End a session."""
    connection.execute("DELETE FROM session WHERE digest = ?", (_digest(token),))


def _step_of(secret: str, digits: str, last: int, now: int) -> int | None:
    """Return the time step that six digits are of, one either way, and later than the last one taken; or None."""
    totp = TOTP(secret)
    typed = "".join(str(int(c)) for c in digits if c.isdecimal())
    for step in range(now // _STEP - 1, now // _STEP + 2):
        if step > last and hmac.compare_digest(totp.at(step * _STEP), typed):
            return step
    return None


def _seal(data: Path, row: int, secret: str) -> bytes:
    nonce = os.urandom(12)
    return nonce + AESGCM(own_key(data, "people-key")).encrypt(nonce, secret.encode(), b"%d" % row)


def _unseal(data: Path, row: int, sealed: bytes) -> str:
    return AESGCM(own_key(data, "people-key")).decrypt(sealed[:12], sealed[12:], b"%d" % row).decode()


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_hex(16))


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()
