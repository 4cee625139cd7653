"""The event: what happened, as the bytes that the audit chain binds.

A CBOR map with integer keys in ascending order, absent fields left out: written so, it is deterministic without the
sorting that the general encoder pays for.
"""

import io
import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, cast

import cbor2
import msgspec

from central_api.contract import cbor
from central_api.contract.errors import ContractError
from central_api.contract.status import Office
from central_api.workflow import Act, Action, Filing, Role

PHONE: Final = 1
CARD: Final = 2
LOOK: Final = 3
IDENTITY: Final = 4
UID: Final = 5
WHO, FOR, SAID, NAME, COMPANY, OWNER, EARLIER = 20, 21, 22, 23, 24, 25, 26
"""The personal fields by number. Of SUBMIT: the phone, the indexes of a document, of an identity card, of a contactless
card; of BIND one of these. Of LOOK, CODE and MISSED: terminal and card.

Who acted, and for whom he did, each as `number name` of an account; what NOTE, PEOPLE, DECREE and an officer's LOOK say
in words, and the file of BIND and UNBIND; of SUBMIT, the applicant's name, his company, his account where he is one of
the office's own people, and the number of the application that this one needs, or `paper` where that was shown on
paper.
"""


class _Local(threading.local):
    """An encoder costs three times what one event does, so each thread keeps its own."""

    def __init__(self) -> None:
        self.encoder = cbor2.CBOREncoder(io.BytesIO())


_local: Final = _Local()


_NOTHING_GIVEN: Final = (0, b"")


class Event(msgspec.Struct, frozen=True, gc=False):
    """One event as read back. `tracking` is None for an event of a unit, and for RENEW.

    `at` is when it happened, `recorded` when the office learned it. `renewed` are the tracking numbers whose statuses
    RENEW publishes anew, `revoked` the receipt key that is the reason, if one is. `personal` holds the salted digest
    (32 bytes) of each personal field, `filing` and `legacy_number` what SUBMIT fixed, `issue` the slip that SUBMIT or
    REISSUE gave. `table` is the version that MIGRATE leads to, `expected` what EXPECT makes known: family, kind, region
    (0: all), role, and working days, least and most; without these two, it is not known any more. `frozen` are the
    first and the last day (since 1970) of DECREE, on which no time limit runs, or where it is not `well`, runs again.
    """

    act: Act
    recorded: int
    tracking: str | None = None
    personal: Mapping[int, bytes] = msgspec.field(default_factory=dict[int, bytes])
    filing: Filing | None = None
    issue: int | None = None
    legacy_number: str | None = None
    renewed: tuple[str, ...] = ()
    revoked: int | None = None
    table: int | None = None
    expected: tuple[tuple[int, ...], ...] = ()
    frozen: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"Event({self.act.action.word})"


def encode_event(event: Event) -> bytes:
    """Write an event."""
    return encode_act(event.act, event.recorded, event.tracking, _given(event))


def encode_act(
    act: Act, recorded: int, tracking: str | None = None, given: tuple[int, bytes] = _NOTHING_GIVEN
) -> bytes:
    """Write the event of an act: its numbers and times, and between them what most events share, encoded once.

    `given` is what few events have besides; `encode_event` adds it.
    """
    count, number = 3, b""
    if tracking is not None:
        count, number = 4, b"\2" + _uint(int(tracking))
    unit = act.role + 32 * (act.region or 0)
    said_count, said = _said(
        unit, act.acting, act.reported_by, act.reasons, act.documents, act.deadline, act.agency, act.well
    )
    given_count, given_pairs = given
    head = 0xA0 + count + said_count + given_count
    at, known = _uint(act.at), _recorded(recorded)
    return b"%c\1%b%b\3%b\4%b%b%b" % (head, _ACTIONS[act.action], number, at, known, said, given_pairs)


def _uint(value: int) -> bytes:
    """Write one unsigned integer of at most 64 bits, in a tenth of the time that the general encoder takes."""
    if value >= 2**32:
        return b"\x1b" + value.to_bytes(8, "big")
    if value >= 2**16:
        return b"\x1a" + value.to_bytes(4, "big")
    return _local.encoder.encode_to_bytes(value)


_ACTIONS: Final = {action: _uint(action) for action in Action}
# Many events are recorded in one second.
_recorded: Final = lru_cache(maxsize=8)(_uint)


@lru_cache(maxsize=10_000)
def _said(*said: object) -> tuple[int, bytes]:
    """Return how many of the fields 5 to 12 there are, and how they are written."""
    present = {key: value for key, value in enumerate(said, 5) if value is not None and value is not False}
    for value in present.values():
        _check_readable(cast(tuple[int, ...], value) if isinstance(value, tuple) else (cast(int, value),))
    return _pairs({key: value for key, value in present.items() if value != ()})


def _check_readable(numbers: tuple[int, ...]) -> None:
    """Refuse what `decode_event` would: one such event, and nobody could publish or verify the register any more."""
    if any(not 0 <= number <= cbor.UINT64 for number in numbers):
        raise ContractError("a number in an event is unsigned, of at most 64 bits")


def _given(event: Event) -> tuple[int, bytes]:
    """Return how many of the fields 13 to 21 there are, and how they are written: what few events have."""
    fields: dict[int, object] = {}
    if event.personal:
        fields[13] = sorted(event.personal.items())
    if (filing := event.filing) is not None:
        fields[14] = (filing.family, filing.kind, filing.table, filing.region, filing.filed_at, filing.language)
    if event.issue is not None:
        fields[15] = event.issue
    if event.legacy_number is not None:
        fields[16] = event.legacy_number
    if event.renewed:
        fields[17] = [int(tracking) for tracking in event.renewed]
    if event.revoked is not None:
        fields[18] = event.revoked
    if event.table is not None:
        fields[19] = event.table
    if event.expected:
        fields[20] = event.expected
    if event.frozen:
        _check_readable(event.frozen)
        fields[21] = event.frozen
    return _pairs(fields) if fields else _NOTHING_GIVEN


def _pairs(fields: dict[int, object]) -> tuple[int, bytes]:
    # A map is its head, one byte where it has fewer than 24 pairs, and then its pairs.
    return len(fields), _local.encoder.encode_to_bytes(fields)[1:]


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
        renewed=tuple([f"{cbor.as_uint(number):011d}" for number in read.items(17)]),
        revoked=read.maybe_uint(18),
        table=read.maybe_uint(19),
        expected=tuple(tuple(map(cbor.as_uint, cbor.as_list(one))) for one in read.items(20)),
        frozen=tuple(cbor.as_uint(day) for day in read.items(21)),
    )
