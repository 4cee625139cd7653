"""What goes wrong with cards, readers and pcscd, each the real one: told as it is, and over once it is over."""

import os

import pytest

from devices.card.events import CardReaderChanged
from devices.card.outcome import CardFault, CardNotRead, IndexRead, PassportRead
from devices.card.states import CardMute, CardPresent, ReaderAbsent, ReaderEmpty, ServiceAbsent
from kiosk.words import words_of
from tests import forked
from tests.devices.card.peers import FIELDS, READER, Terminal, new_card, pcscd, pki, terminal
from tests.devices.peers import wait_until

__all__ = ["new_card", "pcscd", "pki", "terminal"]

WORDS = words_of("en")


def row(kind: str, state: str, reads: str, visit: str) -> pytest.MarkDecorator:
    """A row of docs/faults.md; reads: the key of what the visitor reads."""
    return pytest.mark.fault(device="card reader", kind=kind, state=state, reads=WORDS(reads), visit=visit)


UNREADABLE = "ready; the card is unreadable, or does not open", "card.unreadable.title", "goes on by slip"


@row("gone in the middle", "empty", "card.taken.title", "ends: what was on the screen is wiped")
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
    assert not [told for told in terminal.told.all if isinstance(told, CardReaderChanged) and told.state == CardMute()]


@row(
    "silent",
    "mute; its process is replaced, the card left alone",
    "card.mute.title",
    "goes on by slip; the next card is read",
)
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


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param("wrong", marks=row("wrong answers", *UNREADABLE)),
        pytest.param("garbage", marks=row("garbage", *UNREADABLE)),
        pytest.param("flood", marks=row("flood", *UNREADABLE)),
    ],
)
def test_a_card_that_talks_nonsense_is_unreadable_and_the_reader_lives_on(terminal, new_card, fault):
    passport = new_card("passport", "--access", "bac")
    terminal.meets("passport")
    reader = terminal.driver
    for _ in range(2):
        passport.command(f"fault {fault}")
        outcome = terminal.reads(FIELDS)
        assert isinstance(outcome, CardNotRead)
        assert outcome.why in (CardFault.UNREADABLE, CardFault.WRONG_KEY, CardFault.PULLED)
    passport.command("fault none")
    assert isinstance(terminal.reads(FIELDS), PassportRead)
    assert terminal.driver == reader


def test_a_card_of_nonsense_is_met_as_some_chip(terminal, new_card):
    card = new_card("passport", "--out")
    card.command("fault garbage")
    card.insert()
    terminal.meets("chip")


@row("slow", "ready", "card.reading.title", "goes on")
def test_a_slow_card_is_read_all_the_same(terminal, new_card):
    passport = new_card("passive", "--access", "bac")
    passport.command("fault slow")
    terminal.meets("passport")
    assert isinstance(terminal.reads(FIELDS), PassportRead)


@row("swapped for another model", "ready: another card", "card.taken.title", "ends; the other card begins its own")
def test_a_card_changed_for_another_is_met_anew(terminal, new_card):
    passport = new_card("passport")
    terminal.meets("passport")
    passport.remove()
    terminal.misses()
    new_card("uid")
    terminal.meets("uid")
    assert isinstance(terminal.reads(FIELDS), IndexRead)


@row(
    "back again",
    "its service is absent; then ready",
    "card.reader_gone.title",
    "goes on by slip, and by card once it is back",
)
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


@row("absent", "absent", "card.reader_gone.title", "goes on by slip; home does not offer the card")
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
        done = forked.run("devices", *arguments)
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
