"""What a card, a visitor or an MRZ reader may send: any bytes at all, and only the parser's own error comes of them."""

import contextlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from devices.card import pace, tlv
from devices.card.apdu import Command, Response, decode_command
from devices.card.channel import Channel
from devices.card.cipher import AesCipher, TripleDesCipher, pad, unpad
from devices.card.curve import STANDARD
from devices.card.errors import BadKey, CardError, Malformed
from devices.card.keys import CardAccessNumber, DocumentFields, check_digit, fields_of_mrz, typed_fields
from devices.card.messaging import SecureMessaging
from devices.card.modular import STANDARD as MODULAR
from devices.card.passport import read, read_file

ANYTHING = st.binary(max_size=600)
CURVES = {
    12: ec.SECP256R1(),
    13: ec.BrainpoolP256R1(),
    15: ec.SECP384R1(),
    16: ec.BrainpoolP384R1(),
    17: ec.BrainpoolP512R1(),
    18: ec.SECP521R1(),
}


@given(st.sampled_from([0x30, 0x61, 0x77, 0x87, 0x5F1F, 0x7F49]), st.binary(max_size=400))
def test_objects_come_back_as_they_went(tag, value):
    assert tlv.inner(tlv.build(tag, value), tag) == value


@given(ANYTHING)
def test_garbage_is_malformed_objects(data):
    try:
        built = b"".join(tlv.build(tag, value) for tag, value in tlv.items(data))
    except Malformed:
        return
    assert len(built) <= len(data)


def test_longer_than_a_card_can_say_is_a_bug():
    with pytest.raises(ValueError, match="longer"):
        tlv.build(0x53, bytes(0x10000))


@given(
    st.tuples(*[st.integers(0, 255)] * 4),
    st.binary(max_size=300),
    st.none() | st.integers(1, 65536),
)
def test_commands_come_back_as_they_went(header, data, le):
    command = Command(*header, data=data, le=le)
    assert decode_command(command.encode()) == command


@given(ANYTHING)
def test_garbage_is_no_command_and_no_answer(data):
    for parse in (decode_command, Response.decode):
        with contextlib.suppress(Malformed):
            parse(data)


@given(st.binary(max_size=100), st.sampled_from([8, 16]))
def test_padding_comes_off_as_it_went_on(data, block):
    assert len(pad(data, block)) % block == 0
    assert unpad(pad(data, block)) == data


def test_what_has_no_padding_is_malformed():
    for data in (b"", bytes(16), b"\x81"):
        with pytest.raises(Malformed):
            unpad(data)


@given(st.sampled_from([TripleDesCipher.of_secret(bytes(16)), AesCipher.of_secret(bytes(32), 256)]), ANYTHING)
def test_a_session_takes_nothing_that_the_chip_did_not_say(cipher, data):
    session = SecureMessaging(cipher, bytes(cipher.block))
    with pytest.raises(CardError):
        session.open(Response(data, 0x9000))


@given(st.lists(st.binary(max_size=300), max_size=40))
def test_a_chip_that_answers_garbage_is_unreadable_and_nothing_worse(answers):
    left = iter(answers)
    channel = Channel(lambda command: next(left, b"\x6a\x82"))
    for key in (DocumentFields("L898902C", "690806", "940623"), CardAccessNumber("123456"), None):
        with pytest.raises(CardError):
            read(channel, key, bytes(8))


@given(st.binary(min_size=1, max_size=60))
def test_a_file_that_never_ends_is_given_up(piece):
    def chip(command: bytes) -> bytes:
        return b"\x90\x00" if command[1] == 0xA4 else piece[: command[-1]] + b"\x90\x00"

    try:
        content = read_file(Channel(chip), 0x011D, 0x77)
    except CardError:
        return
    assert content[0] == 0x77


@given(ANYTHING)
def test_garbage_offers_no_pace(data):
    with contextlib.suppress(Malformed):
        assert all(info.parameters in STANDARD | MODULAR for info in pace.offers(data))


@given(st.sampled_from(sorted(CURVES)), st.integers(1, 2**256), st.integers(1, 2**256))
def test_points_are_those_of_the_library(number, one, other):
    curve, library = STANDARD[number], CURVES[number]
    one, other = one % (curve.n - 1) + 1, other % (curve.n - 1) + 1
    public = ec.derive_private_key(one, library).public_key().public_numbers()
    ours = curve.multiply(one, curve.generator)
    assert ours == (public.x, public.y)
    assert curve.decode(curve.encode((public.x, public.y))) == ours
    total = curve.add(ours, curve.multiply(other, curve.generator))
    assert total == curve.multiply(one + other, curve.generator)


