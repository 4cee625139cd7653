"""The status of one application, as the visitor may know it: no name, no identity number, no phone.

Everything is an integer code or a time; the words stand in the catalogue, so that it shows in the reader's language.
The map and its keys are the table "Status" of docs/contract.md.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, TypeVar, cast

from . import cbor
from .errors import ContractError, Unreadable

_RECEIPT_KEY: Final = 15
_UINT32: Final = 2**32 - 1
_CODE: Final = 0xFFFF
MAX_STEPS: Final = 255
# What a browser's numbers hold exactly: a status must open there too.
MAX_ARGUMENT: Final = 2**53 - 1

E = TypeVar("E", bound=IntEnum)


class State(IntEnum):
    """Where an application stands as a whole."""

    UNDER_REVIEW = 1
    RETURNED = 2
    REJECTED = 3
    COMPLETED = 4


class Language(IntEnum):
    """The language a slip was printed in, and a screen opens in."""

    AR = 0
    FR = 1
    EN = 2
    AM = 3
    BN = 4
    FIL = 5


@dataclass(frozen=True, slots=True)
class Office:
    """Who acts at a step: a role of the chain and the region it acts for (0: the whole country). One integer."""

    role: int
    region: int = 0

    @property
    def code(self) -> int:
        return self.role + 32 * self.region

    @classmethod
    def of(cls, code: int) -> "Office":
        return cls(code % 32, code // 32)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the chain. Times are seconds since 1970, UTC.

    `when` is None while the step is not done. `acting`: a deputy acted for the absent officer. `reported_by` is the
    code of the older system that reported it: a report, never a signature. `expected` is the usual duration in working
    days, (least, most), or None where it is not known yet. `suspended_since`: the unit does not work at present.
    """

    office: Office
    when: int | None = None
    acting: bool = False
    reported_by: int | None = None
    expected: tuple[int, int] | None = None
    suspended_since: int | None = None

    def fields(self) -> dict[int, object]:
        return cbor.present(
            {
                1: self.office.code,
                2: self.when,
                3: self.acting,
                4: self.reported_by,
                5: list(self.expected) if self.expected else None,
                6: self.suspended_since,
            }
        )

    @classmethod
    def of(cls, value: object) -> "Step":
        read = cbor.Fields(value)
        expected = None
        if 5 in read:
            least, most = (cbor.as_uint(days, _CODE) for days in cbor.as_list(read.items(5), 2))
            if least > most:
                raise ContractError("a range that ends before it starts")
            expected = (least, most)
        return cls(
            office=Office.of(read.uint(1, _CODE)),
            when=read.maybe_uint(2, _UINT32),
            acting=read.flag(3),
            reported_by=read.maybe_uint(4, _CODE),
            expected=expected,
            suspended_since=read.maybe_uint(6, _UINT32),
        )


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a code of the catalogue with its arguments (integers): a reason or a message, in any language."""

    code: int
    arguments: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AgencyCheck:
    """A question to another administration that is not answered yet, and since when (seconds since 1970, UTC)."""

    agency: int
    since: int


@dataclass(frozen=True, slots=True)
class ReceiptSeal:
    """Of the receipt what the status does not give: key number, audit head (16 bytes), Ed25519 signature (64 bytes)."""

    key_id: int
    head: bytes = field(repr=False)
    signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Status:
    """One application at one version. Times are seconds since 1970 (UTC), `deadline` days since 1970.

    `changed` is when the event of this version happened, `since` when the application came to where it is now.
    `filed_at` is a region. `deadline` is there only where the office set a date; `document_waits` once the document can
    be withdrawn. `receipt` is None only before the office signed.
    """

    tracking: str = field(repr=False)
    family: int
    kind: int
    state: State
    language: Language
    changed: int
    since: int
    filed_at: int
    steps: tuple[Step, ...]
    missing: tuple[int, ...] = ()
    reasons: tuple[Reason, ...] = ()
    deadline: int | None = None
    document_waits: bool = False
    checks: tuple[AgencyCheck, ...] = ()
    receipt: ReceiptSeal | None = None

    @property
    def current(self) -> int:
        """Index of the step where the application is now; the number of steps when every one is done."""
        return next((index for index, step in enumerate(self.steps) if step.when is None), len(self.steps))


def encode_status(status: Status) -> bytes:
    """Write a status as the plaintext that is sealed."""
    fields = _unsigned(status)
    if status.receipt:
        fields[_RECEIPT_KEY] = _seal(status.receipt)
    return cbor.encode_sorted(fields)


def encode_signed(status: Status, sign: Callable[[bytes], ReceiptSeal]) -> bytes:
    """Write a status with the receipt's seal that `sign` makes of its digest, in place of any that it has."""
    fields = _unsigned(status)
    fields[_RECEIPT_KEY] = _seal(sign(_digest(fields)))
    return cbor.encode_sorted(fields)


