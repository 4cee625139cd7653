"""What becomes of a card between reader and office: every way in which either can fail ends in one honest answer."""

import json
import queue
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from central_api.contract.card_codes import CodeSent as OfficeSent
from central_api.contract.card_codes import encode_code_sent
from central_api.contract.cards import (
    CardVerdict,
    IndexKind,
    Judgement,
    decode_judgement_request,
    encode_card_challenge,
    encode_judgement,
)
from devices.card.events import CardInserted, CardReadEnded, CardReaderChanged, CardRemoved
from devices.card.outcome import CardFault, CardNotRead, IndexRead, PassportRead
from devices.card.states import CardMute, ReaderAbsent, ReaderEmpty
from kiosk import card_office
from kiosk.card_events import (
    CardProgressed,
    CardPut,
    CardTaken,
    CardTold,
    OpenByCode,
    ReadCard,
    ReaderChanged,
    SendCode,
)
from kiosk.card_office import CardOffice
from kiosk.card_state import (
    AccessNumber,
    CardProblem,
    CardRefused,
    CardResult,
    CardUnproven,
    CodeOver,
    CodeSent,
    CodeWrong,
    IdentityNumber,
    MachineReadableLines,
    OnReader,
    TypedFields,
    WrongKey,
)
from kiosk.cards import CardDesk
from kiosk.clock import TrustedClock
from kiosk.flow import one_time
from kiosk.own_office import OwnOffice
from kiosk.sync import LinkBelief
from kiosk.vault import Vault
from kiosk.visit_state import Way
from kiosk.ways import Need, WaysIn

FIELDS = TypedFields("L898902C3", "740812", "340415")
ASK = bytes(16)
READ = PassportRead("BAC", b"com", b"sod", b"dg1", None, None, None)
Answers = dict[str, tuple[int, bytes]]


