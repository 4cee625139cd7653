"""Cards over real TCP: the virtual documents' own bytes, relayed by an enrolled terminal to a real office."""

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from central_api.contract.cards import (
    CardVerdict,
    IndexCard,
    IndexKind,
    Judgement,
    JudgementRequest,
    chip_challenge,
    decode_card_challenge,
    decode_judgement,
    encode_judgement_request,
)
from devices.simulators.card.pki import signer
from tests.central_api.cards.documents import relayed

from .machine import Machine
from .running import running
from .test_terminals import Office, problem

INDEX = IndexCard(IndexKind.UID, b"\x04\xa1\xb2\xc3")


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("country") / "pki"
    signer(folder, "genuine")
    return folder


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory, pki: Path):
    with running(tmp_path_factory.mktemp("cards") / "office") as served:
        shutil.copytree(pki / "csca", served.data / "csca")
        yield served


@pytest.fixture
def office(serving, capsys) -> Office:
    return Office(serving, capsys)


@pytest.fixture
def terminal(office: Office) -> Machine:
    return office.lets_in()[1]


def challenge_of(terminal: Machine) -> bytes:
    return decode_card_challenge(terminal.post("/v1/cards/challenges", b"").content)


def sent(terminal: Machine, challenge: bytes, card) -> requests.Response:
    return terminal.post("/v1/cards/judgements", encode_judgement_request(JudgementRequest(challenge, card)))


def shown(terminal: Machine, pki: Path, kind="passport", **more) -> Judgement:
    """What the office says of a document that was laid on this terminal."""
    challenge = challenge_of(terminal)
    answer = sent(terminal, challenge, relayed(pki, chip_challenge(challenge), kind, **more))
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return decode_judgement(answer.content)


@pytest.mark.parametrize(
    ("kind", "more", "verdict"),
    [
        ("passport", {}, CardVerdict.GENUINE),
        ("passport", {"active": "rsa"}, CardVerdict.GENUINE),
        ("passport", {"expiry": "240101"}, CardVerdict.EXPIRED),
        ("passive", {}, CardVerdict.UNPROVEN),
        ("altered", {}, CardVerdict.ALTERED),
        ("copied", {}, CardVerdict.COPIED),
        ("stranger", {}, CardVerdict.UNKNOWN_ISSUER),
        ("revoked", {}, CardVerdict.REVOKED),
    ],
)
def test_each_document_gets_its_verdict(terminal, pki, kind, more, verdict):
    assert shown(terminal, pki, kind, **more) == Judgement(verdict)


def test_a_challenge_counts_once(terminal, pki):
    challenge = challenge_of(terminal)
    files = relayed(pki, chip_challenge(challenge))
    assert sent(terminal, challenge, files).status_code == 200
    assert problem(sent(terminal, challenge, files)) == (409, "bad_challenge")


def test_a_challenge_is_its_terminals_own(office, terminal, pki):
    other = office.lets_in()[1]
    challenge = challenge_of(terminal)
    files = relayed(pki, chip_challenge(challenge))
    assert problem(sent(other, challenge, files)) == (409, "bad_challenge")
    challenge_of(other)
    assert problem(sent(other, challenge, files)) == (409, "bad_challenge")
    assert sent(terminal, challenge, files).status_code == 200


def test_a_newer_challenge_replaces_the_older(terminal):
    older, newer = challenge_of(terminal), challenge_of(terminal)
    assert older != newer
    assert problem(sent(terminal, older, INDEX)) == (409, "bad_challenge")
    assert sent(terminal, newer, INDEX).status_code == 200


def test_a_challenge_is_good_for_a_minute(office, terminal):
    challenge = challenge_of(terminal)
    with sqlite3.connect(office.served.data / "live.db", timeout=10) as live:
        live.execute("UPDATE card_challenge SET made = made - 61")
    assert problem(sent(terminal, challenge, INDEX)) == (409, "bad_challenge")


def test_an_answer_to_an_earlier_challenge_is_worth_nothing(terminal, pki):
    recorded = relayed(pki, chip_challenge(challenge_of(terminal)))
    answer = sent(terminal, challenge_of(terminal), recorded)
    assert decode_judgement(answer.content) == Judgement(CardVerdict.COPIED)


def test_what_is_no_card_is_refused(terminal, pki):
    challenge = challenge_of(terminal)
    assert problem(terminal.post("/v1/cards/judgements", b"\xa0")) == (400, "bad_request")
    assert problem(terminal.post("/v1/cards/judgements", bytes(25_000))) == (413, "too_large")
    garbage = replace(relayed(pki, chip_challenge(challenge)), sod=b"garbage")
    assert decode_judgement(sent(terminal, challenge, garbage).content) == Judgement(CardVerdict.ALTERED)


def test_only_accepted_terminals_may_ask(office):
    stranger = office.machine()
    assert problem(requests.post(stranger.url + "/v1/cards/challenges", timeout=10)) == (401, "not_a_terminal")
    assert problem(stranger.post("/v1/cards/challenges", b"")) == (401, "bad_signature")
    stranger.enrols(office.invites("--site", "hall"))
    assert problem(stranger.post("/v1/cards/challenges", b"")) == (403, "pending")
    name, machine = office.lets_in()
    office("terminal", "revoke", name)
    assert problem(sent(machine, bytes(32), INDEX)) == (403, "revoked")


def test_a_terminal_has_so_many_cards_an_hour(office):
    name, machine = office.lets_in()
    with sqlite3.connect(office.served.data / "office.db", timeout=10) as register:
        for hour in (0, 1):
            register.execute(
                "INSERT INTO throttle SELECT 'cards/' || ? || '/' || (unixepoch() / 3600 + ?), 120, unixepoch(), 0, 0",
                (name, hour),
            )
    refused = sent(machine, challenge_of(machine), INDEX)
    assert problem(refused) == (429, "too_many")
    assert 0 < int(refused.headers["retry-after"]) <= 3600
    other = office.lets_in()[1]
    assert sent(other, challenge_of(other), INDEX).status_code == 200