def decode_status(plain: bytes) -> Status:
    """Read the plaintext of a sealed status. Fields of a later edition (other keys) are passed over.

    Raises Unreadable for anything that is not a status.
    """
    try:
        return _decode(plain)
    except ContractError as error:
        raise Unreadable(f"not a status: {error}") from None


def status_digest(plain: bytes) -> bytes:
    """Return what a receipt says of a status: the first 16 bytes of SHA-256 of the Status without its receipt.

    Takes the plaintext, so that fields of a later edition count too. Raises Unreadable.
    """
    try:
        value = cbor.decode(plain)
    except ContractError as error:
        raise Unreadable(str(error)) from None
    if not isinstance(value, dict):
        raise Unreadable("not a status")
    fields = cast(dict[int, object], value)
    fields.pop(_RECEIPT_KEY, None)
    return _digest(fields)


def _unsigned(status: Status) -> dict[int, object]:
    return cbor.present(
        {
            1: int(status.tracking),
            2: status.family,
            3: status.kind,
            4: int(status.state),
            5: int(status.language),
            6: status.changed,
            7: None if status.since == status.changed else status.since,
            8: status.filed_at,
            9: [step.fields() for step in status.steps],
            10: list(status.missing),
            11: [[reason.code, *reason.arguments] for reason in status.reasons],
            12: status.deadline,
            13: status.document_waits,
            14: [[check.agency, check.since] for check in status.checks],
        }
    )


def _seal(receipt: ReceiptSeal) -> list[object]:
    return [receipt.key_id, receipt.head, receipt.signature]


def _digest(unsigned: dict[int, object]) -> bytes:
    return hashlib.sha256(cbor.encode_sorted(unsigned)).digest()[:16]


def _decode(plain: bytes) -> Status:
    read = cbor.Fields(cbor.decode(plain))
    tracking = f"{read.uint(1, 10**11 - 1):011d}"
    steps = tuple(Step.of(item) for item in read.items(9))
    if not 0 < len(steps) <= MAX_STEPS:
        raise ContractError("no steps, or more than a receipt can count")
    done = [step.when is not None for step in steps]
    if done != sorted(done, reverse=True):
        raise ContractError("a step done after one that is not")
    changed = read.uint(6, _UINT32)
    since = read.maybe_uint(7, _UINT32)
    if since == changed:
        raise ContractError("the same time twice")
    return Status(
        tracking=tracking,
        family=read.uint(2, _CODE),
        kind=read.uint(3, _CODE),
        state=_enum(State, read.uint(4, 255)),
        language=_enum(Language, read.uint(5, 255)),
        changed=changed,
        since=changed if since is None else since,
        filed_at=read.uint(8, _CODE),
        steps=steps,
        missing=tuple(cbor.as_uint(code, _CODE) for code in read.items(10)),
        reasons=tuple(_reason(item) for item in read.items(11)),
        deadline=read.maybe_uint(12, _UINT32),
        document_waits=read.flag(13),
        checks=tuple(_check(item) for item in read.items(14)),
        receipt=_receipt(read.items(_RECEIPT_KEY)) if _RECEIPT_KEY in read else None,
    )


def _enum(members: type[E], code: int) -> E:
    try:
        return members(code)
    except ValueError:
        raise ContractError(f"unknown {members.__name__.lower()}") from None


def _reason(value: object) -> Reason:
    items = cbor.as_list(value)
    if not items:
        raise ContractError("an empty reason")
    return Reason(cbor.as_uint(items[0], _CODE), tuple(cbor.as_uint(item, MAX_ARGUMENT) for item in items[1:]))


def _check(value: object) -> AgencyCheck:
    agency, since = cbor.as_list(value, 2)
    return AgencyCheck(cbor.as_uint(agency, _CODE), cbor.as_uint(since, _UINT32))


def _receipt(items: list[object]) -> ReceiptSeal:
    key_id, head, signature = cbor.as_list(items, 3)
    return ReceiptSeal(cbor.as_uint(key_id, 255), cbor.as_bytes(head, 16), cbor.as_bytes(signature, 64))
