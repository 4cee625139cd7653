"""Each fault of a printer, and what the visitor may be told about his paper."""

import socket

import pytest

from devices import Confirmed, CoverOpen, NotPrinted, Offline, PaperLow, PaperOut, Ready, Sent, Unknown
from devices.address import Tcp
from devices.printer import confirming, job, talk
from devices.printer.printer import open_printer
from tests.devices.peers import new_printer, receipt, wait_until

__all__ = ["new_printer"]


@pytest.fixture
def impatient(monkeypatch):
    """A fault that shows only as silence is waited for; here not as long as at a terminal."""
    monkeypatch.setattr(job, "BAND_DEADLINE", 0.8)
    monkeypatch.setattr(job, "CUT_DEADLINE", 0.8)
    monkeypatch.setattr(talk, "ANSWER_DEADLINE", 0.3)


def _print(peer, rows=700):
    begun = []
    printer = open_printer(Tcp(peer.host, peer.port))
    printer.connect()
    outcome = printer.print(receipt(rows), lambda: begun.append(True), lambda done: None)
    printer.close()
    return outcome, bool(begun)


@pytest.mark.parametrize("fault", ["none", "slow", "near-end", "hot-mid"])
def test_a_printer_that_works_confirms_the_very_paper(new_printer, fault):
    peer = new_printer("--fault", fault)
    outcome, _ = _print(peer, rows=300)
    assert outcome == Confirmed()
    assert peer.papers() == [receipt(300)]


@pytest.mark.parametrize(("fault", "state"), [("paper-out", PaperOut()), ("cover-open", CoverOpen())])
def test_a_printer_that_cannot_print_is_not_begun(new_printer, fault, state):
    peer = new_printer("--fault", fault)
    assert _print(peer) == (NotPrinted(state), False)
    assert peer.papers() == []


@pytest.mark.parametrize(("fault", "state"), [("paper-out-mid", PaperOut()), ("cover-open-mid", CoverOpen())])
def test_a_fault_in_the_middle_is_located(new_printer, fault, state):
    """30 mm come out: three bands of 8 mm are confirmed, the fourth never."""
    peer = new_printer("--fault", fault)
    outcome, begun = _print(peer)
    assert outcome == NotPrinted(state, rows=192)
    assert begun
    assert peer.papers() == []


@pytest.mark.parametrize("fault", ["cut-connection", "reset"])
def test_a_lost_connection_is_not_a_printed_paper(new_printer, fault):
    peer = new_printer("--fault", fault)
    outcome, _ = _print(peer)
    assert isinstance(outcome, NotPrinted)
    assert outcome.state == Offline()
    assert 0 < outcome.rows < 700


def test_a_job_after_a_connection_that_broke_inside_an_image_is_whole(new_printer):
    """The printer still waits for the rest of the image: it must not take the next job's commands for dots."""
    peer = new_printer()
    with socket.create_connection((peer.host, peer.port)) as broken:
        broken.sendall(b"\x1dv0\x00\x48\x00\x40\x00" + b"\xff" * 100)
        wait_until(lambda: peer.state["received"] == 108)
    outcome, _ = _print(peer, rows=300)
    assert outcome == Confirmed()
    assert peer.papers()[0].data.endswith(receipt(300).data)


def test_a_printer_that_stops_working_without_a_word(new_printer, impatient):
    outcome, _ = _print(new_printer("--fault", "stuck"))
    assert isinstance(outcome, NotPrinted)
    assert isinstance(outcome.state, Unknown)


def test_a_clone_that_confirms_nothing_has_only_been_sent_to(new_printer, impatient):
    peer = new_printer("--fault", "no-confirm")
    outcome, _ = _print(peer)
    assert outcome == Sent("the printer does not confirm")
    wait_until(lambda: peer.papers() == [receipt()])


def test_a_printer_that_answers_nothing_has_only_been_sent_to(new_printer, impatient):
    peer = new_printer("--fault", "silent")
    outcome, _ = _print(peer)
    assert outcome == Sent("the printer answers nothing")
    wait_until(lambda: peer.papers() == [receipt()])


