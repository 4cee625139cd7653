"""The receipt: a COSE library judges what we write, and we judge what it writes."""

from dataclasses import replace

import cbor2
import cwt
import pytest
import qrcode
from cwt import COSE, COSEKey
from hypothesis import given
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_M

from central_api.contract import base32, cbor
from central_api.contract.errors import ContractError, Refused
from central_api.contract.keylist import KeyList, ListedKey, Purpose
from central_api.contract.receipts import Receipt, parse_receipt, receipt_of, receipt_url, sign_status
from central_api.contract.status import decode_status, encode_status

from .strategies import HOST, HOSTS, OTHER_KEY, RECEIPT_KEY, blobs, every_spoiling, public_of, spoiled, statuses
from .test_status import STAGES

AAD = b"istilam receipt v1"
HEAD = bytes(range(32))
KEY_OF = public_of(RECEIPT_KEY)
ADDRESS = "HTTPS://FOLLOW.LABOUR.EXAMPLE/R#"
PLAIN = sign_status(STAGES[7], 1234, HEAD, RECEIPT_KEY)
URL = receipt_url(HOST, PLAIN, 1234)
versions = st.integers(1, 2**64 - 1)


def message_of(url: str) -> bytes:
    return base32.decode(url.removeprefix(ADDRESS))


def cose_key(private: bool) -> COSEKey:
    """A COSE_Key (RFC 9053, 7.2): kty OKP, kid, alg EdDSA, crv Ed25519, x, d."""
    key = {1: 1, 2: b"\x02", 3: -8, -1: 6, -2: RECEIPT_KEY.public}
    return COSEKey.new(key | ({-4: RECEIPT_KEY.private.private_bytes_raw()} if private else {}))


@given(statuses, versions, blobs[32])
def test_paper_and_status_say_the_same(status, version, head):
    plain = sign_status(status, version, head, RECEIPT_KEY)
    receipt = receipt_of(plain, version, KEY_OF)
    url = receipt_url(HOST, plain, version)
    assert url == url.upper()
    assert parse_receipt(url, HOSTS, KEY_OF) == parse_receipt(f" {url.lower()}\r\n", HOSTS, KEY_OF) == receipt
    assert receipt.tracking == status.tracking
    assert (receipt.version, receipt.position, receipt.head) == (version, version, head[:16])
    assert (receipt.state, receipt.step, receipt.when) == (status.state, status.current, status.changed)


@given(statuses, versions, blobs[32])
def test_a_cose_library_verifies_our_receipt(status, version, head):
    url = receipt_url(HOST, sign_status(status, version, head, RECEIPT_KEY), version)
    protected, unprotected, payload = COSE.new().decode_with_headers(
        message_of(url), cose_key(private=False), external_aad=AAD
    )
    assert (protected, unprotected) == ({1: -8, 4: b"\x02"}, {})
    assert cbor2.loads(payload)[1] == int(status.tracking)


def test_a_cose_library_refuses_it_without_our_aad():
    with pytest.raises(cwt.VerifyError):
        COSE.new().decode(message_of(URL), cose_key(private=False), external_aad=b"istilam feed v1")


def signed_by_cwt(payload: bytes, protected: dict, unprotected: dict | None = None, aad: bytes = AAD) -> str:
    message = COSE.new().encode_and_sign(
        payload, cose_key(private=True), protected=protected, unprotected=unprotected or {}, external_aad=aad
    )
    return ADDRESS + base32.encode(message)


def test_a_receipt_signed_by_a_cose_library_is_ours_byte_for_byte():
    payload = cbor2.loads(message_of(URL)).value[2]
    assert signed_by_cwt(payload, {1: -8, 4: b"\x02"}) == URL


GOOD = cbor2.loads(cbor2.loads(message_of(URL)).value[2])


def test_a_receipt_of_a_later_edition_holds():
    url = signed_by_cwt(cbor.encode({**GOOD, 9: 1}), {1: -8, 4: b"\x02"})
    assert parse_receipt(url, HOSTS, KEY_OF) == receipt_of(PLAIN, 1234, KEY_OF)


@pytest.mark.parametrize(
    ("payload", "protected", "unprotected", "aad"),
    [
        (GOOD, {1: -8, 4: b"\x02"}, {}, b""),
        (GOOD, {1: -8, 4: b"\x02"}, {99: 1}, AAD),
        (GOOD, {1: -8}, {4: b"\x02"}, AAD),
        (GOOD, {1: -8, 4: b"\x02", 99: 1}, {}, AAD),
        (GOOD, {1: -8, 4: b"\x02\x02"}, {}, AAD),
        ({**GOOD, 3: 9}, {1: -8, 4: b"\x02"}, {}, AAD),
        ({**GOOD, 4: 256}, {1: -8, 4: b"\x02"}, {}, AAD),
        ({**GOOD, 7: bytes(32)}, {1: -8, 4: b"\x02"}, {}, AAD),
        ({1: GOOD[1]}, {1: -8, 4: b"\x02"}, {}, AAD),
        ([], {1: -8, 4: b"\x02"}, {}, AAD),
    ],
    ids=[
        "without aad", "unprotected header", "key in the open", "another header", "long key number",
        "unknown state", "step too great", "long head", "fields missing", "no map",
    ],
)  # fmt: skip
def test_another_shape_is_refused_though_the_signature_holds(payload, protected, unprotected, aad):
    with pytest.raises(Refused):
        parse_receipt(signed_by_cwt(cbor.encode(payload), protected, unprotected, aad), HOSTS, KEY_OF)


