"""The people of the office: accounts, the units they hold, deputies.

Every change is an event of the register, with who made it. Runs inside transactions of the office's writer.
"""

import re
import secrets
import sqlite3
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, cast

import msgspec

from central_api.contract.catalogue import WRITTEN_LANGUAGES, catalogue
from central_api.contract.status import Office as Unit
from central_api.workflow import Act, Action, Deputation, Duty, RefusalCode, Role
from central_api.workflow.calendar import day_of

from . import codes
from .errors import ActionRefused
from .events import CARD, IDENTITY, OWNER, PHONE, SAID, UID, WHO
from .register import tell

INVITED_SECONDS: Final = 3 * 86_400
COMMAND_LINE: Final = "0 command line"
_LOGIN: Final = re.compile(r"[a-z][a-z0-9.-]{1,31}")
_COLUMNS: Final = "id, login, name, duty, language, phone, card, password IS NOT NULL, disabled, acted"
_OWNERS: Final = f"""
    SELECT DISTINCT account.id FROM event CROSS JOIN personal ON personal.event = event.seq CROSS JOIN account ON
        (personal.field = {PHONE} AND account.phone = personal.value)
        OR (personal.field IN ({CARD}, {IDENTITY}, {UID}) AND account.card = personal.value)
        OR (personal.field = {OWNER} AND CAST(account.id AS TEXT) = personal.value)
    WHERE event.application = ?1 OR event.seq IN (SELECT event FROM note WHERE application = ?1)
"""


class Account(msgspec.Struct, frozen=True):
    """One person's account. `joined`: he has set a password; `disabled`, `acted`: since when, and when last.

    `phone` (E.164) and `card` (an index) tell which applications are his own.
    """

    row: int
    login: str
    name: str
    duty: Duty
    language: str
    phone: str | None
    card: str | None
    joined: bool
    disabled: int | None
    acted: int | None
    units: tuple[Unit, ...] = ()

    @property
    def signed(self) -> str:
        """How he stands in events: number and name."""
        return f"{self.row} {self.name}"

    def __repr__(self) -> str:
        return f"Account({self.row})"


def accounts(connection: sqlite3.Connection, where: str = "1", values: Sequence[object] = ()) -> list[Account]:
    """Read accounts, by login."""
    held: dict[int, list[Unit]] = {}
    for account, unit in connection.execute("SELECT account, unit FROM unit_held ORDER BY unit"):
        held.setdefault(account, []).append(Unit.of(unit))
    rows = connection.execute(f"SELECT {_COLUMNS} FROM account WHERE {where} ORDER BY login", values).fetchall()
    return [
        Account(row, login, name, Duty(duty), language, phone, card, bool(joined), off, acted, tuple(held.get(row, ())))
        for row, login, name, duty, language, phone, card, joined, off, acted in rows
    ]


def account_of(connection: sqlite3.Connection, who: int | str) -> Account:
    """Read an account by its number or login. Raises ActionRefused."""
    found = accounts(connection, "id = ?" if isinstance(who, int) else "login = ?", (who,))
    if not found:
        raise ActionRefused(RefusalCode.NO_ACCOUNT, "there is no such account")
    return found[0]


def unit_named(text: str) -> Unit:
    """Read a unit as `role` or `role/region`. Raises ActionRefused."""
    role, _, region = text.partition("/")
    return Unit(codes.role_of(role), codes.region_code(region) if region else 0)


def unit_name(unit: Unit) -> str:
    """Write a unit as `role` or `role/region`."""
    words = catalogue()
    name = Role(unit.role).word
    return f"{name}/{words.regions.key(unit.region)}" if unit.region else name


def add(
    connection: sqlite3.Connection,
    login: str,
    name: str,
    duty: Duty,
    units: Collection[Unit],
    *,
    language: str = "ar",
    phone: str | None = None,
    card: str | None = None,
    by: str,
    now: int,
) -> str:
    """Make an account; returns the code of its invitation. Raises ActionRefused."""
    if not _LOGIN.fullmatch(login):
        raise ActionRefused(RefusalCode.BAD_VALUE, "a login is 2 to 32 small Latin letters, digits, dots and dashes")
    if not name.strip() or language not in WRITTEN_LANGUAGES:
        raise ActionRefused(RefusalCode.BAD_VALUE, f"expected a name, and a language of {', '.join(WRITTEN_LANGUAGES)}")
    if connection.execute("SELECT 1 FROM account WHERE login = ?", (login,)).fetchone():
        raise ActionRefused(
            RefusalCode.ALREADY, "this login is taken, for ever: a name in the register stays one person's"
        )
    row = connection.execute(
        "INSERT INTO account (login, name, duty, language, phone, card) VALUES (?, ?, ?, ?, ?, ?)",
        (login, name.strip(), duty, language, phone, card),
    ).lastrowid
    account = account_of(connection, cast(int, row))
    note(connection, f"account {account.signed} ({login}) made: {duty.word}", by, now)
    hold(connection, account, units, by=by, now=now)
    return invite(connection, account, by=by, now=now)


def hold(connection: sqlite3.Connection, account: Account, units: Collection[Unit], *, by: str, now: int) -> None:
    """Set what an account holds. Only an officer holds anything: who keeps accounts or audits signs nothing."""
    if units and account.duty is not Duty.OFFICER:
        words = f"an {account.duty.word} holds no unit: whoever keeps or watches accounts signs nothing"
        raise ActionRefused(RefusalCode.NOT_ALLOWED, words)
    connection.execute("DELETE FROM unit_held WHERE account = ?", (account.row,))
    wanted = sorted({unit.code for unit in units})
    connection.executemany("INSERT INTO unit_held VALUES (?, ?)", [(account.row, unit) for unit in wanted])
    names = ", ".join(unit_name(Unit.of(unit)) for unit in wanted)
    note(connection, f"account {account.signed} holds {names or 'nothing'}", by, now)


