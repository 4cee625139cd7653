"""Number and code asked of an office: what it says, what it fails to say, and that neither is taken for the other."""

import json

import pytest

from central_api.contract import cbor
from central_api.contract.receipts import sign_status
from kiosk.code_lookup import CodeLookup
from kiosk.entry_state import Locked, NoMatch
from kiosk.own_office import OwnOffice
from kiosk.visit_state import Found, NotFound, ProblemKind

from .feed_office import Ask, ServedOffice, slip_of, status_of
from .terminal import Terminal, open_terminal, served, terminal

__all__ = ["open_terminal", "served", "terminal"]  # fixtures

MINE = slip_of(1)
UNREACHABLE = NotFound(ProblemKind.UNREACHABLE)


def opened(served: ServedOffice, *, slip=MINE, version: int = 1) -> bytes:
    office = served.office
    return cbor.encode({1: version, 2: sign_status(status_of(slip), 1, office.heads[0], office.receipt)})


def problem(code: str) -> bytes:
    return json.dumps({"type": code, "title": "", "status": 400}).encode()


def asked(terminal: Terminal, served: ServedOffice, answer) -> object:
    served.faults["/v1/lookups"] = answer
    office = OwnOffice(terminal.vault, served.url, terminal.clock, terminal.belief)
    return CodeLookup(office).find(MINE.tracking, "40817352")


@pytest.fixture
def known(terminal: Terminal) -> Terminal:
    """A terminal that has heard of its office."""
    terminal.rounds()
    return terminal


def test_the_office_opens_a_status_whose_receipt_holds(known: Terminal, served: ServedOffice) -> None:
    seen: list[dict[str, str]] = []

    def answer(ask: Ask) -> None:
        seen.append(json.loads(ask.body))
        ask.answer(opened(served))

    found = asked(known, served, answer)
    assert isinstance(found, Found)
    assert (found.sheet.status.tracking, found.sheet.version) == (MINE.tracking, 1)
    assert not found.sheet.age.link_cut
    assert found.sheet.age.signed_at == found.sheet.age.now
    assert seen == [{"tracking": MINE.tracking, "code": "40817352"}]


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        ((404, "no_match", ""), NoMatch()),
        ((410, "expired", ""), NotFound(ProblemKind.EXPIRED)),
        ((429, "too_many", "240"), Locked(240)),
        ((429, "too_many", "soon"), Locked(60)),
        ((404, "nginx", ""), UNREACHABLE),
        ((401, "not_a_terminal", ""), UNREACHABLE),
        ((503, "not_yet", "1"), UNREACHABLE),
        ((500, "internal", ""), UNREACHABLE),
    ],
)
def test_each_refusal_is_told_as_what_it_is(
    known: Terminal, served: ServedOffice, refusal: tuple[int, str, str], expected: object
) -> None:
    status, code, retry = refusal
    headers = {"Content_Type": "application/problem+json"} | ({"Retry_After": retry} if retry else {})
    assert asked(known, served, lambda ask: ask.answer(problem(code), status, **headers)) == expected


def test_an_office_that_hangs_up_calls_no_number_wrong(known: Terminal, served: ServedOffice) -> None:
    assert asked(known, served, lambda ask: ask.cut_after(opened(served), 40)) == UNREACHABLE
    assert not known.belief.up


@pytest.mark.parametrize("body", [b"", b"\xa0", b"<html>", cbor.encode({1: 1, 2: b"no status"})])
def test_bytes_that_are_no_status_are_not_shown(known: Terminal, served: ServedOffice, body: bytes) -> None:
    assert asked(known, served, lambda ask: ask.answer(body)) == NotFound(ProblemKind.UNREADABLE)


def test_another_ones_status_or_version_is_not_shown(known: Terminal, served: ServedOffice) -> None:
    other = opened(served, slip=slip_of(2))
    assert asked(known, served, lambda ask: ask.answer(other)) == NotFound(ProblemKind.UNREADABLE)
    later = opened(served, version=2)
    assert asked(known, served, lambda ask: ask.answer(later)) == NotFound(ProblemKind.UNREADABLE)


def test_before_it_ever_heard_of_its_office_a_terminal_believes_nobody(
    terminal: Terminal, served: ServedOffice
) -> None:
    assert asked(terminal, served, lambda ask: ask.answer(opened(served))) == UNREACHABLE
