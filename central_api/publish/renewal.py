"""Publishing statuses anew to which nothing happened: their receipt key was revoked, their unit was suspended, or
another duration is told of a step to come.

Each bounded group is an event of its own, RENEW, that names its applications: it gets its place in the chain like any
other, behind what was done before it, and that place is the version of its statuses. Between two groups whatever else
was done is published.
"""

import sqlite3
import time
from collections.abc import Callable
from typing import Final, cast

from central_api.contract.errors import ContractError
from central_api.contract.keylist import Purpose
from central_api.contract.sealed import open_sealed
from central_api.contract.status import Status, decode_status
from central_api.store import Event, Filed, Office, encode_event, expectations, find_row, register
from central_api.store.renewals import Renewal, advance, begin_for_key, renewals
from central_api.workflow import Act, Action, Role, status_of
from central_api.workflow.standing import Completed, Objected, Rejected
from central_api.workflow.status import Usual

from . import publisher
from .publisher import Published, publish_pending

# Another process that waits for the register asks at least this often, so each group lets it in.
PAUSE_SECONDS: Final = 0.1
_AT_UNIT: Final = "SELECT id FROM application WHERE unit = ? AND id > ? AND id <= ? ORDER BY id LIMIT ?"
_ALL: Final = "SELECT id FROM application WHERE id > ? AND id <= ? ORDER BY id LIMIT ?"


def renewals_due(office: Office, reader: sqlite3.Connection) -> bool:
    """Say whether any pass is under way, or still to begin."""
    known = renewals(reader)
    return any(renewal.left for renewal in known) or bool(_revoked(office) - {one.receipt_key for one in known})


def renew_some(office: Office) -> Renewal | None:
    """Record the next group of the first pass that is not through; it is published with what is pending then.

    The group ends early where somebody comes to act. Returns the pass as it is now, or None where nothing is due.
    Raises StoreFailed.
    """
    return office.write_chunk(lambda connection: _next_group(office, connection)).result()


def publish_all(office: Office, told: Callable[[Renewal], None] = lambda _: None) -> Published:
    """Publish what is pending, and every pass to its end; `told` hears of each group. Raises StoreFailed."""
    done = publish_pending(office)
    total = done.count
    while (renewal := renew_some(office)) is not None:
        done = publish_pending(office)
        total += done.count
        told(renewal)
        time.sleep(PAUSE_SECONDS)
    return Published(total, done.position, done.head)


def _revoked(office: Office) -> set[int]:
    """Return the numbers of the revoked receipt keys; none while there is no other that could sign instead."""
    listed = [key for key in office.key_list.keys if key.purpose is Purpose.RECEIPT]
    revoked = {key.key_id for key in listed if key.revoked}
    return revoked if len(revoked) < len(listed) else set()


def _next_group(office: Office, connection: sqlite3.Connection) -> Renewal | None:
    office.keyring.refresh()
    revoked = _revoked(office)
    for receipt_key in sorted(revoked - {renewal.receipt_key for renewal in renewals(connection)}):
        begin_for_key(connection, receipt_key)
    renewal = next((one for one in renewals(connection) if one.left), None)
    if renewal is None:
        return None
    rows, is_meant = _rows(connection, renewal), _meant(office, connection, renewal, revoked)
    after, files = renewal.after, list[Filed]()
    for after in rows:
        filed = find_row(connection, after)
        if is_meant(filed):
            files.append(filed)
        if office.wanted():
            break
    if files:
        register.insert_event(connection, None, encode_event(_event(office.clock(), renewal, files)))
    through = len(rows) < publisher.MOST_OF_ONE_EVENT and after == max(rows, default=after)
    return advance(connection, renewal, renewal.upto if through else after, len(files))


def _rows(connection: sqlite3.Connection, renewal: Renewal) -> list[int]:
    span = (renewal.after, renewal.upto, publisher.MOST_OF_ONE_EVENT)
    if renewal.unit is None:
        found = connection.execute(_ALL, span)
    else:
        found = connection.execute(_AT_UNIT, (renewal.unit.code, *span))
    return [row[0] for row in found.fetchall()]


def _meant(
    office: Office, connection: sqlite3.Connection, renewal: Renewal, revoked: set[int]
) -> Callable[[Filed], bool]:
    """Return what says of an application that a pass looks at whether it is to be published anew."""
    if renewal.of_expected:
        usual = expectations.told(connection)
        return lambda filed: _tells_otherwise(office, connection, filed, usual)
    if renewal.receipt_key is not None:
        return lambda filed: _receipt_key(office, connection, filed) in revoked
    return lambda _: True


def _receipt_key(office: Office, connection: sqlite3.Connection, filed: Filed) -> int | None:
    """Return the number of the key that signed what lies at an application's slot."""
    status = _sealed_status(office, connection, filed)
    return status.receipt.key_id if status and status.receipt else None


def _tells_otherwise(office: Office, connection: sqlite3.Connection, filed: Filed, usual: Usual) -> bool:
    """Say whether what lies at its slot tells other durations than are told now."""
    if isinstance(filed.standing.stage, Completed | Rejected | Objected):
        return False
    sealed = _sealed_status(office, connection, filed)
    told = status_of(filed.filing, office.kind_of(filed), filed.standing, {}, usual)
    return sealed is not None and [one.expected for one in sealed.steps] != [one.expected for one in told.steps]


def _sealed_status(office: Office, connection: sqlite3.Connection, filed: Filed) -> Status | None:
    row = connection.execute("SELECT sealed FROM sealed WHERE slot = ?", (filed.slot,)).fetchone()
    if row is None or row[0] is None:
        return None  # still to be published, as it is now
    try:
        _version, plain = open_sealed(cast(bytes, row[0]), office.slip_key(filed))
        return decode_status(plain)
    except ContractError:
        return None  # it was changed behind our back: left as it is, for `audit verify` to name


def _event(now: int, renewal: Renewal, files: list[Filed]) -> Event:
    unit = renewal.unit
    act = Act(Action.RENEW, Role(unit.role) if unit else Role.INTAKE, now, unit.region if unit else None)
    renewed = tuple([filed.tracking for filed in files])
    return Event(act, now, renewed=renewed, revoked=renewal.receipt_key)
