"""Cards in a real pcscd's reader, as a terminal meets them."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from devices.card import tlv
from devices.card.keys import CardAccessNumber, DocumentFields
from devices.card.outcome import CardFault, CardNotRead, IndexRead, PassportRead
from devices.card.states import ReaderEmpty
from tests.devices.card.peers import FIELDS, new_card, pcscd, pki, terminal

__all__ = ["new_card", "pcscd", "pki", "terminal"]

CHALLENGE = bytes.fromhex("0123456789ABCDEF")


def _answered_by_its_own_key(passport: PassportRead) -> bool:
    assert passport.dg15 is not None
    assert passport.active is not None
    key = load_der_public_key(tlv.inner(passport.dg15, 0x6F))
    assert isinstance(key, ec.EllipticCurvePublicKey)
    half = len(passport.active) // 2
    r, s = (int.from_bytes(part, "big") for part in (passport.active[:half], passport.active[half:]))
    try:
        key.verify(encode_dss_signature(r, s), CHALLENGE, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def test_a_passport_is_met_read_and_missed(terminal, new_card):
    terminal.sees(ReaderEmpty())
    passport = new_card("passport")
    terminal.meets("passport")
    read = terminal.reads(FIELDS, CHALLENGE)
    assert isinstance(read, PassportRead)
    assert read.access == "PACE"
    assert b"ERIKSSON" in read.dg1
    assert b"ERIKSSON" not in repr(read).encode()
    assert _answered_by_its_own_key(read)
    passport.remove()
    terminal.misses()
    terminal.sees(ReaderEmpty())


@pytest.mark.parametrize(
    ("arguments", "key", "access"),
    [
        (("--access", "bac"), FIELDS, "BAC"),
        (("--access", "pace"), CardAccessNumber("314159"), "PACE"),
        (("--access", "pace", "--curve", "17"), CardAccessNumber("314159"), "PACE"),
    ],
)
def test_a_chip_opens_with_what_is_printed_on_it(terminal, new_card, arguments, key, access):
    new_card("passport", *arguments)
    terminal.meets("passport")
    read = terminal.reads(key, CHALLENGE)
    assert isinstance(read, PassportRead)
    assert (read.access, _answered_by_its_own_key(read)) == (access, True)


def test_a_key_of_rsa_answers_at_full_length(terminal, new_card):
    new_card("passport", "--active", "rsa")
    terminal.meets("passport")
    read = terminal.reads(FIELDS, CHALLENGE)
    assert isinstance(read, PassportRead)
    assert read.active is not None
    key = load_der_public_key(tlv.inner(read.dg15, 0x6F)).public_numbers()
    opened = pow(int.from_bytes(read.active, "big"), key.e, key.n).to_bytes(256, "big")
    assert (opened[0], opened[-2:]) == (0x6A, b"\x34\xcc")
    digest = hashes.Hash(hashes.SHA256())
    digest.update(opened[1:-34] + CHALLENGE)
    assert opened[-34:-2] == digest.finalize()


@pytest.mark.parametrize(
    ("access", "wrong"),
    [
        (
            "bac",
            {
                DocumentFields("L898902C3", "740813", "340415"): CardFault.WRONG_KEY,
                CardAccessNumber("314159"): CardFault.NEEDS_KEY,
            },
        ),
        (
            "pace",
            {
                CardAccessNumber("271828"): CardFault.WRONG_KEY,
                DocumentFields("L898902C3", "740812", "340416"): CardFault.WRONG_KEY,
                None: CardFault.NEEDS_KEY,
            },
        ),
    ],
)
def test_a_wrong_key_opens_nothing_and_the_next_try_may_be_right(terminal, new_card, access, wrong):
    new_card("passport", "--access", access)
    terminal.meets("passport")
    for key, why in wrong.items():
        assert terminal.reads(key) == CardNotRead(why)
    assert isinstance(terminal.reads(FIELDS), PassportRead)


def test_a_passport_without_a_key_of_its_own_answers_no_challenge(terminal, new_card):
    new_card("passive")
    terminal.meets("passport")
    read = terminal.reads(FIELDS, CHALLENGE)
    assert isinstance(read, PassportRead)
    assert (read.dg14, read.dg15, read.active) == (None, None, None)


def test_a_copied_chip_answers_with_another_key(terminal, new_card):
    new_card("copied")
    terminal.meets("passport")
    read = terminal.reads(FIELDS, CHALLENGE)
    assert isinstance(read, PassportRead)
    assert not _answered_by_its_own_key(read)


def test_without_a_challenge_none_is_answered(terminal, new_card):
    new_card("passport")
    terminal.meets("passport")
    read = terminal.reads(FIELDS)
    assert isinstance(read, PassportRead)
    assert read.dg15 is not None
    assert read.active is None
    with pytest.raises(ValueError, match="8 bytes"):
        terminal.devices.read_card(9, FIELDS, bytes(32))


def test_a_contactless_number_is_an_index_and_a_chip_its_own(terminal, new_card):
    uid = new_card("uid", "--uid", "04AABBCCDDEEFF")
    terminal.meets("uid")
    assert terminal.reads(None) == IndexRead("uid", bytes.fromhex("04AABBCCDDEEFF"))
    uid.remove()
    terminal.misses()
    new_card("chip")
    terminal.meets("chip")
    assert terminal.reads(None) == IndexRead("chip", bytes.fromhex("3B6D000080318065B0893501F183009000"))


def test_no_card_is_no_read(terminal):
    terminal.sees(ReaderEmpty())
    assert terminal.reads(FIELDS) == CardNotRead(CardFault.NO_CARD)