def test_the_receipts_code_fits_version_10_at_level_m():
    longest = receipt_url(HOST, sign_status(STAGES[0], 2**64 - 1, HEAD, RECEIPT_KEY), 2**64 - 1)
    assert len(URL) <= 268
    for url in (URL, longest):
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_M)
        code.add_data(url)  # mixes modes: all but the # is alphanumeric
        assert code.best_fit() <= 10


def test_every_single_bit_of_the_code_counts():
    for spoilt in every_spoiling(message_of(URL)):
        with pytest.raises(Refused):
            parse_receipt(ADDRESS + base32.encode(spoilt), HOSTS, KEY_OF)


def test_every_single_bit_of_the_status_counts():
    for spoilt in every_spoiling(PLAIN):
        with pytest.raises(ContractError):
            receipt_of(spoilt, 1234, KEY_OF)


@given(st.data())
def test_a_spoiled_text_is_refused(data):
    text = data.draw(spoiled(URL.encode())).decode("latin-1")
    try:
        receipt = parse_receipt(text, HOSTS, KEY_OF)
    except Refused:
        return
    # A letter in the other case and white space around are all that may change.
    assert text.strip().upper() == URL
    assert receipt == parse_receipt(URL, HOSTS, KEY_OF)


@given(statuses, st.dictionaries(st.integers(16, 99), st.integers(0, 9), min_size=1))
def test_the_receipt_of_a_later_edition_covers_what_we_do_not_know(status, more):
    fields = {**cbor2.loads(encode_status(status)), **more}
    # The later office signs its own digest; the signature lies in key 15 as ever.
    digest_holder = sign_with_digest_of(fields, status)
    assert receipt_of(digest_holder, 7, KEY_OF).tracking == status.tracking
    assert decode_status(digest_holder).steps == status.steps
    tampered = cbor.encode({**cbor2.loads(digest_holder), min(more): 10})
    with pytest.raises(Refused):
        receipt_of(tampered, 7, KEY_OF)


def sign_with_digest_of(fields: dict, status) -> bytes:
    """What an office of a later edition would seal: all its fields digested, and the receipt over the known ones."""
    from hashlib import sha256

    payload = cbor.encode(
        {
            1: int(status.tracking),
            2: 7,
            3: int(status.state),
            4: status.current,
            5: status.changed,
            6: 7,
            7: HEAD[:16],
            8: sha256(cbor.encode(fields)).digest()[:16],
        }
    )
    signature = cbor2.loads(message_of(signed_by_cwt(payload, {1: -8, 4: b"\x02"}))).value[3]
    return cbor.encode({**fields, 15: [2, HEAD[:16], signature]})


def test_a_status_of_another_version_or_key_or_without_receipt_is_refused():
    for refused in (
        lambda: receipt_of(PLAIN, 1235, KEY_OF),
        lambda: receipt_of(PLAIN, 1234, public_of(OTHER_KEY)),
        lambda: receipt_of(encode_status(STAGES[7]), 1234, KEY_OF),
        lambda: receipt_url(HOST, encode_status(STAGES[7]), 1234),
        lambda: parse_receipt(URL, ["other.example"], KEY_OF),
        lambda: parse_receipt(URL + "A" * 1024, HOSTS, KEY_OF),
        lambda: parse_receipt(URL.replace("S://", "\u017f://"), HOSTS, KEY_OF),
        lambda: parse_receipt(URL.replace("/R#", "/#"), HOSTS, KEY_OF),
        lambda: parse_receipt("", HOSTS, KEY_OF),
    ):
        with pytest.raises(Refused):
            refused()


def test_a_revoked_key_holds_no_receipt():
    def finder(**changes):
        key = ListedKey(2, Purpose.RECEIPT, RECEIPT_KEY.public, 100, 200)
        return KeyList(1, (replace(key, **changes),)).finder(Purpose.RECEIPT, 150)

    assert parse_receipt(URL, HOSTS, finder()) == receipt_of(PLAIN, 1234, finder())
    for changes in ({"revoked": True}, {"purpose": Purpose.FEED}, {"not_after": 149}, {"key_id": 3}):
        with pytest.raises(Refused):
            parse_receipt(URL, HOSTS, finder(**changes))


def test_a_receipt_does_not_show_its_number():
    assert STAGES[7].tracking not in repr(receipt_of(PLAIN, 1234, KEY_OF))
    assert "tracking" not in repr(Receipt("26318283312", 1, STAGES[7].state, 0, 0, 1, b"", b""))
