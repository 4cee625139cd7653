"""The office's keys from the command line: founded apart from their root, rotated, revoked."""

from pathlib import Path

import pytest

from central_api.store import open_office

from .test_commands import Desk


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path / "office", capsys)


def test_an_office_is_founded_with_its_root_key_apart(desk: Desk, tmp_path: Path):
    root = str(tmp_path / "root.pem")
    made = desk("keys", "init", "--root", root)
    assert not (desk.data / "keys" / "root.key").exists()
    assert (desk.data / "tls" / "ca.pem").exists()
    assert desk("keys", "init", "--root", root) == made
    rotated = desk("keys", "rotate", "receipt", "--root", root)
    assert (rotated["key"], rotated["key_list"]) == (5, 2)
    revoked = desk("keys", "revoke", "5", "--root", root)
    assert [key["number"] for key in revoked["keys"] if key["revoked"]] == [5]
    assert desk("keys", "list")["keys"] == revoked["keys"]
    assert desk.line("keys", "rotate", "feed", "--root", root).startswith("key 7 signs for feed")


def test_the_root_key_of_an_office_that_stands_is_taken_out(desk: Desk, tmp_path: Path):
    open_office(desk.data).close()
    desk("keys", "init", "--root", str(tmp_path / "root.pem"))
    assert not (desk.data / "keys" / "root.key").exists()


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("keys", "init", "--root", "{data}/root.pem"), "wrong_root_key"),
        (("keys", "rotate", "feed", "--root", "{data}/none.pem"), "failed"),
        (("keys", "list"), "failed"),
    ],
)
def test_what_cannot_be_is_told(desk: Desk, words: tuple[str, ...], error: str):
    assert desk(*(word.format(data=desk.data) for word in words), exits=1)["error"] == error


def test_a_purpose_that_is_none_is_wrong_use(desk: Desk, tmp_path: Path):
    desk("keys", "init", "--root", str(tmp_path / "root.pem"))
    assert desk("keys", "rotate", "lunch", "--root", str(tmp_path / "root.pem"), exits=2)["error"] == "wrong_use"
    assert desk("keys", "revoke", "99", "--root", str(tmp_path / "root.pem"), exits=1)["error"] == "wrong_root_key"
