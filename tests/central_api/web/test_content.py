"""Content over real TCP: edited, published, asked for; readers counted once; a visitor who calls for a person."""

import json
from pathlib import Path

import pytest

from central_api.__main__ import main
from central_api.content import sample
from central_api.contract.content_bytes import open_content
from central_api.contract.help_calls import HelpCall, HelpState, decode_help_state, encode_call
from central_api.contract.keylist import Purpose, open_key_list
from central_api.contract.readers import Readers, encode_readers

from .running import Running, until

CALL, OTHER = bytes(16), bytes([1] * 16)


class Desk:
    """Staff of the office, at the command line."""

    def __init__(self, served: Running, capsys: pytest.CaptureFixture[str]) -> None:
        self.served = served
        self._capsys = capsys

    def __call__(self, *words: str, exits: int = 0, data: bool = True):
        code = main([*words, *(("--data", str(self.served.data)) if data else ()), "--json"])
        out, error = self._capsys.readouterr()
        assert code == exits, error
        return json.loads(out)

    def content_key(self, key_id: int) -> bytes:
        keys = open_key_list(self.served.get("/v1/keys").content, self.served.office.root_public)
        return keys.listed(key_id, Purpose.CONTENT).public

    def calls(self, call: bytes = CALL, waited: int = 0) -> HelpState:
        answer = self.posts("/v1/help", encode_call(HelpCall(call, waited)))
        return decode_help_state(answer)

    def posts(self, path: str, body: bytes, status: int | None = None) -> bytes:
        import requests

        kind = {"content-type": "application/cbor"}
        answer = requests.post(self.served.url + path, data=body, headers=kind, timeout=10)
        assert answer.status_code == (status or (204 if path == "/v1/readers" else 200)), answer.text
        return answer.content


@pytest.fixture
def desk(served: Running, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(served, capsys)


def announced(served: Running) -> int:
    return int(served.get("/v1/feed?after=0").headers.get("istilam-content", "0"))


def test_what_is_edited_and_published_is_what_is_asked_for_and_numbers_only_grow(desk: Desk, tmp_path: Path) -> None:
    served = desk.served
    assert served.get("/v1/content").json()["type"] == "no_content"
    assert announced(served) == 0
    assert desk("content", "show")["source"] == sample()
    file = tmp_path / "content.toml"
    file.write_text(sample(), encoding="utf-8")
    first = desk("content", "publish", str(file))
    assert (first["number"], first["draft"]) == (1, True)
    until(lambda: announced(served) == 1)
    answer = served.get("/v1/content")
    content = open_content(answer.content, desk.content_key)
    assert (content.number, len(content.services), len(content.rights)) == (1, first["services"], first["rights"])
    assert served.get("/v1/content", headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    file.write_text(sample().replace("draft = true", "draft = false"), encoding="utf-8")
    assert desk("content", "publish", str(file))["number"] == 2
    until(lambda: announced(served) == 2)
    assert not open_content(served.get("/v1/content").content, desk.content_key).draft
    # What comes into force later is given out later; what is in force stays.
    assert desk("content", "publish", str(file), "--effective", "2099-01-01")["number"] == 3
    assert open_content(served.get("/v1/content").content, desk.content_key).number == 2
    assert desk("content", "show")["number"] == 3


def test_a_mistake_is_told_and_nothing_is_published(desk: Desk, tmp_path: Path) -> None:
    before = announced(desk.served)
    file = tmp_path / "content.toml"
    file.write_text(sample().replace('use = "help"', 'use = "bar"'), encoding="utf-8")
    assert f"{file}:24: places[0].use: expected one of help" in desk("content", "publish", str(file), exits=1)["words"]
    assert "places[0].use" in desk("content", "check", str(file), exits=1, data=False)["words"]
    file.write_bytes(b"draft = true # \xff")
    assert "UTF-8" in desk("content", "check", str(file), exits=2, data=False)["words"]
    assert desk("content", "check", data=False)["draft"]
    assert announced(desk.served) == before


def test_readers_told_twice_late_or_by_a_new_count_are_counted_once(desk: Desk) -> None:
    def tells(count: int, *rows: tuple[str, int, int]) -> int:
        desk.posts("/v1/readers", encode_readers(Readers(bytes([count] * 8), rows)))
        return desk("content", "readers")["readers"]

    assert tells(1, ("wages", 0, 2)) == 2
    assert tells(1, ("wages", 0, 2)) == 2
    assert tells(1, ("wages", 0, 5), ("hours", 2, 1)) == 6
    assert tells(1, ("wages", 0, 3)) == 6
    assert tells(2, ("wages", 0, 1)) == 7
    topics = desk("content", "readers")["topics"]
    assert topics[0] == {"topic": "wages", "language": "ar", "readers": 6}
    desk.posts("/v1/readers", b"\xff", status=400)


def test_a_call_waits_until_somebody_answers_and_not_longer_than_three_minutes(desk: Desk) -> None:
    assert desk.calls() is HelpState.WAITING
    assert desk.calls(waited=3) is HelpState.WAITING
    (call,) = desk("terminal", "help", "list")["calls"]
    assert call["waits"] <= 30
    assert desk("terminal", "help", "answer", call["terminal"])["answered"]
    assert desk.calls() is HelpState.ANSWERED
    assert desk("terminal", "help", "list")["calls"] == []
    assert desk("terminal", "help", "answer", call["terminal"], exits=1)["error"] == "nobody_waits"
    # The next visitor's call is another one; one that is too old is told that nobody is there, and cannot be answered.
    assert desk.calls(OTHER) is HelpState.WAITING
    assert desk.calls(bytes([2] * 16), waited=181) is HelpState.NOBODY
    assert desk("terminal", "help", "list")["calls"] == []
    assert desk("terminal", "help", "answer", call["terminal"], exits=1)["error"] == "nobody_waits"
    desk.posts("/v1/help", b"\xff", status=400)
