"""The sealed status: only the slip opens it, and nobody alters it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_api.contract.errors import Unreadable
from central_api.contract.sealed import BLOCK, open_sealed, seal, sealed_version

from .strategies import blobs, every_spoiling, spoiled, uint64

KEY, NONCE = bytes(range(16)), bytes(12)


@given(st.binary(max_size=600), blobs[16], uint64, blobs[12])
def test_the_slip_opens_what_the_office_sealed(plain, key, version, nonce):
    data = seal(plain, key, version, nonce)
    assert sealed_version(data) == version
    assert open_sealed(data, key) == (version, plain)
    assert len(data) == 37 + BLOCK * (len(plain) // BLOCK + 1)


@given(st.data(), st.binary(max_size=300), blobs[16], uint64, blobs[12])
def test_a_spoiled_one_is_refused(data, plain, key, version, nonce):
    with pytest.raises(Unreadable):
        open_sealed(data.draw(spoiled(seal(plain, key, version, nonce))), key)


def test_every_single_bit_counts():
    for spoilt in every_spoiling(seal(b"plain", KEY, 7, NONCE)):
        with pytest.raises(Unreadable):
            open_sealed(spoilt, KEY)


@given(blobs[16].filter(lambda key: key != KEY))
def test_another_slip_opens_nothing(other):
    with pytest.raises(Unreadable):
        open_sealed(seal(b"plain", KEY, 7, NONCE), other)


@given(st.binary(max_size=600))
def test_arbitrary_bytes_are_refused(data):
    for read in (lambda: open_sealed(data, KEY), lambda: sealed_version(data)):
        try:
            read()
        except Unreadable:
            continue


@pytest.mark.parametrize("padded", [bytes(BLOCK), b"\x80" + bytes(BLOCK - 1) + bytes(BLOCK), b"\x81" + bytes(127)])
def test_padding_that_we_do_not_write_is_refused(padded):
    """What somebody with the slip key could seal, but the office never would."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from central_api.contract.keys import seal_key, slot

    header = b"\x01" + bytes(8)
    data = header + NONCE + AESGCM(seal_key(KEY)).encrypt(NONCE, padded, slot(KEY) + header)
    with pytest.raises(Unreadable):
        open_sealed(data, KEY)
