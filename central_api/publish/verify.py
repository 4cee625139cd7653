"""audit verify: does the register still say what it said when it was published?

Two passes. The chain: each event's bytes give the head beside them, in commit order, and personal values still have the
digests that stand in their events. The applications: their events, done again by the rules, give the standing that is
kept, and what is sealed is that standing with a receipt that holds.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Final, cast

import msgspec

from central_api.contract.audit import GENESIS, next_head, personal_digest
from central_api.contract.errors import ContractError, Refused
from central_api.contract.feed import open_page
from central_api.contract.keylist import Purpose
from central_api.contract.receipts import Receipt, parse_receipt, receipt_of
from central_api.contract.sealed import open_sealed
from central_api.contract.signed import KeyFinder
from central_api.contract.status import Office as Unit
from central_api.contract.status import Status, decode_status
from central_api.store import Event, Filed, Office, decode_event, decrees, expectations, find_row, register
from central_api.store.renewals import renewals
from central_api.workflow import Action, Refusal, Standing, apply, status_of, submitted, unit_at_work
from central_api.workflow.expected import Days, Place
from central_api.workflow.migration import moved_to

from .books import Reading
from .feed import one_view


@dataclass(frozen=True, slots=True)
class Intact:
    """The chain holds up to this position, with this head (32 bytes)."""

    position: int
    head: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Broken:
    """The event at this position (or, not published yet, of this sequence number) is not what it was, and how."""

    event: int
    what: str


class _Found(Exception):
    """Carries what was found up through both passes."""

    def __init__(self, event: int, what: str) -> None:
        super().__init__(what)
        self.broken = Broken(event, what)


_EVENTS: Final = """
    SELECT event.seq, event.position, CAST(event.head AS BLOB), CAST(event.body AS BLOB), event.application,
        application.tracking
    FROM event LEFT JOIN application ON application.id = event.application ORDER BY event.seq
"""
_BY_APPLICATION: Final = """
    SELECT application, seq, position, CAST(body AS BLOB) FROM event
    WHERE application IS NOT NULL ORDER BY application, seq
