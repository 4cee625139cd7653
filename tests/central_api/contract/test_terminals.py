"""What terminals send and are told: enrolment codes, signed requests, heartbeats, readiness, settings."""

import base64
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureComponentResolver,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)
from hypothesis import given
from hypothesis import strategies as st

from central_api.contract import base32, enrolment, heartbeat, readiness, request_signature, terminal_settings
from central_api.contract.enrolment import Enrolment, enrolment_text, parse_enrolment, parse_typed, typed_form
from central_api.contract.errors import ContractError, DamagedEnrolment, NotAnEnrolment, Refused

from .strategies import FEED_KEY, OTHER_KEY, public_of

VECTORS = json.loads((Path(__file__).parents[3] / "docs" / "vectors" / "contract.json").read_text(encoding="utf-8"))
ADDRESSES = ["https://office.labour.example:8443", "https://localhost", "http://127.0.0.1:8400", "http://[::1]:8400"]
KEY = ec.derive_private_key(int(VECTORS["terminal key"]["private"], 16), ec.SECP256R1())
POINT = bytes.fromhex(VECTORS["terminal key"]["public"])
KEY_ID = VECTORS["terminal key"]["keyid"]

text64 = st.text(max_size=64)
uint32 = st.none() | st.integers(0, 2**32 - 1)
uint64 = st.none() | st.integers(0, 2**64 - 1)
enrolments = st.builds(
    Enrolment, st.sampled_from(ADDRESSES), st.binary(min_size=8, max_size=8), st.binary(min_size=14, max_size=14)
)
heartbeats = st.builds(
    heartbeat.Heartbeat,
    taken=st.integers(0, 2**64 - 1),
    sequence=st.integers(0, 2**64 - 1),
    machine=st.binary(min_size=8, max_size=8),
    run=st.binary(min_size=8, max_size=8),
    version=text64,
    trusted=st.booleans(),
    boots=uint32,
    unclean=uint32,
    uptime=uint32,
    devices=st.lists(
        st.builds(
            heartbeat.DeviceReport,
            st.sampled_from(heartbeat.DeviceKind),
            st.sampled_from(heartbeat.DeviceState),
            text64,
        ),
        max_size=4,
    ).map(tuple),
    paper_mm=uint32,
    cursor=uint64,
    head_position=uint64,
    head=st.none() | st.binary(min_size=16, max_size=16),
    synced=uint64,
    queue=uint32,
    offset=st.none() | st.integers(-(2**40), 2**40),
    disk_free=uint32,
    temperature=st.none() | st.integers(-32_767, 32_767),
    mains=st.none() | st.booleans(),
    battery=st.none() | st.integers(0, 100),
    settings=uint64,
    visits=uint32,
    printed=uint32,
    not_printed=uint32,
)
readinesses = st.builds(
    readiness.Readiness,
    st.integers(0, 2**64 - 1),
    text64,
    st.lists(
        st.builds(
            readiness.Result,
            st.sampled_from(readiness.Part),
            st.sampled_from(readiness.Outcome),
            st.from_regex(r"\A[a-z0-9_]{0,64}\Z"),
        ),
        max_size=12,
    ).map(tuple),
)
days = st.lists(st.integers(0, 1440), max_size=6, unique=True).map(
    lambda minutes: tuple(zip(sorted(minutes)[0::2], sorted(minutes)[1::2], strict=False))
)
settings = st.builds(
    terminal_settings.TerminalSettings,
    number=st.integers(0, 2**64 - 1),
    terminal=text64,
    hours=st.none() | st.tuples(*[days] * 7),
    languages=st.lists(st.sampled_from(["ar", "fr", "en", "fil"]), max_size=4).map(tuple),
    volume=st.none() | st.integers(0, 100),
    closed_days=st.lists(st.integers(0, 2**32 - 1), max_size=4).map(tuple),
    vault_when_revoked=st.booleans(),
)
requests_made = st.tuples(
    st.sampled_from(["GET", "POST", "PUT"]),
    st.sampled_from(["/v1/feed?after=7&limit=5", "/v1/heartbeats", "/v1/settings"]),
    st.binary(max_size=40),
)


