"""The office from the command line: what is done is said in one line or one JSON object, and the exit code tells."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from central_api.__main__ import main
from central_api.contract.keylist import Purpose
from central_api.contract.numbers import show_tracking_number
from central_api.contract.receipts import receipt_url
from central_api.contract.sealed import open_sealed
from central_api.contract.slips import parse_slip
from central_api.contract.snapshot import read_parts
from central_api.store import open_office

from .conftest import CHAIN


class Desk:
    """Runs commands on one office."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.data = data
        self._capsys = capsys
        self.error = ""

    def __call__(self, *words: str, exits: int = 0) -> Any:
        """Run a command with --json; returns its answer."""
        code = main([*words, "--data", str(self.data), "--json"])
        out, self.error = self._capsys.readouterr()
        assert code == exits, self.error
        return json.loads(out)

    def line(self, *words: str) -> str:
        """Run a command; returns the one line it says."""
        assert main([*words, "--data", str(self.data)]) == 0
        out = self._capsys.readouterr().out
        assert out.count("\n") == 1
        return out.strip()

    def submits(self, **more: str) -> str:
        given = {"family": "work_permits", "kind": "renewal", "phone": "+96171123456", **more}
        return self("submit", *(word for key, value in given.items() for word in (f"--{key}", value)))["tracking"]


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path / "office", capsys)


def test_the_whole_chain_in_order_and_out_of_it(desk: Desk) -> None:
    tracking = desk.submits()
    refused = desk("act", tracking, "approve", "--role", "minister", exits=1)
    assert refused["error"] == "out_of_order"
    assert desk.error == f"error: {refused['words']}\n"
    for role, word in zip(CHAIN, ("accept", "approve", "approve", "approve", "sign"), strict=True):
        assert desk("act", tracking, "approve", "--role", role)["action"] == word
    shown = desk("show", tracking)
    assert (shown["state"], shown["document_waits"], len(shown["steps"])) == ("completed", True, 5)
    assert desk("act", tracking, "approve", "--role", "minister", exits=1)["error"] == "ended"
    assert desk("audit", "verify")["intact"] is True


def test_a_return_with_everything_said(desk: Desk) -> None:
    tracking = desk.submits()
    desk("act", tracking, "accept", "--role", "registry", "--acting", "--region", "beirut")
    papers = ["--document", "lab_tests", "--document", "insurance_policy", "--reason", "document_missing"]
    shown = desk("act", tracking, "return", "--role", "head_of_department", *papers, "--deadline", "2027-01-31")
    assert shown["missing"] == ["lab_tests", "insurance_policy"]
    assert (shown["reasons"], shown["deadline"], shown["state"]) == (["document_missing"], "2027-01-31", "returned")
    assert shown["steps"][0]["acting"] is True
    assert "under_review" in desk.line("act", tracking, "resubmit", "--role", "intake")


def test_companies_wait_for_their_checks(desk: Desk) -> None:
    tracking = desk.submits(family="companies", kind="permit")
    desk("act", tracking, "accept", "--role", "registry")
    assert desk("act", tracking, "approve", "--role", "head_of_department", exits=1)["error"] == "check_pending"
    assert len(desk("answer", tracking, "social_security", "ok")["pending_checks"]) == 1
    desk("answer", tracking, "commercial_register", "perhaps", exits=2)
    desk("answer", tracking, "commercial_register", "failed")
    assert desk("act", tracking, "approve", "--role", "head_of_department", exits=1)["error"] == "check_failed"


@pytest.mark.parametrize(
    "words",
    [
        ["submit", "--family", "circus", "--kind", "renewal", "--phone", "71123456"],
        ["submit", "--family", "work_permits", "--kind", "renewal", "--phone", "12"],
        ["submit", "--family", "work_permits", "--kind", "renewal", "--phone", "71123456", "--slip", "slip.gif"],
        ["submit", "--family", "work_permits"],
        ["act", "26318283312", "bless", "--role", "registry"],
        ["act", "26318283312", "accept", "--role", "king"],
        ["act", "26318283312", "return", "--role", "registry", "--reason", "mood"],
        ["act", "26318283312", "return", "--role", "registry", "--deadline", "soon"],
        ["act", "12", "accept", "--role", "registry"],
        ["show", "26318283313"],
        ["fly"],
        ["suspend", "--role", "king"],
        ["people", "add", "nada", "--name", "Nada", "--unit", "registry"],
        ["people", "add", "nada", "--name", "Nada", "--unit", "minister/beirut"],
        ["people", "hold", "nada", "--unit", "intake"],
        ["serve", "--port", "99999"],
        ["slip", "run", "--system", "legacy_permits", "--out", "slips", "--most", "-1"],
    ],
)
def test_wrong_use_exits_2_in_words(desk: Desk, words: list[str]) -> None:
    desk.submits()
    answer = desk(*words, exits=2)
    assert answer["words"] in desk.error


