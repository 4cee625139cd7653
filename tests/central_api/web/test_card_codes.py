"""One-time codes over real TCP: an enrolled terminal, a card that proves nothing, and the phone of its holder."""

import sqlite3
from pathlib import Path

import pytest
import requests

from central_api.contract.card_codes import (
    CodeSent,
    OpeningRequest,
    decode_code_sent,
    encode_code_request,
    encode_opening_request,
)
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
from central_api.contract.status import decode_status
from central_api.store import decode_event
from central_api.store.card_codes import one_time_code
from central_api.store.cards import card_index_key
from central_api.workflow import Action
from devices.simulators.card.pki import signer
from tests.central_api.cards.documents import relayed

from .machine import Machine
from .office import Office, problem
from .running import running, until

PHONE = "+96171234567"
WORDS = ("--family", "work_permits", "--kind", "renewal", "--phone", PHONE)


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory):
    with running(tmp_path_factory.mktemp("codes") / "office") as served:
        yield served


@pytest.fixture
def office(serving, capsys) -> Office:
    return Office(serving, capsys)


@pytest.fixture
def terminal(office: Office) -> Machine:
    return office.lets_in()[1]


def identity(number: str) -> IndexCard:
    return IndexCard(IndexKind.IDENTITY, number.encode())


def asked(terminal: Machine, card: IndexCard) -> bytes:
    """Present a card; returns the ask that comes with the judgement."""
    challenge = decode_card_challenge(terminal.post("/v1/cards/challenges", b"").content)
    body = encode_judgement_request(JudgementRequest(challenge, card))
    judgement = decode_judgement(terminal.post("/v1/cards/judgements", body).content)
    assert judgement == Judgement(CardVerdict.UNPROVEN, ask=judgement.ask)
    assert judgement.ask is not None
    return judgement.ask


def sends(terminal: Machine, ask: bytes) -> requests.Response:
    return terminal.post("/v1/cards/codes", encode_code_request(ask))


def opens(terminal: Machine, ask: bytes, code: str) -> requests.Response:
    return terminal.post("/v1/cards/openings", encode_opening_request(OpeningRequest(ask, code)))


def sql(office: Office, query: str, *values: object) -> list:
    with sqlite3.connect(office.served.data / "office.db", timeout=10) as register:
        return register.execute(query, values).fetchall()


def last_code(office: Office) -> str:
    """What the newest message in the outbox says."""
    ((secret,),) = sql(office, "SELECT secret FROM message WHERE kind = 1 ORDER BY id DESC LIMIT 1")
    return one_time_code(card_index_key(office.served.data), secret)


def messages(office: Office) -> int:
    return sql(office, "SELECT count(*) FROM message")[0][0]


def trackings(answer: requests.Response) -> list[str]:
    judgement = decode_judgement(answer.content)
    assert judgement.verdict is CardVerdict.CONFIRMED
    return [decode_status(status.plain).tracking for status in judgement.statuses]


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_by_sms_opens_what_a_genuine_passport_opens(office, terminal):
    first = office("submit", *WORDS, "--identity-card", "0000 1111 2222")["tracking"]
    second = office("submit", *WORDS, "--identity-card", "٠٠٠٠١١١١٢٢٢٢")["tracking"]
    office("submit", *WORDS, "--identity-card", "000011112223")
    ask = asked(terminal, identity("000011112222"))
    sent = sends(terminal, ask)
    assert sent.headers["cache-control"] == "no-store"
    assert decode_code_sent(sent.content) == CodeSent(300, 3)
    wrong = opens(terminal, ask, other_than(last_code(office)))
    assert problem(wrong) == (403, "wrong_code")
    assert wrong.json()["tries_left"] == 2
    assert trackings(opens(terminal, ask, last_code(office))) == [second, first]
    # Once: whoever comes next begins with his card.
    assert problem(opens(terminal, ask, last_code(office))) == (409, "bad_ask")
    assert problem(sends(terminal, ask)) == (409, "bad_ask")


def test_a_contactless_card_is_known_by_its_number(office, terminal):
    tracking = office("submit", *WORDS, "--card-uid", "04:a1:b2:c3:d4:e5:f6")["tracking"]
    ask = asked(terminal, IndexCard(IndexKind.UID, bytes.fromhex("04a1b2c3d4e5f6")))
    sends(terminal, ask)
    assert trackings(opens(terminal, ask, last_code(office))) == [tracking]


def test_a_passport_whose_chip_has_no_key_is_an_index(office, terminal, tmp_path_factory):
    pki = tmp_path_factory.mktemp("country") / "pki"
    signer(pki, "genuine")
    folder: Path = office.served.data / "csca"
    (pki / "csca").rename(folder)
    tracking = office("submit", *WORDS, "--document-number", "P-UTO-QQ1234567")["tracking"]
    challenge = decode_card_challenge(terminal.post("/v1/cards/challenges", b"").content)
    files = relayed(pki, chip_challenge(challenge), "passive", number="QQ1234567")
    body = encode_judgement_request(JudgementRequest(challenge, files))
    judgement = decode_judgement(terminal.post("/v1/cards/judgements", body).content)
    assert judgement.statuses == ()
    sends(terminal, judgement.ask)
    assert trackings(opens(terminal, judgement.ask, last_code(office))) == [tracking]


