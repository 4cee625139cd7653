"""A status receipt that somebody shows: its verdict by the keys in the vault, and by the office where it answers."""

import json

import pytest

from central_api.contract.receipts import receipt_url, sign_status
from central_api.contract.status import State
from kiosk.entry_state import CheckedPaper, PaperVerdict
from kiosk.own_office import OwnOffice
from kiosk.paper_check import PaperCheck

from .feed_office import HOST, FeedOffice, ServedOffice, slip_of, status_of
from .terminal import Terminal, open_terminal, served, terminal

__all__ = ["open_terminal", "served", "terminal"]  # fixtures

MINE = slip_of(1)


def receipt(office: FeedOffice, key=None) -> str:
    return receipt_url(HOST, sign_status(status_of(MINE, done=2), 1, office.heads[0], key or office.receipt), 1)


def judged(terminal: Terminal, served: ServedOffice, text: str) -> CheckedPaper:
    office = OwnOffice(terminal.vault, served.url, terminal.clock, terminal.belief)
    return PaperCheck(office, {HOST}).judge(text)


@pytest.fixture
def cut(terminal: Terminal, served: ServedOffice) -> Terminal:
    """A terminal that knows its office, and cannot reach it."""
    terminal.rounds()
    terminal.belief.believe(False, "cut")
    return terminal


def test_offline_the_signature_alone_says_that_it_is_the_offices(cut: Terminal, served: ServedOffice) -> None:
    paper = judged(cut, served, receipt(served.office))
    assert paper.verdict is PaperVerdict.GENUINE
    assert paper.says is not None
    assert (paper.says.tracking, paper.says.state, paper.says.step) == (MINE.tracking, State.UNDER_REVIEW, 2)
    assert paper.now is not None


def test_one_changed_letter_is_seen_offline_and_nothing_of_it_is_believed(cut: Terminal, served: ServedOffice) -> None:
    text = receipt(served.office)
    for at in range(len(f"HTTPS://{HOST}/R#"), len(text), 7):
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        paper = judged(cut, served, changed)
        assert paper.verdict in {PaperVerdict.ALTERED, PaperVerdict.INCOMPLETE, PaperVerdict.UNKNOWN_KEY}
        assert paper.says is None
    middle = len(text) - 40  # of the signature
    changed = text[:middle] + ("A" if text[middle] != "A" else "B") + text[middle + 1 :]
    assert judged(cut, served, changed).verdict is PaperVerdict.ALTERED


def test_a_code_that_is_not_whole_accuses_nobody(cut: Terminal, served: ServedOffice) -> None:
    """It was called a paper that the ministry did not issue, though no signature had failed."""
    text = receipt(served.office)
    for kept in (-9, -100, len(f"HTTPS://{HOST}/R#")):
        assert judged(cut, served, text[:kept]).verdict is PaperVerdict.INCOMPLETE


def test_another_key_that_calls_itself_the_offices_does_not_hold(cut: Terminal, served: ServedOffice) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from central_api.contract.signed import SigningKey

    forged = SigningKey(served.office.receipt.key_id, Ed25519PrivateKey.generate())
    assert judged(cut, served, receipt(served.office, forged)).verdict is PaperVerdict.ALTERED
    unheard = SigningKey(77, Ed25519PrivateKey.generate())
    assert judged(cut, served, receipt(served.office, unheard)).verdict is PaperVerdict.UNKNOWN_KEY


def test_a_revoked_key_needs_the_offices_word(terminal: Terminal, served: ServedOffice) -> None:
    office = served.office
    text = receipt(office)
    office.revoked, office.number = frozenset({office.receipt.key_id}), 2
    terminal.rounds()
    terminal.belief.believe(False, "cut")
    paper = judged(terminal, served, text)
    assert (paper.verdict, paper.says) == (PaperVerdict.REVOKED, None)
    terminal.belief.believe(True, "")
    served.faults["/v1/receipts/check"] = lambda ask: ask.answer(json.dumps({"verdict": "holds"}).encode())
    paper = judged(terminal, served, text)
    assert paper.verdict is PaperVerdict.LATEST and paper.says is not None


@pytest.mark.parametrize(
    ("word", "verdict", "says"),
    [
        ("holds", PaperVerdict.LATEST, True),
        ("superseded", PaperVerdict.SUPERSEDED, True),
        ("revoked", PaperVerdict.REVOKED, False),
        ("not_ours", PaperVerdict.UNCONFIRMED, False),
        ("a word of a later edition", PaperVerdict.GENUINE, True),
    ],
)
def test_the_office_knows_whether_a_newer_status_exists(
    terminal: Terminal, served: ServedOffice, word: str, verdict: PaperVerdict, says: bool
) -> None:
    terminal.rounds()
    served.faults["/v1/receipts/check"] = lambda ask: ask.answer(json.dumps({"verdict": word}).encode())
    paper = judged(terminal, served, receipt(served.office))
    assert (paper.verdict, paper.says is not None) == (verdict, says)


def test_an_office_that_does_not_answer_leaves_the_verdict_of_the_keys(
    terminal: Terminal, served: ServedOffice
) -> None:
    terminal.rounds()
    served.faults["/v1/receipts/check"] = lambda ask: ask.cut_after(b"..", 0)
    assert judged(terminal, served, receipt(served.office)).verdict is PaperVerdict.GENUINE


def test_before_it_ever_heard_of_its_office_a_terminal_judges_nothing(terminal: Terminal, served: ServedOffice) -> None:
    assert judged(terminal, served, receipt(served.office)).verdict is PaperVerdict.UNKNOWN_KEY
