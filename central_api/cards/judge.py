"""Passive authentication (ICAO 9303-11, 5.1) and what follows from it and from the chip's own answer."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from central_api.contract.cards import CardVerdict, PassportFiles

from . import tlv
from .active import answers
from .cms import SignedObject, read_signed_object
from .document import Document, read_document
from .errors import NotAsStandard, NotSupported
from .issuers import UNREADABLE, Issuers, valid_at

# SHA-1 is not among them: two documents with one hash can be made.
_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_HASH_NAMES: Final = {bytes.fromhex("6086480165030402") + bytes((at,)): name for at, name in
    ((1, "sha256"), (2, "sha384"), (3, "sha512"), (4, "sha224"))}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """document: whose it is, where the verdict is GENUINE, or UNPROVEN because its chip has no key of its own."""

    verdict: CardVerdict
    document: Document | None = field(default=None, repr=False)


def judge(files: PassportFiles, challenge: bytes, issuers: Issuers, now: int) -> Judged:
    """Judge a chip's files and its answer to `challenge` (8 bytes) at `now` (seconds since 1970, UTC).

    UNPROVEN is a document that its state signed and whose chip has no key of its own, so that it may be a copy; and one
    signed in a way that this office cannot check.
    """
    try:
        return _judge(files, challenge, issuers, datetime.fromtimestamp(now, UTC))
    except NotAsStandard:
        return Judged(CardVerdict.ALTERED)
    except NotSupported:
        return Judged(CardVerdict.UNPROVEN)


def _judge(files: PassportFiles, challenge: bytes, issuers: Issuers, now: datetime) -> Judged:
    signed = read_signed_object(tlv.only(files.sod, 0x77))
    signer = _signer(signed.signer)
    issuer = issuers.of(signer)
    if issuer is None:
        return Judged(CardVerdict.UNKNOWN_ISSUER)
    if signer.serial_number in issuer.revoked:
        return Judged(CardVerdict.REVOKED)
    hashed = _signed_hashes(signed, signer)
    groups = {1: files.dg1, 14: files.dg14, 15: files.dg15}
    if any(file is not None and not _holds(hashed, group, file) for group, file in groups.items()):
        return Judged(CardVerdict.ALTERED)
    document = read_document(files.dg1, now.date())
    # Who lets the chip's key away, or cannot answer with it, has the files alone.
    has_key = 15 in hashed[1]
    if has_key and not (
        files.dg15 is not None and files.active is not None and answers(files.dg15, files.dg14, challenge, files.active)
    ):
        return Judged(CardVerdict.COPIED)
    over = document.expiry is not None and document.expiry < now.date()
    if over or not valid_at(signer, now) or not issuer.valid_at(now):
        return Judged(CardVerdict.EXPIRED)
    return Judged(CardVerdict.GENUINE if has_key else CardVerdict.UNPROVEN, document)


def _signer(data: bytes) -> x509.Certificate:
    """Read the certificate of a document's signer."""
    try:
        signer = x509.load_der_x509_certificate(data)
        usage = signer.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        raise NotAsStandard("a signer's certificate names its use") from None
    except UNREADABLE:
        raise NotSupported("a certificate of another kind") from None
    if not usage.digital_signature:
        raise NotAsStandard("a certificate for another use")
    return signer


def _signed_hashes(signed: SignedObject, signer: x509.Certificate) -> tuple[str, Mapping[int, bytes]]:
    """Return the hash function's name, and the hashes of data groups that the signer signed."""
    if signed.digest not in _HASHES or signed.hash not in _HASHES:
        raise NotSupported("a hash of another kind")
    if hashlib.new(signed.digest, signed.content).digest() != signed.claimed:
        raise NotAsStandard("the content is not what was signed")
    _verify(signed, signer)
    _version, algorithm, listed = tlv.values(tlv.only(signed.content, 0x30), 0x02, 0x30, 0x30)
    (oid,) = tlv.values(algorithm, 0x06)
    if oid not in _HASH_NAMES:
        raise NotSupported("a hash of another kind")
    pairs = (tlv.values(value, 0x02, 0x04) for _, value in tlv.items(listed))
    return _HASH_NAMES[oid], {int.from_bytes(number, "big"): digest for number, digest in pairs}


def _verify(signed: SignedObject, signer: x509.Certificate) -> None:
    hashed = _HASHES[signed.hash]
    try:
        match signer.public_key(), signed.scheme:
            case ec.EllipticCurvePublicKey() as key, "ecdsa":
                key.verify(signed.signature, signed.covered, ec.ECDSA(hashed))
            case rsa.RSAPublicKey() as key, "rsassa_pkcs1v15":
                key.verify(signed.signature, signed.covered, padding.PKCS1v15(), hashed)
            case rsa.RSAPublicKey() as key, "rsassa_pss":
                pss = padding.PSS(padding.MGF1(hashed), signed.salt)
                key.verify(signed.signature, signed.covered, pss, hashed)
            case _:
                raise NotSupported("a scheme of another kind")
    except InvalidSignature:
        raise NotAsStandard("the signature does not hold") from None
    except (UnsupportedAlgorithm, TypeError):
        raise NotSupported("a key of another kind") from None
    except ValueError as error:
        if isinstance(error, (NotAsStandard, NotSupported)):
            raise
        raise NotSupported("a key of another kind") from None


def _holds(hashed: tuple[str, Mapping[int, bytes]], group: int, file: bytes) -> bool:
    name, digests = hashed
    return digests.get(group) == hashlib.new(name, file).digest()
