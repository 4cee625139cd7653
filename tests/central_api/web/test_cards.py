"""Cards over real TCP: the virtual documents' own bytes, relayed by an enrolled terminal to a real office."""

import shutil
import sqlite3
import time
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
from central_api.contract.keylist import Purpose
from central_api.contract.receipts import receipt_of
from central_api.contract.status import decode_status
from central_api.store import decode_event
from central_api.workflow import Action
from devices.simulators.card.pki import signer
from tests.central_api.cards.documents import NUMBER, relayed

from .machine import Machine
from .office import Office, problem
from .running import running, until

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
    judgement = decode_judgement(answer.content)
    # By its ask a terminal may have a one-time code: there for each card that proves nothing, and for no other.
    assert (judgement.ask is not None) == (judgement.verdict is CardVerdict.UNPROVEN)
    return replace(judgement, ask=None)


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


# -- whose files a card opens


def submits(office: Office, document: str) -> str:
    """Take an application in by command, as intake does; returns its tracking number."""
    words = ("--family", "work_permits", "--kind", "renewal", "--phone", "+96171123456")
    return office("submit", *words, "--document-number", document)["tracking"]


def trackings(judgement: Judgement) -> list[str]:
    return [decode_status(status.plain).tracking for status in judgement.statuses]


def test_a_genuine_passport_opens_its_holders_files_and_nobody_elses(office, terminal, pki):
    first, second = submits(office, "P-UTO-AB1234567"), submits(office, " p-uto-ab 1234-567")
    submits(office, "P-UTO-AB1234568")
    submits(office, "I-UTO-AB1234567")
    submits(office, "P-UTP-AB1234567")
    judgement = shown(terminal, pki, number="AB1234567")
    assert judgement.verdict is CardVerdict.GENUINE
    assert trackings(judgement) == [second, first]
    keys = office.served.office.key_list.finder(Purpose.RECEIPT, int(time.time()))
    for status, tracking in zip(judgement.statuses, (second, first), strict=True):
        assert receipt_of(status.plain, status.version, keys).tracking == tracking


@pytest.mark.parametrize("kind", ["passive", "altered", "copied", "stranger", "revoked"])
def test_no_other_document_with_the_number_opens_them(office, terminal, pki, kind):
    submits(office, "P-UTO-CD1234567")
    assert shown(terminal, pki, kind, number="CD1234567").statuses == ()


def test_a_card_that_proves_nothing_gets_one_answer_known_or_not(office, terminal, pki):
    submits(office, "P-UTO-EF1234567")
    known, unknown = (shown(terminal, pki, "passive", number=number) for number in ("EF1234567", "EF7654321"))
    index = decode_judgement(sent(terminal, challenge_of(terminal), INDEX).content)
    assert known == unknown == replace(index, ask=None)


def test_every_look_is_in_the_chain_and_its_person_can_be_erased(office, pki):
    name, terminal = office.lets_in()
    tracking = submits(office, "P-UTO-GH1234567")
    before = office("audit", "verify")["position"]
    assert trackings(shown(terminal, pki, number="GH1234567")) == [tracking]
    until(lambda: office("audit", "verify")["position"] == before + 1)
    with sqlite3.connect(office.served.data / "office.db", timeout=10) as register:
        body, value = register.execute(
            "SELECT body, value FROM event JOIN personal ON personal.event = event.seq WHERE position = ?",
            (before + 1,),
        ).fetchone()
        assert decode_event(body).act.action is Action.LOOK
        assert value.split(" ")[0] == name
        # Erased by law: the card opens the file no more, and the chain holds.
        card = value.split(" ")[1]
        assert register.execute("DELETE FROM personal WHERE value IN (?, ?)", (card, value)).rowcount == 2
    assert shown(terminal, pki, number="GH1234567") == Judgement(CardVerdict.GENUINE)
    assert office("audit", "verify")["intact"]


def test_what_was_written_beside_the_chain_opens_nothing(office, terminal, pki):
    victim, mine = submits(office, "P-UTO-JK1234567"), submits(office, "P-UTO-JK7654321")
    with sqlite3.connect(office.served.data / "office.db", timeout=10) as register:

        def row_of(tracking: str) -> tuple[int, bytes, str]:
            query = (
                "SELECT event, salt, value FROM personal JOIN event ON seq = event JOIN application ON id = application"
            )
            return register.execute(f"{query} WHERE field = 2 AND tracking = ?", (int(tracking),)).fetchone()

        def write(salt: bytes, value: str) -> None:
            register.execute(
                "UPDATE personal SET salt = ?, value = ? WHERE field = 2 AND event = ?", (salt, value, event)
            )
            register.commit()

        event, *own = row_of(victim)
        write(*row_of(mine)[1:])
        assert trackings(shown(terminal, pki, number="JK7654321")) == [mine]
        assert not office("audit", "verify", exits=1)["intact"]
        write(*own)
    assert trackings(shown(terminal, pki, number="JK1234567")) == [victim]


def test_no_number_of_a_document_is_kept_anywhere(office, terminal, pki):
    submits(office, f"P-UTO-{NUMBER}")
    assert len(shown(terminal, pki).statuses) == 1
    files = [path for path in office.served.data.rglob("*") if path.is_file()]
    assert len(files) > 10
    for path in [*files, office.served.log]:
        assert NUMBER.encode() not in path.read_bytes(), path.name
    key = office.served.data / "secrets" / "card-index-key"
    assert key.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "document", ["XX7654321", "P-FRA-", "PP-LBN-1", "P-LBNX-1", "P-LBN-LR123456789012345678901", "é"]
)
def test_a_number_without_its_state_is_wrong_use(office, document):
    words = ("--family", "work_permits", "--kind", "renewal", "--phone", "+96171123456")
    refused = office("submit", *words, "--document-number", document, exits=2)
    assert refused["error"] == "bad_document"
    assert document not in refused["words"]
