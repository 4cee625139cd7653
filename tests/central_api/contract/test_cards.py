"""What a terminal relays of a card and is told: each value one encoding, and bounded."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_api.contract import card_codes, cards, cbor
from central_api.contract.errors import ContractError, NotANumber
from central_api.contract.numbers import parse_identity_number

from .strategies import uint64

VECTOR = json.loads((Path(__file__).parents[3] / "docs" / "vectors" / "contract.json").read_text(encoding="utf-8"))[
    "card"
]
CHALLENGE = cards.decode_card_challenge(bytes.fromhex(VECTOR["challenge"]))

small = st.binary(max_size=400)
passports = st.builds(cards.PassportFiles, small, small, st.none() | small, st.none() | small, st.none() | small)
numbers = st.text("0123456789ABCDEFأبت", min_size=4, max_size=32).map(str.encode)
indexes = st.builds(
    cards.IndexCard,
    st.sampled_from([cards.IndexKind.UID, cards.IndexKind.CHIP]),
    st.binary(min_size=1, max_size=64),
) | st.builds(cards.IndexCard, st.just(cards.IndexKind.IDENTITY), numbers)
asks = st.binary(min_size=16, max_size=16)
requests = st.builds(cards.JudgementRequest, st.binary(min_size=32, max_size=32), passports | indexes)
statuses = st.lists(st.builds(cards.CardStatus, uint64, small), max_size=cards.MAX_CARD_STATUSES).map(tuple)
judgements = (
    st.builds(cards.Judgement, st.sampled_from(cards.CardVerdict))
    | st.builds(cards.Judgement, st.sampled_from(sorted(cards.OPENING)), statuses)
    | st.builds(cards.Judgement, st.just(cards.CardVerdict.UNPROVEN), ask=asks)
)


@given(requests)
def test_what_is_relayed_comes_back(asked):
    assert cards.decode_judgement_request(cards.encode_judgement_request(asked)) == asked


@given(judgements)
def test_what_is_said_comes_back(judgement):
    assert cards.decode_judgement(cards.encode_judgement(judgement)) == judgement


def test_the_chip_answers_a_challenge_of_its_own():
    assert cards.chip_challenge(CHALLENGE).hex() == VECTOR["chip_challenge"]
    assert cards.chip_challenge(CHALLENGE) == hashlib.sha256(b"istilam card v1\0" + CHALLENGE).digest()[:8]


@pytest.mark.parametrize(
    "fields",
    [
        {1: CHALLENGE},
        {1: CHALLENGE[1:], 2: b"", 3: b""},
        {1: CHALLENGE, 2: b""},
        {1: CHALLENGE, 2: b"", 3: b"", 7: 1, 8: b"1"},
        {1: CHALLENGE, 7: 1},
        {1: CHALLENGE, 7: 1, 8: b""},
        {1: CHALLENGE, 7: 1, 8: bytes(65)},
        {1: CHALLENGE, 7: 4, 8: b"1"},
        {1: CHALLENGE, 7: 3, 8: b"123"},
        {1: CHALLENGE, 7: 3, 8: b"1234-5678"},
        {1: CHALLENGE, 7: 3, 8: b"abc123"},
        {1: CHALLENGE, 7: 3, 8: "٠٠٠٠١٢٣٤".encode()},
        {1: CHALLENGE, 7: 3, 8: b"\xff123"},
    ],
)
def test_what_is_neither_a_chip_nor_an_index_is_refused(fields):
    with pytest.raises(ContractError):
        cards.decode_judgement_request(cbor.encode(fields))


def test_a_card_is_bounded():
    large = cards.JudgementRequest(CHALLENGE, cards.PassportFiles(bytes(cards.MAX_JUDGEMENT_BYTES), b""))
    with pytest.raises(ContractError):
        cards.encode_judgement_request(large)
    with pytest.raises(ContractError):
        cards.decode_judgement_request(bytes(cards.MAX_JUDGEMENT_BYTES + 1))


def test_only_a_genuine_document_or_a_right_code_opens_a_list():
    said = [[1, b"status"]]
    for verdict in range(10):
        body = cbor.encode({1: verdict, 2: said})
        if verdict in cards.OPENING:
            assert cards.decode_judgement(body).statuses
        else:
            with pytest.raises(ContractError):
                cards.decode_judgement(body)
    with pytest.raises(ContractError):
        cards.decode_judgement(cbor.encode({1: 1, 2: said * (cards.MAX_CARD_STATUSES + 1)}))


@given(st.binary(max_size=200))
def test_the_readers_raise_their_own_error_alone(data):
    for read in (
        cards.decode_judgement_request,
        cards.decode_judgement,
        cards.decode_card_challenge,
        card_codes.decode_code_request,
        card_codes.decode_code_sent,
        card_codes.decode_opening_request,
    ):
        with pytest.raises(ContractError):
            read(data)


def test_only_a_card_that_proves_nothing_comes_with_an_ask():
    for verdict in cards.CardVerdict:
        body = cbor.encode({1: int(verdict), 3: bytes(16)})
        if verdict is cards.CardVerdict.UNPROVEN:
            assert cards.decode_judgement(body).ask == bytes(16)
        else:
            with pytest.raises(ContractError):
                cards.decode_judgement(body)


@given(asks, st.from_regex("[0-9]{6}", fullmatch=True), uint64, uint64)
def test_what_is_said_of_a_code_comes_back(ask, code, seconds, tries):
    asked = card_codes.OpeningRequest(ask, code)
    assert card_codes.decode_opening_request(card_codes.encode_opening_request(asked)) == asked
    assert len(card_codes.encode_opening_request(asked)) <= card_codes.MAX_CODE_BYTES
    assert card_codes.decode_code_request(card_codes.encode_code_request(ask)) == ask
    sent = card_codes.CodeSent(seconds, tries)
    assert card_codes.decode_code_sent(card_codes.encode_code_sent(sent)) == sent
    assert code not in repr(asked)


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a", "١٢٣٤٥٦", ""])
def test_a_code_is_six_digits(code):
    with pytest.raises(ContractError):
        card_codes.decode_opening_request(cbor.encode({1: bytes(16), 2: code}))


@pytest.mark.parametrize("typed", ["0000-1234 5678", "٠٠٠٠١٢٣٤٥٦٧٨", "\u2066۰۰۰۰۱۲۳۴۵۶۷۸\u2069"])
def test_an_identity_number_is_written_in_one_way(typed):
    assert parse_identity_number(typed) == "000012345678"


@pytest.mark.parametrize("typed", ["", "123", "1" * 33, "1234/5", "12.345", "1234\n567"])
def test_what_is_no_identity_number_is_refused(typed):
    with pytest.raises(NotANumber):
        parse_identity_number(typed)
