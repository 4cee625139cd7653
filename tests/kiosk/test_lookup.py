"""From a slip to its status: the vault, the office, the newer of the two, and what neither may show."""

import os
from collections.abc import Callable
from queue import SimpleQueue
from threading import Event
from time import sleep

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central_api.contract import keys
from central_api.contract.feed import Entry, Tombstone
from central_api.contract.receipts import parse_receipt, sign_status
from central_api.contract.sealed import seal
from central_api.contract.signed import SigningKey
from central_api.contract.slips import Slip
from kiosk import lookup
from kiosk.vault import Held
from kiosk.visit_state import DataAge, Found, LookUpResult, NotFound, ProblemKind, Sheet

from .feed_office import HOST, START, FeedOffice, ServedOffice, slip_of, status_of
from .terminal import Terminal, open_terminal, served, terminal

__all__ = ["open_terminal", "served", "terminal"]  # fixtures

MINE = slip_of(1)


def found(terminal: Terminal, slip: Slip = MINE) -> Sheet:
    result = terminal.lookup.find(slip)
    assert isinstance(result, Found), result
    return result.sheet


def not_found(terminal: Terminal, slip: Slip = MINE) -> ProblemKind:
    result = terminal.lookup.find(slip)
    assert isinstance(result, NotFound)
    return result.kind


def cut(terminal: Terminal, served: ServedOffice) -> None:
    """Cut the network, and let sync notice."""
    served.faults["/"] = lambda ask: ask.cut_after(b"..", 0)
    terminal.rounds()


def test_with_the_network_cut_the_vault_answers_and_says_how_old_it_is(
    terminal: Terminal, served: ServedOffice
) -> None:
    served.office.publish(MINE)
    terminal.rounds()
    cut(terminal, served)
    served.asked.clear()
    sheet = found(terminal)
    assert sheet.status.tracking == MINE.tracking
    assert sheet.version == 1
    assert sheet.age.link_cut
    assert sheet.age.signed_at == START
    assert sheet.age.now is not None
    assert not served.asked, "a link that is known to be cut is not waited for"


def test_the_receipt_holds_as_it_would_on_paper(terminal: Terminal, served: ServedOffice) -> None:
    served.office.publish(MINE)
    terminal.rounds()
    sheet = found(terminal)
    receipt = parse_receipt(sheet.receipt_url, [HOST], terminal.vault.receipt_key)
    assert (receipt.tracking, receipt.version) == (MINE.tracking, sheet.version)


def test_what_the_office_confirms_is_as_of_now(terminal: Terminal, served: ServedOffice) -> None:
    served.office.publish(MINE)
    terminal.rounds()
    sheet = found(terminal)
    assert not sheet.age.link_cut
    assert sheet.age.signed_at == sheet.age.now


def test_a_newer_version_at_the_office_wins(terminal: Terminal, served: ServedOffice) -> None:
    served.office.publish(MINE)
    terminal.rounds()
    served.office.publish(MINE, status_of(MINE, done=3))
    sheet = found(terminal)
    assert (sheet.version, sheet.status.current) == (2, 3)


def test_an_older_copy_at_a_mirror_does_not(terminal: Terminal, served: ServedOffice) -> None:
    served.office.publish(MINE)
    old = served.office.entries[-1].sealed
    served.office.publish(MINE, status_of(MINE, done=3))
    terminal.rounds()
    assert isinstance(old, bytes)
    served.faults["/v1/statuses"] = lambda ask: ask.answer(old)
    sheet = found(terminal)
    assert sheet.version == 2
    assert sheet.age.signed_at == START, "a stale copy vouches for nothing"


def test_a_slip_that_is_not_in_the_vault_yet_is_asked_for(terminal: Terminal, served: ServedOffice) -> None:
    terminal.rounds()
    served.office.publish(MINE)
    assert found(terminal).version == 1
    assert not_found(terminal, slip_of(2)) is ProblemKind.UNKNOWN


def test_a_slip_that_is_nowhere_while_the_network_is_cut_is_unreachable(
    terminal: Terminal, served: ServedOffice
) -> None:
    terminal.rounds()
    cut(terminal, served)
    assert not_found(terminal) is ProblemKind.UNREACHABLE


def test_a_terminal_that_never_heard_of_its_office_can_show_nothing(terminal: Terminal, served: ServedOffice) -> None:
    served.office.publish(MINE)
    assert not_found(terminal) is ProblemKind.UNREACHABLE