class Desk:
    """A desk whose reader is played by the test and whose office answers as it is told."""

    def __init__(self, folder: Path) -> None:
        self.answers: Answers = {"/v1/cards/challenges": (200, encode_card_challenge(bytes(32)))}
        self.asked: list[bytes] = []
        self.thinks = 0.0
        self.outcome = READ
        self.told: queue.SimpleQueue = queue.SimpleQueue()
        self.ways: list[frozenset[Way]] = []
        desk = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                desk.asked.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                time.sleep(desk.thinks)
                status, body = desk.answers.get(self.path, (404, b"{}"))
                self.send_response(status)
                self.send_header("Content-Type", "application/cbor" if status == 200 else "application/problem+json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.vault = Vault(folder)
        self.link_said: list[bool] = []
        belief = LinkBelief(lambda report: self.link_said.append(report.up))
        url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.office = CardOffice(OwnOffice(self.vault, url, TrustedClock(0), belief))
        ways = WaysIn(self.ways.append)
        ways.say(Need.OFFICE, there=True)
        self.desk = CardDesk(self.told.put, ways, self._reads)
        self.desk.office = self.office

    def _reads(self, read: int, _key: object, challenge: bytes | None) -> None:
        assert challenge is not None
        assert len(challenge) == 8
        self.desk.heard(CardReadEnded(read, self.outcome))  # type: ignore[arg-type]

    def does(self, effect: ReadCard | SendCode | OpenByCode) -> CardResult:
        self.desk.start(effect)
        while not isinstance(said := self.told.get(timeout=30), CardTold):
            assert isinstance(said, CardProgressed)
        assert said.read == effect.read
        return said.result

    def judges(self, judgement: Judgement) -> None:
        self.answers["/v1/cards/judgements"] = (200, encode_judgement(judgement))

    def refuses(self, path: str, status: int, **problem: object) -> None:
        self.answers[path] = (status, json.dumps(problem).encode())

    def hangs_up(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def close(self) -> None:
        self.hangs_up()
        self.vault.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.close()


@pytest.mark.parametrize(
    ("verdict", "why"),
    [
        (CardVerdict.ALTERED, CardProblem.ALTERED),
        (CardVerdict.UNKNOWN_ISSUER, CardProblem.UNKNOWN_ISSUER),
        (CardVerdict.EXPIRED, CardProblem.EXPIRED),
        (CardVerdict.REVOKED, CardProblem.REVOKED),
        (CardVerdict.COPIED, CardProblem.COPIED),
        (CardVerdict.UNPROVEN, CardProblem.UNPROVEN),
        (CardVerdict.GENUINE, CardProblem.NO_FILES),
    ],
)
def test_each_verdict_has_its_word(desk: Desk, verdict: CardVerdict, why: CardProblem) -> None:
    desk.judges(Judgement(verdict))
    assert desk.does(ReadCard(1, FIELDS)) == CardRefused(why)
    asked = decode_judgement_request(desk.asked[-1])
    assert asked.card.sod == b"sod"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fault", "result"),
    [
        (CardFault.WRONG_KEY, WrongKey()),
        (CardFault.NEEDS_KEY, WrongKey(fields_only=True)),
        (CardFault.PULLED, CardRefused(CardProblem.TAKEN)),
        (CardFault.NO_CARD, CardRefused(CardProblem.TAKEN)),
        (CardFault.READER_GONE, CardRefused(CardProblem.READER_GONE)),
        (CardFault.MUTE, CardRefused(CardProblem.MUTE)),
        (CardFault.UNREADABLE, CardRefused(CardProblem.UNREADABLE)),
        (CardFault.TOO_SLOW, CardRefused(CardProblem.TOO_SLOW)),
    ],
)
def test_each_fault_of_the_reader_has_its_word(desk: Desk, fault: CardFault, result: CardResult) -> None:
    desk.outcome = CardNotRead(fault)  # type: ignore[assignment]
    assert desk.does(ReadCard(1, AccessNumber("314159"))) == result


@pytest.mark.parametrize(
    "key", [TypedFields("?", "740812", "340415"), AccessNumber("12"), MachineReadableLines("P<" + "<" * 86)]
)
def test_what_no_document_has_is_refused_before_anybody_is_asked(desk: Desk, key: object) -> None:
    assert desk.does(ReadCard(1, key)) == WrongKey()  # type: ignore[arg-type]
    assert desk.asked == []


def test_an_index_and_a_typed_number_are_relayed_as_such(desk: Desk) -> None:
    desk.judges(Judgement(CardVerdict.UNPROVEN, ask=ASK))
    desk.outcome = IndexRead("uid", b"\x04\xa1\xb2\xc3")  # type: ignore[assignment]
    assert desk.does(ReadCard(1, None)) == CardUnproven(ASK)
    assert decode_judgement_request(desk.asked[-1]).card.kind is IndexKind.UID  # type: ignore[union-attr]
    assert desk.does(ReadCard(2, IdentityNumber("0012345678"))) == CardUnproven(ASK)
    assert decode_judgement_request(desk.asked[-1]).card.kind is IndexKind.IDENTITY  # type: ignore[union-attr]


@pytest.mark.parametrize("path", ["/v1/cards/challenges", "/v1/cards/judgements"])
@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (200, b"garbage", CardProblem.UNREACHABLE),
        (200, b"", CardProblem.UNREACHABLE),
        (403, b'{"type": "revoked"}', CardProblem.UNREACHABLE),
        (429, b'{"type": "too_many"}', CardProblem.TOO_MANY),
        (500, b"[]", CardProblem.UNREACHABLE),
    ],
)
def test_an_office_that_answers_nonsense_opens_nothing(
    desk: Desk, path: str, status: int, body: bytes, why: CardProblem
) -> None:
    desk.judges(Judgement(CardVerdict.GENUINE))
    desk.answers[path] = (status, body)
    assert desk.does(ReadCard(1, FIELDS)) == CardRefused(why)


def test_a_status_that_its_receipt_does_not_hold_is_not_shown(desk: Desk) -> None:
    from central_api.contract.cards import CardStatus

    desk.judges(Judgement(CardVerdict.GENUINE, (CardStatus(1, b"\xa0"),)))
    assert desk.does(ReadCard(1, FIELDS)) == CardRefused(CardProblem.UNREACHABLE)