@pytest.mark.parametrize("curve", STANDARD.values(), ids=map(str, STANDARD))
def test_each_curve_has_its_generator_and_order(curve):
    assert curve.contains(*curve.generator)
    assert curve.multiply(curve.n - 1, curve.generator) == (curve.generator[0], curve.p - curve.generator[1])
    assert curve.add(curve.multiply(curve.n - 1, curve.generator), curve.generator) is None
    assert curve.multiply(5, None) is None
    assert curve.add(None, curve.generator) == curve.generator


@pytest.mark.parametrize("group", MODULAR.values(), ids=map(str, MODULAR))
def test_each_group_of_numbers_has_its_generator_and_order(group):
    assert pow(2, group.p - 1, group.p) == pow(2, group.n - 1, group.n) == 1
    assert (group.p - 1) % group.n == 0
    assert group.decode(group.encode(group.generator)) == group.generator
    assert group.multiply(group.n, group.generator) is None
    assert group.add(group.multiply(group.n - 1, group.generator), group.generator) is None
    assert group.multiply(5, None) is None
    assert group.add(None, group.generator) == group.generator


@given(st.sampled_from(sorted(MODULAR)), st.integers(1, 2**256), st.integers(1, 2**256))
def test_sums_of_numbers_are_sums_of_their_factors(number, one, other):
    group = MODULAR[number]
    ours = group.multiply(one, group.generator)
    assert group.add(ours, group.multiply(other, group.generator)) == group.multiply(one + other, group.generator)


@pytest.mark.parametrize("number", [0, 1, 2, -1])
def test_numbers_outside_the_group_are_refused(number):
    """0, the neutral one, one of another order, and -1, whose order is 2."""
    group = MODULAR[0]
    for encoded in (group.encode(number % group.p), group.encode(group.generator) + b"\0", b""):
        with pytest.raises(Malformed):
            group.decode(encoded)


@given(ANYTHING)
def test_garbage_is_no_point(data):
    with pytest.raises(Malformed):
        STANDARD[13].decode(data)


@given(st.text(max_size=100))
def test_garbage_is_no_key(text):
    for make in (fields_of_mrz, CardAccessNumber, lambda typed: typed_fields(typed, "690806", "940623")):
        with contextlib.suppress(BadKey):
            make(text)


@pytest.mark.parametrize(
    ("mrz", "fields"),
    [
        (  # 9303-4, appendix: TD3
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
            ("L898902C3", "740812", "120415"),
        ),
        (  # 9303-5, appendix: TD1
            "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
            ("D23145890", "740812", "120415"),
        ),
        (  # 9303-6, appendix: TD2
            "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
            ("D23145890", "740812", "120415"),
        ),
        (  # 9303-11, appendix D.2: TD1 with a number of twelve letters
            "I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<",
            ("D23145890734", "340712", "950712"),
        ),
    ],
)
def test_the_key_in_what_an_mrz_reader_sends(mrz, fields):
    assert fields_of_mrz(mrz) == DocumentFields(*fields)
    assert fields_of_mrz(mrz.lower()) == DocumentFields(*fields)
    misread = mrz.replace(fields[1], fields[1][:5] + str((int(fields[1][5]) + 1) % 10))
    with pytest.raises(BadKey):
        fields_of_mrz(misread)


@pytest.mark.parametrize(("text", "digit"), [("520727", "3"), ("D23145890734", "9"), ("L898902C<", "3"), ("<<<", "0")])
def test_check_digits(text, digit):
    assert check_digit(text) == digit


def test_typed_fields_are_taken_as_people_write_them():
    assert typed_fields(" ep 123-4567 ", "90.01.31", "31-12-31") == DocumentFields("EP1234567", "900131", "311231")
    for wrong in (
        ("", "900131", "311231"),
        ("É1", "900131", "311231"),
        ("E1", "1990131", "311231"),
        ("E1", "900131", ""),
    ):
        with pytest.raises(BadKey):
            typed_fields(*wrong)


def test_nothing_of_a_key_shows():
    for key in (DocumentFields("L898902C", "690806", "940623"), CardAccessNumber("123456")):
        assert not any(secret in repr(key) for secret in ("L898902C", "690806", "940623", "123456"))