@pytest.mark.parametrize("in_vault", [True, False])
def test_an_old_slip_after_a_new_one_was_given_out_is_replaced(
    terminal: Terminal, served: ServedOffice, in_vault: bool
) -> None:
    office = served.office
    office.publish(MINE)
    terminal.rounds()
    reissued = slip_of(1, issue=2)
    office.reissue(MINE, reissued)
    if in_vault:
        terminal.rounds()
        cut(terminal, served)
    assert not_found(terminal) is ProblemKind.REPLACED
    if in_vault:
        assert found(terminal, reissued).status.tracking == MINE.tracking


@pytest.mark.parametrize("in_vault", [True, False])
def test_an_application_that_is_no_longer_published_says_so(
    terminal: Terminal, served: ServedOffice, in_vault: bool
) -> None:
    office = served.office
    office.publish(MINE)
    terminal.rounds()
    office.withdraw(MINE, Tombstone.EXPIRED)
    if in_vault:
        terminal.rounds()
        cut(terminal, served)
    assert not_found(terminal) is ProblemKind.EXPIRED


@pytest.mark.parametrize("problem", [b"", b"[]", b"[" * 9000, b'{"type": "withdrawn"}', b'{"type": 2}', b"\xff"])
def test_an_office_that_does_not_say_why_a_slip_is_gone_has_mostly_a_newer_one(
    terminal: Terminal, served: ServedOffice, problem: bytes
) -> None:
    terminal.rounds()
    served.faults[f"/v1/statuses/{keys.slot(MINE.key).hex()}"] = lambda ask: ask.answer(problem, 410)
    assert not_found(terminal) is ProblemKind.REPLACED


def test_an_office_that_does_not_answer_holds_nobody_up(
    terminal: Terminal, served: ServedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "OFFICE_WITHIN_IF_HELD", 0.05)
    served.office.publish(MINE)
    terminal.rounds()
    served.faults["/v1/statuses"] = lambda ask: ask.drip(served.closing)
    assert found(terminal).age.link_cut
    assert not terminal.belief.up
    served.asked.clear()
    assert found(terminal).version == 1
    assert not served.asked, "once is enough: the next visitor does not wait"
    assert terminal.rounds()
    assert terminal.belief.up, "sync alone restores the belief"


@pytest.mark.parametrize("status", [200, 204, 301, 403, 418, 500])
@pytest.mark.parametrize("body", [b"", b"\x01" * 300, b"<html>"])
def test_nonsense_from_the_office_leaves_the_vaults_answer(
    terminal: Terminal, served: ServedOffice, status: int, body: bytes
) -> None:
    served.office.publish(MINE)
    terminal.rounds()
    served.faults["/v1/statuses"] = lambda ask: ask.answer(body, status, Location="http://192.0.2.1/")
    assert found(terminal).age.link_cut


def test_nonsense_from_the_office_and_nothing_in_the_vault_is_not_shown(
    terminal: Terminal, served: ServedOffice
) -> None:
    terminal.rounds()
    served.faults["/v1/statuses"] = lambda ask: ask.answer(os.urandom(293))
    assert not_found(terminal) is ProblemKind.UNREADABLE
    served.faults["/v1/statuses"] = lambda ask: ask.answer(b"", 500)
    assert not_found(terminal) is ProblemKind.UNREACHABLE
    served.faults["/v1/statuses"] = lambda ask: ask.answer(bytes(lookup.MAX_SEALED_BYTES + 1))
    assert not_found(terminal) is ProblemKind.UNREACHABLE


def stranger_signs(office: FeedOffice, plain: bytes) -> bytes:
    stranger = SigningKey(2, Ed25519PrivateKey.generate())
    return sign_status(status_of(MINE), 1, office.heads[-1], stranger)