def test_an_office_out_of_reach_is_told_as_such_and_believed_cut(desk: Desk) -> None:
    desk.hangs_up()
    assert desk.does(ReadCard(1, FIELDS)) == CardRefused(CardProblem.UNREACHABLE)
    assert desk.link_said == [False]
    desk.desk.office = None
    assert desk.does(SendCode(2, ASK)) == CardRefused(CardProblem.UNREACHABLE)


def test_a_card_larger_than_any_passport_is_not_sent(desk: Desk) -> None:
    desk.outcome = PassportRead("BAC", b"", bytes(30_000), b"dg1", None, None, None)
    assert desk.does(ReadCard(1, FIELDS)) == CardRefused(CardProblem.UNREADABLE)
    assert len(desk.asked) == 1


def test_a_code_is_sent_tried_and_over(desk: Desk) -> None:
    codes, openings = "/v1/cards/codes", "/v1/cards/openings"
    desk.answers[codes] = (200, encode_code_sent(OfficeSent(300, 3)))
    assert desk.does(SendCode(1, ASK)) == CodeSent(3)
    desk.refuses(openings, 403, type="wrong_code", tries_left=2)
    assert desk.does(OpenByCode(2, ASK, "123456")) == CodeWrong(2)
    desk.refuses(openings, 410, type="code_over")
    assert desk.does(OpenByCode(3, ASK, "123456")) == CodeOver()
    desk.refuses(openings, 409, type="bad_ask")
    assert desk.does(OpenByCode(4, ASK, "123456")) == CardRefused(CardProblem.ASK_OVER)
    desk.answers[openings] = (200, encode_judgement(Judgement(CardVerdict.CONFIRMED)))
    assert desk.does(OpenByCode(5, ASK, "123456")) == CardRefused(CardProblem.NO_FILES)
    desk.answers[openings] = desk.answers[codes] = (200, b"garbage")
    assert desk.does(OpenByCode(6, ASK, "123456")) == CardRefused(CardProblem.UNREACHABLE)
    assert desk.does(SendCode(7, ASK)) == CardRefused(CardProblem.UNREACHABLE)


def test_limits_on_codes_are_not_taken_for_limits_on_cards(desk: Desk) -> None:
    for path in ("/v1/cards/codes", "/v1/cards/openings"):
        desk.refuses(path, 429, type="too_many")
    assert desk.does(SendCode(1, ASK)) == CardRefused(CardProblem.NO_CODES)
    assert desk.does(OpenByCode(2, ASK, "123456")) == CardRefused(CardProblem.NO_CODES)


def test_a_busy_office_that_has_spent_a_code_is_waited_for_and_not_told_unreachable(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert card_office.OFFICE_WITHIN < card_office.CODE_WITHIN < one_time.OFFICE_GIVES_UP_AFTER
    monkeypatch.setattr(card_office, "OFFICE_WITHIN", 0.05)
    desk.thinks = 0.3
    desk.answers["/v1/cards/openings"] = (200, encode_judgement(Judgement(CardVerdict.CONFIRMED)))
    assert desk.does(OpenByCode(1, ASK, "123456")) == CardRefused(CardProblem.NO_FILES)
    assert desk.does(ReadCard(2, FIELDS)) == CardRefused(CardProblem.UNREACHABLE)


def test_what_the_reader_says_is_told_and_the_way_by_card_is_offered_while_it_is_there(desk: Desk) -> None:
    for said in (
        CardReaderChanged(ReaderEmpty()),
        CardInserted("passport"),
        CardReaderChanged(CardMute()),
        CardRemoved(),
        CardReaderChanged(ReaderAbsent()),
        CardReadEnded(99, CardNotRead(CardFault.PULLED)),  # of a reading that was given up
    ):
        desk.desk.heard(said)
    told = [desk.told.get(timeout=1) for _ in range(6)]
    there, gone = ReaderChanged(ready=True), ReaderChanged(ready=False)
    assert told == [there, CardPut(OnReader.PASSPORT), there, CardPut(OnReader.MUTE), CardTaken(), gone]
    assert [Way.CARD in ways for ways in desk.ways][-2:] == [True, False]
    assert Way.CARD not in desk.ways[-1]