def test_nobody_learns_whether_a_card_is_known(office, terminal):
    office("submit", *WORDS, "--identity-card", "000033334444")
    before = messages(office)
    answers = []
    for number in ("000033334444", "999933334444"):
        ask = asked(terminal, identity(number))
        sent = sends(terminal, ask)
        tried = [opens(terminal, ask, "000000") for _ in range(4)]
        # A code that was guessed right, by one chance in a million, would be another story.
        answers.append([(answer.status_code, answer.content) for answer in (sent, *tried)])
        again = [sends(terminal, asked(terminal, identity(number))) for _ in range(3)]
        answers[-1].append([(answer.status_code, answer.content) for answer in again])
    assert answers[0] == answers[1]
    assert [status for status, _body in answers[0][1:5]] == [403, 403, 410, 410]
    # One each for the card that is known, and no fourth that day.
    assert messages(office) - before == 3


def test_a_code_ends_with_its_third_try(office, terminal):
    office("submit", *WORDS, "--identity-card", "000055556666")
    ask = asked(terminal, identity("000055556666"))
    sends(terminal, ask)
    code = last_code(office)
    for _ in range(2):
        assert problem(opens(terminal, ask, other_than(code))) == (403, "wrong_code")
    assert problem(opens(terminal, ask, other_than(code))) == (410, "code_over")
    assert problem(opens(terminal, ask, code)) == (410, "code_over")
    # Another may be asked for: a new one.
    assert decode_code_sent(sends(terminal, ask).content).tries == 3
    assert last_code(office) != code
    assert trackings(opens(terminal, ask, last_code(office)))


def test_a_tap_too_many_sends_nothing_new(office, terminal):
    office("submit", *WORDS, "--identity-card", "000077778888")
    ask = asked(terminal, identity("000077778888"))
    sends(terminal, ask)
    before = messages(office)
    again = decode_code_sent(sends(terminal, ask).content)
    assert again.tries == 3
    assert 290 < again.seconds <= 300
    assert messages(office) == before
    sql(office, "UPDATE card_code SET made = made - 61")
    assert decode_code_sent(sends(terminal, ask).content) == CodeSent(300, 3)
    assert messages(office) == before + 1


def test_a_code_is_good_for_five_minutes_and_an_ask_for_fifteen(office, terminal):
    office("submit", *WORDS, "--identity-card", "000099990000")
    ask = asked(terminal, identity("000099990000"))
    assert problem(opens(terminal, ask, "000000")) == (410, "code_over")
    sends(terminal, ask)
    code = last_code(office)
    sql(office, "UPDATE card_code SET made = made - 301")
    assert problem(opens(terminal, ask, code)) == (410, "code_over")
    with sqlite3.connect(office.served.data / "live.db", timeout=10) as live:
        live.execute("UPDATE card_ask SET made = made - 901")
    assert problem(sends(terminal, ask)) == (409, "bad_ask")


def test_a_clock_that_is_set_back_neither_ends_a_code_nor_prolongs_it_for_long(office, terminal):
    office("submit", *WORDS, "--identity-card", "000012121212")
    ask = asked(terminal, identity("000012121212"))
    sends(terminal, ask)
    sql(office, "UPDATE card_code SET made = made + 400")
    assert problem(opens(terminal, ask, last_code(office))) == (410, "code_over")
    sql(office, "UPDATE card_code SET made = made - 300")
    assert trackings(opens(terminal, ask, last_code(office)))


def test_an_ask_is_of_one_terminal_and_one_card(office, terminal):
    office("submit", *WORDS, "--identity-card", "000013131313")
    ask = asked(terminal, identity("000013131313"))
    other = office.lets_in()[1]
    assert problem(sends(other, ask)) == (409, "bad_ask")
    sends(terminal, ask)
    assert problem(opens(other, ask, last_code(office))) == (409, "bad_ask")
    asked(terminal, identity("000013131314"))
    assert problem(opens(terminal, ask, last_code(office))) == (409, "bad_ask")


def test_a_terminal_has_so_many_codes_and_wrong_ones_an_hour(office):
    name, machine = office.lets_in()
    ask = asked(machine, identity("000014141414"))

    def used_up(quota: str, count: int) -> None:
        for hour in (0, 1):
            subject = f"'{quota}/' || ? || '/' || (unixepoch() / 3600 + ?)"
            sql(office, f"REPLACE INTO throttle SELECT {subject}, {count}, unixepoch(), 0, 0", name, hour)

    used_up("wrong", 30)
    assert problem(opens(machine, ask, "000000")) == (429, "too_many")
    used_up("codes", 40)
    refused = sends(machine, ask)
    assert problem(refused) == (429, "too_many")
    assert 0 < int(refused.headers["retry-after"]) <= 3600


