"""`python -m provisioning selftest` beside real peers: a printer, a scanner, a reader with a card, an office."""

import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from central_api.contract.enrolment import parse_enrolment
from central_api.contract.readiness import Part, decode_readiness
from central_api.contract.readiness_paper import open_readiness
from devices.scanner.picture import codes_in, read_codes
from kiosk.identity import Identity, file_signer
from kiosk.visit import ScannerLine
from provisioning.enrolment import Enrolling
from tests import forked
from tests.devices.card.peers import Card, Pcscd, new_card, pcscd, pki
from tests.devices.peers import WAIT, PrinterPeer, new_printer, wait_until
from tests.journeys.people import process, run

from .enrolling_office import EnrollingOffice, issue

__all__ = ["new_card", "new_printer", "pcscd", "pki"]  # fixtures

NOBODY = "http://127.0.0.1:9"


def written(folder: Path, **devices: str) -> Path:
    """Write a terminal's settings: office, scanner, printer, card_reader."""
    file = folder / "terminal.toml"
    office = devices.pop("office", NOBODY)
    lines = ["version = 1", "[terminal]", 'name = "T-03"', f'data = "{folder / "data"}"']
    lines += ["[office]", f'url = "{office}"', "[devices]", *(f'{key} = "{value}"' for key, value in devices.items())]
    file.write_text("\n".join(lines))
    return file


def selftest(file: Path, *arguments: str) -> tuple[int, dict]:
    done = forked.run("provisioning", "selftest", "--settings", str(file), "--json", *arguments)
    assert done.stdout, done.stderr
    told = json.loads(done.stdout)
    told["parts"] = {part["part"]: part for part in told["parts"]}
    return done.returncode, told


def details(told: dict) -> dict[str, str]:
    return {name: part["detail"] for name, part in told["parts"].items()}


def enrolled(office: EnrollingOffice, data: Path) -> None:
    Enrolling(data, parse_enrolment(office.code()), lambda _: None, place="file").run()


def test_an_enrolled_terminal_prints_its_slip_and_the_office_has_the_result(
    office: EnrollingOffice, tmp_path: Path, new_printer: Callable[..., PrinterPeer]
) -> None:
    taken: list[bytes] = []

    def take(body: bytes) -> tuple[int, bytes]:
        taken.append(body)
        return 204, b""

    office.answers["/v1/readiness"] = take
    enrolled(office, tmp_path / "data")
    printer = new_printer()
    code, told = selftest(written(tmp_path, printer=printer.address), "--language", "fr")
    found = details(told)
    assert (found["network"], found["clock"], found["disk"], found["printer"]) == ("good",) * 4
    assert (code, told["ready"]) == (0, True)
    assert (told["slip"], told["sending"]) == ("printed", "sent")
    assert len(printer.papers()) == 2
    (readiness,) = map(decode_readiness, taken)
    assert readiness.terminal == "T-07"
    identity = Identity.read(tmp_path / "data")
    assert identity is not None
    public, _ = file_signer(identity.folder / identity.key_file)
    (code_on_paper,) = read_codes(printer.papers()[-1].to_image())
    signed = open_readiness(code_on_paper.decode(), {identity.host}, lambda _: public)
    assert (signed.readiness, signed.key_id) == (readiness, identity.keyid)
    assert {result.part.name.lower(): result.detail for result in readiness.results} == found
    assert told["parts"]["printer"]["said"] == "Elle a imprimé, confirmé et coupé."


def test_without_an_office_the_result_waits_and_goes_with_the_next(office: EnrollingOffice, tmp_path: Path) -> None:
    enrolled(office, tmp_path / "data")
    file = written(tmp_path)
    office.faults["/v1/readiness"] = (503, "away")
    code, told = selftest(file)
    assert (code, told["sending"]) == (0, "kept")
    taken: list[bytes] = []
    office.faults.clear()
    office.answers["/v1/readiness"] = lambda body: (taken.append(body), (204, b""))[1]
    assert selftest(file)[1]["sending"] == "sent"
    assert len(taken) == 2


def test_with_nobody_there_nothing_hangs_and_everything_is_said(tmp_path: Path) -> None:
    code, told = selftest(written(tmp_path, scanner="serial:/dev/none", printer="tcp:127.0.0.1:9"))
    found = details(told)
    assert code == 1 and not told["ready"]
    assert (found["network"], found["clock"]) == ("no_answer", "no_office")
    assert (found["scanner"], found["printer"]) == ("unplugged", "offline")
    assert found.keys() == {part.name.lower() for part in Part}
    assert (told["slip"], told["sending"]) == ("not_printed", "kept")
    assert all(part["said"] for part in told["parts"].values())


@pytest.mark.parametrize(
    ("fault", "detail", "code"),
    [
        ("paper-out", "paper_out", 1),
        ("cover-open", "cover_open", 1),
        ("near-end", "paper_low", 0),
        ("no-confirm", "unconfirmed", 0),
        ("paper-out-mid", "paper_out", 1),
    ],
)
def test_the_printer_s_fault_is_named(
    tmp_path: Path, new_printer: Callable[..., PrinterPeer], fault: str, detail: str, code: int
) -> None:
    file = written(tmp_path, printer=new_printer("--fault", fault).address)
    assert (code, {"printer": detail}) == ((done := selftest(file, "--part", "printer"))[0], details(done[1]))


def test_no_paper_is_spent_where_none_is_wanted(tmp_path: Path, new_printer: Callable[..., PrinterPeer]) -> None:
    printer = new_printer()
    _, told = selftest(written(tmp_path, printer=printer.address), "--no-paper", "--part", "printer")
    assert details(told) == {"printer": "not_tried"}
    assert printer.papers() == []


