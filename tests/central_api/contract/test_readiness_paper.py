"""The readiness slip's code: signed by the terminal's key, read back, and refused when any bit of it is another."""

import json
from pathlib import Path

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_api.contract import base32
from central_api.contract.errors import ContractError, Refused
from central_api.contract.readiness import Outcome, decode_readiness
from central_api.contract.readiness_paper import open_readiness, readiness_text

VECTORS = json.loads((Path(__file__).parents[3] / "docs" / "vectors" / "contract.json").read_text(encoding="utf-8"))
TEXT = VECTORS["readiness"]["text"]
BODY = bytes.fromhex(VECTORS["readiness"]["body"])
KEY_ID, POINT = VECTORS["terminal key"]["keyid"], bytes.fromhex(VECTORS["terminal key"]["public"])
ADDRESS, _, LETTERS = TEXT.partition("#")
SIGNED = base32.decode(LETTERS)
HOSTS = {"follow.labour.example"}


def public_of(key_id: str) -> bytes:
    if key_id != KEY_ID:
        raise Refused("an unknown key")
    return POINT


def test_it_says_whose_it_is_when_and_what_was_found():
    for text in (TEXT, TEXT.lower(), f" {TEXT}\r\n"):
        signed = open_readiness(text, HOSTS, public_of)
        assert signed.key_id == KEY_ID
        assert signed.readiness == decode_readiness(BODY)
        assert signed.readiness.results[-1].outcome is Outcome.FAILED


def test_one_bit_that_is_another_is_refused():
    for at in range(len(SIGNED) * 8):
        flipped = bytearray(SIGNED)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises(ContractError):
            open_readiness(f"{ADDRESS}#{base32.encode(bytes(flipped))}", HOSTS, public_of)


def test_a_slip_of_another_office_and_a_key_that_is_no_key_are_refused():
    with pytest.raises(ContractError):
        open_readiness(TEXT, {"other.example"}, public_of)
    with pytest.raises(ContractError):
        open_readiness(TEXT, HOSTS, lambda _: b"\4" + bytes(64))


def test_a_field_beside_and_a_body_that_is_no_readiness_are_refused():
    envelope = cbor2.loads(SIGNED)
    more = base32.encode(cbor2.dumps(envelope | {4: True}, canonical=True))
    with pytest.raises(ContractError):
        open_readiness(f"{ADDRESS}#{more}", HOSTS, public_of)
    from .test_terminals import sign

    text = readiness_text("follow.labour.example", b"\xa0", KEY_ID, sign)
    with pytest.raises(Refused):
        open_readiness(text, HOSTS, public_of)


after_the_address = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567#=", max_size=300).map(lambda text: f"{ADDRESS}#{text}")


@given(st.text(max_size=60) | after_the_address)
def test_any_text_is_refused_and_nothing_else(text: str):
    with pytest.raises(ContractError):
        open_readiness(text, HOSTS, public_of)
