"""Arbitrary and hostile bytes: every parser answers with its own error, at once, and with nothing else."""

import io
import struct
import warnings

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_api.contract import base32, cbor
from central_api.contract.content_bytes import open_content
from central_api.contract.enrolment import parse_enrolment
from central_api.contract.errors import ContractError, Refused, Unreadable
from central_api.contract.feed import open_page
from central_api.contract.heartbeat import decode_answer, decode_heartbeat
from central_api.contract.help_calls import decode_call, decode_help_state
from central_api.contract.keylist import open_key_list
from central_api.contract.readers import decode_readers
from central_api.contract.readiness import decode_readiness
from central_api.contract.readiness_paper import open_readiness
from central_api.contract.receipts import parse_receipt, receipt_of, receipt_url
from central_api.contract.request_signature import public_key_of
from central_api.contract.sealed import open_sealed, sealed_version
from central_api.contract.signed import Domain, sign
from central_api.contract.snapshot import read_parts
from central_api.contract.status import decode_status, status_digest
from central_api.contract.terminal_settings import open_settings
from central_api.contract.times import open_time

from .strategies import FEED_KEY, HOST, HOSTS, RECEIPT_KEY, ROOT_KEY, public_of
from .test_receipts import ADDRESS, GOOD, PLAIN, signed_by_cwt
from .test_signed import BODY
from .test_status import GOOD as STATUS

KEY, NONCE = bytes(16), bytes(16)
feed_key, receipt_key = public_of(FEED_KEY), public_of(RECEIPT_KEY)


def device_key(key_id: str) -> bytes:
    return bytes.fromhex(key_id) * 4 + b"\4"


# Every reader of bytes, from outside, and behind a good signature or seal as a broken office could send.
PARSERS = {
    "cbor": (cbor.decode, ContractError),
    "sealed": (lambda data: open_sealed(data, KEY), Unreadable),
    "sealed version": (sealed_version, Unreadable),
    "status": (decode_status, Unreadable),
    "digest": (status_digest, Unreadable),
    "receipt of": (lambda data: receipt_of(data, 7, receipt_key), ContractError),
    "receipt url": (lambda data: receipt_url(HOST, data, 7), ContractError),
    "receipt": (lambda data: parse_receipt(ADDRESS + base32.encode(data), HOSTS, receipt_key), Refused),
    "receipt payload": (lambda data: parse_receipt(receipt_over(data), HOSTS, receipt_key), Refused),
    "page": (lambda data: open_page(data, feed_key), Refused),
    "page body": (lambda data: open_page(sign(Domain.FEED, data, FEED_KEY), feed_key), Refused),
    "keys": (lambda data: open_key_list(data, ROOT_KEY.public), Refused),
    "keys body": (lambda data: open_key_list(sign(Domain.KEYS, data, ROOT_KEY), ROOT_KEY.public), Refused),
    "time": (lambda data: open_time(data, NONCE, feed_key), Refused),
    "time body": (lambda data: open_time(sign(Domain.TIME, data, FEED_KEY), NONCE, feed_key), Refused),
    "snapshot": (lambda data: list(read_parts(io.BytesIO(data), feed_key)), Refused),
    "heartbeat": (decode_heartbeat, ContractError),
    "heartbeat answer": (decode_answer, ContractError),
    "readiness": (decode_readiness, ContractError),
    "readiness slip": (
        lambda data: open_readiness("HTTPS://X/T#" + base32.encode(data), ["x"], device_key),
        ContractError,
    ),
    "content": (lambda data: open_content(data, feed_key), Refused),
    "content body": (lambda data: open_content(sign(Domain.CONTENT, data, FEED_KEY), feed_key), Refused),
    "readers": (decode_readers, ContractError),
    "help call": (decode_call, ContractError),
    "help answer": (decode_help_state, ContractError),
    "settings": (lambda data: open_settings(data, feed_key), Refused),
    "settings body": (lambda data: open_settings(sign(Domain.SETTINGS, data, FEED_KEY), feed_key), Refused),
    "enrolment": (lambda data: parse_enrolment("HTTPS://X/E#" + base32.encode(data)), ContractError),
    "public key": (public_key_of, ContractError),
    "base32": (lambda data: base32.decode(data.decode("latin-1")), ContractError),
}


def receipt_over(payload: bytes) -> str:
    return signed_by_cwt(payload, {1: -8, 4: b"\x02"})


def every_parser_stands(data: bytes) -> None:
    for parse, error in PARSERS.values():
        try:
            parse(data)
        except error:
            continue


def head(major: int, argument: int, width: int) -> bytes:
    """The head of a CBOR item, with its argument in 0, 1, 2, 4 or 8 bytes whether or not it needs them."""
    if width == 0:
        return bytes([major << 5 | argument % 24])
    return bytes([major << 5 | {1: 24, 2: 25, 4: 26, 8: 27}[width]]) + (argument % 256**width).to_bytes(width, "big")


numbers = st.sampled_from([0, 1, 2, 3, 4, 5, 16, 23, 24, 32, 64, 255, 256, 2**16, 2**31, 2**32, 2**63, 2**64 - 1])
heads = st.builds(head, st.integers(0, 7), numbers, st.sampled_from([0, 0, 0, 1, 2, 4, 8]))
indefinite = st.sampled_from([b"\x5f", b"\x7f", b"\x9f", b"\xbf", b"\xff"])
# Heads and bytes in any order: nearly well-formed, with tags, bignums, halves, breaks, lengths that promise too much.
garbled = st.lists(heads | indefinite | st.binary(max_size=8), max_size=30).map(b"".join)
scalars = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.binary(max_size=70) | st.text()
wild = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.integers(-2, 16) | st.text(max_size=3), inner, max_size=6)
        | st.builds(cbor2.CBORTag, st.integers(0, 300), inner)
    ),
    max_leaves=15,
).map(cbor2.dumps)


