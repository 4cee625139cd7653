"""`POST /v1/receipts/check`: the office's word on a paper that someone shows, from the register itself."""

import hmac
from dataclasses import replace
from typing import Annotated, Literal, cast

import msgspec
from starlette.responses import Response

from central_api.contract.audit import HEAD_PREFIX_BYTES
from central_api.contract.errors import Refused
from central_api.contract.keylist import ListedKey, Purpose
from central_api.contract.receipts import MAX_URL_CHARACTERS, Receipt, parse_receipt, receipt_of
from central_api.contract.sealed import open_sealed
from central_api.store import Filed

from .desk import Desk

Word = Literal["holds", "superseded", "revoked", "not_ours"]


class ReceiptText(msgspec.Struct, forbid_unknown_fields=True):
    """The text of a receipt's QR code."""

    receipt: Annotated[str, msgspec.Meta(max_length=MAX_URL_CHARACTERS)]


class Verdict(msgspec.Struct):
    """holds: issued by us, and it says what the latest status says. superseded: the status changed since.

    revoked: its key is revoked, and the register does not know it. not_ours: anything else.
    """

    verdict: Word


async def check_receipt(desk: Desk, *, body: ReceiptText, terminal: str | None) -> Response:
    """Judge a receipt by signature, key list and audit chain."""
    content = msgspec.json.encode(Verdict(_judge(desk, body.receipt)))
    return Response(content, media_type="application/json", headers={"cache-control": "no-store"})


def _judge(desk: Desk, text: str) -> Word:
    listed = {key.key_id: key for key in desk.office.key_list.keys if key.purpose is Purpose.RECEIPT}
    signed_by: list[ListedKey] = []

    def find(key_id: int) -> bytes:
        if key_id not in listed:
            raise Refused("an unknown key")
        signed_by.append(listed[key_id])
        return listed[key_id].public

    try:
        receipt = parse_receipt(text, [desk.office.settings.host], find)
    except Refused:
        return "not_ours"
    filed = desk.office.find(receipt.tracking)
    # Revoked or out of date, a key's receipt is good where the register itself remembers it.
    if filed is None or not _in_register(desk, receipt, filed):
        if signed_by[0].revoked:
            return "revoked"
        # Signed with a good key, and unknown to the chain: a stolen key, or a register that was changed.
        desk.log.error("a receipt contradicts the register", version=receipt.version)
        return "not_ours"
    sealed = desk.office.sealed_at(filed.slot)
    if not isinstance(sealed, bytes):
        return "superseded"
    version, plain = open_sealed(sealed, desk.office.slip_key(filed))
    latest = receipt_of(plain, version, lambda key_id: listed[key_id].public)
    # What was published anew, under another key, says the same as before: the paper holds on.
    same = replace(latest, version=receipt.version, position=receipt.position, head=receipt.head)
    return "holds" if same == receipt else "superseded"


def _in_register(desk: Desk, receipt: Receipt, filed: Filed) -> bool:
    """Say whether the register has an event of this application, or of many, with this head at this place."""
    query = "SELECT head, application FROM event WHERE position = ?"
    row = cast(tuple[bytes, int | None] | None, desk.reader.execute(query, (receipt.position,)).fetchone())
    if row is None or row[1] not in {None, filed.row}:
        return False
    return hmac.compare_digest(row[0][:HEAD_PREFIX_BYTES], receipt.head)
