"""The office: one data folder, its register, its keys and secrets, and what may be done with them."""

import datetime
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import wraps
from pathlib import Path
from typing import Final, ParamSpec, TypeVar, cast

import msgspec

from central_api.contract import keys
from central_api.contract.catalogue import catalogue
from central_api.contract.feed import Tombstone
from central_api.contract.keylist import KeyList, Purpose
from central_api.contract.numbers import parse_tracking_number
from central_api.contract.signed import SigningKey
from central_api.contract.slips import Slip, slip_url
from central_api.contract.status import Office as Unit
from central_api.contract.status import Status
from central_api.workflow import STAFF_ACTIONS, Act, Action, Filing, Kind, RefusalCode, Role, status_of
from central_api.workflow.calendar import Calendar, Frozen, day_of, read_calendar

from . import cards, codes, decrees, expectations, objections, prerequisites, register
from .database import Database
from .errors import ActionRefused
from .events import CARD, EARLIER, IDENTITY, UID
from .filed import Filed, find
from .founding import complete_schema, found, settings_of
from .keyring import Keyring
from .pinned import PinnedTables
from .register import Acted, Intake

T = TypeVar("T")
P = ParamSpec("P")
SERVED_AT: Final = "served-at"
"""The file in the data folder that says where a process last served the office on this machine."""
_EPOCH: Final = datetime.date(1970, 1, 1)


def _answered(queue: "Callable[P, Future[T]]") -> Callable[P, T]:
    """Make of a method that queues one that waits for what is durable."""

    @wraps(queue)
    def wait(*values: P.args, **named: P.kwargs) -> T:
        return queue(*values, **named).result()

    return wait


@dataclass(frozen=True, slots=True)
class Submitted:
    """What the visitor gets: the tracking number, the secret code (shown once), and the slip with its address."""

    tracking: str = field(repr=False)
    secret_code: str = field(repr=False)
    slip: Slip = field(repr=False)
    slip_url: str = field(repr=False)


