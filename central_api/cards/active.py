"""Active authentication (ICAO 9303-11, 6.1): a chip shows that it has the key whose public half the state signed."""

import hashlib
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from . import tlv
from .errors import NotAsStandard, NotSupported

# 2.23.136.1.1.5 names the protocol, 0.4.0.127.0.7.1.1.4.1.* the hash of a plain ECDSA signature (BSI TR-03111).
_ACTIVE: Final = bytes.fromhex("678108010105")
_PLAIN: Final = bytes.fromhex("04007f000701010401")
_HASHES: Final[dict[int, hashes.HashAlgorithm]] = {
    1: hashes.SHA1(),  # over a fresh challenge, where a collision is of no use
    2: hashes.SHA224(),
    3: hashes.SHA256(),
    4: hashes.SHA384(),
    5: hashes.SHA512(),
}
# The trailers of ISO/IEC 9796-2, 8.1.2, and ISO/IEC 10118.
_TRAILERS: Final = {
    b"\xbc": "sha1",
    b"\x38\xcc": "sha224",
    b"\x34\xcc": "sha256",
    b"\x36\xcc": "sha384",
    b"\x35\xcc": "sha512",
}


def answers(dg15: bytes, dg14: bytes | None, challenge: bytes, signature: bytes) -> bool:
    """Say whether the key in EF.DG15 made this signature over the challenge. Raises NotAsStandard, NotSupported."""
    try:
        key = load_der_public_key(tlv.only(dg15, 0x6F))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        if isinstance(error, NotAsStandard):
            raise
        raise NotSupported("a key of another kind") from None
    match key:
        case ec.EllipticCurvePublicKey():
            return _ecdsa(key, _hash_of(dg14), challenge, signature)
        case rsa.RSAPublicKey():
            return _rsa(key.public_numbers(), challenge, signature)
        case _:
            raise NotSupported("a key of another kind")


def _ecdsa(key: ec.EllipticCurvePublicKey, hashed: hashes.HashAlgorithm, challenge: bytes, signature: bytes) -> bool:
    half = len(signature) // 2
    r, s = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    try:
        key.verify(encode_dss_signature(r, s), challenge, ec.ECDSA(hashed))
    except InvalidSignature:
        return False
    return len(signature) == 2 * ((key.curve.key_size + 7) // 8)


def _hash_of(dg14: bytes | None) -> hashes.HashAlgorithm:
    """Return the hash that EF.DG14 names; SHA-256 where there is no such file."""
    if dg14 is None:
        return hashes.SHA256()
    for _, info in tlv.items(tlv.only(tlv.only(dg14, 0x6E), 0x31)):
        found = list(tlv.items(info))
        if len(found) >= 3 and found[0] == (0x06, _ACTIVE):
            scheme = found[2][1]
            if scheme[:-1] != _PLAIN or scheme[-1] not in _HASHES:
                raise NotSupported("a scheme of another kind")
            return _HASHES[scheme[-1]]
    return hashes.SHA256()


def _rsa(key: rsa.RSAPublicNumbers, challenge: bytes, signature: bytes) -> bool:
    """ISO/IEC 9796-2, scheme 1, with partial recovery: 6A, recovered bytes, their hash with the challenge, trailer."""
    size = (key.n.bit_length() + 7) // 8
    number = int.from_bytes(signature, "big")
    if len(signature) != size or number >= key.n:
        return False
    opened = pow(number, key.e, key.n).to_bytes(size, "big")
    trailer = opened[-1:] if opened[-1] == 0xBC else opened[-2:]
    if opened[0] != 0x6A or trailer not in _TRAILERS:
        return False
    hashed = hashlib.new(_TRAILERS[trailer], usedforsecurity=False)
    inner = opened[1 : -len(trailer)]
    recovered, digest = inner[: -hashed.digest_size], inner[-hashed.digest_size :]
    hashed.update(recovered + challenge)
    return hashed.digest() == digest