def with_field(good: dict, key: int, value: bytes) -> bytes:
    """A good map with one field of another kind, given as written."""
    fields = {known: cbor.encode(field) for known, field in good.items()} | {key: value}
    return bytes([0xA0 + len(fields)]) + b"".join(bytes([known]) + fields[known] for known in sorted(fields))


bent = st.builds(
    with_field, st.sampled_from([STATUS, GOOD, BODY, {1: 3, 2: []}, {1: 5, 2: NONCE}]), st.integers(1, 16), wild
)


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
@given(st.binary(max_size=400) | garbled | garbled.map(lambda tail: b"\xd2" + tail) | wild | bent)
def test_any_bytes(data):
    every_parser_stands(data)


@given(wild)
def test_what_is_read_is_what_would_be_written(data):
    try:
        value = cbor.decode(data)
    except ContractError:
        return
    assert cbor.encode(value) == cbor.encode_sorted(value) == data


HOSTILE = {
    "nothing": b"",
    "break alone": b"\xff",
    "indefinite bytes": b"\x5f\x41a\xff",
    "indefinite text": b"\x7f\x61a\xff",
    "indefinite list": b"\x9f\x01\xff",
    "indefinite map": b"\xbf\x01\x02\xff",
    "huge bytes": b"\x5b\x7f" + b"\xff" * 7,
    "huge text": b"\x7b\x00\x00\x00\x10" + bytes(4),
    "huge list": b"\x9a\x7f\xff\xff\xff",
    "huge list of 64 bits": b"\x9b" + b"\xff" * 8,
    "huge map": b"\xba\x7f\xff\xff\xff",
    "huge lists in lists": b"\x9a\x02\x00\x00\x00" * 200,
    "deep lists": b"\x81" * 100_000 + b"\x00",
    "less deep lists": b"\x81" * 900 + b"\x00",
    "deep maps": b"\xa1\x01" * 50_000 + b"\x00",
    "deep tags": b"\xc6" * 100_000 + b"\x00",
    "tagged date": cbor2.dumps(cbor2.CBORTag(0, "2026-01-01T00:00:00Z")),
    "tagged epoch": b"\xc1\x00",
    "bignum": b"\xc2\x41\x01",
    "real bignum": cbor2.dumps(2**80),
    "negative bignum": cbor2.dumps(-(2**80)),
    "decimal": b"\xc4\x82\x00\x01",
    "decimal bomb": b"\xc4\x82\x1b\x00\x00\x01\x00\x00\x00\x00\x00\x01",
    "bigfloat bomb": b"\xc5\x82\x1b\x00\x00\x01\x00\x00\x00\x00\x00\x01",
    "shared cycle": b"\xd8\x1c\x81\xd8\x1d\x00",
    "string reference": b"\xd9\x01\x00\x82\x43aaa\xd8\x19\x00",
    "pattern": b"\xd8\x23\x62((",
    "uuid": b"\xd8\x25\x50" + bytes(16),
    "address": b"\xd9\x01\x04\x44\x7f\x00\x00\x01",
    "set of lists": b"\xd9\x01\x02\x81\x80",
    "unknown tag": b"\xd9\xff\xff\x00",
    "sign1 in sign1": b"\xd2\xd2\x84\x40\xa0\x40\x40",
    "empty sign1": b"\xd2\x84\x40\xa0\x40\x40",
    "short sign1": b"\xd2\x80",
    "long one": b"\x18\x01",
    "long one of 64 bits": b"\x1b" + bytes(7) + b"\x01",
    "long length": b"\x58\x01a",
    "long list": b"\x98\x01\x00",
    "not a number": struct.pack(">Be", 0xF9, float("nan")),
    "other not a number": b"\xfb\x7f\xf0\x00\x00\x00\x00\x00\x01",
    "half": b"\xf9\x3c\x00",
    "float": b"\xfa\x3f\x80\x00\x00",
    "null": b"\xf6",
    "undefined": b"\xf7",
    "simple": b"\xe0",
    "long simple": b"\xf8\x20",
    "long true": b"\xf8\x15",
    "reserved head": b"\x1c",
    "key twice": b"\xa2\x01\x02\x01\x03",
    "key twice in two kinds": b"\xa2\x01\x02\xf5\x03",
    "keys out of order": b"\xa2\x02\x02\x01\x03",
    "text key": b"\xa1\x61a\x00",
    "negative key": b"\xa1\x20\x00",
    "list as key": b"\xa1\x80\x00",
    "map as key": b"\xa1\xa0\x00",
    "two values": b"\x00\x00",
    "not UTF-8": b"\x62\xc3\x28",
    "surrogate": b"\x63\xed\xa0\x80",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_cbor_is_refused(data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(ContractError):
            cbor.decode(data)
        every_parser_stands(data)
        nested = cbor.encode({1: 1})[:-1] + data  # the same as a field of a map
        if data not in (b"", b"\x00\x00"):
            with pytest.raises(ContractError):
                cbor.decode(nested)
        every_parser_stands(nested)


@pytest.mark.parametrize("data", [PLAIN, base32.decode(receipt_url(HOST, PLAIN, 7).removeprefix(ADDRESS))])
@given(st.data())
def test_a_piece_of_hostile_cbor_in_a_good_one(data, choice):
    at, end = sorted(choice.draw(st.tuples(*[st.integers(0, len(data))] * 2)))
    piece = choice.draw(st.sampled_from(sorted(HOSTILE.values(), key=len)[:-6]) | garbled)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        every_parser_stands(data[:at] + piece + data[end:])
