"""Visits by card: virtual documents in a real pcscd, before a terminal that a real office let in."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from central_api.contract.enrolment import parse_enrolment
from central_api.store.card_codes import one_time_code
from central_api.store.cards import card_index_key
from provisioning.enrolment import Compare, Enrolling
from tests.devices.card.peers import READER, Card, Pcscd, new_card, pcscd, pki  # noqa: F401 - fixtures

from .people import OfficeDesk, StandingTerminal, printer, run, standing
from .test_nothing_remains import Search, spellings

NUMBER, BIRTH, EXPIRY = "L898902C3", "12081974", "15042034"
BY_PASSPORT = ("--document-number", f"P-UTO-{NUMBER}")
UID = "04A1B2C3D4E5F6"


@contextmanager
def lobby(folder: Path, office: OfficeDesk, *, printing: str = "none") -> Iterator[StandingTerminal]:
    """A terminal with a card reader."""
    with standing(folder, office.url, "--card", f"pcsc:{READER}", printer=printing) as terminal:
        terminal.offers("card")
        yield terminal


def let_in(data: Path, office: OfficeDesk) -> None:
    """Enrol; somebody of the office compares the digits."""
    code = run("central_api", "terminal", "add", "--data", str(office.data), "--site", "hall", "--json")

    def compare(progress: object) -> None:
        if isinstance(progress, Compare):
            accept = ("terminal", "accept", code["terminal"], progress.digits, "--data", str(office.data))
            threading.Thread(target=run, args=("central_api", *accept)).start()

    Enrolling(data, parse_enrolment(code["url"]), compare, place="file").run()


@pytest.fixture
def country(pki: Path, open_office: OfficeDesk, pcscd: Pcscd, new_card: Callable[..., Card]) -> Callable[..., Card]:  # noqa: F811
    """The cards of a country that the office believes."""
    first = new_card("passport", "--out")
    shutil.copytree(pki / "csca", open_office.data / "csca", dirs_exist_ok=True)
    first.end()
    return new_card


def types_fields(terminal: StandingTerminal, *, entered: bool = True) -> None:
    """entered: he says that the last one is complete, too."""
    for part, text in (("number", NUMBER), ("birth", BIRTH), ("expiry", EXPIRY)):
        _types(terminal, part, text, entered=entered or part != "expiry")


def types_access_number(terminal: StandingTerminal) -> None:
    terminal.presses("can")
    _types(terminal, "access_number", "314159")


def _types(terminal: StandingTerminal, part: str, text: str, *, entered: bool = True) -> None:
    terminal.sees("TypeKey", part=part)
    for letter in text:
        terminal.presses(f"key.{letter}")
    if entered:
        terminal.presses("enter")


@pytest.mark.timeout(240)
def test_a_passport_shows_its_holders_files_prints_one_and_all_and_leaves_nothing(
    open_office: OfficeDesk, country: Callable[..., Card], tmp_path: Path
) -> None:
    slips = [open_office.files(opened_by=BY_PASSPORT) for _ in range(2)]
    open_office.files(opened_by=("--document-number", "P-UTO-XX1234567"))
    missing = ("--reason", "document_missing", "--document", "passport_copy")
    open_office.acts(slips[0], "return", "registry", *missing)
    passport = country("passport", "--out")
    let_in(tmp_path / "terminal", open_office)
    with printer(tmp_path) as paper, lobby(tmp_path, open_office, printing=paper.address) as terminal:
        terminal.presses("way.card")
        terminal.sees("PlaceCard")
        passport.insert()
        types_fields(terminal)
        shown = terminal.sees("ShowList")
        assert shown["files"][0] == slips[0].tracking, "what waits for the visitor stands first"
        assert set(shown["files"]) == {slip.tracking for slip in slips}
        terminal.presses("file.0")
        assert terminal.sees("ShowStatus")["state"] == "RETURNED"
        terminal.presses("print")
        terminal.sees("Printed")
        terminal.presses("list")
        terminal.sees("ShowList")
        terminal.presses("print")
        terminal.sees("Printed")
        receipt, summary = paper.sheets()
        assert open_office.verifies(paper.receipt_on(receipt))["receipt"] == "holds"
        assert summary.stat().st_size
        terminal.presses("finish")
        terminal.sees("TakeCard")
        left = terminal.left()
        assert left["sheets"] == 0
        assert NUMBER not in "".join(left["on_screen"])
        passport.remove()
        terminal.sees("Home")
    secrets = (NUMBER, BIRTH, "740812", "340415", "ERIKSSON", "ANNA", *(slip.tracking for slip in slips))
    search = Search(needle for secret in secrets for needle in spellings(secret) if len(secret) > 6 or len(needle) > 6)
    for path in terminal.data.rglob("*"):
        if path.is_file():
            assert search.found_in(path.read_bytes()) == [], path.name
    assert search.found_in(terminal.journal.encode()) == []


@pytest.mark.timeout(240)
def test_what_a_card_cannot_open_is_told_and_the_slip_still_does(
    open_office: OfficeDesk, country: Callable[..., Card], tmp_path: Path
) -> None:
    slip = open_office.files(opened_by=BY_PASSPORT)
    with lobby(tmp_path, open_office) as terminal:
        for kind, why in (("altered", "altered"), ("copied", "copied"), ("mute", "mute")):
            card = country(kind)
            if kind != "mute":
                terminal.sees("TypeKey")
                types_access_number(terminal)
            terminal.sees("CardTrouble", why=why)
            card.end()
            terminal.presses("finish")
            terminal.sees("Home")
        passport = country("passport")
        terminal.sees("TypeKey")
        passport.command("pull-after 12")
        types_access_number(terminal)
        terminal.sees("PlaceCard", moved=True)
        passport.command("pull-after 100000")
        passport.insert()
        terminal.sees("ShowStatus", tracking=slip.tracking)
        passport.remove()
        terminal.sees("CardTrouble", why="taken")
        assert terminal.left()["sheets"] == 0
        open_office.breaks_down()
        passport.insert()
        terminal.sees("TypeKey")
        types_access_number(terminal)
        terminal.sees("CardTrouble", why="unreachable")
        terminal.scanner.reads(slip.url)
        assert terminal.sees("ShowStatus")["tracking"] == slip.tracking
        terminal.presses("finish")
        terminal.sees("TakeCard")
        passport.remove()
        terminal.sees("Home")


def test_a_contactless_card_opens_its_files_by_the_code_that_was_sent_and_by_no_other(
    open_office: OfficeDesk,
    new_card: Callable[..., Card],  # noqa: F811
    tmp_path: Path,
) -> None:
    slip = open_office.files(opened_by=("--card-uid", UID))
    with lobby(tmp_path, open_office) as terminal:
        card = new_card("uid", "--uid", UID)
        terminal.sees("OfferCode")
        terminal.presses("code")
        terminal.sees("TypeCode")
        code = sent_code(open_office)
        _types_code(terminal, f"{(int(code) + 1) % 1_000_000:06d}")
        terminal.sees("TypeCode", wrong=True, tries_left=2)
        _types_code(terminal, code)
        terminal.sees("ShowStatus", tracking=slip.tracking)
        card.remove()
        terminal.sees("CardTrouble", why="taken")
        assert terminal.left()["sheets"] == 0
    search = Search(spellings(UID))
    assert search.found_in(terminal.journal.encode()) == []
    assert not any(search.found_in(path.read_bytes()) for path in terminal.data.rglob("*") if path.is_file())


def sent_code(office: OfficeDesk) -> str:
    """What the newest message to a phone says."""
    with sqlite3.connect(office.data / "office.db", timeout=10) as register:
        ((secret,),) = register.execute("SELECT secret FROM message WHERE kind = 1 ORDER BY id DESC LIMIT 1")
    return one_time_code(card_index_key(office.data), secret)


def _types_code(terminal: StandingTerminal, code: str) -> None:
    for digit in code:
        terminal.presses(f"key.{digit}")
    terminal.presses("enter")