class Office(Database):
    """An open office: its register, its keys and secrets, and the acts of its desk."""

    def __init__(self, data: Path, clock: Callable[[], int], host: str | None) -> None:
        self.clock = clock
        stored = settings_of(data)
        self.settings = msgspec.structs.replace(stored, host=host or stored.host)
        self.keyring = Keyring(data / "keys")
        self._secrets: dict[int, bytes] = {}
        self._calendar: tuple[tuple[int, tuple[Frozen, ...]], Calendar] | None = None
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
        """The working calendar, with the days that decrees froze: as both are now. Raises InvalidTable."""
        path = self.data / "calendar.toml"
        state = path.stat().st_mtime_ns if path.exists() else 0, decrees.in_force(self.own_reader)
        if self._calendar is None or self._calendar[0] != state:
            written = read_calendar(self.data)
            self._calendar = state, replace(written, frozen=(*written.frozen, *state[1]))
        return self._calendar[1]

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
        return _known(self.own_reader, parse_tracking_number(tracking))

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

    # -- acting

    def queue_submit(
        self,
        family: str,
        kind: str,
        *,
        region: str,
        phone: str | None,
        document: str | None = None,
        identity_card: str | None = None,
        card_uid: str | None = None,
        filed_at: str | None = None,
        language: str = "ar",
        earlier: str | None = None,
        at: int | None = None,
    ) -> "Future[Submitted]":
        """Take an application in, by keys of the catalogue. `region` handles it; it was handed in at `filed_at`.

        Cards open it that were shown: `document` by its chip, like `P-LBN-LR1234567`; by a one-time code the identity
        card of a number, and the contactless card of a UID (hex). `earlier` is the number of the application that this
        kind requires, or `paper` where that was shown on paper. `at` is when it happened (seconds since
        1970, UTC), now if None. The future answers after the durable commit; `submit` waits for it. Raises
        ActionRefused.
        """
        recorded = self.clock()
        intake = self.intake(
            family,
            kind,
            region=region,
            phone=phone,
            shown=self.shown(document, identity_card, card_uid),
            filed_at=filed_at,
            language=language,
            earlier=earlier,
            at=self._past(at, recorded),
        )
        secret_id = self.settings.secret
        secret = self.secret(secret_id)
        return self.execute_write(
            lambda connection: self.given(register.submit(connection, intake, recorded, secret_id, secret))
        )

    def intake(
        self,
        family: str,
        kind: str,
        *,
        region: str,
        phone: str | None,
        filed_at: str | None,
        language: str,
        at: int,
        earlier: str | None = None,
        shown: tuple[tuple[int, str], ...] = (),
        said: tuple[tuple[int, str], ...] = (),
    ) -> Intake:
        """Return what is handed in, by keys of the catalogue, with cards `shown`. Raises ActionRefused."""
        handles, handed_in = codes.region_code(region), codes.region_code(filed_at or region)
        table, wanted = self.tables.kind(family, kind, handles)
        spoken = codes.language_of(language)
        filing = Filing("", table.family, wanted.code, table.version, handles, handed_in, spoken)
        number = None if phone is None else codes.phone_of(phone)
        if wanted.opens and day_of(at) < (wanted.opens - _EPOCH).days:
            raise ActionRefused(RefusalCode.NOT_OPEN, f"{kind} opens on {wanted.opens.isoformat()}")
        needed = prerequisites.shown(self.own_reader, table.family, wanted, shown, earlier)
        earlier_said = () if needed is None else ((EARLIER, needed),)
        return Intake(wanted, filing, at, number, cards=shown, said=(*said, *earlier_said))

    def shown(
        self, document: str | None, identity_card: str | None = None, card_uid: str | None = None
    ) -> tuple[tuple[int, str], ...]:
        """Return the indexes of cards as they are typed, by their personal field. Raises ActionRefused."""
        typed = ((CARD, cards.document_of, document), (IDENTITY, cards.identity_of, identity_card),
            (UID, cards.uid_of, card_uid))  # fmt: skip
        return tuple((field, self.card_index(read(text))) for field, read, text in typed if text is not None)

    submit = _answered(queue_submit)

    def queue_act(
        self,
        tracking: str,
        action: str,
        *,
        role: str,
        region: str | None = None,
        reasons: Sequence[str] = (),
        documents: Sequence[str] = (),
        deadline: datetime.date | None = None,
        acting: bool = False,
        at: int | None = None,
    ) -> "Future[Acted]":
        """Move an application along its chain, by keys of the catalogue. `acting`: a deputy acts for the officer.

        `region` is the region the officer acts for, None for the one the chain names; `at` is when it happened (seconds
        since 1970, UTC), now if None. The future answers after the durable commit; `act` waits for it. Raises
        ActionRefused, NotANumber.
        """
        words = catalogue()
        act = Act(
            action=codes.action_of(action, STAFF_ACTIONS),
            role=codes.role_of(role),
            at=0,
            region=None if region is None else codes.region_code(region),
            acting=acting,
            reasons=codes.codes_of(words.reasons, "reason", reasons),
            documents=codes.codes_of(words.documents, "document", documents),
            deadline=None if deadline is None else (deadline - _EPOCH).days,
        )
        return self._queue(tracking, act, at)

    act = _answered(queue_act)

    def answer_check(self, tracking: str, agency: str, ok: bool, *, at: int | None = None) -> Acted:
        """Record what another administration answered. Raises ActionRefused, NotANumber."""
        code = codes.code_of(catalogue().agencies, "agency", agency)
        return self._queue(tracking, Act(Action.ANSWER, Role.INTAKE, 0, agency=code, well=ok), at).result()

    def look(self, document: str, terminal: str) -> list[Filed]:
        """Return the files of a document that was proved to be there, as `P-LBN-LR1234567`; the look is recorded."""
        card, now = self.card_index(document), self.clock()
        return self.execute_write(lambda connection: cards.look(connection, card, terminal, now)).result()

    def reissue(self, tracking: str, *, at: int | None = None) -> Submitted:
        """Give an application a new slip and code; the old ones are worthless. Raises ActionRefused, NotANumber."""
        recorded = self.clock()
        number = parse_tracking_number(tracking)
        secret_id = self.settings.secret
        secret = self.secret(secret_id)

        def work(connection: sqlite3.Connection) -> Submitted:
            filed = _known(connection, number)
            when = self._past(at, recorded)
            return self.given(register.reissue(connection, filed, when, recorded, secret_id=secret_id, secret=secret))

        return self.execute_write(work).result()

    def slip_again(self, filed: Filed) -> Submitted:
        """Return the present slip of an application, to be printed again: without its secret code."""
        return replace(self.given(filed), secret_code="")

    def suspend_unit(self, role: str, region: str | None = None, *, at: int | None = None) -> None:
        """Record that a unit does not work: visitors whose files lie there are told. Raises ActionRefused."""
        unit, recorded = self._unit(role, region), self.clock()
        self.execute_write(lambda c: register.suspend(c, unit, self._past(at, recorded), recorded)).result()

    def resume_unit(self, role: str, region: str | None = None, *, at: int | None = None) -> None:
        """Record that a unit works again. Raises ActionRefused."""
        unit, recorded = self._unit(role, region), self.clock()
        self.execute_write(lambda c: register.resume(c, unit, self._past(at, recorded), recorded)).result()

    def _queue(self, tracking: str, act: Act, at: int | None) -> "Future[Acted]":
        recorded = self.clock()
        number = parse_tracking_number(tracking)

        def work(connection: sqlite3.Connection) -> Acted:
            filed = _known(connection, number)
            # A clock that was set back must not stop the office: what is done now is done after what was done before.
            when = max(recorded, filed.standing.changed) if at is None else self._past(at, recorded)
            kind = self.kind_of(filed)
            named = objections.dated(lambda: self.calendar, kind, filed.standing, act, when)
            return register.act(connection, filed, kind, named, at=when, recorded=recorded)

        return self.execute_write(work)

    def card_index(self, text: str) -> str:
        """Return the index of a card (docs/contract.md, Card index), in hex."""
        return cards.card_index(cards.card_index_key(self.data), text)

    def _past(self, at: int | None, recorded: int) -> int:
        if at is not None and at > recorded:
            raise ActionRefused(RefusalCode.IN_THE_FUTURE, "it is dated in the future")
        return recorded if at is None else at

    def _unit(self, role: str, region: str | None) -> Unit:
        wanted = codes.role_of(role)
        code = 0 if region is None else codes.region_code(region)
        if Unit(wanted, code) not in self.tables.units():
            words = f"{role} needs no region" if region else f"{role} needs a region"
            raise ActionRefused(RefusalCode.WRONG_UNIT, f"there is no such unit: {words}")
        return Unit(wanted, code)

    def given(self, filed: Filed) -> Submitted:
        """Return what the visitor gets with the present slip of an application, its secret code, too."""
        secret = self.secret(filed.secret_id)
        slip = Slip(filed.tracking, keys.slip_key(secret, filed.tracking, filed.issue))
        code = keys.secret_code(secret, filed.tracking, filed.issue)
        return Submitted(filed.tracking, code, slip, slip_url(self.settings.host, slip))


def _known(connection: sqlite3.Connection, tracking: str) -> Filed:
    filed = find(connection, tracking)
    if filed is None:
        raise ActionRefused(RefusalCode.UNKNOWN_NUMBER, "no application has this tracking number")
    return filed


def open_office(
    data: Path,
    *,
    create: bool = True,
    clock: Callable[[], int] | None = None,
    host: str | None = None,
    root: SigningKey | None = None,
) -> Office:
    """Open the office in a folder, made on first use unless `create` is false.

    `clock` gives seconds since 1970, UTC. `host` is written down when the office is made, and stands in for the written
    one, in this process alone, when it exists already. Raises NoOffice, InvalidTable.
    """
    now = clock or (lambda: int(time.time()))
    found(data, now(), host, create=create, root=root)
    return Office(data, now, host)
