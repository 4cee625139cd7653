"""A file walks from the counter to the minister by the console alone: in a real Chromium, in Arabic, by keyboard.

A terminal that is on shows each step to whoever holds the slip there; `-rP` tells after how many seconds.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from central_api.contract.slips import Slip, parse_slip
from central_api.contract.status import State, Status
from central_api.publish import Intact, audit_verify
from central_api.workflow.calendar import date_of
from kiosk.account import tell
from kiosk.visit_state import Found
from kiosk.words import words_of
from tests.central_api.console.staff import PASSWORD, Person, hire
from tests.central_api.web.running import Running, running, until
from tests.kiosk.terminal import Terminal, terminal_at

from .people import StandingTerminal, in_vault, standing, version_at, wait_for

CHROMIUM = "/usr/bin/chromium"
CHAIN = (
    ("nada", "registry/beirut", "ندى خوري"),
    ("rami", "head_of_department/beirut", "رامي حداد"),
    ("maya", "head_of_service", "مايا سلامة"),
    ("karim", "director_general", "كريم عيد"),
    ("wazir", "minister", "الوزير نفسه"),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("console") / "office", "--loopback-terminals") as office:
        yield office


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


@pytest.fixture
def terminal(served: Running, tmp_path: Path) -> Iterator[Terminal]:
    terminal = terminal_at(tmp_path / "terminal", served.url)
    terminal.sync.start()
    yield terminal
    terminal.close()


class Desk:
    """An officer's browser, worked by its keyboard alone."""

    def __init__(self, browser: Browser, served: Running, person: Person) -> None:
        self.page: Page = browser.new_context(locale="ar", viewport={"width": 1280, "height": 900}).new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.goto(f"{served.url}/console/")
        expect(self.page.locator("html")).to_have_attribute("dir", "rtl")
        self.types(person.login, "Tab", PASSWORD, "Tab", person.digits(served.office.clock()), "Enter")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("معاملاتي")

    def types(self, *keys: str) -> None:
        for key in keys:
            if key in {"Tab", "Enter", "Space", "ArrowDown", "Shift+Tab"}:
                self.page.keyboard.press(key)
            else:
                self.page.keyboard.type(key)

    def reaches(self, wanted: Locator) -> None:
        """Tab along until the wanted element has the focus."""
        wanted.wait_for()
        for _ in range(60):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.types("Tab")
        raise AssertionError("no key leads there")

    def chooses(self, wanted: Locator, value: str) -> None:
        """Go down a list until the wanted choice is made."""
        self.reaches(wanted)
        for _ in range(60):
            if wanted.input_value() == value:
                return
            self.types("ArrowDown")
        raise AssertionError("it is not in the list")

    def presses(self, wanted: Locator) -> float:
        """Press what is reached; gives the moment at which the key went down."""
        self.reaches(wanted)
        with self.page.expect_navigation():
            pressed = time.monotonic()
            self.types("Enter")
        return pressed


def seen_by(terminal: Terminal, slip: Slip) -> Status | None:
    found = terminal.lookup.find(slip)
    return found.sheet.status if isinstance(found, Found) else None


def vault_knows(terminal: Terminal, slip: Slip, steps: int) -> bool:
    status = seen_by(terminal, slip)
    return status is not None and status.current == steps


@dataclass
class Lobby:
    """A slip held before a terminal that is on, as soon as the office has published a step of its file."""

    terminal: StandingTerminal
    office_url: str
    code: str
    slip: Slip
    version: int = 0

    def shows(self, done: int, pressed: float, what: str) -> None:
        """Say how long after an officer's key his step stood on the screen."""
        wait_for("the step to be published", lambda: version_at(self.office_url, self.slip) > self.version)
        self.version = version_at(self.office_url, self.slip)
        self.terminal.ready()
        self.terminal.scanner.reads(self.code)
        self.terminal.sees("ShowStatus", done=done)
        print(f"{what}: on the terminal's screen {time.monotonic() - pressed:.2f} s after the key")
        self.terminal.presses("finish")
        self.terminal.sees("Home")


