"""An office that was opened: what it is, and what its register says, before anybody acts."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, cast

import msgspec
from structlog import get_logger
from structlog.typing import FilteringBoundLogger

from central_api.contract import keys
from central_api.contract.feed import Tombstone
from central_api.contract.keylist import KeyList, Purpose
from central_api.contract.numbers import parse_tracking_number
from central_api.contract.signed import SigningKey
from central_api.contract.status import Status
from central_api.workflow import InvalidTable, Kind, RefusalCode, status_of
from central_api.workflow.calendar import Calendar, read_calendar

from . import decrees, expectations, register
from .database import Database
from .errors import ActionRefused
from .filed import Filed, find
from .founding import complete_schema, settings_of
from .keyring import Keyring, stamp_of
from .pinned import PinnedTables

SERVED_AT: Final = "served-at"
"""The file in the data folder that says where a process last served the office on this machine."""
_log = cast(FilteringBoundLogger, get_logger())


class OpenedOffice(Database):
    """An office's register, its keys and secrets, its tables and calendar, and what stands there."""

    def __init__(self, data: Path, clock: Callable[[], int], host: str | None) -> None:
        self.clock = clock
        stored = settings_of(data)
        self.settings = msgspec.structs.replace(stored, host=host or stored.host)
        self.keyring = Keyring(data / "keys")
        self._secrets: dict[int, bytes] = {}
        self._calendar: tuple[object, Calendar] | None = None
        self._written: tuple[object, Calendar] | None = None
        super().__init__(data)
        try:
            self._complete()
            self.tables = PinnedTables(data, self.reader())
            if missing := self.tables.missing():
                self.execute_write(lambda connection: self.tables.pin(connection, missing)).result()
        except BaseException:
            self.close()
            raise

    def _complete(self) -> None:
        connection = self.connect()
        try:
            complete_schema(connection)
        finally:
            connection.close()

    # -- keys and secrets

    @property
    def root_public(self) -> bytes:
        """The root key (32 bytes) that terminals pin."""
        return self.keyring.root_public

    @property
    def key_list_bytes(self) -> bytes:
        """The signed key list, as it is given out."""
        return self.keyring.list_bytes

    @property
    def key_list(self) -> KeyList:
        """The key list."""
        return self.keyring.list

    def signing_key(self, purpose: Purpose) -> SigningKey:
        """Return the key that signs for a purpose now."""
        return self.keyring.signing_key(purpose)

    @property
    def calendar(self) -> Calendar:
        """The working calendar, with the days that decrees froze: as both are now.

        A calendar.toml that was edited wrongly meanwhile counts once it is mended; until then, that it was before.
        Raises InvalidTable where no other is known.
        """
        path = self.data / "calendar.toml"
        state = stamp_of(path) if path.exists() else None, decrees.in_force(self.own_reader)
        if self._calendar is None or self._calendar[0] != state:
            written = self._written_calendar(state[0])
            self._calendar = state, replace(written, frozen=(*written.frozen, *state[1]))
        return self._calendar[1]

    def _written_calendar(self, stamp: object) -> Calendar:
        if self._written is None:
            self._written = stamp, read_calendar(self.data)
        elif self._written[0] != stamp:
            try:
                self._written = stamp, read_calendar(self.data)
            except InvalidTable as error:
                _log.error("calendar not taken up", why=str(error))
                self._written = stamp, self._written[1]
        return self._written[1]

    @property
    def origin(self) -> str:
        """Where terminals reach the office: `https://host[:port]`, as written in office.toml, or as last served here.

        Empty where neither is known.
        """
        served = self.data / SERVED_AT
        return self.settings.origin or (served.read_text(encoding="ascii") if served.exists() else "")

    def secret(self, secret_id: int) -> bytes:
        """Return an office secret (32 bytes) by its number; old ones stay readable."""
        if secret_id not in self._secrets:
            self._secrets[secret_id] = (self.data / "secrets" / f"office-secret-{secret_id}").read_bytes()
        return self._secrets[secret_id]

    def slip_key(self, filed: Filed) -> bytes:
        """Return the slip key (16 bytes) of an application's present issue."""
        return keys.slip_key(self.secret(filed.secret_id), filed.tracking, filed.issue)

    # -- reading

    def find(self, tracking: str) -> Filed | None:
        """Read an application by its number, typed in any script, grouped or not. Raises NotANumber."""
        return find(self.own_reader, parse_tracking_number(tracking))

    def known(self, tracking: str) -> Filed:
        """Read an application that must be there. Raises ActionRefused, NotANumber."""
        return known_in(self.own_reader, parse_tracking_number(tracking))

    def sealed_at(self, slot: bytes) -> bytes | Tombstone | None:
        """Return what lies at a slot (16 bytes): a sealed status, why none does any more, or None."""
        row = self.own_reader.execute("SELECT sealed, reason FROM sealed WHERE slot = ?", (slot,)).fetchone()
        if row is None:
            return None
        return cast(bytes, row[0]) if row[0] is not None else Tombstone(row[1])

    def kind_of(self, filed: Filed) -> Kind:
        """Return what was asked for, as the version of the table says that the application follows."""
        return self.tables.table(filed.filing.family, filed.filing.table).kind(filed.filing.kind, filed.filing.region)

    def status_of(self, filed: Filed) -> Status:
        """Return the status as the register has it now, published or not, without a receipt."""
        suspended = register.suspensions(self.own_reader)
        usual = expectations.told(self.own_reader)
        return status_of(filed.filing, self.kind_of(filed), filed.standing, suspended, usual)


def known_in(connection: sqlite3.Connection, tracking: str) -> Filed:
    """Read an application by its number (11 digits). Raises ActionRefused where there is none."""
    filed = find(connection, tracking)
    if filed is None:
        raise ActionRefused(RefusalCode.UNKNOWN_NUMBER, "no application has this tracking number")
    return filed
