"""Cards in a real pcscd's reader, as a terminal meets them."""

import os
import subprocess
import sys

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from devices.card import tlv
from devices.card.events import CardReaderChanged
from devices.card.keys import CardAccessNumber, DocumentFields
from devices.card.outcome import CardFault, CardNotRead, IndexRead, PassportRead
from devices.card.states import CardMute, CardPresent, ReaderAbsent, ReaderEmpty, ServiceAbsent
from tests.devices.card.peers import FIELDS, READER, Terminal, new_card, pcscd, pki, terminal
from tests.devices.peers import wait_until

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


def test_a_card_pulled_in_the_middle_is_told_and_the_next_is_read(terminal, new_card):
    passport = new_card("passport", "--access", "bac")
    for commands in (0, 3, 9, 22):
        terminal.meets("passport")
        passport.command(f"pull-after {commands}")
        assert terminal.reads(FIELDS) == CardNotRead(CardFault.PULLED)
        terminal.misses()
        passport.insert()
    terminal.meets("passport")
    assert isinstance(terminal.reads(FIELDS), PassportRead)


def test_a_card_pulled_while_it_is_met_was_never_there(terminal, new_card):
    terminal.sees(ReaderEmpty())
    passport = new_card("passport", "--out")
    passport.command("pull-after 0")
    passport.insert()
    wait_until(lambda: not passport.command("state")["inserted"])
    passport.insert()
    terminal.meets("passport")
    assert not [told for told in terminal.all if isinstance(told, CardReaderChanged) and told.state == CardMute()]


def test_a_mute_card_is_given_up_and_the_next_is_read(terminal, new_card):
    terminal.sees(ReaderEmpty())
    first = terminal.driver
    mute = new_card("mute")
    terminal.sees(CardMute())
    assert terminal.reads(FIELDS) in (CardNotRead(CardFault.MUTE), CardNotRead(CardFault.READER_GONE))
    mute.remove()
    terminal.sees(ReaderEmpty())
    assert terminal.driver != first
    new_card("passport")
    terminal.meets("passport")
    assert isinstance(terminal.reads(FIELDS), PassportRead)


def test_a_card_that_talks_nonsense_is_unreadable_and_the_reader_lives_on(terminal, new_card):
    passport = new_card("passport", "--access", "bac")
    terminal.meets("passport")
    reader = terminal.driver
    for fault in ("garbage", "wrong", "flood", "garbage"):
        passport.command(f"fault {fault}")
        outcome = terminal.reads(FIELDS)
        assert isinstance(outcome, CardNotRead)
        assert outcome.why in (CardFault.UNREADABLE, CardFault.WRONG_KEY, CardFault.PULLED), fault
    passport.command("fault none")
    assert isinstance(terminal.reads(FIELDS), PassportRead)
    assert terminal.driver == reader


def test_a_card_of_nonsense_is_met_as_some_chip(terminal, new_card):
    card = new_card("passport", "--out")
    card.command("fault garbage")
    card.insert()
    terminal.meets("chip")


def test_a_slow_card_is_read_all_the_same(terminal, new_card):
    passport = new_card("passive", "--access", "bac")
    passport.command("fault slow")
    terminal.meets("passport")
    assert isinstance(terminal.reads(FIELDS), PassportRead)


def test_a_card_changed_for_another_is_met_anew(terminal, new_card):
    passport = new_card("passport")
    terminal.meets("passport")
    passport.remove()
    terminal.misses()
    new_card("uid")
    terminal.meets("uid")
    assert isinstance(terminal.reads(FIELDS), IndexRead)


def test_pcscd_killed_in_the_middle_and_started_again(terminal, new_card, pcscd):
    passport = new_card("passport")
    terminal.meets("passport")
    pcscd.kill()
    terminal.misses()
    terminal.sees(ServiceAbsent())
    assert terminal.reads(FIELDS) == CardNotRead(CardFault.READER_GONE)
    pcscd.start()
    terminal.meets("passport")
    assert isinstance(terminal.reads(FIELDS), PassportRead)
    passport.remove()
    terminal.misses()


def test_a_reader_that_is_there_only_between_two_restarts(pcscd, new_card):
    """vpcd's readers come and go with pcscd alone; a real one's plug takes the same way through the driver."""
    pcscd.kill()
    pcscd.unplug()
    pcscd.start()
    lobby = Terminal("pcsc:Virtual")
    try:
        lobby.sees(ReaderAbsent())
        assert lobby.reads(None) == CardNotRead(CardFault.READER_GONE)
        pcscd.kill()
        pcscd.plug_in()
        pcscd.start()
        new_card("uid")
        lobby.meets("uid")
        pcscd.kill()
        pcscd.unplug()
        pcscd.start()
        lobby.sees(ReaderAbsent())
    finally:
        lobby.devices.stop()


def test_a_reader_of_another_name_is_not_ours(pcscd):
    lobby = Terminal("pcsc:Gemalto")
    try:
        lobby.sees(ReaderAbsent())
        assert lobby.reads(None) == CardNotRead(CardFault.READER_GONE)
    finally:
        lobby.devices.stop()


def test_a_dead_driver_comes_back_with_the_card_still_there(terminal, new_card):
    new_card("passport")
    terminal.meets("passport")
    os.kill(terminal.driver, 9)
    terminal.misses()
    terminal.sees(CardPresent("passport"))
    assert isinstance(terminal.reads(FIELDS), PassportRead)


def test_two_reads_at_once_are_one_too_many(terminal, new_card):
    new_card("passport", "--access", "bac")
    terminal.meets("passport")
    first, second = terminal.asks(FIELDS), terminal.asks(FIELDS)
    assert terminal.hears(second) == CardNotRead(CardFault.BUSY)
    assert isinstance(terminal.hears(first), PassportRead)


def test_the_installer_is_told_what_to_do(pcscd, new_card):
    def run(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "devices", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        return done.returncode, done.stdout + done.stderr

    assert run("test", "card", "--seconds", "0") == (
        1,
        "reader: there; no card in it; put a card in, or lay one on, to try it\n",
    )
    new_card("passport")
    assert run("test", "card") == (0, "reader: there; a passport's chip answers\n")
    code, listed = run("list", "--card", f"pcsc:{READER}")
    assert (code, "a passport's chip answers" in listed, "pcsc:Virtual PCD 00 01" in listed) == (0, True, True)
    pcscd.kill()
    code, said = run("test", "card", "--json")
    assert (code, "systemctl start pcscd.socket" in said) == (1, True)
    assert run("test", "card", "--card", "usb")[0] == 2
    assert run("test", "card", "--card", "none")[0] == 2