def test_a_file_walks_from_the_counter_to_the_minister_and_the_terminal_sees_each_step(
    served: Running, browser: Browser, tmp_path: Path
):
    office = served.office
    with standing(tmp_path, served.url) as terminal:
        terminal.ready()
        clerk = Desk(browser, served, hire(office, "rita", "intake/beirut", name="ريتا سماحة", language="ar"))
        page = clerk.page
        clerk.presses(page.get_by_role("link", name="معاملة جديدة"))
        clerk.chooses(page.locator("#service"), "work_permits.renewal")
        for field, text in (("#name", "أحمد الخوري"), ("#phone", "71123456")):
            clerk.reaches(page.locator(field))
            clerk.types(text)
        clerk.presses(page.get_by_role("button", name="مراجعة"))
        expect(page.get_by_role("heading", level=1)).to_have_text("مراجعة قبل التسجيل")
        for box in page.get_by_role("checkbox").all():
            clerk.reaches(box)
            clerk.types("Space")
        pressed = clerk.presses(page.get_by_role("button", name="تسجيل وطباعة الإيصال"))
        expect(page.get_by_role("heading", level=1)).to_have_text("استُلمت المعاملة")
        picture = page.request.get(served.url + (page.locator("img.slip").get_attribute("src") or ""))
        (tmp_path / "slip.png").write_bytes(picture.body())
        (code,) = zxingcpp.read_barcodes(Image.open(tmp_path / "slip.png").convert("L"))
        slip = parse_slip(code.text, [office.settings.host])
        lobby = Lobby(terminal, served.url, code.text, slip)
        lobby.shows(0, pressed, "taken in")

        for done, (login, unit, name) in enumerate(CHAIN, 1):
            desk = Desk(browser, served, hire(office, login, unit, name=name, language="ar"))
            # The oldest file of the queue has the focus.
            desk.presses(desk.page.locator("tbody a").first)
            desk.presses(desk.page.locator(".actions a.main").first)
            pressed = desk.presses(desk.page.locator("form button.main"))
            lobby.shows(done, pressed, unit)
            expect(desk.page.get_by_role("status")).to_be_visible()
            expect(desk.page.locator(".history")).to_contain_text(name)
            assert desk.complaints == []
            desk.page.context.close()
        assert [said["state"] for said in terminal.screens if said["drawn"] == "ShowStatus"][-1] == "COMPLETED"
        wait_for("the end in the terminal's vault", lambda: in_vault(terminal.data, slip) == (lobby.version, False))
    assert isinstance(audit_verify(office), Intact)
    assert clerk.complaints == []


def test_a_deputy_shows_as_acting_on_the_console_and_on_the_status(
    served: Running, browser: Browser, terminal: Terminal
):
    office = served.office
    given = served.submit(language="ar")
    absent = hire(office, "salim", "registry/beirut", name="سليم غائب", language="ar")
    stand_in = hire(office, "dima", "intake/bekaa", name="ديما وكيلة", language="ar")
    boss = Desk(browser, served, absent)
    boss.presses(boss.page.get_by_role("link", name="الوكلاء"))
    boss.chooses(boss.page.locator("#deputy"), str(stand_in.row))
    boss.reaches(boss.page.locator("#last"))
    boss.page.locator("#last").fill(boss.page.locator("#first").input_value())
    boss.presses(boss.page.get_by_role("button", name="تعيين وكيل"))
    expect(boss.page.get_by_role("status")).to_have_text("سُجّل.")
    desk = Desk(browser, served, stand_in)
    desk.presses(desk.page.locator(f'a[href$="{given.tracking}"]'))
    desk.presses(desk.page.locator(".actions a.main").first)
    expect(desk.page.locator(".note.warn")).to_contain_text("سليم غائب")
    desk.presses(desk.page.locator("form button.main"))
    history = desk.page.locator(".history")
    expect(history).to_contain_text("ديما وكيلة")
    expect(history).to_contain_text("سليم غائب")
    until(lambda: vault_knows(terminal, given.slip, 1))
    found = terminal.lookup.find(given.slip)
    assert isinstance(found, Found)
    assert found.sheet.status.steps[0].acting
    # What screen and paper are drawn from.
    assert "بالوكالة" in tell(found.sheet, words_of("ar")).steps[0].detail


