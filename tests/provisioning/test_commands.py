"""What the technician types and reads: one clear line in his language, and an exit code."""

import json
import os
import re
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import get_args

import pytest
import qrcode

import provisioning.words
from provisioning.__main__ import app
from provisioning.enrolment import Enrolling
from provisioning.failures import Why
from provisioning.words import Language, say

from .enrolling_office import EnrollingOffice


def typed(*arguments: str) -> int:
    """Run a command in this process; returns its exit code."""
    with pytest.raises(SystemExit) as ended:
        app([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("provisioning.enrolment.ASK_AGAIN", 0.0)
    monkeypatch.delenv("TPM2TOOLS_TCTI", raising=False)


def drawn(text: str, path: Path) -> Path:
    qrcode.make(text).save(path)  # pyright: ignore
    return path


@contextmanager
def held_to_a_camera(text: str, folder: Path) -> Iterator[str]:
    """Hold a code to a camera until it was read: a new picture of it now and then; gives the scanner's address."""
    camera, picture = folder / "camera", drawn(text, folder / "held.png").read_bytes()
    camera.mkdir()
    away = threading.Event()

    def hold() -> None:
        number = 0
        while not away.wait(0.2):
            number += 1
            draft = folder / "taken.png"
            draft.write_bytes(picture)
            draft.rename(camera / f"{number}.png")

    holding = threading.Thread(target=hold)
    holding.start()
    yield f"frames:{camera}"
    away.set()
    holding.join()


def test_every_failure_has_words_in_every_language() -> None:
    sentences = tomllib.loads(Path(provisioning.words.__file__).with_name("enrolment.toml").read_text())
    assert set(sentences["failed"]) == {why.value for why in Why}
    for table in sentences.values():
        for key, words in table.items():
            assert set(words) == set(get_args(Language)), key
            holes = {language: sorted(re.findall(r"\{\w+\}", text)) for language, text in words.items()}
            assert len({tuple(found) for found in holes.values()}) == 1, key
            assert re.search("[\u0600-\u06ff]", words["ar"])


@pytest.mark.usefixtures("at_once")
def test_a_code_in_a_picture_makes_a_terminal(office: EnrollingOffice, tmp_path: Path, capsys) -> None:
    data, picture = tmp_path / "data", drawn(office.code(), tmp_path / "code.png")
    assert typed("enrol", "--picture", picture, "--data", data, "--key", "file") == 0
    said = capsys.readouterr().out
    assert office.digits()[0] in said
    assert "This machine is now terminal T-07" in said
    assert typed("status", "--data", data, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["name"], told["key"]) == ("enrolled", "T-07", "file")
    (data / "revoked").touch()  # as the terminal leaves it; it was called enrolled, on a screen out of order
    assert typed("status", "--data", data, "--json") == 1
    assert json.loads(capsys.readouterr().out) == {**told, "state": "revoked"}
    (data / "revoked").unlink()
    assert typed("renew", "--data", data, "--json") == 0
    assert json.loads(capsys.readouterr().out)["keyid"] != told["keyid"]
    assert typed("seed", "--from-office", "--data", data) == 0
    assert "0 statuses taken" in capsys.readouterr().out


@pytest.mark.usefixtures("at_once")
def test_a_code_under_the_terminals_own_scanner_makes_a_terminal(
    office: EnrollingOffice, tmp_path: Path, capsys
) -> None:
    with held_to_a_camera(office.code(), tmp_path) as scanner:
        assert typed("enrol", "--scanner", scanner, "--data", tmp_path / "data", "--key", "file", "--json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == {"waiting": "code"}
    assert lines[-1]["enrolled"]


@pytest.mark.usefixtures("at_once")
def test_letters_may_be_typed_at_the_machine(office: EnrollingOffice, tmp_path: Path, monkeypatch) -> None:
    address, _, letters = office.code().partition("/E#")
    answers = iter([address.lower(), " ".join(letters[at : at + 4] for at in range(0, 40, 4))])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    assert typed("enrol", "--data", tmp_path / "data", "--key", "file") == 0


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(("language", "word"), [("en", "expired"), ("fr", "expiré"), ("ar", "انتهت")])
def test_what_went_wrong_is_one_line_in_the_technicians_language(
    office: EnrollingOffice, tmp_path: Path, capsys, language: str, word: str
) -> None:
    code = office.code(minutes=-1)
    assert typed("enrol", "--code", code, "--data", tmp_path / "data", "--key", "file", "--language", language) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert word in line
    assert code not in line


@pytest.mark.usefixtures("at_once")
def test_stopped_by_hand_it_says_how_to_go_on(office: EnrollingOffice, tmp_path: Path, monkeypatch, capsys) -> None:
    office.accepts = False

    def stop(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("provisioning.enrol.Enrolling", partial(Enrolling, sleep=stop))
    given = ("enrol", "--data", tmp_path / "data", "--key", "file")
    assert typed(*given, "--code", office.code()) == 1
    assert "goes on from here" in capsys.readouterr().out
    assert typed("status", "--data", tmp_path / "data", "--json") == 1
    assert json.loads(capsys.readouterr().out)["state"] == "enrolling"
    office.accept()
    monkeypatch.undo()
    assert typed(*given) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("enrol", "--code", "x", "--picture", "y"),
        ("enrol", "--scanner", "bluetooth:1"),
        ("enrol", "--scanner", "none"),
        ("enrol", "--language", "de"),
        ("enrol", "--key", "stone"),
    ],
)
def test_wrong_use_is_told_apart(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    from cyclopts import CycloptsError

    try:
        assert app([*arguments, "--data", str(tmp_path)], exit_on_error=False, print_error=False) == 2
    except SystemExit as ended:
        assert ended.code == 2
    except CycloptsError:
        pass  # which `main` answers with 2


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("enrol", "--code", "HTTPS://X.EXAMPLE/#2"), "not_a_code"),
        (("enrol",), "no_code"),
        (("enrol", "--picture", "/nowhere.png"), "no_picture"),
        (("enrol", "--picture", __file__), "no_picture"),
        (("renew",), "not_enrolled"),
        (("seed", "/nowhere"), "not_enrolled"),
    ],
)
def test_scripts_read_what_went_wrong(tmp_path: Path, capsys, arguments: tuple[str, ...], error: str) -> None:
    assert typed(*arguments, "--data", tmp_path / "data", "--json") == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["error"] == error