def test_nobody_is_asked_where_nobody_is(tmp_path: Path) -> None:
    scanner = ScannerLine()
    code, told = selftest(written(tmp_path, scanner=scanner.address), "--part", "scanner", "--part", "touch")
    scanner.close()
    assert (code, details(told)["scanner"]) == (0, "not_tried")
    assert told["parts"]["scanner"]["outcome"] == "cannot_tell"


@pytest.mark.parametrize(
    ("days", "other_ca", "found"),
    [
        ((-1, 5), False, ("certificate_ends", "passed")),
        ((-9, -1), False, ("certificate", "failed")),
        ((-1, 30), True, ("certificate", "failed")),
    ],
    ids=["ends soon", "out of date", "another authority"],
)
def test_the_office_s_certificate_is_judged(
    office: EnrollingOffice, tmp_path: Path, days: tuple[int, int], other_ca: bool, found: tuple[str, str]
) -> None:
    enrolled(office, tmp_path / "data")
    by = issue("somebody else", None) if other_ca else office.ca
    office.present(office._context, issue("office", by, days=days))
    part = selftest(written(tmp_path), "--part", "network")[1]["parts"]["network"]
    assert (part["detail"], part["outcome"]) == found


def test_a_revoked_terminal_is_told_so(office: EnrollingOffice, tmp_path: Path) -> None:
    enrolled(office, tmp_path / "data")
    office.revoke()
    assert details(selftest(written(tmp_path), "--part", "network")[1]) == {"network": "refused"}


def test_an_identity_that_is_damaged_is_nobody_s(office: EnrollingOffice, tmp_path: Path) -> None:
    enrolled(office, tmp_path / "data")
    (tmp_path / "data/identity/identity.json").write_text("{")
    code, told = selftest(written(tmp_path), "--part", "network")
    assert (code, details(told)) == (1, {"network": "no_answer"})


def test_wrong_settings_are_told_and_nothing_is_tested(tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text("version = 2\n")
    done = forked.run("provisioning", "selftest", "--settings", str(tmp_path / "wrong.toml"))
    assert done.returncode == 1 and "version: expected 1" in done.stderr and not done.stdout


def test_a_settings_file_that_is_not_there_is_told_and_nothing_is_tested(tmp_path: Path) -> None:
    """A mistyped name tested a terminal without scanner, printer and office, in its place."""
    missing = tmp_path / "terminol.toml"
    done = forked.run("provisioning", "selftest", "--settings", str(missing))
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"{missing}: No such file or directory\n")


@pytest.mark.parametrize(
    ("kind", "detail"), [("none", "no_card"), ("chip", "good"), ("passport", "good"), ("mute", "card_silent")]
)
def test_a_card_in_the_reader_answers_or_is_missed(
    tmp_path: Path, pcscd: Pcscd, new_card: Callable[..., Card], kind: str, detail: str
) -> None:
    def found() -> dict[str, str]:
        _, told = selftest(written(tmp_path, card_reader="pcsc:Virtual PCD"), "--part", "card_reader")
        return details(told)

    if kind != "none":
        new_card(kind)
        wait_until(lambda: found() != {"card_reader": "no_card"})  # pcscd looks for cards now and then
    assert found() == {"card_reader": detail}


def test_a_reader_that_must_be_there_is_missed(tmp_path: Path, pcscd: Pcscd) -> None:
    _, told = selftest(written(tmp_path, card_reader="pcsc:Another make"), "--part", "card_reader")
    assert details(told) == {"card_reader": "missing"}


def test_at_a_console_hands_are_asked_for(tmp_path: Path, new_printer: Callable[..., PrinterPeer]) -> None:
    """The code comes out of the printer, and is held under the scanner."""
    scanner, printer = ScannerLine(), new_printer()
    file = written(tmp_path, scanner=scanner.address, printer=printer.address)
    command = [sys.executable, "-m", "provisioning", "selftest", "--settings", str(file)]
    ours, its = pty.openpty()
    running = subprocess.Popen([*command, "--part", "scanner", "--part", "printer"], stdin=its, stdout=its, stderr=its)
    os.close(its)
    seen = read_until(ours, "Take the paper and place its code under the light")
    scanner.read_code(codes_in(max(printer.paper.glob("paper-*.png")))[0])
    seen += read_until(ours, "Printer · Passed")
    assert running.wait(WAIT) == 0
    assert "Scanner · Passed" in seen
    os.close(ours)
    scanner.close()


def read_until(terminal: int, wanted: str) -> str:
    """Read what a program says on its console until it has said this."""
    seen, deadline = "", time.monotonic() + 60
    while wanted not in seen:
        ready, _, _ = select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"never said: {wanted}; said: {seen}"
        seen += os.read(terminal, 4096).decode("utf-8", "replace")
    return seen


def test_a_real_office_takes_the_result(tmp_path: Path) -> None:
    office, data = tmp_path / "office", tmp_path / "data"
    with process("central_api", "serve", "--data", str(office), "--port", "0", "--tls", log=tmp_path / "log"):
        staff = ("--data", str(office), "--json")
        url = run("central_api", "terminal", "add", "--site", "Beirut", "--name", "T-09", *staff)["url"]
        command = [sys.executable, "-m", "provisioning", "enrol", "--code", url, "--data", str(data), "--json"]
        enrolling = subprocess.Popen([*command, "--key", "file"], stdout=subprocess.PIPE, text=True)
        assert enrolling.stdout is not None
        digits = json.loads(enrolling.stdout.readline())["digits"]
        run("central_api", "terminal", "accept", "T-09", digits, *staff)
        assert enrolling.wait(WAIT) == 0
        enrolling.stdout.close()
        code, told = selftest(written(tmp_path))
    assert (code, told["sending"]) == (0, "sent"), told
    assert details(told)["network"] == details(told)["clock"] == "good"
