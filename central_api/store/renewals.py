"""Passes over many applications that publish their statuses anew: what each is for, and how far it is.

The register keeps that, so that a pass goes on where it was when its process was killed.
"""

import sqlite3
from typing import Final, cast

import msgspec

from central_api.contract.status import Office as Unit

_Row = tuple[int, int | None, int | None, int, int, int]
_BEGIN: Final = """
    INSERT INTO renewal (unit, receipt_key, after, upto, renewed)
    VALUES (?, ?, 0, (SELECT coalesce(max(id), 0) FROM application), 0)
    ON CONFLICT (unit) DO UPDATE SET after = 0, upto = excluded.upto, renewed = 0
"""


class Renewal(msgspec.Struct, frozen=True, gc=False):
    """One pass: for a `unit`, for a revoked `receipt_key` (its number), or for what is told of how long steps take.

    It looks at the applications with rows in `(after, upto]`; `renewed` statuses were published anew by it.
    """

    row: int
    unit: Unit | None
    receipt_key: int | None
    after: int
    upto: int
    renewed: int

    @property
    def of_expected(self) -> bool:
        """Whether it tells how long steps take."""
        return self.unit is None and self.receipt_key is None

    @property
    def left(self) -> int:
        """How many applications are still to be looked at."""
        return max(0, self.upto - self.after)


def begin_for_unit(connection: sqlite3.Connection, unit: Unit) -> None:
    """Begin with the files of a unit; anew where such a pass is under way, since what it told is outdated."""
    connection.execute(_BEGIN, (unit.code, None))


def begin_for_key(connection: sqlite3.Connection, receipt_key: int) -> None:
    """Begin with what was signed under a revoked receipt key; once for each."""
    connection.execute(_BEGIN, (None, receipt_key))


def begin_for_expected(connection: sqlite3.Connection) -> None:
    """Begin with what is told of how long steps take; anew where such a pass is under way."""
    if not connection.execute(
        "UPDATE renewal SET after = 0, upto = (SELECT coalesce(max(id), 0) FROM application), renewed = 0"
        " WHERE unit IS NULL AND receipt_key IS NULL"
    ).rowcount:
        connection.execute(_BEGIN, (None, None))


def advance(connection: sqlite3.Connection, renewal: Renewal, after: int, renewed: int) -> Renewal:
    """Write down that a pass is through up to a row, and that it publishes so many statuses more."""
    moved = msgspec.structs.replace(renewal, after=after, renewed=renewal.renewed + renewed)
    connection.execute("UPDATE renewal SET after = ?, renewed = ? WHERE id = ?", (after, moved.renewed, renewal.row))
    return moved


def renewals(connection: sqlite3.Connection) -> list[Renewal]:
    """Read every pass, those that are through, too, in the order in which they began."""
    rows = connection.execute("SELECT id, unit, receipt_key, after, upto, renewed FROM renewal ORDER BY id").fetchall()
    return [
        Renewal(row, None if unit is None else Unit.of(unit), receipt_key, after, upto, renewed)
        for row, unit, receipt_key, after, upto, renewed in cast(list[_Row], rows)
    ]
