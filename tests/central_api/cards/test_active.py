"""Active authentication in the ways in which chips do it, each signed by a key made here."""

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from central_api.cards.active import answers
from central_api.cards.errors import NotSupported
from devices.card import tlv

CHALLENGE = bytes(range(8))
ACTIVE, PLAIN = bytes.fromhex("678108010105"), bytes.fromhex("04007f000701010401")


def dg14_of(scheme: bytes) -> bytes:
    other = tlv.build(0x30, tlv.build(0x06, b"\x2a") + tlv.build(0x02, b"\1"))
    info = tlv.build(0x30, tlv.build(0x06, ACTIVE) + tlv.build(0x02, b"\1") + tlv.build(0x06, scheme))
    return tlv.build(0x6E, tlv.build(0x31, other + info))


def dg15_of(key) -> bytes:
    return tlv.build(0x6F, key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP521R1(), ec.BrainpoolP384R1()], ids=lambda curve: curve.name)
@pytest.mark.parametrize(
    ("number", "hashed"),
    [(1, hashes.SHA1()), (2, hashes.SHA224()), (3, hashes.SHA256()), (4, hashes.SHA384()), (5, hashes.SHA512())],
)
def test_a_chip_signs_with_the_hash_that_its_dg14_names(curve, number, hashed):
    key, size = ec.generate_private_key(curve), (curve.key_size + 7) // 8
    r, s = decode_dss_signature(key.sign(CHALLENGE, ec.ECDSA(hashed)))
    signature = r.to_bytes(size, "big") + s.to_bytes(size, "big")
    dg14 = dg14_of(PLAIN + bytes((number,)))
    assert answers(dg15_of(key), dg14, CHALLENGE, signature)
    assert not answers(dg15_of(key), dg14, bytes(8), signature)
    if number == 3:
        assert answers(dg15_of(key), None, CHALLENGE, signature)
        assert answers(dg15_of(key), tlv.build(0x6E, tlv.build(0x31, b"")), CHALLENGE, signature)


@pytest.mark.parametrize(
    ("trailer", "name"),
    [
        (b"\xbc", "sha1"),
        (b"\x38\xcc", "sha224"),
        (b"\x34\xcc", "sha256"),
        (b"\x36\xcc", "sha384"),
        (b"\x35\xcc", "sha512"),
    ],
)
def test_a_chip_signs_with_rsa_and_says_with_which_hash(trailer, name):
    key = rsa.generate_private_key(65537, 1024)
    n, d = key.public_key().public_numbers().n, key.private_numbers().d

    def signed(head: int, end: bytes) -> bytes:
        recovered = bytes(128 - 1 - hashlib.new(name).digest_size - len(end))
        digest = hashlib.new(name, recovered + CHALLENGE).digest()
        return pow(int.from_bytes(bytes((head,)) + recovered + digest + end, "big"), d, n).to_bytes(128, "big")

    assert answers(dg15_of(key), None, CHALLENGE, signed(0x6A, trailer))
    assert not answers(dg15_of(key), None, bytes(8), signed(0x6A, trailer))
    assert not answers(dg15_of(key), None, CHALLENGE, signed(0x4A, trailer))
    assert not answers(dg15_of(key), None, CHALLENGE, signed(0x6A, b"\x31\xcc"))


def test_what_this_office_cannot_check_is_no_answer_and_no_lie():
    with pytest.raises(NotSupported):
        answers(dg15_of(ed25519.Ed25519PrivateKey.generate()), None, CHALLENGE, bytes(64))
    with pytest.raises(NotSupported):
        answers(tlv.build(0x6F, b"no key"), None, CHALLENGE, bytes(64))
    key = ec.generate_private_key(ec.SECP256R1())
    for scheme in (PLAIN + b"\x06", ACTIVE):
        with pytest.raises(NotSupported):
            answers(dg15_of(key), dg14_of(scheme), CHALLENGE, bytes(64))