def sign(message: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    r, s = decode_dss_signature(KEY.sign(message, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def signed(method: str, path: str, body: bytes, created: int = 1_790_000_000) -> dict[str, str]:
    return request_signature.sign_headers(
        method,
        ADDRESSES[0] + path,
        body,
        key_id=KEY_ID,
        created=created,
        nonce="AAECAwQFBgcICQoLDA0ODw",
        sign=sign,
    )


def read(headers: dict[str, str]) -> request_signature.SignedRequest:
    return request_signature.parse({name.lower(): value for name, value in headers.items()})


def holds(headers: dict[str, str], method: str, path: str, body: bytes) -> None:
    request_signature.verify(read(headers), method, ADDRESSES[0] + path, body, KEY.public_key())


# -- enrolment codes


@given(enrolments)
def test_an_enrolment_code_is_read_back_scanned_or_typed(made):
    text = enrolment_text(made)
    assert text == text.upper()
    for scanned in (text, text.lower(), f"\r\n{text}\n"):
        assert parse_enrolment(scanned) == made
    groups = typed_form(made)
    assert re.fullmatch(r"([A-Z2-7]{4} ){9}[A-Z2-7]{4}", groups)
    for letters in (groups, groups.lower().replace(" ", "-"), groups.replace(" ", "")):
        assert parse_typed(made.origin + "/", letters) == made
    if made.origin.startswith("https://"):
        assert parse_typed(made.origin.removeprefix("https://"), groups) == made


def test_every_wrong_letter_and_every_wrong_address_is_told():
    text = VECTORS["enrolment"]["text"]
    address, _, letters = text.partition("#")
    for at, letter in enumerate(letters):
        for other in set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") - {letter}:
            with pytest.raises(DamagedEnrolment):
                parse_enrolment(f"{address}#{letters[:at]}{other}{letters[at + 1 :]}")
    for other in ("OFFICE.LABOR.EXAMPLE:8443", "OFFICE.LABOUR.EXAMPLE", "OFFICE.LABOUR.EXAMPLE:8444"):
        with pytest.raises(DamagedEnrolment):
            parse_typed(other, letters)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", NotAnEnrolment),
        ("HTTPS://FOLLOW.LABOUR.EXAMPLE/#26318283312.4QGAJILAD2KC7MNBDKPN2E4XU4", NotAnEnrolment),
        ("HTTPS://FOLLOW.LABOUR.EXAMPLE/R#ABC", NotAnEnrolment),
        (VECTORS["enrolment"]["text"].replace("HTTPS", "HTTP"), NotAnEnrolment),
        (VECTORS["enrolment"]["text"].replace("HTTPS", "FTP"), NotAnEnrolment),
        (VECTORS["enrolment"]["text"].replace("OFFICE", "A@OFFICE"), NotAnEnrolment),
        (VECTORS["enrolment"]["text"].replace("S://", "\u017f://"), NotAnEnrolment),
        (VECTORS["enrolment"]["text"] + "A" * 512, NotAnEnrolment),
        (VECTORS["enrolment"]["text"][:-1], DamagedEnrolment),
        (VECTORS["enrolment"]["text"] + "A", DamagedEnrolment),
        ("HTTPS://X/E#", DamagedEnrolment),
        ("HTTPS://X/E#" + base32.encode(b"\x02" + bytes(24)), DamagedEnrolment),
    ],
)
def test_what_is_no_whole_enrolment_code_is_told_apart(text, error):
    with pytest.raises(error):
        parse_enrolment(text)


@pytest.mark.parametrize(
    "address",
    [
        "http://office.labour.example",
        "office",
        "https://a/b",
        "https://A:999999",
        "https://x:99999",
        "https://x:0",
        "ü",
    ],
)
def test_what_is_no_address_of_an_office_is_refused(address):
    with pytest.raises(NotAnEnrolment):
        enrolment.origin_of(address)


def test_an_address_has_one_spelling():
    assert enrolment.origin_of("HTTPS://Office.Labour.Example:8443") == ADDRESSES[0]


@given(st.text(max_size=600) | st.binary(max_size=600).map(lambda data: data.decode("latin-1")))
def test_any_text_raises_our_error_alone(text):
    for tried in (text, "HTTPS://X/E#" + text, VECTORS["enrolment"]["text"][:20] + text):
        for parse in (parse_enrolment, lambda typed: parse_typed(typed, text), lambda typed: parse_typed("x", typed)):
            try:
                parse(tried)
            except ContractError:
                continue


def test_an_enrolment_code_does_not_show_its_secret():
    assert "code" not in repr(Enrolment(ADDRESSES[0], bytes(8), bytes(14)))


def test_both_screens_show_the_same_digits_only_for_the_same_key_root_ca_and_nonce():
    facts = [POINT, bytes(32), bytes(32), bytes(16)]
    digits = enrolment.digits_of(*facts)
    assert re.fullmatch(r"\d{4} \d{4}", digits)
    for at, fact in enumerate(facts):
        other = [*facts[:at], fact[:-1] + bytes([fact[-1] ^ 1]), *facts[at + 1 :]]
        assert enrolment.digits_of(*other) != digits


# -- signed requests


@given(requests_made)
def test_a_signed_request_is_verified(made):
    headers = signed(*made)
    assert ("Content-Digest" in headers) == bool(made[2])
    holds(headers, *made)


@given(requests_made, st.data())
def test_any_letter_of_a_signature_changed_is_refused(made, data):
    headers = signed(*made)
    name = data.draw(st.sampled_from(sorted(headers)))
    at = data.draw(st.integers(0, len(headers[name]) - 1))
    other = data.draw(st.characters(codec="latin-1").filter(lambda letter: letter != headers[name][at]))
    with pytest.raises(ContractError):
        holds({**headers, name: headers[name][:at] + other + headers[name][at + 1 :]}, *made)


@given(requests_made, requests_made)
def test_a_signature_is_worth_nothing_for_another_request(made, other):
    if made != other:
        with pytest.raises(Refused):
            holds(signed(*made), *other)


def test_a_signature_is_worth_nothing_at_another_office():
    request = read(signed("GET", "/v1/feed", b""))
    with pytest.raises(Refused):
        request_signature.verify(request, "GET", "https://other.example/v1/feed", b"", KEY.public_key())


@given(st.lists(st.sampled_from(["signature", "signature-input", "content-digest"]), unique=True), st.data())
def test_any_headers_raise_our_error_alone(names, data):
    good = {name.lower(): value for name, value in signed("POST", "/v1/heartbeats", b"x").items()}
    junk = st.text(st.characters(codec="latin-1"), max_size=300) | st.sampled_from(
        [*good.values(), "sig1=:A:", "sig1="]
    )
    try:
        request_signature.parse({**good, **{name: data.draw(junk) for name in names}})
    except ContractError:
        return


@pytest.mark.parametrize("missing", ["Signature", "Signature-Input", "Content-Digest"])
def test_a_missing_header_is_refused(missing):
    headers = signed("POST", "/v1/heartbeats", b"x")
    del headers[missing]
    with pytest.raises(ContractError):
        read(headers)


def test_a_request_says_whether_it_claims_to_be_signed():
    assert request_signature.is_signed({"signature": ""})
    assert not request_signature.is_signed({"accept": "*/*"})


@pytest.mark.parametrize(("off", "inside"), [(-301, False), (-300, True), (0, True), (300, True), (301, False)])
def test_the_window_is_five_minutes_either_way(off, inside):
    request = read(signed("GET", "/v1/feed", b"", created=1_790_000_000 + off))
    assert request_signature.in_window(request, 1_790_000_000) is inside


@pytest.mark.parametrize(
    "point",
    [b"", b"\x04" + bytes(64), b"\x02" + POINT[1:33], b"\x06" + POINT[1:], POINT + b"\0"],
    ids=["empty", "off the curve", "compressed", "hybrid", "long"],
)
def test_what_is_no_point_of_the_curve_is_no_key(point):
    with pytest.raises(ContractError):
        request_signature.public_key_of(point)


class OneKey(HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id: str):
        assert key_id == KEY_ID
        return KEY.public_key()

    def resolve_private_key(self, key_id: str):
        return KEY


LIBRARY = {
    "signature_algorithm": algorithms.ECDSA_P256_SHA256,
    "key_resolver": OneKey(),
    "component_resolver_class": HTTPSignatureComponentResolver,
}


@pytest.mark.parametrize("body", [b"", b"a body"])
def test_an_independent_library_verifies_what_we_sign(body):
    import time

    headers = signed("POST", "/v1/heartbeats", body, created=int(time.time()))
    message = requests.Request("POST", ADDRESSES[0] + "/v1/heartbeats", headers, data=body).prepare()
    verifier = HTTPMessageVerifier(**LIBRARY)
    (result,) = verifier.verify(message, expect_tag="istilam-device")
    assert ("content-digest" in str(result.covered_components)) == bool(body)
    message.method = "PUT"
    with pytest.raises(InvalidSignature):
        HTTPMessageVerifier(**LIBRARY).verify(message, expect_tag="istilam-device")


def test_we_verify_what_an_independent_library_signs():
    import datetime
    from hashlib import sha256

    body = b"a body"
    message = requests.Request("POST", ADDRESSES[0] + "/v1/heartbeats", data=body).prepare()
    message.headers["Content-Digest"] = f"sha-256=:{base64.b64encode(sha256(body).digest()).decode()}:"
    HTTPMessageSigner(**LIBRARY).sign(
        message,
        key_id=KEY_ID,
        created=datetime.datetime.fromtimestamp(1_790_000_000, datetime.UTC),
        nonce="AAECAwQFBgcICQoLDA0ODw",
        tag="istilam-device",
        label="sig1",
        use_existing_digest=True,
        covered_component_ids=("@method", "@target-uri", "content-digest"),
    )
    fields = {name.lower(): message.headers[name] for name in ("Signature-Input", "Signature", "Content-Digest")}
    # The library gives its parameters in its own order, which is not our shape: what is signed is the same.
    label, _, parameters = fields["signature-input"].partition("=")
    signature = base64.b64decode(fields["signature"].removeprefix("sig1=:")[:-1])
    request = request_signature.SignedRequest(KEY_ID, 1_790_000_000, "", sha256(body).digest(), signature, parameters)
    assert label == "sig1"
    request_signature.verify(request, "POST", ADDRESSES[0] + "/v1/heartbeats", body, KEY.public_key())


def test_the_vectors_hold_for_a_reader_of_the_contract_alone():
    from .reader import verify_request

    for name in ("signed request", "signed request with a body"):
        vector = VECTORS[name]
        body = bytes.fromhex(vector["body"])
        assert verify_request(vector["method"], vector["uri"], body, vector["headers"], POINT) == KEY_ID
        assert KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint) == POINT


