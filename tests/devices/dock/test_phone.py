"""The phone at the dock: a real office's one-time code comes to it, and the office's folder is left as it was."""

import json
import re
import time
import urllib.request
from pathlib import Path

import pytest
import requests

from central_api.contract.card_codes import OpeningRequest, encode_code_request, encode_opening_request
from central_api.contract.cards import (
    CardVerdict,
    IndexCard,
    IndexKind,
    JudgementRequest,
    decode_card_challenge,
    decode_judgement,
    encode_judgement_request,
)
from central_api.store.outbox import Delivery
from devices.dock.board import Board
from devices.dock.phone import Phone
from devices.simulators.gateway import VirtualGateway
from tests.central_api.notify.offices import completed, how_many
from tests.central_api.web.running import Running, running, until


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory):
    with running(tmp_path_factory.mktemp("phone") / "office", "--loopback-terminals") as served:
        yield served


@pytest.fixture
def board() -> Board:
    return Board()


def shown(board: Board) -> list[str]:
    news = board.wait(0, 0, 5)
    return [] if news is None else news.parts.get("phone", [])


def post(office: Running, path: str, body: bytes = b"") -> bytes:
    kind = {"content-type": "application/cbor"} if body else {}
    answer = requests.post(office.url + path, body, headers=kind, timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.content


def test_a_code_comes_to_the_phone_and_opens_the_file(office: Running, board: Board):
    office.submit(identity_card="000012345678", language="fr")
    phone = Phone(office.data, office.url, board)
    try:
        challenge = decode_card_challenge(post(office, "/v1/cards/challenges"))
        card = IndexCard(IndexKind.IDENTITY, b"000012345678")
        judged = post(office, "/v1/cards/judgements", encode_judgement_request(JudgementRequest(challenge, card)))
        ask = decode_judgement(judged).ask
        post(office, "/v1/cards/codes", encode_code_request(ask))
        until(lambda: bool(shown(board)))
        code = re.search(r"\d{6}", shown(board)[0])[0]
        opened = post(office, "/v1/cards/openings", encode_opening_request(OpeningRequest(ask, code)))
        assert decode_judgement(opened).verdict is CardVerdict.CONFIRMED
        assert len(decode_judgement(opened).statuses) == 1
        completed(office.office)
        until(lambda: len(shown(board)) == 2)
        assert "منجزة" in shown(board)[0]
        until(lambda: how_many(office.office, Delivery.DELIVERED) == 2)
        # The log, unlike the phone, has no word of it.
        assert code not in json.dumps([line.about for line in board.wait(0, 0, 1).log])
        assert (office.data / "sms-password-of-the-dock").stat().st_mode & 0o777 == 0o600
    finally:
        phone.stop()
    assert not (office.data / "sms.toml").exists()
    assert not (office.data / "sms-password-of-the-dock").exists()


def test_an_office_that_has_a_gateway_keeps_it(tmp_path: Path, board: Board):
    (tmp_path / "sms.toml").write_text('url = "https://gateway.example/"')
    Phone(tmp_path, "http://127.0.0.1:1", board).stop()
    assert (tmp_path / "sms.toml").read_text() == 'url = "https://gateway.example/"'
    assert board.wait(0, 0, 0) is None
    Phone(tmp_path / "nowhere", "http://127.0.0.1:1", board).stop()
    assert not (tmp_path / "nowhere").exists()


def test_the_gateway_takes_what_kannel_takes_and_nothing_else():
    got: list[tuple[str, str]] = []
    gateway = VirtualGateway("dock", "secret", lambda phone, text: got.append((phone, text)))
    gateway.start()
    try:
        headers = {"X-Kannel-Username": "dock", "X-Kannel-Password": "secret", "X-Kannel-To": "+96171123456"}

        def ask(url: str = gateway.url, **more: str) -> requests.Response:
            given = headers | {f"X-Kannel-{name}": value for name, value in more.items()}
            return requests.post(url, "رمز".encode(), headers=given, timeout=10)

        assert (ask().status_code, ask().text) == (202, "0: Accepted for delivery")
        assert ask(Password="other").status_code == 403
        assert ask(To="").status_code == 400
        assert ask(gateway.url + "x").status_code == 404
        assert requests.post(gateway.url, b"x" * 2001, headers=headers, timeout=10).status_code == 404
        assert ask(**{"DLR-Url": "http://198.51.100.1/?type=%d"}).status_code == 202
        deadline = time.monotonic() + 20
        while len(got) < 3:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert set(got) == {("+96171123456", "رمز")}
    finally:
        gateway.stop()
    with pytest.raises(OSError):
        urllib.request.urlopen(gateway.url, timeout=5)