"""


def audit_verify(office: Office, receipt_url: str | None = None, posted: Iterable[bytes] = ()) -> Intact | Broken:
    """Replay the register, and check a receipt, and heads that were signed and posted, against it.

    Raises Refused for one that is not ours at all.
    """
    keys = _own_keys(office, Purpose.RECEIPT)
    heads = [open_page(one, _own_keys(office, Purpose.FEED)) for one in posted]
    receipt = None if receipt_url is None else parse_receipt(receipt_url, [office.settings.host], keys)
    reader = office.own_reader
    with one_view(reader):
        chain = _Chain(reader)
        try:
            chain.replay()
            _applications(office, reader, chain, keys)
            if receipt is not None:
                _witness(reader, receipt.position, receipt.head, chain.position)
            for page in heads:
                _witness(reader, page.position, page.head, chain.position)
        except _Found as found:
            return found.broken
        except (sqlite3.DatabaseError, ValueError, TypeError, LookupError) as error:
            # Bytes that were changed under SQLite's feet can fail anywhere; where they did is what we know. The error's
            # text may hold them, so it is not passed on.
            return Broken(chain.reading, f"the register cannot be read here ({type(error).__name__})")
    return Intact(chain.position, chain.head)


class _Chain:
    """The first pass: position and head so far, and the units suspended then."""

    def __init__(self, reader: sqlite3.Connection) -> None:
        self._reader = reader
        self.position = 0
        self.head = GENESIS
        self.reading = 0
        self.suspended: dict[Unit, int] = {}
        # Whose files are still being told that they are suspended, or not any more.
        self._books = Reading(reader)
        under_way = [renewal for renewal in renewals(reader) if renewal.left]
        self.untold = {renewal.unit for renewal in under_way if renewal.unit is not None}
        # How long steps take, as it is told now; and whether some are still to be told.
        self.usual: dict[Place, Days] = {}
        self.frozen: set[tuple[int, ...]] = set()
        self.untimed = any(renewal.of_expected for renewal in under_way)

    def replay(self) -> None:
        pending = False
        for seq, position, head, body, row, tracking in self._reader.execute(_EVENTS):
            self.reading = position or seq
            if position is None:
                pending = True
            elif not pending:
                self._link(position, head, body)
            else:
                raise _Found(self.reading, "it is published, but an event before it is not")
            event = decode_event(body)
            if (event.tracking is None) != (row is None) or (row is not None and int(event.tracking or 0) != tracking):
                raise _Found(self.reading, "it belongs to another application")
            if position is not None and not self._books.agrees(position, event):
                raise _Found(self.reading, "the registry's books do not have its line as it must be")
            self._personal(seq, event)
            self._units(event, pending=position is None)
            expectations.replayed(self.usual, event)
            decrees.replayed(self.frozen, event)
            self.reading = self.position + 1
        self.reading = self.position
        if not self._books.ends():
            raise _Found(self.reading, "the registry's books have lines that no event stands behind")
        if self.suspended != register.suspensions(self._reader):
            raise _Found(self.reading, "the units that are suspended are not those of the events")
        if self.usual != expectations.told(self._reader):
            raise _Found(self.reading, "how long steps take is not told as the events made it known")
        if self.frozen != decrees.days_of(self._reader):
            raise _Found(self.reading, "the days that are frozen by decree are not those of the events")

    def _link(self, position: int, head: object, body: bytes) -> None:
        if position != self.position + 1:
            raise _Found(self.position + 1, f"it is not there: position {position} follows {self.position}")
        self.position, self.head = position, next_head(self.head, body)
        if head != self.head:
            raise _Found(position, "its bytes do not give the head that was published with it")

    def _personal(self, seq: int, event: Event) -> None:
        if not event.personal:
            return
        rows = self._reader.execute("SELECT field, salt, value FROM personal WHERE event = ?", (seq,))
        for number, salt, value in rows:
            if personal_digest(salt, value) != event.personal.get(number):
                raise _Found(self.reading, "a personal value beside it is not the one it was made with")

    def _units(self, event: Event, *, pending: bool) -> None:
        unit = Unit(event.act.role, event.act.region or 0)
        if pending and event.tracking is None:
            self.untold.add(unit)
            self.untimed |= event.act.action in {Action.RENEW, Action.EXPECT}
        if event.act.action is Action.SUSPEND:
            self.suspended[unit] = event.act.at
        elif event.act.action is Action.RESUME:
            self.suspended.pop(unit, None)


def _applications(office: Office, reader: sqlite3.Connection, chain: _Chain, keys: KeyFinder) -> None:
    rows = cast(Iterator[tuple[int, int, int | None, bytes]], reader.execute(_BY_APPLICATION))
    count = 0
    for row, group in groupby(rows, key=itemgetter(0)):
        events = [(position or seq, position is None, decode_event(body)) for _row, seq, position, body in group]
        chain.reading = events[-1][0]
        filed = find_row(reader, row)
        _replay(office, filed, [(place, event) for place, _pending, event in events])
        if not any(pending for _place, pending, _event in events):
            receipt = _sealed(office, reader, filed, chain, keys)
            _witness(reader, receipt.position, receipt.head, chain.position)
        count += 1
    if count != reader.execute("SELECT count(*) FROM application").fetchone()[0]:
        raise _Found(chain.position, "there are applications without any event")


def _replay(office: Office, filed: Filed, events: list[tuple[int, Event]]) -> None:
    """Do an application's events again; the last one is named if they end elsewhere than the register says."""
    (first_place, first), *later = events
    filing = first.filing
    version = next((event.table for _place, event in reversed(later) if event.table is not None), None)
    if filing is not None and version is not None:
        filing = msgspec.structs.replace(filing, table=version)
    if first.act.action is not Action.SUBMIT or first.filing is None or filing != filed.filing:
        raise _Found(first_place, "what was handed in is not what the register says")
    kind = office.tables.table(first.filing.family, first.filing.table).kind(first.filing.kind, first.filing.region)
    standing: Standing = submitted(kind, first.act.at)
    issue = first.issue
    for place, event in later:
        if event.act.action is Action.REISSUE:
            issue = event.issue
            continue
        if event.act.action is Action.MIGRATE and event.table is not None:
            table = office.tables.table(filed.filing.family, event.table)
            after = moved_to(table, kind, filed.filing.region, standing, event.act.at)
            if isinstance(after, Standing):
                kind = table.kind(kind.code, filed.filing.region)
        else:
            after = apply(kind, filed.filing.region, standing, msgspec.structs.replace(event.act, region=None))
        if isinstance(after, Refusal):
            raise _Found(place, f"the rules do not allow it: {after.words}")
        standing = after
    if standing != filed.standing or issue != filed.issue:
        raise _Found(events[-1][0], "after it, the application does not stand where the register says")


