"""The dock in a real Chromium, before a real terminal, a real office."""

import os
import shutil
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from devices.simulators.card.pki import trusted
from devices.simulators.card.service import is_installed
from kiosk.visit_state import ScreenLanguage
from kiosk.words import words_of
from tests.devices.card.peers import MOUNTS
from tests.journeys.people import FiledSlip, OfficeDesk, free_port, process, run

HOLDER = ("--document-number", "P-UTO-L898902C3", "--identity-card", "000012345678")
LIAR_SITE = Path(__file__).parent / "liar_site"
CHROMIUM = "/usr/bin/chromium"
PATIENCE = 30_000
"""Milliseconds, of two busy cores."""


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


class Bench:
    """Somebody who plays at the dock: `page` is what stands before him."""

    def __init__(self, page: Page, url: str, slip: FiledSlip, papers: Path, stranger: FiledSlip) -> None:
        self.page = page
        self.stranger = stranger
        self.liar = papers.parent.parent / "liar"
        self.url = url
        self.slip = slip
        self.papers = papers
        self.complaints: list[str] = []
        self.language: ScreenLanguage = "ar"
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)

    def opens(self, language: ScreenLanguage = "en") -> None:
        self.page.goto(f"{self.url}?lang={language}")

    @property
    def glass(self) -> Locator:
        return self.page.locator("#glass")

    def sees(self, screen: str, shows: str = "") -> None:
        """On the picture of the screen, as the terminal's door tells it."""
        expect(self.glass).to_have_attribute("data-screen", screen, timeout=PATIENCE)
        if shows:
            expect(self.glass).to_have_attribute("data-shows", shows)

    def speaks(self, language: ScreenLanguage) -> None:
        """On the terminal's screen, for this visit."""
        self.touches(f"language.{language}")
        self.language = language

    def reads(self, *keys: str) -> None:
        """What stands on the screen, in the visitor's language, by the keys of the words."""
        texts = [words_of(self.language)(key) for key in keys]
        self.page.wait_for_function(
            "texts => texts.every(text => document.querySelector('#screen').alt.split('\\n').includes(text))", arg=texts
        )

    def sees_and_reads(self, screen: str, *keys: str) -> None:
        """Both at one look: on a busy machine a screen that stays for seconds may be gone at the second one."""
        texts = [words_of(self.language)(key) for key in keys]
        self.page.wait_for_function(
            """([screen, texts]) => document.querySelector("#glass").dataset.screen === screen
                && texts.every(text => document.querySelector("#screen").alt.split("\\n").includes(text))""",
            arg=[screen, texts],
        )

    def reads_no(self, *keys: str) -> None:
        texts = [words_of(self.language)(key) for key in keys]
        self.page.wait_for_function(
            "texts => !texts.some(text => document.querySelector('#screen').alt.split('\\n').includes(text))", arg=texts
        )

    def types(self, text: str) -> None:
        """On the keys of the screen, as quickly as can be."""
        for letter in text:
            self.touches(f"key.{letter}")

    def puts_in(self, card: str, fault: str = "none") -> None:
        self.page.click(f"#card-faults button[value='{fault}']")
        button = self.page.locator(f"#cards button[value='{card}']")
        expect(button).to_be_enabled(timeout=PATIENCE)
        button.click()

    def takes_out(self) -> None:
        self.page.click("#card-out")

    def hears(self, what: str, about: str) -> None:
        """In the event log, newest line of its kind."""
        line = self.page.locator(f"#log li[data-what='{what}']").first
        expect(line).to_have_attribute("data-about", about, timeout=PATIENCE)

    def touches(self, name: str) -> None:
        """On the picture, where the terminal has drawn it."""
        middle = self.page.wait_for_function(
            """name => {
                const target = document.querySelector(`#targets button[aria-label="${name}"]`);
                if (!target) return null;
                const box = target.getBoundingClientRect(), glass = target.closest("#glass").getBoundingClientRect();
                return { x: box.x + box.width / 2 - glass.x, y: box.y + box.height / 2 - glass.y };
            }""",
            arg=name,
        ).json_value()
        self.glass.click(position=middle)

    def drops(self, picture: Path) -> None:
        self.page.set_input_files("#drop input", picture)

    def presents(self) -> None:
        self.page.click(f"#slips button[value='{self.slip.picture.name}']")

    def breaks(self, device: str, fault: str) -> None:
        button = self.page.locator(f"#{device} button[value='{fault}']")
        button.click()
        if not fault.endswith("-mid"):
            expect(button).to_have_attribute("aria-checked", "true", timeout=PATIENCE)

    def pulls(self, device: str, fault: str) -> None:
        if device == "mains":
            self.page.click("#mains")
        else:
            self.breaks(device, fault)

    def mends(self, device: str) -> None:
        match device:
            case "mains":
                self.page.click("#mains")
            case "printer":
                self.page.click("#refill")
            case _:
                self.breaks(device, "none")

    def rests(self) -> None:
        """Whatever is on the screen: he finishes, and takes his card along, until the screen is nobody's."""
        if self.page.locator("#card-out").is_enabled():
            self.takes_out()
        self.page.wait_for_function(
            """() => {
                if (["Home", "OutOfOrder"].includes(document.querySelector("#glass").dataset.screen)) return true;
                document.querySelector('#targets button[aria-label="finish"]')?.click();
                return false;
            }""",
            polling=500,
        )

    def offers(self, way: str) -> None:
        """Home does."""
        expect(self.page.locator(f"#targets button[aria-label='{way}']")).to_have_count(1, timeout=PATIENCE)

    def hides(self, way: str) -> None:
        """Home does."""
        expect(self.page.locator(f"#targets button[aria-label='{way}']")).to_have_count(0, timeout=PATIENCE)

    def presses(self, key: str) -> None:
        """On the pad of five keys."""
        self.page.click(f"#keys button[value='{key}']")

    @contextmanager
    def holding(self, key: str) -> Iterator[None]:
        """A key of that pad, for as long as this lasts."""
        self.page.locator(f"#keys button[value='{key}']").hover()
        self.page.mouse.down()
        yield
        self.page.mouse.up()

    @contextmanager
    def with_lying_drivers(self) -> Iterator[None]:
        """Each driver always answers "ready", and does nothing."""
        self.liar.touch()
        self._starts_again()
        yield
        self.liar.unlink()
        self._starts_again()

    def _starts_again(self) -> None:
        self.page.click("#power")
        expect(self.page.locator("#dark")).to_be_visible()
        self.page.click("#power")
        self.sees("Home")
        self.offers("way.number")

    @contextmanager
    def over_a_slow_link(self) -> Iterator[None]:
        """What the browser asks of the page's server: 0.3 s there and back, 30 KB/s, as over a telephone far away."""
        line = self.page.context.new_cdp_session(self.page)
        slow = {"offline": False, "latency": 300, "downloadThroughput": 30_000, "uploadThroughput": 15_000}
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", slow)
        yield
        fast = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        line.send("Network.emulateNetworkConditions", fast)
        line.detach()

    def newest_picture(self) -> int:
        """The number of the terminal's picture that the dock has, asked of it beside the browser."""
        with urllib.request.urlopen(f"{self.url}screen?after=0", timeout=PATIENCE / 1000) as answer:
            return int(answer.headers["X-Frame"])

    def exchanges_scanner(self, kind: str) -> None:
        """For one of another kind; the terminal starts again."""
        button = self.page.locator(f"#scanner-kind button[value='{kind}']")
        button.click()
        expect(button).to_have_attribute("aria-checked", "true", timeout=PATIENCE)
        self.sees("Home")
        self.offers("way.number")

    def leaves(self) -> None:
        """Whatever is on the screen: he finishes until home is."""
        self.rests()
        self.sees("Home")

    def goes_home(self) -> None:
        self.touches("finish")
        self.sees("Home")

    @property
    def papers_out(self) -> Locator:
        return self.page.locator("#papers img.cut")

    def receipts_on(self, paper: str) -> list[str]:
        return [code.text for code in zxingcpp.read_barcodes(Image.open(self.papers / paper))]


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """A dock with one slip, of a file under review, in a Chromium of its own; the terminal is at home.

    The slip's holder has another file, and a passport and an identity card that open both. `stranger`: a slip of which
    the terminal holds nothing.
    """
    # Where no reader of its own can be had, none is there, not even the one of other tests: the page says so.
    own = is_installed() and MOUNTS
    reader = () if own else ("--vpcd", f"127.0.0.1:{free_port()}")
    without = {} if own else {"PCSCLITE_CSOCK_NAME": str(folder / "no-pcscd")}
    path = os.pathsep.join(filter(None, (str(LIAR_SITE), os.environ.get("PYTHONPATH"))))
    may_lie = {"ISTILAM_TEST_LIAR": str(folder / "liar"), "PYTHONPATH": path}
    office = OfficeDesk(folder)
    slip = office.files(opened_by=HOLDER)
    office.approves_up_to(slip, "registry")
    office.files(opened_by=HOLDER)
    stranger = OfficeDesk(folder / "elsewhere").files()
    said = run("central_api", "content", "show", "--data", str(office.data), "--json")
    (folder / "content.toml").write_text(said["source"], encoding="utf-8")
    run("central_api", "content", "publish", str(folder / "content.toml"), "--data", str(office.data), "--json")
    with office.open():
        shutil.copytree(trusted(folder / "dock" / "cards"), office.data / "csca", dirs_exist_ok=True)
        arguments = (
            *("dock", "--office", office.url, "--office-data", str(office.data), "--folder", str(folder / "dock")),
            *("--slips", str(slip.picture.parent)),
            *("--port", "0", "--size", "540x960", "--speed", "300", "--json", *reader),
        )
        with (
            patch.dict(os.environ, without | may_lie),
            process("devices", *arguments, log=folder / "dock.log") as ready,
            chromium() as browser,
        ):
            page = browser.new_page(viewport={"width": 1400, "height": 1100}, locale="en-GB")
            somebody = Bench(page, ready["listening"], slip, folder / "dock" / "paper", stranger)
            somebody.opens()
            somebody.sees("Home")
            somebody.hears("journal", "event=link up=True why=the office answers")
            yield somebody
    assert somebody.complaints == [], somebody.complaints