# -- reports and settings


@given(heartbeats)
def test_a_heartbeat_is_read_back(report):
    assert heartbeat.decode_heartbeat(heartbeat.encode_heartbeat(report)) == report


def test_a_full_heartbeat_fits():
    body = bytes.fromhex(VECTORS["heartbeat"]["body"])
    assert len(body) < 256
    crowded = replace(
        heartbeat.decode_heartbeat(body),
        devices=(heartbeat.DeviceReport(heartbeat.DeviceKind.PRINTER, heartbeat.DeviceState.READY, "م" * 64),) * 12,
    )
    assert len(heartbeat.encode_heartbeat(crowded)) <= heartbeat.MAX_HEARTBEAT_BYTES
    with pytest.raises(ContractError):
        heartbeat.encode_heartbeat(replace(crowded, devices=crowded.devices * 2))


def test_devices_parts_and_outcomes_of_a_later_edition_are_passed_over():
    import cbor2

    later = cbor2.loads(bytes.fromhex(VECTORS["heartbeat"]["body"]))
    known = len(later[10])
    later[10] += [[99, 1, "camera"], [1, 99, ""]]
    assert len(heartbeat.decode_heartbeat(cbor2.dumps(later, canonical=True)).devices) == known
    later[10] = [[1, 1, ""]] * 13
    with pytest.raises(ContractError):
        heartbeat.decode_heartbeat(cbor2.dumps(later, canonical=True))
    tested = cbor2.dumps({1: 1, 2: "T-01", 3: [[99, 1, ""], [1, 99, ""], [1, 1, ""]]}, canonical=True)
    assert len(readiness.decode_readiness(tested).results) == 1


