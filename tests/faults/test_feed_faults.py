"""What comes in the office's place: altered, replayed, forged, cut off, endless. Nothing of it changes the vault."""

import socket
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central_api.contract.signed import SigningKey
from kiosk import sync
from kiosk.sync import LinkReport
from kiosk.vault import Alarm, PageRefused
from tests.kiosk.feed_office import Ask, FeedOffice, ServedOffice, slip_of
from tests.kiosk.terminal import Terminal, office, open_terminal, served, terminal

__all__ = ["office", "open_terminal", "served", "terminal"]


@pytest.fixture(autouse=True)
def short_deadlines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "SMALL_ANSWER_WITHIN", 0.5)
    monkeypatch.setattr(sync, "PAGE_WITHIN", 0.5)


@pytest.fixture
def caught_up(terminal: Terminal, office: FeedOffice) -> Terminal:
    office.publish(slip_of(1))
    assert terminal.rounds()
    office.publish(slip_of(2))
    return terminal


def altered(page: bytes) -> bytes:
    return page[:200] + bytes([page[200] ^ 0x10]) + page[201:]


FORGERIES: dict[str, Callable[[FeedOffice], bytes]] = {
    "altered": lambda office: altered(office.page(1)),
    "replayed": lambda office: office.page(0, limit=1),
    "from another cursor": lambda office: office.page(0),
    "under another key of the same number": lambda office: office.page(
        1, key=SigningKey(1, Ed25519PrivateKey.generate())
    ),
    "under the receipt key": lambda office: office.page(1, key=office.receipt),
    "with an older time": lambda office: office.page(1, time=office.time - 1),
    "of another ministry": lambda office: office.page(1, ministry="finance"),
    "a key list": lambda office: office.key_list(),
    "a snapshot's part": lambda office: office.snapshot()[0],
    "empty": lambda office: b"",
    "a web page": lambda office: b"<!doctype html><title>Log in to the free WiFi</title>",
}


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_page_that_does_not_hold_changes_nothing(
    caught_up: Terminal, served: ServedOffice, forged: Callable[[FeedOffice], bytes]
) -> None:
    before = caught_up.vault.mark
    page = forged(served.office)
    served.faults["/v1/feed"] = lambda ask: ask.answer(page)
    assert not caught_up.rounds()
    assert not caught_up.rounds()
    assert caught_up.vault.mark == before
    assert caught_up.vault.count() == 1
    told = [report for report in caught_up.reports if not isinstance(report, LinkReport)]
    assert len(told) == 1, "told once, not at every poll"
    assert isinstance(told[0], PageRefused)
    assert not caught_up.belief.up
    served.faults.clear()
    assert caught_up.rounds(), "the next good page is taken"
    assert caught_up.vault.count() == 2


def test_another_head_at_the_same_position_raises_an_alarm(caught_up: Terminal, served: ServedOffice) -> None:
    caught_up.rounds()
    page = served.office.page(2, head=b"f" * 32)
    served.faults["/v1/feed"] = lambda ask: ask.answer(page)
    assert not caught_up.rounds()
    assert Alarm("another audit head at the same position", 2) in caught_up.reports


def test_an_office_that_forgot_its_chain_raises_an_alarm(caught_up: Terminal, served: ServedOffice) -> None:
    served.faults["/v1/feed"] = lambda ask: ask.answer(b"", 409)
    assert not caught_up.rounds()
    assert any(isinstance(report, Alarm) for report in caught_up.reports)


def test_an_office_gone_in_the_middle_of_a_page_changes_nothing(caught_up: Terminal, served: ServedOffice) -> None:
    before = caught_up.vault.mark
    page = served.office.page(1)
    for sent in (0, 1, len(page) // 2, len(page) - 1):
        served.faults["/v1/feed"] = lambda ask, sent=sent: ask.cut_after(page, sent)
        assert not caught_up.rounds()
        assert caught_up.vault.mark == before
    served.faults.clear()
    assert caught_up.rounds()


def test_a_kept_connection_that_the_office_has_closed_is_opened_anew(caught_up: Terminal, served: ServedOffice) -> None:
    """Servers hang up on idle lines; a request that meets the hanging up is no cut."""
    hangs_up = [True]

    def once(ask: Ask) -> None:
        if hangs_up:
            hangs_up.clear()
            ask.handler.connection.shutdown(socket.SHUT_RDWR)
        else:
            ask.normally()

    served.faults["/v1/feed"] = once
    assert caught_up.rounds()
    assert not hangs_up


def test_pages_before_a_cut_are_kept(terminal: Terminal, served: ServedOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "PAGE_ENTRIES", 2)
    for number in range(9):
        served.office.publish(slip_of(number))

    def third_is_cut(ask: Ask) -> None:
        if ask.query["after"] == "4":
            ask.cut_after(served.office.page(4), 10)
        else:
            ask.normally()

    served.faults["/v1/feed"] = third_is_cut
    assert not terminal.rounds()
    assert (terminal.vault.mark.cursor, terminal.vault.count()) == (4, 4)
    served.faults.clear()
    assert terminal.rounds()
    assert terminal.vault.count() == 9


@pytest.mark.parametrize("path", ["/v1/office", "/v1/keys", "/v1/time", "/v1/feed"])
@pytest.mark.parametrize("headers_too", [False, True])
def test_an_office_that_sends_a_byte_now_and_then_is_given_up(
    terminal: Terminal, served: ServedOffice, path: str, headers_too: bool
) -> None:
    served.faults[path] = lambda ask: ask.drip(served.closing, headers_too=headers_too)
    assert not terminal.rounds()
    assert terminal.last_word_on_the_link == LinkReport(False, "too late")
    served.faults.clear()
    assert terminal.rounds()


def test_an_office_that_says_nothing_is_told_long_before_a_page_would_be_late(
    terminal: Terminal, served: ServedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert terminal.rounds()
    monkeypatch.setattr(sync, "PAGE_WITHIN", 3600)
    monkeypatch.setattr(sync, "SILENT", 0.3)

    def silent(_: Ask) -> None:
        served.closing.wait(60)

    served.faults["/v1/feed"] = silent
    assert not terminal.rounds()
    assert not terminal.last_word_on_the_link.up
    served.faults.clear()
    assert terminal.rounds()


def test_an_endless_body_is_not_swallowed(
    terminal: Terminal, served: ServedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "MAX_PAGE_BYTES", 1 << 20)
    monkeypatch.setattr(sync, "PAGE_WITHIN", 20)

    def endless(ask: Ask) -> None:
        ask.handler.connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while True:
                ask.handler.connection.sendall(bytes(1 << 16))
        except OSError:
            pass

    served.faults["/v1/feed"] = endless
    assert not terminal.rounds()
    assert terminal.last_word_on_the_link.why == "an answer larger than any of ours"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"ministry":"a","host":"b","root_key":"00"}']
)
def test_an_office_that_does_not_say_who_it_is_is_not_pinned(
    terminal: Terminal, served: ServedOffice, body: bytes
) -> None:
    served.faults["/v1/office"] = lambda ask: ask.answer(body)
    assert not terminal.rounds()
    assert terminal.vault.pins is None


def test_the_answer_to_another_question_is_no_time(terminal: Terminal, served: ServedOffice) -> None:
    from central_api.contract.times import sign_time

    old = sign_time(served.office.time, bytes(16), served.office.feed)
    served.faults["/v1/time"] = lambda ask: ask.answer(old)
    assert not terminal.rounds()
    assert not terminal.clock.now().trusted