def _sealed(office: Office, reader: sqlite3.Connection, filed: Filed, chain: _Chain, keys: KeyFinder) -> Receipt:
    last = chain.reading
    sealed = reader.execute("SELECT version, sealed FROM sealed WHERE slot = ?", (filed.slot,)).fetchone()
    if sealed is None or sealed[1] is None:
        raise _Found(last, "its application has no sealed status")
    try:
        version, plain = open_sealed(sealed[1], office.slip_key(filed))
        receipt = receipt_of(plain, version, keys)
    except ContractError as error:
        raise _Found(last, f"its sealed status does not hold: {error}") from None
    if version != sealed[0] or version < last or (version > last and not _made_by(reader, version, filed.tracking)):
        raise _Found(last, "its sealed status is of another version")
    status, kind = replace(decode_status(plain), receipt=None), office.kind_of(filed)
    unit, suspended = unit_at_work(kind, filed.filing.region, filed.standing), chain.suspended
    if unit is not None and unit in chain.untold:
        since = next((step.suspended_since for step in status.steps if step.suspended_since is not None), None)
        suspended = {} if since is None else {unit: since}
    told = status_of(filed.filing, kind, filed.standing, suspended, chain.usual)
    if chain.untimed:
        status, told = _untimed(status), _untimed(told)
    if status != told:
        raise _Found(last, "its sealed status tells something else than the register")
    return receipt


def _untimed(status: Status) -> Status:
    return replace(status, steps=tuple(replace(step, expected=None) for step in status.steps))


def _made_by(reader: sqlite3.Connection, position: int, tracking: str) -> bool:
    """Say whether an event of many made a status of this application."""
    row = reader.execute("SELECT CAST(body AS BLOB) FROM event WHERE position = ?", (position,)).fetchone()
    if row is None:
        return False
    action, renewed = _told_to(row[0])
    return tracking in renewed if action is Action.RENEW else action in {Action.SUSPEND, Action.RESUME}


# Applications follow each other as in the groups that they were published in.
@lru_cache(maxsize=16)
def _told_to(body: bytes) -> tuple[Action, frozenset[str]]:
    event = decode_event(body)
    return event.act.action, frozenset(event.renewed)


def _witness(reader: sqlite3.Connection, position: int, head: bytes, end: int) -> None:
    """A receipt, or a posted head, is a witness: what it was signed with must still stand at its position."""
    if position > end:
        raise _Found(position, "a receipt or head was signed with it, but the register ends before it")
    row = reader.execute("SELECT head FROM event WHERE position = ?", (position,)).fetchone()
    if position and not cast(bytes, row[0]).startswith(head):
        raise _Found(position, "a receipt or head was signed with another head here: the register was rewritten")


def _own_keys(office: Office, purpose: Purpose) -> KeyFinder:
    """Our own keys, whatever their dates: what was signed under a key that has run out since is still witness."""
    keys = {key.key_id: key.public for key in office.key_list.keys if key.purpose is purpose}

    def find(key_id: int) -> bytes:
        if key_id not in keys:
            raise Refused("an unknown key")
        return keys[key_id]

    return find