def test_every_code_is_in_the_chain_and_its_person_can_be_erased(office):
    name, terminal = office.lets_in()
    office("submit", *WORDS, "--identity-card", "000015151515")
    before = office("audit", "verify")["position"]
    ask = asked(terminal, identity("000015151515"))
    sends(terminal, ask)
    for _ in range(3):
        opens(terminal, ask, other_than(last_code(office)))
    sends(terminal, ask)
    assert len(trackings(opens(terminal, ask, last_code(office)))) == 1
    until(lambda: office("audit", "verify")["position"] == before + 4)
    found = sql(
        office,
        "SELECT body, value FROM event JOIN personal ON personal.event = event.seq WHERE position > ? ORDER BY seq",
        before,
    )
    acts = [decode_event(body).act.action for body, _value in found]
    assert acts == [Action.CODE, Action.MISSED, Action.CODE, Action.LOOK]
    assert {value.split(" ")[0] for _body, value in found} == {name}
    ((card,),) = {(value.split(" ")[1],) for _body, value in found}
    sql(office, "DELETE FROM personal WHERE value IN (?, ?)", card, f"{name} {card}")
    assert office("audit", "verify")["intact"]
    before = messages(office)
    sends(terminal, asked(terminal, identity("000015151515")))
    assert messages(office) == before


def test_a_phone_written_beside_the_chain_gets_no_code(office, terminal):
    victim = office("submit", *WORDS, "--identity-card", "000016161616")["tracking"]
    event = f"event = (SELECT min(seq) FROM event JOIN application ON id = application WHERE tracking = {int(victim)})"
    sql(office, f"UPDATE personal SET value = '+96170000000' WHERE field = 1 AND {event}")
    before = messages(office)
    sends(terminal, asked(terminal, identity("000016161616")))
    assert messages(office) == before
    sql(office, f"UPDATE personal SET value = '{PHONE}' WHERE field = 1 AND {event}")


def test_an_office_of_this_machine_may_let_in_cards_of_a_terminal_that_nobody_enrolled(tmp_path):
    with running(tmp_path / "office", "--loopback-terminals") as demo:

        def post(path: str, body: bytes = b"") -> requests.Response:
            kind = {"content-type": "application/cbor"} if body else {}
            return requests.post(demo.url + path, body, headers=kind, timeout=10)

        given = demo.submit(identity_card="000018181818")
        challenge = decode_card_challenge(post("/v1/cards/challenges").content)
        body = encode_judgement_request(JudgementRequest(challenge, identity("000018181818")))
        ask = decode_judgement(post("/v1/cards/judgements", body).content).ask
        assert post("/v1/cards/codes", encode_code_request(ask)).status_code == 200
        with sqlite3.connect(demo.data / "office.db") as register:
            ((secret,),) = register.execute("SELECT secret FROM message").fetchall()
        code = one_time_code(card_index_key(demo.data), secret)
        assert trackings(post("/v1/cards/openings", encode_opening_request(OpeningRequest(ask, code)))) == [
            given.tracking
        ]


def test_strangers_and_nonsense_are_refused(office, terminal):
    stranger = office.machine()
    for path in ("/v1/cards/codes", "/v1/cards/openings"):
        assert problem(requests.post(stranger.url + path, timeout=10, data=b"\xa0", headers={
            "content-type": "application/cbor"})) == (401, "not_a_terminal")  # fmt: skip
        assert problem(terminal.post(path, b"\xa0")) == (400, "bad_request")
        assert problem(terminal.post(path, bytes(65))) == (413, "too_large")
    assert problem(sends(terminal, bytes(16))) == (409, "bad_ask")
    assert problem(opens(terminal, bytes(16), "000000")) == (409, "bad_ask")


@pytest.mark.parametrize(
    ("option", "value"),
    [("--identity-card", "12"), ("--identity-card", "1234/5"), ("--card-uid", "zz"), ("--card-uid", "08a1b2c3")],
)
def test_a_card_that_cannot_be_known_again_is_wrong_use(office, option, value):
    refused = office("submit", *WORDS, option, value, exits=2)
    assert refused["error"] == ("changing_card" if value == "08a1b2c3" else "bad_card")
    assert value not in refused["words"]


def test_no_number_and_no_code_is_kept_or_logged(office, terminal):
    office("submit", *WORDS, "--identity-card", "LB17171717")
    ask = asked(terminal, identity("LB17171717"))
    sends(terminal, ask)
    code = last_code(office)
    assert trackings(opens(terminal, ask, code))
    for path in [path for path in office.served.data.rglob("*") if path.is_file()]:
        assert b"LB17171717" not in path.read_bytes(), path.name
    log = office.served.logged()
    assert "LB17171717" not in log
    assert PHONE not in log
    assert code not in log