def test_a_decree_moves_the_last_day_to_object_that_the_terminal_shows(
    served: Running, browser: Browser, terminal: Terminal
):
    office, given = served.office, served.submit(language="ar")
    office.act(given.tracking, "reject", role="registry", reasons=["fees_unpaid"])
    until(lambda: (status := seen_by(terminal, given.slip)) is not None and status.state is State.REJECTED)
    first_told = deadline_shown(terminal, given.slip)
    desk = Desk(browser, served, hire(office, "mudir", "director_general", name="مدير عام", language="ar"))
    desk.presses(desk.page.get_by_role("link", name="أيام العمل"))
    start = date_of(office.clock())
    for field, day in (("#first", start), ("#last", start + timedelta(days=30))):
        desk.reaches(desk.page.locator(field))
        desk.page.locator(field).fill(day.isoformat())
    desk.reaches(desk.page.locator("#decree"))
    desk.types("12345/2026")
    desk.presses(desk.page.locator("form button.main"))
    until(lambda: deadline_shown(terminal, given.slip) != first_told)
    due = office.calendar.due(office.known(given.tracking).standing.since, 15)
    assert deadline_shown(terminal, given.slip) == words_of("ar").day(due.toordinal() - 719_163)
    assert isinstance(audit_verify(office), Intact)
    assert desk.complaints == []


def deadline_shown(terminal: Terminal, slip: Slip) -> str | None:
    found = terminal.lookup.find(slip)
    return tell(found.sheet, words_of("ar")).deadline if isinstance(found, Found) else None


def test_a_lost_slip_is_replaced_at_the_counter_and_gone_from_a_terminal_that_is_on(
    served: Running, browser: Browser, tmp_path: Path
):
    office, old = served.office, served.submit(language="ar")
    with standing(tmp_path, served.url) as terminal:
        terminal.ready()
        wait_for("the slip in the terminal's vault", lambda: in_vault(terminal.data, old.slip))
        terminal.scanner.reads(old.slip_url)
        terminal.sees("ShowStatus", tracking=old.tracking)
        terminal.presses("finish")
        clerk = Desk(browser, served, hire(office, "samar", "intake/beirut", name="سمر نادر", language="ar"))
        page = clerk.page
        page.goto(f"{served.url}/console/files/{old.tracking}")
        replaces = page.locator('form[action$="/slip/reissue"]')
        clerk.reaches(replaces.get_by_role("checkbox"))
        clerk.types("Space")
        clerk.presses(replaces.get_by_role("button"))
        picture = page.request.get(served.url + (page.locator("img.slip").get_attribute("src") or ""))
        (tmp_path / "slip.png").write_bytes(picture.body())
        (code,) = zxingcpp.read_barcodes(Image.open(tmp_path / "slip.png").convert("L"))
        assert served.status_of(old).status_code == 410
        # wait_for is patient for a minute: that is the promise.
        wait_for("the old slip gone from the vault", lambda: (in_vault(terminal.data, old.slip) or [0, False])[1])
        new = parse_slip(code.text, [office.settings.host])
        wait_for("the new slip in the vault", lambda: in_vault(terminal.data, new))
        terminal.ready()
        terminal.scanner.reads(old.slip_url)
        assert terminal.sees("Problem")["kind"] == "replaced"
        terminal.scanner.reads(code.text)
        terminal.sees("ShowStatus", tracking=old.tracking)
        terminal.presses("finish")
        terminal.sees("Home")
    assert clerk.complaints == []
