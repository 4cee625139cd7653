"""The receipt: what the office signs of a status when it publishes it, so that paper printed offline is as good as any.

A tagged COSE_Sign1 (RFC 9052, Ed25519), in base32 behind `HTTPS://<HOST>/R#`. Its protected header is algorithm and key
id, its unprotected header is empty, its external_aad is `istilam receipt v1`. The one accepted spelling is the one we
write, so this module writes it with the CBOR codec; the tests let a COSE library judge it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from . import base32, cbor
from .audit import HEAD_PREFIX_BYTES
from .errors import ContractError, Refused
from .signed import KeyFinder, SigningKey, verify
from .status import ReceiptSeal, State, Status, decode_status, encode_signed, status_digest

MAX_URL_CHARACTERS: Final = 1024
_TAG_SIGN1: Final = b"\xd2"  # tag 18, the one tag of the contract: all after it is plain CBOR
_EXTERNAL_AAD: Final = b"istilam receipt v1"
_EDDSA: Final = -8


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says: `step` is an index, `when` in seconds since 1970, `head` and `digest` have 16 bytes."""

    tracking: str = field(repr=False)
    version: int
    state: State
    step: int
    when: int
    position: int
    head: bytes = field(repr=False)
    digest: bytes = field(repr=False)


def sign_status(status: Status, version: int, head: bytes, key: SigningKey) -> bytes:
    """Return the plaintext of a status with its receipt set in. `head` is the audit head (32 bytes) at this version."""
    prefix = head[:HEAD_PREFIX_BYTES]

    def sign(digest: bytes) -> ReceiptSeal:
        payload = _payload(_receipt_for(status, version, prefix, digest))
        return ReceiptSeal(key.key_id, prefix, key.private.sign(_to_sign(key.key_id, payload)))

    return encode_signed(status, sign)


def receipt_of(plain: bytes, version: int, key_of: KeyFinder) -> Receipt:
    """Return the receipt of a status, given as opened: plaintext and version. Raises Refused unless it holds.

    The position in the audit chain is the version: each event has one place in both.
    """
    receipt, seal = _of_plain(plain, version)
    verify(key_of(seal.key_id), seal.signature, _to_sign(seal.key_id, _payload(receipt)))
    return receipt


def receipt_url(host: str, plain: bytes, version: int) -> str:
    """Write the text of the receipt's QR code from a status as opened, in upper case (268 characters)."""
    receipt, seal = _of_plain(plain, version)
    payload = _payload(receipt)
    unprotected: dict[int, object] = {}
    message = _TAG_SIGN1 + cbor.encode([_protected(seal.key_id), unprotected, payload, seal.signature])
    return f"HTTPS://{host.upper()}/R#{base32.encode(message)}"


def parse_receipt(text: str, hosts: Collection[str], key_of: KeyFinder) -> Receipt:
    """Read and verify the text of a receipt's QR code. Raises Refused unless it is a receipt of ours that holds."""
    address, _, letters = text.strip().partition("#")
    ours = {f"HTTPS://{host.upper()}/R" for host in hosts}
    if len(text) > MAX_URL_CHARACTERS or not text.isascii() or address.upper() not in ours:
        raise Refused("not a receipt of ours")
    try:
        key_id, payload, signature = _open_sign1(base32.decode(letters))
        receipt = _receipt(payload)
    except ContractError as error:
        raise Refused(f"not a receipt: {error}") from None
    verify(key_of(key_id), signature, _to_sign(key_id, payload))
    return receipt


def _of_plain(plain: bytes, version: int) -> tuple[Receipt, ReceiptSeal]:
    status = decode_status(plain)
    if status.receipt is None:
        raise Refused("a status without a receipt")
    return _receipt_for(status, version, status.receipt.head, status_digest(plain)), status.receipt


def _receipt_for(status: Status, version: int, head: bytes, digest: bytes) -> Receipt:
    return Receipt(
        tracking=status.tracking,
        version=version,
        state=status.state,
        step=status.current,
        when=status.changed,
        position=version,
        head=head,
        digest=digest,
    )


def _payload(receipt: Receipt) -> bytes:
    return cbor.encode_sorted(
        {
            1: int(receipt.tracking),
            2: receipt.version,
            3: int(receipt.state),
            4: receipt.step,
            5: receipt.when,
            6: receipt.position,
            7: receipt.head,
            8: receipt.digest,
        }
    )


def _receipt(payload: bytes) -> Receipt:
    read = cbor.Fields(cbor.decode(payload))
    try:
        state = State(read.uint(3, 255))
    except ValueError:
        raise ContractError("unknown state") from None
    return Receipt(
        tracking=f"{read.uint(1, 10**11 - 1):011d}",
        version=read.uint(2),
        state=state,
        step=read.uint(4, 255),
        when=read.uint(5),
        position=read.uint(6),
        head=read.blob(7, HEAD_PREFIX_BYTES),
        digest=read.blob(8, 16),
    )


@cache
def _protected(key_id: int) -> bytes:
    return cbor.encode({1: _EDDSA, 4: bytes([key_id])})


def _to_sign(key_id: int, payload: bytes) -> bytes:
    return cbor.encode_sorted(["Signature1", _protected(key_id), _EXTERNAL_AAD, payload])


def _open_sign1(message: bytes) -> tuple[int, bytes, bytes]:
    """Take a COSE_Sign1 apart: key number, payload, signature."""
    if message[:1] != _TAG_SIGN1:
        raise ContractError("not a COSE_Sign1")
    protected, unprotected, payload, signature = cbor.as_list(cbor.decode(message[1:]), 4)
    if unprotected != {}:
        raise ContractError("an unprotected header")
    key_id = cbor.as_bytes(cbor.Fields(cbor.decode(cbor.as_bytes(protected))).blob(4), 1)[0]
    if protected != _protected(key_id):
        raise ContractError("another protected header")
    return key_id, cbor.as_bytes(payload), cbor.as_bytes(signature, 64)