def test_what_cannot_be_exits_1_in_words(desk: Desk, tmp_path: Path) -> None:
    assert desk("show", "26318283312", exits=1)["error"] == "failed"
    assert not desk.data.exists()
    desk.submits()
    assert desk("show", "26318283312", exits=1)["error"] == "unknown_number"
    assert desk("import", str(tmp_path / "nowhere.csv"), exits=1)["error"] == "failed"
    wanted = ["--family", "work_permits", "--kind", "category_change", "--phone", "71123456"]
    assert "opens on 2027-01-04" in desk("submit", *wanted, exits=1)["words"]


def test_slips_are_drawn_printed_again_and_replaced(desk: Desk, tmp_path: Path) -> None:
    first, again = tmp_path / "first.png", tmp_path / "again.pdf"
    tracking = desk.submits(slip=str(first))
    assert first.read_bytes().startswith(b"\x89PNG")
    said = desk.line("slip", tracking, "--slip", str(again))
    assert "shown once" in said
    assert again.read_bytes().startswith(b"%PDF")
    old = desk("slip", tracking)
    new = desk("slip", "reissue", tracking)
    assert len(new["secret_code"]) == 8
    assert parse_slip(old["slip_url"], ["follow.labour.example"]) != parse_slip(
        new["slip_url"], ["follow.labour.example"]
    )


def test_a_slip_that_cannot_be_drawn_does_not_lose_the_code(desk: Desk, tmp_path: Path) -> None:
    wanted = ["--family", "work_permits", "--kind", "renewal", "--phone", "71123456"]
    answer = desk("submit", *wanted, "--slip", str(tmp_path / "no such folder" / "slip.png"), exits=1)
    assert answer["error"] == "no_slip"
    assert len(answer["secret_code"]) == 8
    assert desk("show", answer["tracking"])["state"] == "under_review"


def test_a_changed_byte_and_a_foreign_receipt_are_found(desk: Desk) -> None:
    tracking = desk.submits()
    with open_office(desk.data) as office:
        filed = office.find(tracking)
        assert filed is not None
        sealed = office.sealed_at(filed.slot)
        assert isinstance(sealed, bytes)
        version, plain = open_sealed(sealed, office.slip_key(filed))
        url = receipt_url(office.settings.host, plain, version)
    assert desk("audit", "verify", "--receipt", url)["position"] == 1
    desk("audit", "verify", "--receipt", "HTTPS://ELSEWHERE.EXAMPLE/R#AA", exits=1)
    with open_office(desk.data) as office:
        change = "UPDATE event SET body = x'a1' || substr(body, 2) WHERE seq = 1"
        office.execute_write(lambda c: c.execute(change).rowcount).result()
    answer = desk("audit", "verify", exits=1)
    assert (answer["intact"], answer["event"]) == (False, 1)


def test_a_snapshot_is_one_file_that_holds(desk: Desk, tmp_path: Path) -> None:
    desk.submits()
    desk.submits()
    out = tmp_path / "snapshot"
    assert desk("snapshot", "--out", str(out))["bytes"] == out.stat().st_size
    with open_office(desk.data) as office:
        keys = office.key_list.finder(Purpose.FEED, office.clock())
        (part,) = read_parts(BytesIO(out.read_bytes()), keys)
    assert len(part.entries) == 2
    assert not out.with_name("istilam-content").exists(), "nothing is published yet"


def test_an_import_says_what_became_of_each_row(desk: Desk, tmp_path: Path) -> None:
    old = tmp_path / "old.csv"
    row = "legacy_permits,A-1,{},{},2026-02-0{}T09:00:00Z,work_permits,renewal,north"
    rows = [row.format("submit", "", 1), row.format("accept", "registry", 2), row.format("sign", "minister", 3)]
    old.write_text("system,legacy_number,action,role,at,family,kind,region\n" + "\n".join(rows))
    refused_file = str(tmp_path / "old.refused.csv")
    counts = {"read": 3, "applied": 2, "unchanged": 0, "refused": 1, "refused_file": refused_file}
    assert desk("import", str(old)) == counts
    assert desk("import", str(old)) == {**counts, "applied": 0, "unchanged": 2}
    assert "1 refused" in desk.line("import", str(old))


def test_units_rest_and_work_again(desk: Desk) -> None:
    tracking = desk.submits()
    desk("suspend", "--role", "registry", "--region", "beirut")
    assert desk("show", tracking)["steps"][0]["suspended_since"]
    assert desk("act", tracking, "accept", "--role", "registry", exits=1)["error"] == "unit_suspended"
    desk("resume", "--role", "registry", "--region", "beirut")
    desk("act", tracking, "accept", "--role", "registry")


def test_tables_are_checked_where_they_lie(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["workflow", "check"]) == 0
    bad = tmp_path / "bad.toml"
    bad.write_text("family = 3\n")
    assert main(["workflow", "check", str(bad)]) == 1
    assert f"{bad}:1: family: Expected 'str', got 'int'" in capsys.readouterr().err


