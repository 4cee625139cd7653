"""The application as the register holds it: how its row is found, read and written, inside a caller's transaction."""

import sqlite3
from collections.abc import Collection
from typing import Final

import msgspec

from central_api.workflow import Filing, Kind, Standing, decode_standing, encode_standing, step_at_work

_COLUMNS: Final = (
    "id, tracking, family, kind, workflow, region, filed_at, language, secret_id, issue, slot, system, legacy_number,"
    " standing"
)
_SELECT: Final = (
    f"SELECT {_COLUMNS}, EXISTS (SELECT 1 FROM suspension WHERE suspension.unit = application.unit)"
    " FROM application WHERE "
)
# What an older system reports happened there, whether our unit works or not.
_SELECT_REPORTED: Final = f"SELECT {_COLUMNS}, 0 FROM application WHERE "
_BY_TRACKING: Final = _SELECT + "tracking = ?"
_BY_ROW: Final = _SELECT + "id = ?"
_Row = tuple[int, int, int, int, int, int, int, int, int, int, bytes, int | None, str | None, bytes, int]

INSERT_APPLICATION: Final = f"INSERT INTO application ({_COLUMNS}, unit, since) VALUES (?{', ?' * 15})"
UPDATE_STANDING: Final = "UPDATE application SET standing = ?, unit = ?, since = ? WHERE id = ?"


class Filed(msgspec.Struct, frozen=True, gc=False):
    """An application as the register holds it. `suspended`: the unit whose turn it is does not work.

    `system` and `legacy_number` say where it came from, if not from here.
    """

    row: int
    filing: Filing
    secret_id: int
    issue: int
    slot: bytes
    system: int | None
    legacy_number: str | None
    standing: Standing
    suspended: bool = False

    @property
    def tracking(self) -> str:
        """The 11 digits."""
        return self.filing.tracking

    def __repr__(self) -> str:
        return f"Filed(row={self.row})"


def find(connection: sqlite3.Connection, tracking: str) -> Filed | None:
    """Read an application by its 11 digits."""
    row = connection.execute(_BY_TRACKING, (int(tracking),)).fetchone()
    return _filed(row) if row else None


def find_row(connection: sqlite3.Connection, row: int) -> Filed:
    """Read an application by its row, which exists."""
    return _filed(connection.execute(_BY_ROW, (row,)).fetchone())


def find_all(
    connection: sqlite3.Connection, legacy: Collection[tuple[int, str]], tracking: Collection[str]
) -> list[Filed]:
    """Read many applications: by the (system, number) that older systems gave them, and by ours, each once.

    `suspended` is not read.
    """
    rows: list[_Row] = []
    for system in {system for system, _number in legacy}:
        numbers = [number for its_system, number in legacy if its_system == system]
        query = f"{_SELECT_REPORTED} system = ? AND legacy_number IN ({marks(numbers)})"
        rows += connection.execute(query, (system, *numbers)).fetchall()
    if tracking:
        query = f"{_SELECT_REPORTED} tracking IN ({marks(tracking)})"
        rows += connection.execute(query, tuple(map(int, tracking))).fetchall()
    return [_filed(row) for row in {row[0]: row for row in rows}.values()]


def marks(values: Collection[object]) -> str:
    """Return the marks of an SQL list of so many values."""
    return ", ".join("?" * len(values))


def application_row(filed: Filed, kind: Kind) -> tuple[object, ...]:
    """Return the values of `INSERT_APPLICATION`."""
    filing = filed.filing
    return (
        filed.row,
        int(filing.tracking),
        filing.family,
        filing.kind,
        filing.table,
        filing.region,
        filing.filed_at,
        filing.language,
        filed.secret_id,
        filed.issue,
        filed.slot,
        filed.system,
        filed.legacy_number,
        encode_standing(filed.standing),
        _unit(kind, filing.region, filed.standing),
        filed.standing.since,
    )


def standing_row(filed: Filed, kind: Kind, standing: Standing) -> tuple[bytes, int | None, int, int]:
    """Return the values of `UPDATE_STANDING` that move an application to a new standing."""
    return encode_standing(standing), _unit(kind, filed.filing.region, standing), standing.since, filed.row


def _unit(kind: Kind, region: int, standing: Standing) -> int | None:
    """Return the column `unit`: whose turn it is."""
    step = step_at_work(kind, standing)
    return step.role + 32 * region * step.regional if step else None


def _filed(row: _Row) -> Filed:
    # By position: names would cost as much again, and an import reads hundreds of thousands of these.
    (number, tracking, family, kind, table, region, filed_at, language, secret_id, issue, slot, system, legacy_number,
        standing, suspended) = row  # fmt: skip
    filing = Filing(f"{tracking:011d}", family, kind, table, region, filed_at, language)
    kept = decode_standing(standing)
    return Filed(number, filing, secret_id, issue, slot, system, legacy_number, kept, suspended == 1)