def test_a_picture_of_something_else_is_no_code(tmp_path: Path, capsys) -> None:
    assert typed("enrol", "--picture", drawn("wifi", tmp_path / "a.png"), "--data", tmp_path / "d", "--json") == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["error"] == "not_a_code"


def test_a_scanner_that_reads_nothing_is_waited_for_a_while(tmp_path: Path) -> None:
    from provisioning.codes import code_from_scanner
    from provisioning.failures import EnrolmentFailed

    with held_to_a_camera("a ticket", tmp_path) as scanner, pytest.raises(EnrolmentFailed) as failed:
        code_from_scanner(scanner, seconds=1.5)
    assert failed.value.why is Why.NO_SCAN


def test_a_scanner_that_is_not_there_is_told_at_once(tmp_path: Path, capsys) -> None:
    """Two minutes were waited with "Hold the code under the scanner" for what a wrong address never reads."""
    assert typed("enrol", "--scanner", f"serial:{tmp_path / 'ttyACM0'}", "--data", tmp_path / "d", "--json") == 1
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["error"] == "no_scanner"
    assert "off line: nothing is plugged in at its address" in told["words"]


def test_the_data_folder_is_that_of_the_settings(tmp_path: Path, capsys) -> None:
    file = tmp_path / "terminal.toml"
    file.write_text(f'[terminal]\ndata = "{tmp_path / "data"}"\n[office]\nurl = "https://x.example"\n')
    assert typed("status", "--settings", file, "--json") == 1
    assert json.loads(capsys.readouterr().out) == {"state": "bare", "statuses": 0}
    file.write_text("nonsense")
    assert typed("status", "--settings", file) == 2


def test_an_identity_that_is_damaged_is_said(office: EnrollingOffice, tmp_path: Path, capsys) -> None:
    from .enrolled import enrolled_at

    identity = enrolled_at(office, tmp_path / "data")
    (identity.folder / identity.key_file).unlink()
    assert typed("status", "--data", tmp_path / "data", "--json") == 1
    assert json.loads(capsys.readouterr().out)["state"] == "wrong"
    assert typed("renew", "--data", tmp_path / "data", "--json") == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["error"] == "identity_wrong"


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small disk")
def test_a_full_disk_and_one_that_cannot_be_written_are_said(office: EnrollingOffice, tmp_path: Path, capsys) -> None:
    import subprocess

    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk], check=False)
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        (disk / "other").write_bytes(bytes(16 * 1024 - 4096 * 2))
        given = ("enrol", "--code", office.code(), "--data", disk / "data", "--key", "file", "--json")
        assert typed(*given) == 1
        assert json.loads(capsys.readouterr().out.splitlines()[-1])["error"] == "disk_full"
        (disk / "other").unlink()
        subprocess.run(["mount", "-o", "remount,ro,size=1m", disk], check=True)
        assert typed(*given) == 1
        assert json.loads(capsys.readouterr().out.splitlines()[-1])["error"] == "disk_read_only"
        subprocess.run(["mount", "-o", "remount,rw,size=1m", disk], check=True)
        assert typed(*given) == 0, "once there is room the same command goes on"
    finally:
        subprocess.run(["umount", disk], check=False)


def test_words_are_said_with_their_values() -> None:
    assert "cable" in say("en", "failed", "unreachable", detail="too late")
    assert "too late" in say("ar", "failed", "unreachable", detail="too late")