def test_a_printer_that_was_silent_when_it_was_met_confirms_once_it_speaks(new_printer, impatient, monkeypatch):
    """Also where something was printed meanwhile, such as the mark that voids a paper."""
    monkeypatch.setattr(confirming, "IDLE_ASK", 0.0)
    peer = new_printer("--fault", "silent")
    printer = open_printer(Tcp(peer.host, peer.port))
    printer.connect()
    assert printer.print(receipt(100), lambda: None, lambda rows: None) == Sent("the printer answers nothing")
    peer.command("clear")
    wait_until(lambda: printer.watch(0.0) == Ready())
    assert printer.print(receipt(300), lambda: None, lambda rows: None) == Confirmed()
    printer.close()


def test_a_printer_that_fell_silent_again_as_it_was_asked_confirms_once_it_speaks(new_printer, impatient, monkeypatch):
    """The dock's cells found it: every later receipt was only `sent`."""
    monkeypatch.setattr(confirming, "IDLE_ASK", 0.0)
    peer = new_printer("--fault", "silent")
    printer = open_printer(Tcp(peer.host, peer.port))
    printer.connect()
    for _ in range(2):
        peer.command("clear")
        wait_until(lambda: printer.watch(0.0) == Ready())
        peer.command("fault silent")
        assert isinstance(printer.print(receipt(100), lambda: None, lambda rows: None), Sent)
    peer.command("clear")
    wait_until(lambda: printer.watch(0.0) == Ready())
    assert printer.print(receipt(300), lambda: None, lambda rows: None) == Confirmed()
    printer.close()


def test_a_clone_that_runs_out_of_paper_has_not_printed(new_printer, impatient):
    """It confirms nothing, but it tells that it stopped."""
    peer = new_printer("--fault", "no-confirm", "--roll", "60")
    outcome, _ = _print(peer)
    assert outcome == NotPrinted(PaperOut())


def test_noise_on_the_line_never_makes_a_confirmation(new_printer, impatient):
    peer = new_printer("--fault", "garbage")
    for _ in range(4):
        outcome, _ = _print(peer, rows=300)
        if outcome == Confirmed():  # the rest of a job that noise broke off may hang above it
            assert peer.papers()[-1].data.endswith(receipt(300).data)


def test_nobody_at_the_address(new_printer):
    peer = new_printer()
    peer.end()
    printer = open_printer(Tcp(peer.host, peer.port))
    assert printer.connect() == Offline()
    assert printer.watch(0) == Offline()
    assert printer.print(receipt(), lambda: None, lambda rows: None) == NotPrinted(Offline())
    assert open_printer(Tcp("no-such-printer.invalid", 9100)).connect() == Offline()


def test_an_idle_printer_is_seen_to_change(new_printer):
    peer = new_printer()
    printer = open_printer(Tcp(peer.host, peer.port))
    assert printer.connect() == Ready()
    for command, state in (
        ("fault near-end", PaperLow()),
        ("fault cover-open", CoverOpen()),
        ("fault paper-out", PaperOut()),
        ("clear", Ready()),
    ):
        peer.command(command)
        wait_until(lambda state=state: printer.watch(0.1) == state)
    printer.close()


def test_an_idle_printer_that_falls_silent_is_unknown(new_printer, impatient, monkeypatch):
    monkeypatch.setattr(confirming, "IDLE_ASK", 0.0)
    peer = new_printer()
    printer = open_printer(Tcp(peer.host, peer.port))
    assert printer.connect() == Ready()
    peer.command("fault silent")
    wait_until(lambda: isinstance(printer.watch(0.0), Unknown))
    peer.command("clear")
    wait_until(lambda: printer.watch(0.0) == Ready())
    printer.close()


def test_an_idle_printer_that_is_switched_off_is_off_line(new_printer):
    peer = new_printer()
    printer = open_printer(Tcp(peer.host, peer.port))
    printer.connect()
    peer.end()
    wait_until(lambda: printer.watch(0.1) == Offline())
