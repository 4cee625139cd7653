"""The event: what happened, as the bytes that the audit chain binds.

A CBOR map with integer keys in ascending order, absent fields left out: written so, it is deterministic without the
sorting that the general encoder pays for.
"""

import io
import threading
from collections.abc import Mapping
from typing import Final

import cbor2
import msgspec

from central_api.contract import cbor
from central_api.contract.errors import ContractError
from central_api.contract.status import Office
from central_api.workflow import Act, Action, Filing, Role

PHONE: Final = 1
"""The personal fields by number: only the phone in this edition."""


class _Local(threading.local):
    """An encoder costs three times what one event does, so each thread keeps its own."""

    def __init__(self) -> None:
        self.encoder = cbor2.CBOREncoder(io.BytesIO())


_local: Final = _Local()


class Event(msgspec.Struct, frozen=True, gc=False):
    """One event as read back. `tracking` is None for an event of a unit.

    `at` is when it happened, `recorded` when the office learned it. `personal` holds the salted digest (32 bytes) of
    each personal field, `filing` and `legacy_number` what SUBMIT fixed, `issue` the slip that SUBMIT or REISSUE gave.
    """

    act: Act
    recorded: int
    tracking: str | None = None
    personal: Mapping[int, bytes] = msgspec.field(default_factory=dict[int, bytes])
    filing: Filing | None = None
    issue: int | None = None
    legacy_number: str | None = None

    def __repr__(self) -> str:
        return f"Event({self.act.action.word})"


def encode_event(event: Event) -> bytes:
    """Write an event."""
    act = event.act
    body: dict[int, object] = {1: int(act.action)}
    if event.tracking is not None:
        body[2] = int(event.tracking)
    body[3] = act.at
    body[4] = event.recorded
    body[5] = act.role + 32 * (act.region or 0)
    if act.acting:
        body[6] = True
    if act.reported_by is not None:
        body[7] = act.reported_by
    if act.reasons:
        body[8] = act.reasons
    if act.documents:
        body[9] = act.documents
    if act.deadline is not None:
        body[10] = act.deadline
    if act.agency is not None:
        body[11] = act.agency
    if act.well:
        body[12] = True
    if event.personal:
        body[13] = sorted(event.personal.items())
    if (filing := event.filing) is not None:
        body[14] = (filing.family, filing.kind, filing.table, filing.region, filing.filed_at, filing.language)
    if event.issue is not None:
        body[15] = event.issue
    if event.legacy_number is not None:
        body[16] = event.legacy_number
    return _local.encoder.encode_to_bytes(body)


def decode_event(data: bytes) -> Event:
    """Read an event. Raises ContractError for bytes that are not one."""
    try:
        return _decode(cbor.Fields(cbor.decode(data)))
    except ContractError:
        raise
    except ValueError as error:
        raise ContractError(f"not an event: {error}") from None


def _decode(read: cbor.Fields) -> Event:
    unit = Office.of(read.uint(5))
    tracking = f"{read.uint(2):011d}" if 2 in read else None
    filing = None
    if 14 in read and tracking is not None:
        filing = Filing(tracking, *(cbor.as_uint(code) for code in cbor.as_list(read.items(14), 6)))
    pairs = [cbor.as_list(pair, 2) for pair in read.items(13)]
    return Event(
        act=Act(
            action=Action(read.uint(1)),
            role=Role(unit.role),
            at=read.uint(3),
            region=unit.region,
            acting=read.flag(6),
            reported_by=read.maybe_uint(7),
            reasons=tuple(cbor.as_uint(code) for code in read.items(8)),
            documents=tuple(cbor.as_uint(code) for code in read.items(9)),
            deadline=read.maybe_uint(10),
            agency=read.maybe_uint(11),
            well=read.flag(12),
        ),
        recorded=read.uint(4),
        tracking=tracking,
        personal={cbor.as_uint(field): cbor.as_bytes(digest, 32) for field, digest in pairs},
        filing=filing,
        issue=read.maybe_uint(15),
        legacy_number=read.text(16) if 16 in read else None,
    )