CONTRADICTIONS: dict[str, Callable[[FeedOffice, bytes], Entry]] = {
    "another application's status under this slip": lambda office, plain: sealed_by(office, slip_of(2), 1, 1),
    "a receipt of another version": lambda office, plain: sealed_by(office, MINE, 7, 1),
    "a receipt of a stranger": lambda office, plain: Entry(
        1, keys.slot(MINE.key), seal(stranger_signs(office, plain), MINE.key, 1, bytes(12))
    ),
    "another version than its page says": lambda office, plain: sealed_by(office, MINE, 2, 2)._replace(version=1),
    "sealed with another slip's key": lambda office, plain: Entry(
        1, keys.slot(MINE.key), seal(plain, slip_of(2).key, 1, bytes(12))
    ),
    "no status at all": lambda office, plain: Entry(1, keys.slot(MINE.key), seal(b"junk", MINE.key, 1, bytes(12))),
    "too short to be sealed": lambda office, plain: Entry(1, keys.slot(MINE.key), b"\x01"),
}


def sealed_by(office: FeedOffice, of: Slip, signed_version: int, version: int) -> Entry:
    plain = sign_status(status_of(of), signed_version, office.heads[-1], office.receipt)
    return Entry(version, keys.slot(MINE.key), seal(plain, MINE.key, version, bytes(12)))


@pytest.mark.parametrize("contradiction", CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_a_status_that_contradicts_its_slip_or_receipt_is_not_shown(
    terminal: Terminal, served: ServedOffice, contradiction: Callable[[FeedOffice, bytes], Entry]
) -> None:
    office = served.office
    office.publish(MINE)
    plain = sign_status(status_of(MINE), 1, office.heads[-1], office.receipt)
    office.entries[:] = [contradiction(office, plain)]
    terminal.rounds()
    cut(terminal, served)
    assert not_found(terminal) is ProblemKind.UNREADABLE


def test_a_receipt_under_a_revoked_key_is_not_shown(terminal: Terminal, served: ServedOffice) -> None:
    served.office.publish(MINE)
    served.office.number, served.office.revoked = 2, frozenset({2})
    terminal.rounds()
    assert not_found(terminal) is ProblemKind.UNREADABLE


def test_while_the_clock_is_not_trusted_the_age_is_unknown(
    open_terminal: Callable[..., Terminal], served: ServedOffice
) -> None:
    served.office.publish(MINE)
    before = open_terminal()
    before.rounds()
    before.vault.close()
    served.faults["/"] = lambda ask: ask.answer(b"", 502)
    restarted = open_terminal()
    restarted.rounds()
    assert found(restarted).age == DataAge(START, None, link_cut=True)


def test_the_answer_comes_by_callback_from_another_thread(terminal: Terminal, served: ServedOffice) -> None:
    served.office.publish(MINE)
    terminal.rounds()
    answers: list[LookUpResult] = []
    came = Event()

    def take(result: LookUpResult) -> None:
        answers.append(result)
        came.set()

    terminal.lookup.start(MINE, take)
    assert came.wait(20)
    assert isinstance(answers[0], Found)


def test_a_look_up_that_begins_while_the_terminal_stops_has_the_vaults_answer(
    terminal: Terminal, served: ServedOffice
) -> None:
    served.office.publish(MINE)
    terminal.rounds()
    terminal.lookup.close()
    assert found(terminal).age.link_cut
    assert not_found(terminal, slip_of(2)) is ProblemKind.UNREACHABLE


def test_a_look_up_that_waits_to_ask_while_the_terminal_stops_has_the_vaults_answer(
    terminal: Terminal, served: ServedOffice
) -> None:
    served.office.publish(MINE)
    terminal.rounds()
    ended, answers = Event(), SimpleQueue[LookUpResult]()
    busy = [terminal.lookup._askers.submit(ended.wait) for _ in range(lookup._ASKERS)]
    terminal.lookup.start(slip_of(2), answers.put)
    while not terminal.lookup._askers._work_queue.qsize():
        sleep(0.001)
    terminal.lookup.close()
    assert answers.get(timeout=20) == NotFound(ProblemKind.UNREACHABLE)
    ended.set()
    assert all(one.result(20) for one in busy)


def test_a_disk_that_cannot_be_read_leaves_the_office(
    terminal: Terminal, served: ServedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    served.office.publish(MINE)
    terminal.rounds()

    def broken(slot: bytes) -> Held | None:
        raise sqlite3.DatabaseError("disk image is malformed")

    monkeypatch.setattr(terminal.vault, "find", broken)
    assert found(terminal).version == 1


def test_nothing_of_a_sheet_shows_in_its_repr(terminal: Terminal, served: ServedOffice) -> None:
    served.office.publish(MINE)
    terminal.rounds()
    assert MINE.tracking not in repr(terminal.lookup.find(MINE))