@given(st.booleans(), st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_the_answer_to_a_heartbeat_is_read_back(agrees, number, keys):
    answer = heartbeat.HeartbeatAnswer(number, keys, agrees)
    assert heartbeat.decode_answer(heartbeat.encode_answer(answer)) == answer


@given(readinesses)
def test_a_readiness_is_read_back(made):
    assert readiness.decode_readiness(readiness.encode_readiness(made)) == made


def test_a_detail_is_a_code_and_never_a_sentence():
    with pytest.raises(ContractError):
        readiness.decode_readiness(
            readiness.encode_readiness(
                readiness.Readiness(1, "T", (readiness.Result(readiness.Part.DISK, readiness.Outcome.FAILED, "A b"),))
            )
        )


@pytest.mark.parametrize("decode", [heartbeat.decode_heartbeat, readiness.decode_readiness])
def test_what_is_too_large_is_refused_before_it_is_read(decode):
    with pytest.raises(ContractError):
        decode(bytes(5000))


@given(settings)
def test_settings_are_read_back(made):
    signed_bytes = terminal_settings.sign_settings(made, FEED_KEY)
    assert terminal_settings.open_settings(signed_bytes, public_of(FEED_KEY)) == made
    with pytest.raises(Refused):
        terminal_settings.open_settings(signed_bytes, public_of(OTHER_KEY))


@given(settings, st.data())
def test_any_bit_of_settings_flipped_is_refused(made, data):
    signed_bytes = bytearray(terminal_settings.sign_settings(made, FEED_KEY))
    bit = data.draw(st.integers(0, len(signed_bytes) * 8 - 1))
    signed_bytes[bit // 8] ^= 1 << bit % 8

    def only_this(key_id: int) -> bytes:
        if key_id != FEED_KEY.key_id:
            raise Refused("an unknown key")
        return FEED_KEY.public

    with pytest.raises(Refused):
        terminal_settings.open_settings(bytes(signed_bytes), only_this)


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": (((600, 500),),) + ((),) * 6},
        {"hours": (((1, 2), (1, 3)),) + ((),) * 6},
        {"hours": (((0, 1441),),) + ((),) * 6},
        {"hours": ((),) * 6},
        {"languages": ("AR",)},
        {"volume": 101},
    ],
)
def test_settings_out_of_range_are_never_signed(wrong):
    with pytest.raises(ContractError):
        terminal_settings.sign_settings(terminal_settings.TerminalSettings(1, "T-01", **wrong), FEED_KEY)