def test_it_runs_as_a_program(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "central_api", "show", "26318283312", "--data", str(tmp_path / "none")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: there is no office in this folder\n"


def test_files_that_never_had_a_slip_get_one_each_in_runs_that_go_on(desk: Desk, tmp_path: Path) -> None:
    old, out = tmp_path / "old.csv", tmp_path / "slips"
    rows = [
        f"legacy_permits,P-{number},submit,2026-03-02T09:30:00+02:00,work_permits,renewal,beirut" for number in "123"
    ]
    old.write_text("\n".join(["system,legacy_number,action,at,family,kind,region", *rows, ""]))
    assert desk("import", str(old))["applied"] == 3
    run = ("slip", "run", "--system", "legacy_permits", "--out", str(out))
    assert [desk(*run, "--most", "2")["slips"] for _ in range(3)] == [2, 1, 0]
    assert desk("slip", "run", "--system", "legacy_companies", "--out", str(out))["slips"] == 0
    papers = sorted(out.glob("*.pdf"))
    assert len(papers) == 3
    with open_office(desk.data, create=False) as office:
        (filed,) = office.own_reader.execute("SELECT tracking FROM application WHERE id = 1").fetchone()
        drawn = subprocess.run(
            ["pdftoppm", "-png", "-r", "203", str(papers[0])], capture_output=True, check=True
        ).stdout
        (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(drawn)).convert("L"))
        slip = parse_slip(code.text, [office.settings.host])
        assert slip.tracking == f"{filed:011d}"
        assert slip.key == office.slip_key(office.known(slip.tracking))
    # Nothing on the outside of a folder of slips says whose they are.
    assert slip.tracking not in "".join(path.name for path in papers)
    assert out.stat().st_mode & 0o077 == 0
    assert desk("slip", "P-1", "--legacy", "legacy_permits")["tracking"] == slip.tracking


@pytest.mark.parametrize("deadline", ["2020-01-01", "0027-01-31", "0001-01-01"])
def test_a_deadline_that_has_passed_is_refused_and_the_register_stays_whole(desk: Desk, deadline: str) -> None:
    tracking = desk.submits()
    asked = ["--role", "registry", "--document", "lab_tests", "--deadline", deadline]
    assert desk("act", tracking, "return", *asked, exits=1)["error"] == "bad_value"
    assert desk("act", tracking, "accept", *asked[:2], *asked[4:], exits=1)["error"] == "bad_value"
    assert desk("audit", "verify")["intact"] is True


@pytest.mark.parametrize("days", [("0026-12-24", "0026-12-31"), ("0001-01-01", "0001-01-02")])
def test_a_decree_whose_year_is_mistyped_is_refused_and_the_office_goes_on(desk: Desk, days: tuple[str, str]) -> None:
    tracking = desk.submits()
    assert desk("workflow", "freeze", *days, "--decree", "Decree 12", exits=1)["error"] == "bad_value"
    desk("act", tracking, "accept", "--role", "registry")
    assert desk("audit", "verify")["intact"] is True


def test_what_is_said_twice_is_told_once(desk: Desk) -> None:
    tracking = desk.submits()
    twice = ["--document", "lab_tests", "--reason", "document_missing"] * 2
    shown = desk("act", tracking, "return", "--role", "registry", *twice)
    assert (shown["missing"], shown["reasons"]) == (["lab_tests"], ["document_missing"])


def test_a_slip_that_cannot_be_drawn_says_whose_it_is(desk: Desk, tmp_path: Path) -> None:
    wanted = ["--family", "work_permits", "--kind", "renewal", "--phone", "71123456"]
    answer = desk("submit", *wanted, "--slip", str(tmp_path / "none" / "slip.png"), exits=1)
    assert show_tracking_number(answer["tracking"]) in desk.error
    assert answer["secret_code"] in desk.error


@pytest.mark.parametrize("command", [["workflow", "check"], ["workflow", "draw"], ["content", "check"]])
def test_a_file_that_is_no_text_is_refused_in_words(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "picture.toml"
    picture.write_bytes(b"\x89PNG\r\n")
    assert main([*command, str(picture)]) == 2
    assert capsys.readouterr().err == f"error: {picture}: not text in UTF-8 (byte 0)\n"


def test_a_file_that_is_not_there_is_named(desk: Desk, tmp_path: Path) -> None:
    desk.submits()
    answer = desk("feeder", "profile", "set", "old", str(tmp_path / "none.toml"), exits=1)
    assert answer["words"] == f"{tmp_path / 'none.toml'}: No such file or directory"


def test_feeders_keys_and_terminals_are_listed_in_plain_words(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.submits()
    here = ("--data", str(desk.data))
    desk("feeder", "key", "add", "old", "--family", "companies", "--family", "recruitment")
    (desk.data / "served-at").write_text("http://localhost:8400")
    desk("terminal", "add", "--name", "T-01", "--site", "Hall")
    for command, lines in {
        ("feeder", "key", "list"): ["1 key", "old                  in use   companies recruitment"],
        ("terminals",): ["1 terminal: 0 need a look, 0 wait to be let in"],
    }.items():
        capsys.readouterr()
        assert main([*command, *here]) == 0
        assert capsys.readouterr().out.splitlines()[: len(lines)] == lines
