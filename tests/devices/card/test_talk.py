"""The talk with a chip when it goes wrong, and what travels between the driver and its supervisor."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.card import bac, pace, states, wire
from devices.card.apdu import Command, Response
from devices.card.channel import Channel
from devices.card.cipher import AesCipher, TripleDesCipher, pad
from devices.card.errors import CardError, Malformed, Refused, WrongKey
from devices.card.keys import CardAccessNumber, DocumentFields
from devices.card.messaging import SecureMessaging
from devices.card.outcome import CardFault, CardNotRead, IndexRead, PassportRead
from devices.card.passport import select

READ = Command(0x00, 0xB0, 0x00, 0x00, le=4)
FIELDS = DocumentFields("L898902C", "690806", "940623")


def _channel(*answers: str) -> Channel:
    left = iter(answers)
    return Channel(lambda command: bytes.fromhex(next(left)))


def test_a_contact_card_names_the_length_and_hands_out_the_rest():
    asked: list[bytes] = []

    def card(command: bytes) -> bytes:
        asked.append(command)
        return bytes.fromhex({0: "6C02", 1: "AABB6103", 2: "CCDDEE9000"}[len(asked) - 1])

    assert Channel(card).send(READ) == Response(bytes.fromhex("AABBCCDDEE"), 0x9000)
    assert [command.hex() for command in asked] == ["00b0000004", "00b0000002", "00c0000003"]


def test_a_card_that_never_comes_to_an_end_is_malformed():
    with pytest.raises(Malformed):
        Channel(lambda _: bytes(300) + b"\x61\x00").send(READ)
    with pytest.raises(Malformed):
        Channel(lambda _: b"\x61\x00").send(READ)


CHIPS_PROOF = "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449"
OURS = bac.Ours(bytes.fromhex("781723860C06C226"), bytes.fromhex("0B795240CB7049B01C19B33E32804F0B"))


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        (("112233449000",), Malformed),
        (("6D00",), Refused),
        (("4608F919887022129000", "6300"), WrongKey),
        (("4608F919887022129000", "63C2"), WrongKey),
        (("4608F919887022129000", "6D00"), Refused),
        (("4608F919887022129000", "AABB9000"), Malformed),
        (("0000000000000000" + "9000", CHIPS_PROOF + "9000"), WrongKey),  # a proof recorded for another challenge
        (("4608F919887022129000", CHIPS_PROOF[:-2] + "48" + "9000"), WrongKey),
    ],
)
def test_basic_access_control_that_does_not_agree(answers, fault):
    with pytest.raises(fault):
        bac.open_chip(_channel(*answers), FIELDS, OURS)


INFO = pace.PaceInfo(bytes.fromhex("04007F00070202040202"), 13)


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        (("6A80",), Refused),
        (("9000", "7C0480021122" + "9000"), Malformed),
        (("63C1", "7C12801095A3A016522EE98D01E76CB6B98B42C39000", "7C04820204049000"), Malformed),
        (("9000", "6300"), Refused),
    ],
)
def test_pace_that_does_not_agree(answers, fault):
    with pytest.raises(fault):
        pace.open_chip(_channel(*answers), CardAccessNumber("123456"), INFO)


def test_pace_with_our_own_key_sent_back_is_refused():
    """9303-11, 4.4.1: the two public keys must differ."""

    def mirror(command: bytes) -> bytes:
        if command[1] == 0x22:
            return b"\x90\x00"
        if command[4] == 2:
            return bytes.fromhex("7C12801095A3A016522EE98D01E76CB6B98B42C39000")
        data = bytearray(command[5:-1])
        data[2] += 1
        return bytes(data) + b"\x90\x00"

    with pytest.raises(Malformed, match="our own key"):
        pace.open_chip(Channel(mirror), FIELDS, INFO)


def test_pace_whose_last_word_is_no_is_a_wrong_key():
    own = 7
    group = INFO.group
    point = group.encode(group.generator).hex()

    def chip(command: bytes) -> bytes:
        if command[1] == 0x22:
            return b"\x90\x00"
        match list(command[5:]):
            case [0x7C, 0x00, _]:
                return bytes.fromhex("7C12801095A3A016522EE98D01E76CB6B98B42C39000")
            case [0x7C, _, 0x81, *_]:
                return bytes.fromhex("7C438241" + point + "9000")
            case [0x7C, _, 0x83, *_]:
                return bytes.fromhex("7C438441" + point + "9000")
            case _:
                return b"\x63\x00"

    with pytest.raises(WrongKey):
        pace.open_chip(Channel(chip), FIELDS, INFO, lambda below: own)


CIPHERS = [TripleDesCipher.of_secret(bytes(16)), AesCipher.of_secret(bytes(16), 128)]


def _answer(cipher, data: bytes) -> bytes:
    """What a chip says first in a session."""
    from devices.simulators.card.chip import Session

    session = Session(cipher, bytes(cipher.block))
    session._count()
    return session.protect(data, 0x9000)


@given(st.sampled_from(CIPHERS), st.binary(max_size=240), st.data())
def test_an_answer_with_one_bit_turned_is_refused(cipher, content, data):
    def listening() -> SecureMessaging:
        session = SecureMessaging(cipher, bytes(cipher.block))
        session.protect(READ)
        return session

    answer = _answer(cipher, content)
    assert listening().open(Response(answer, 0x9000)) == Response(content, 0x9000)
    at = data.draw(st.integers(0, len(answer) * 8 - 1))
    turned = bytearray(answer)
    turned[at // 8] ^= 1 << at % 8
    with pytest.raises(CardError):
        listening().open(Response(bytes(turned), 0x9000))
    with pytest.raises(CardError):
        listening().open(Response(answer[: at // 8], 0x9000))


@pytest.mark.parametrize("cipher", CIPHERS)
def test_a_checksum_alone_makes_no_answer(cipher):
    """Objects that a chip with the right keys would never put together."""
    counter = (2).to_bytes(cipher.block, "big")
    for covered in ("99019000"[:6], "870101" + "99029000", "870102" + "99029000"):
        objects = bytes.fromhex(covered)
        checksum = b"\x8e\x08" + cipher.mac(pad(counter + objects, cipher.block))
        session = SecureMessaging(cipher, bytes(cipher.block))
        session.protect(READ)
        with pytest.raises(Malformed):
            session.open(Response(objects + checksum, 0x9000))


def test_a_session_ended_by_the_chip_is_a_refusal():
    with pytest.raises(Refused, match="6988"):
        SecureMessaging(CIPHERS[0], bytes(8)).open(Response(b"", 0x6988))


def test_a_card_without_the_application_is_no_passport():
    assert not select(_channel("6A82"))


@pytest.mark.parametrize(
    "state",
    [
        states.ReaderEmpty(),
        states.CardPresent("uid"),
        states.CardMute(),
        states.ReaderAbsent(),
        states.ServiceAbsent(),
        states.CardReaderUnknown("its driver died"),
    ],
)
def test_states_come_through_the_wire(state):
    assert wire.state_from(wire.state_head(state)) == state


PART = st.binary(max_size=50)
OPTIONAL = st.none() | PART


@given(
    st.builds(PassportRead, st.sampled_from(["PACE", "BAC"]), PART, PART, PART, OPTIONAL, OPTIONAL, OPTIONAL)
    | st.builds(IndexRead, st.sampled_from(["uid", "chip"]), PART)
    | st.builds(CardNotRead, st.sampled_from(CardFault))
)
def test_outcomes_come_through_the_wire_and_their_heads_tell_nothing(outcome):
    head, body = wire.outcome_message(outcome)
    assert wire.outcome_from(head, body) == outcome
    assert all(isinstance(value, str | list) for value in head.values())


@pytest.mark.parametrize("key", [FIELDS, CardAccessNumber("123456"), None])
@pytest.mark.parametrize("challenge", [None, bytes(8)])
def test_what_is_asked_comes_through_the_wire_and_its_head_tells_nothing(key, challenge):
    head, body = wire.read_message(5, key, challenge)
    assert wire.read_asked(head, body) == (5, key, challenge)
    assert "L898902C" not in str(head)


def test_what_is_no_state_and_no_outcome_is_refused():
    for head in ({"state": "Ready"}, {"state": "CardPresent", "kind": "coin"}):
        with pytest.raises(ValueError):
            wire.state_from(head)
    for head in ({"outcome": "read"}, {"outcome": "not_read", "why": "tired"}):
        with pytest.raises(ValueError):
            wire.outcome_from(head, b"")