def invite(connection: sqlite3.Connection, account: Account, *, by: str, now: int) -> str:
    """Give an account a new invitation, good for three days; returns its code. What it joined with before ends."""
    code = secrets.token_hex(16)
    connection.execute(
        "UPDATE account SET invitation = ?, invited_until = ?, password = NULL, totp = NULL WHERE id = ?",
        (sha256(code.encode()).digest(), now + INVITED_SECONDS, account.row),
    )
    _end_sessions(connection, account)
    note(connection, f"account {account.signed} invited", by, now)
    return code


def disable(connection: sqlite3.Connection, account: Account, disabled: bool, *, by: str, now: int) -> None:
    """Shut an account out from its next request on, or let it in again."""
    connection.execute("UPDATE account SET disabled = ? WHERE id = ?", (now if disabled else None, account.row))
    _end_sessions(connection, account)
    note(connection, f"account {account.signed} {'disabled' if disabled else 'enabled'}", by, now)


def owners_of(connection: sqlite3.Connection, application: int) -> frozenset[int]:
    """Return the accounts whose own application it is: by phone, by document, or as intake wrote down."""
    return frozenset(row[0] for row in connection.execute(_OWNERS, (application,)))


def deputations(connection: sqlite3.Connection, unit: Unit | None = None) -> list[Deputation]:
    """Read deputations, the newest last: those for officers who hold `unit` still and are let in, or every one."""
    query = "SELECT id, absent, deputy, unit, first_day, last_day, made_by, ended FROM deputation"
    values: tuple[int, ...] = ()
    if unit is not None:
        query += (
            " WHERE ended IS NULL AND unit = ? AND EXISTS (SELECT 1 FROM unit_held JOIN account"
            " ON account.id = unit_held.account WHERE account.disabled IS NULL"
            " AND unit_held.account = deputation.absent AND unit_held.unit = deputation.unit)"
        )
        values = (unit.code,)
    rows = connection.execute(f"{query} ORDER BY id", values).fetchall()
    return [
        Deputation(row, absent, deputy, Unit.of(code), first, last, made_by, ended is not None)
        for row, absent, deputy, code, first, last, made_by, ended in rows
    ]


def depute(
    connection: sqlite3.Connection,
    maker: Account,
    absent: Account,
    deputy: Account,
    unit: Unit,
    *,
    first: int,
    last: int,
    now: int,
) -> None:
    """Appoint a deputy from a day to a day (since 1970). The officer himself may, and whoever stands next above him.

    Raises ActionRefused.
    """
    if maker.row == deputy.row:
        raise ActionRefused(RefusalCode.OWN_DELEGATION, "nobody appoints himself")
    if unit not in absent.units or not maker.units or deputy.duty is not Duty.OFFICER or absent.row == deputy.row:
        raise ActionRefused(
            RefusalCode.NOT_ALLOWED, "a deputy is another officer, for a unit that the absent one holds"
        )
    if maker.row != absent.row and not any(is_above(one, unit) for one in maker.units):
        raise ActionRefused(RefusalCode.NOT_ALLOWED, "only the officer himself, or one who stands above him, appoints")
    if not day_of(now) <= last or not first <= last <= first + 366:
        raise ActionRefused(
            RefusalCode.BAD_VALUE, "expected two days in their order, the last not past, a year at most"
        )
    # By somebody else he may be: what the officer himself gave does not count for everything.
    same = (absent.row, deputy.row, maker.row)
    given = [one for one in deputations(connection, unit) if (one.absent, one.deputy, one.made_by) == same]
    if any(one.first <= first and last <= one.last for one in given):
        raise ActionRefused(RefusalCode.ALREADY, "this deputy is appointed for these days already")
    connection.execute(
        "INSERT INTO deputation (absent, deputy, unit, first_day, last_day, made_by) VALUES (?, ?, ?, ?, ?, ?)",
        (absent.row, deputy.row, unit.code, first, last, maker.row),
    )
    days = f"from {_iso(first)} to {_iso(last)}"
    note(connection, f"{deputy.signed} deputy for {absent.signed} at {unit_name(unit)} {days}", maker.signed, now)


def end_deputation(connection: sqlite3.Connection, by: Account, row: int, now: int) -> None:
    """Take a deputation back: whoever made it, the officer who was away, or one above. Raises ActionRefused."""
    found = next((one for one in deputations(connection) if one.row == row and not one.ended), None)
    if found is None:
        raise ActionRefused(RefusalCode.ALREADY, "there is no such deputation, or it has ended")
    if by.row not in {found.made_by, found.absent} and not any(is_above(one, found.unit) for one in by.units):
        raise ActionRefused(RefusalCode.NOT_ALLOWED, "only who made it, the officer himself or one above takes it back")
    connection.execute("UPDATE deputation SET ended = ? WHERE id = ?", (now, row))
    note(connection, f"deputation {row} ended", by.signed, now)


def is_above(unit: Unit, other: Unit) -> bool:
    """Say whether a unit stands above another: a later role of the chain, of its region or of the whole country."""
    return unit.role > other.role and unit.region in (0, other.region)


def note(connection: sqlite3.Connection, what: str, by: str, now: int) -> None:
    """Write down a change of accounts, deputies or keys, in words, and who made it."""
    tell(connection, Act(Action.PEOPLE, Role.INTAKE, now), now, [(WHO, by), (SAID, what)])


def _end_sessions(connection: sqlite3.Connection, account: Account) -> None:
    connection.execute("DELETE FROM session WHERE account = ?", (account.row,))


def _iso(day: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)).date().isoformat()
