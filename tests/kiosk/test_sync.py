"""A terminal follows its office: first use, keys, time, pages, and the link coming and going."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central_api.contract import keys
from central_api.contract.signed import SigningKey
from kiosk import sync
from kiosk.sync import LinkReport
from kiosk.vault import PageRefused
from kiosk.visit_state import Found

from .feed_office import HOST, MINISTRY, START, YEAR, FeedOffice, ServedOffice, slip_of, wait_for
from .terminal import Terminal, office, open_terminal, served, terminal

__all__ = ["office", "open_terminal", "served", "terminal"]  # fixtures


def test_a_new_terminal_learns_whose_it_is_and_catches_up(terminal: Terminal, office: FeedOffice) -> None:
    for number in range(7):
        office.publish(slip_of(number))
    assert not terminal.sync.settled.is_set()
    assert terminal.rounds()
    assert terminal.sync.settled.is_set()
    pins = terminal.vault.pins
    assert pins is not None
    assert (pins.ministry, pins.host, pins.root_key) == (MINISTRY, HOST, office.root.public)
    assert terminal.vault.count() == 7
    assert terminal.clock.now().trusted
    assert terminal.reports == [LinkReport(True, "the office answers")]


def test_it_asks_page_after_page(terminal: Terminal, office: FeedOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "PAGE_ENTRIES", 2)
    for number in range(11):
        office.publish(slip_of(number))
    assert terminal.rounds()
    assert terminal.vault.mark.cursor == 11
    office.publish(slip_of(3))
    assert terminal.rounds()
    held = terminal.vault.find(keys.slot(slip_of(3).key))
    assert held is not None
    assert held.version == 12


@pytest.mark.parametrize("url", ["http://office.example", "http://192.0.2.7:8400", "http://[2001:db8::1]/"])
def test_an_office_elsewhere_is_not_trusted_on_first_use(open_terminal: Callable[..., Terminal], url: str) -> None:
    terminal = open_terminal(url)
    assert not terminal.rounds()
    assert terminal.vault.pins is None
    assert "not enrolled" in terminal.last_word_on_the_link.why


def test_a_pinned_terminal_asks_no_more_whose_it_is(
    open_terminal: Callable[..., Terminal], served: ServedOffice
) -> None:
    first = open_terminal()
    first.rounds()
    first.vault.close()
    served.asked.clear()
    assert open_terminal().rounds()
    assert set(served.asked) == {"/v1/time", "/v1/feed"}


def test_another_office_at_the_same_address_is_not_followed(terminal: Terminal, served: ServedOffice) -> None:
    served.office.publish(slip_of(1))
    terminal.rounds()
    served.office = FeedOffice()
    served.office.publish(slip_of(2))
    served.office.number = 5
    assert not terminal.rounds()
    assert terminal.vault.count() == 1
    assert any(isinstance(report, PageRefused) for report in terminal.reports)


def test_new_keys_are_fetched_when_the_office_announces_them(terminal: Terminal, office: FeedOffice) -> None:
    terminal.rounds()
    office.number = 2
    assert terminal.rounds()
    assert terminal.vault.keys is not None
    assert terminal.vault.keys.number == 2


def test_a_page_under_a_new_key_is_taken_once_the_list_has_it(terminal: Terminal, served: ServedOffice) -> None:
    terminal.rounds()
    office = served.office
    office.feed = SigningKey(7, Ed25519PrivateKey.generate())
    office.publish(slip_of(1))
    served.faults["/v1/feed"] = lambda ask: ask.answer(office.page(int(ask.query["after"])))  # announces nothing
    assert not terminal.rounds(), "the list of the same number is not another one"
    office.number = 2
    assert terminal.rounds()
    assert terminal.vault.count() == 1


def test_a_terminal_whose_clock_is_a_year_wrong_starts_all_the_same(terminal: Terminal, office: FeedOffice) -> None:
    office.time = START + YEAR
    assert terminal.rounds()
    assert terminal.clock.now().seconds >= START + YEAR


def test_a_cut_and_a_return_are_reported_once_each(terminal: Terminal, served: ServedOffice) -> None:
    terminal.rounds()
    served.faults["/v1/feed"] = lambda ask: ask.answer(b"", 503)
    assert not terminal.rounds()
    assert not terminal.rounds()
    served.faults.clear()
    assert terminal.rounds()
    assert terminal.reports == [
        LinkReport(True, "the office answers"),
        LinkReport(False, "the office answers 503"),
        LinkReport(True, "the office answers"),
    ]


def test_a_terminal_that_the_office_does_not_know_says_so(terminal: Terminal, served: ServedOffice) -> None:
    served.faults["/v1/feed"] = lambda ask: ask.answer(b"", 401)
    assert not terminal.rounds()
    assert terminal.last_word_on_the_link.why == "the office does not know this terminal"


def test_the_thread_follows_by_itself_and_ends_when_told(
    terminal: Terminal, office: FeedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "POLL_EVERY", 0.01)
    monkeypatch.setattr(sync, "RETRY_FIRST", 0.01)
    terminal.sync.start()
    assert terminal.sync.settled.wait(20)
    office.publish(slip_of(4))
    wait_for(lambda: terminal.vault.count() == 1)
    assert isinstance(terminal.lookup.find(slip_of(4)), Found)
    terminal.sync.stop()
    office.publish(slip_of(5))
    assert terminal.vault.count() == 1


def test_an_office_that_comes_later_is_found(
    terminal: Terminal, served: ServedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "RETRY_FIRST", 0.01)
    served.faults["/v1"] = lambda ask: ask.answer(b"", 502)
    terminal.sync.start()
    assert terminal.sync.settled.wait(20)
    served.faults.clear()
    wait_for(lambda: terminal.vault.mark.time == START)
    assert terminal.belief.up
