"""What a terminal relays of a card and is told: each value one encoding, and bounded."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_api.contract import cards, cbor
from central_api.contract.errors import ContractError

from .strategies import uint64

VECTOR = json.loads((Path(__file__).parents[3] / "docs" / "vectors" / "contract.json").read_text(encoding="utf-8"))[
    "card"
]
CHALLENGE = cards.decode_card_challenge(bytes.fromhex(VECTOR["challenge"]))

small = st.binary(max_size=400)
passports = st.builds(cards.PassportFiles, small, small, st.none() | small, st.none() | small, st.none() | small)
indexes = st.builds(cards.IndexCard, st.sampled_from(cards.IndexKind), st.binary(min_size=1, max_size=64))
requests = st.builds(cards.JudgementRequest, st.binary(min_size=32, max_size=32), passports | indexes)
statuses = st.lists(st.builds(cards.CardStatus, uint64, small), max_size=cards.MAX_CARD_STATUSES).map(tuple)
judgements = st.builds(cards.Judgement, st.sampled_from(cards.CardVerdict)) | st.builds(
    cards.Judgement, st.just(cards.CardVerdict.GENUINE), statuses
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
        {1: CHALLENGE, 7: 3, 8: b"1"},
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


def test_only_a_genuine_document_opens_a_list():
    said = [[1, b"status"]]
    for verdict in range(9):
        body = cbor.encode({1: verdict, 2: said})
        if verdict == cards.CardVerdict.GENUINE:
            assert cards.decode_judgement(body).statuses
        else:
            with pytest.raises(ContractError):
                cards.decode_judgement(body)
    with pytest.raises(ContractError):
        cards.decode_judgement(cbor.encode({1: 1, 2: said * (cards.MAX_CARD_STATUSES + 1)}))


@given(st.binary(max_size=200))
def test_the_readers_raise_their_own_error_alone(data):
    for read in (cards.decode_judgement_request, cards.decode_judgement, cards.decode_card_challenge):
        with pytest.raises(ContractError):
            read(data)
