"""Somebody plays visitor and saboteur at the dock, with a browser alone."""

import base64
import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import pytest
from PIL import Image
from playwright.sync_api import TimeoutError, expect

from tests.devices.card.peers import MOUNTS
from tests.devices.dock import peers
from tests.devices.dock.peers import PATIENCE, Bench, bench
from tests.devices.dock.screens import (
    CELLS,
    COVER_OPEN,
    MEANWHILE,
    PAPER_OUT,
    REACH,
    SCANNER_GONE,
    STOPPED,
    TYPING_THE_CODE,
    UNPLUGGED,
    Switch,
    row,
)

T = TypeVar("T")
AT_MOST = int(os.environ.get("ISTILAM_DOCK_CELLS", "4"))
"""Screens with a fault, of all that there are; `make soak` tries each."""


def _some(all_of_them: Sequence[T], most: int) -> Sequence[T]:
    """As many of them, from all over."""
    return all_of_them[:: -(-len(all_of_them) // most)]


def _told_of(rows: Iterable[dict[str, str]]) -> Callable[[Any], Any]:
    """Mark a test with several rows of docs/faults.md."""

    def mark(test: Any) -> Any:
        for told in rows:
            test = pytest.mark.dock(**told)(test)
        return test

    return mark


PULLED = _some(TYPING_THE_CODE, AT_MOST // 2)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with bench(tmp_path_factory.mktemp("bench")) as somebody:
        yield somebody


@pytest.fixture
def dock(opened: Bench) -> Iterator[Bench]:
    """The terminal at home, everything in order; and so it is left."""
    opened.opens()
    opened.sees("Home")
    opened.language = "ar"  # the terminal's own, and that of its slips
    yield opened
    for device in ("network", "printer", "scanner", "keypad"):
        opened.breaks(device, "none")


def test_a_slip_is_presented_read_and_printed(dock: Bench) -> None:
    dock.presents()
    dock.sees("ShowStatus", "under_review")
    before = dock.papers_out.count()
    dock.touches("print")
    dock.page.locator("#papers img.hanging").wait_for()  # it comes out at the printer's speed
    dock.sees("Printed")
    expect(dock.papers_out).to_have_count(before + 1, timeout=PATIENCE)
    paper = dock.papers_out.first.get_attribute("data-name")
    assert paper is not None
    dock.hears("paper_came_out", paper)
    assert dock.receipts_on(paper)
    dock.goes_home()


def test_over_a_slow_link_a_visit_goes_on_and_no_pictures_queue_up(dock: Bench) -> None:
    asked: list[str] = []
    first = dock.newest_picture()
    with dock.over_a_slow_link():
        dock.page.on("request", lambda request: asked.append(request.url))
        dock.presents()
        dock.sees("ShowStatus", "under_review")
        before = dock.papers_out.count()
        dock.touches("print")
        dock.sees("Printed")
        expect(dock.papers_out).to_have_count(before + 1, timeout=PATIENCE)
        drawn = dock.newest_picture()
        shown = "drawn => Number(document.querySelector('#glass').dataset.frame) >= drawn"
        dock.page.wait_for_function(shown, arg=drawn)
        dock.goes_home()
    pictures = [url for url in asked if "/screen" in url]
    assert 0 < len(pictures) <= drawn - first + 2, "a picture is asked for once, when it is there"


def test_the_picture_of_a_slip_is_dropped_and_the_page_tells_nothing_of_whose_it_is(dock: Bench) -> None:
    picture = base64.b64encode(dock.slip.picture.read_bytes()).decode()
    dock.page.evaluate(
        """picture => {
            const bytes = Uint8Array.from(atob(picture), letter => letter.charCodeAt(0));
            const dropped = new DataTransfer();
            dropped.items.add(new File([bytes], "my slip.png", { type: "image/png" }));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true }));
        }""",
        picture,
    )
    dock.sees("ShowStatus", "under_review")
    dock.hears("presented", "dropped")
    # Shares of the picture, where something can be touched, hold any four digits now and then.
    told, tracking = re.sub(r"\d+\.\d+", "", dock.page.content()), dock.slip.tracking
    assert not [secret for secret in (tracking, dock.slip.secret_code, dock.slip.url, tracking[2:6]) if secret in told]
    assert "my slip" not in told
    dock.goes_home()


def test_what_is_no_slip_is_told_calmly(dock: Bench, tmp_path) -> None:
    Image.new("L", (200, 200), 255).save(tmp_path / "white.png")
    dock.page.set_input_files("#drop input", tmp_path / "white.png")
    expect(dock.page.locator("#said")).to_have_text("No code in the picture")
    (tmp_path / "letter.png").write_bytes(b"not a picture")
    dock.page.set_input_files("#drop input", tmp_path / "letter.png")
    expect(dock.page.locator("#said")).to_have_text("Not a picture that can be read")


def test_the_paper_runs_out_and_the_cover_is_opened_in_the_middle(dock: Bench) -> None:
    dock.presents()
    dock.sees("ShowStatus")
    dock.breaks("printer", "paper-out-mid")
    dock.touches("print")
    dock.sees("NotPrinted")
    dock.reads("not_printed.title", "not_printed.paper_out", "not_printed.cut_off", "not_printed.code")
    expect(dock.page.locator("#printer button[value='paper-out']")).to_have_attribute("aria-checked", "true")
    before = dock.papers_out.count()
    dock.page.click("#refill")
    expect(dock.papers_out).to_have_count(before + 1, timeout=PATIENCE)  # the half that hung out, voided
    dock.breaks("printer", "cover-open-mid")
    dock.touches("print")
    expect(dock.page.locator("#printer button[value='cover-open']")).to_have_attribute("aria-checked", "true")
    dock.sees("NotPrinted")
    dock.reads("not_printed.cover_open", "not_printed.cut_off")
    dock.breaks("printer", "none")
    dock.touches("print")
    dock.sees("Printed")
    dock.goes_home()


def test_the_network_is_cut_and_the_terminal_answers_from_what_it_holds(dock: Bench) -> None:
    dock.breaks("network", "cut")
    expect(dock.page.locator("#log li[data-what='journal']").first).to_contain_text("up=False", timeout=PATIENCE)
    dock.reads("network.cut")
    dock.presents()
    dock.sees("ShowStatus", "under_review")
    dock.reads("network.cut")
    dock.goes_home()
    dock.breaks("network", "none")
    expect(dock.page.locator("#log li[data-what='journal']").first).to_contain_text("up=True", timeout=PATIENCE)


def test_the_mains_are_lost_and_the_scanner_is_unplugged_and_both_come_back(dock: Bench) -> None:
    dock.breaks("scanner", "unplugged")
    dock.presents()
    expect(dock.page.locator("#said")).to_have_text("The scanner is unplugged: nothing was read")
    dock.page.click("#mains")
    dock.hears("journal", "event=mains on=False")
    dock.reads("home.no_paper")
    dock.page.click("#mains")
    dock.hears("journal", "event=mains on=True")
    dock.sees("OutOfOrder")
    dock.reads("out_of_order.title")
    dock.breaks("scanner", "none")
    dock.sees("Home")


def test_the_plug_is_pulled_in_the_middle_of_a_visit(dock: Bench) -> None:
    dock.presents()
    dock.sees("ShowStatus")
    dock.page.click("#power")
    expect(dock.page.locator("#dark")).to_be_visible()
    expect(dock.page.locator("#dark")).to_have_text("The terminal has no power, or has stopped.")
    dock.page.click("#power")
    dock.sees("PowerWasCut")
    dock.goes_home()


def test_the_page_speaks_three_languages(dock: Bench) -> None:
    html = dock.page.locator("html")
    for language, title, way in (
        ("ar", "رصيف التجربة", "rtl"),
        ("fr", "Banc d’essai", "ltr"),
        ("en", "Test dock", "ltr"),
    ):
        dock.page.click(f"#languages button[value={language}]")
        expect(html).to_have_attribute("dir", way)
        expect(html).to_have_attribute("lang", language)
        expect(dock.page.locator("h1")).to_have_text(title)
        assert "undefined" not in dock.page.inner_text("body")
        assert dock.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.skipif(not MOUNTS, reason="a reader of the dock's own needs a /run of its own")
def test_a_card_goes_in_and_out_and_the_reader_is_lost_and_found(dock: Bench) -> None:
    in_reader, passport = dock.page.locator("#in-reader"), dock.page.locator("#cards button[value='passport']")
    expect(passport).to_be_enabled(timeout=PATIENCE)
    passport.click()
    expect(in_reader).to_contain_text("Commands it was given", timeout=PATIENCE)  # by the terminal's own driver
    expect(passport).to_have_attribute("aria-checked", "true")
    for fault, told in (("stopped", "Card service stopped"), ("unplugged", "Unplugged")):
        dock.breaks("reader", fault)
        expect(in_reader).to_have_text(told)
        expect(passport).to_be_disabled(timeout=PATIENCE)
    dock.breaks("reader", "none")
    expect(in_reader).to_contain_text("Commands it was given", timeout=PATIENCE)
    dock.page.click("#card-out")
    expect(in_reader).to_have_text("The reader is empty.", timeout=PATIENCE)
    dock.leaves()  # the card began a visit


@pytest.mark.skipif(not MOUNTS, reason="a reader of the dock's own needs a /run of its own")
def test_a_passport_shows_its_holders_files_in_french_by_can_and_by_three_fields(dock: Bench) -> None:
    dock.opens("fr")
    dock.puts_in("passport")
    dock.sees("TypeKey")
    dock.speaks("fr")
    dock.touches("can")
    dock.reads("card.type.access_number")
    dock.types("314159")
    dock.touches("enter")
    dock.sees("ShowList")
    dock.touches("file.0")
    dock.sees("ShowStatus")
    dock.takes_out()
    dock.sees("CardTrouble")
    dock.reads("card.taken.title", "card.taken.now")
    dock.puts_in("passport")
    dock.sees("TypeKey")
    for part, text in (("number", "L898902C3"), ("birth", "12081974"), ("expiry", "15042034")):
        dock.reads(f"card.type.{part}")
        dock.types(text)
        dock.touches("enter")
    dock.sees("ShowList")
    dock.touches("finish")
    dock.sees("TakeCard")
    dock.takes_out()
    dock.sees("Home")


@pytest.mark.skipif(not MOUNTS, reason="a reader of the dock's own needs a /run of its own")
@_told_of(row("TypeCode", switch) for switch in PULLED)
def test_an_identity_card_shows_its_holders_files_in_english_by_the_code_on_the_phone(dock: Bench) -> None:
    dock.puts_in("chip")
    dock.sees("TypeKey")
    dock.speaks("en")
    dock.reads("card.type.identity")
    dock.types("000012345678")
    dock.touches("enter")
    dock.sees("OfferCode")
    dock.touches("code")
    dock.sees("TypeCode")
    for switch in PULLED:
        dock.pulls(switch.device, switch.fault)
        dock.sees("TypeCode")
        dock.mends(switch.device)
    dock.sees("TypeCode")
    message = dock.page.locator("#messages p").first
    message.wait_for()
    dock.types("".join(re.findall(r"\d{6}", message.inner_text())))
    dock.touches("enter")
    dock.sees("ShowList")  # never “unreachable”: what a busy office answers is waited for
    dock.touches("finish")
    dock.sees("TakeCard")
    dock.takes_out()
    dock.sees("Home")


@pytest.mark.skipif(not MOUNTS, reason="a reader of the dock's own needs a /run of its own")
@pytest.mark.parametrize(
    ("screen", "switch"),
    [
        pytest.param(*cell, marks=pytest.mark.dock(**row(*cell)), id=f"{cell[1]} on {cell[0]}")
        for cell in _some(CELLS, AT_MOST)
    ],
)
def test_a_fault_on_any_screen_is_told_truly_and_calmly(dock: Bench, screen: str, switch: Switch) -> None:
    dock.offers("way.card")
    REACH[screen](dock)
    dock.pulls(switch.device, switch.fault)
    if (screen, switch) in MEANWHILE:
        dock.sees_and_reads(*MEANWHILE[screen, switch])
    if screen == "Reading" and switch.device != "network":
        dock.mends("network")  # it was not to answer
    dock.rests()
    _home_tells(dock, switch)
    dock.mends(switch.device)
    dock.sees("Home")
    dock.reads_no("home.no_paper", "home.scanner_starting", "network.cut")


def _home_tells(dock: Bench, switch: Switch) -> None:
    if switch.stops:
        dock.sees("OutOfOrder")
        dock.reads("out_of_order.title", "out_of_order.now")
    else:
        dock.reads("home.place_slip", *switch.says)
        dock.hides(switch.hides)


@pytest.mark.skipif(not MOUNTS, reason="a reader of the dock's own needs a /run of its own")
def test_drivers_that_always_answer_ready_turn_the_switches_red(dock: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    with dock.with_lying_drivers():
        dock.offers("way.card")
        monkeypatch.setattr(peers, "PATIENCE", 1_500)
        dock.page.set_default_timeout(1_500)
        for switch in (PAPER_OUT, COVER_OPEN, UNPLUGGED, STOPPED, SCANNER_GONE):
            dock.pulls(switch.device, switch.fault)
            with pytest.raises((AssertionError, TimeoutError)):
                _home_tells(dock, switch)
            dock.mends(switch.device)
        monkeypatch.undo()
        dock.page.set_default_timeout(PATIENCE)


@pytest.mark.skipif(MOUNTS, reason="here there is a reader")
def test_where_there_is_no_card_reader_the_page_says_so(dock: Bench) -> None:
    expect(dock.page.locator("#in-reader")).to_contain_text("no virtual card reader")
    expect(dock.page.locator("#cards button").first).to_be_disabled()


def test_somebody_goes_by_the_keypad_alone_until_something_is_pressed(dock: Bench) -> None:
    dock.presents()
    dock.sees("ShowStatus")
    for _ in range(12):
        frame = dock.glass.get_attribute("data-frame")
        dock.presses("down")
        expect(dock.glass).not_to_have_attribute("data-frame", frame or "", timeout=PATIENCE)  # the ring has moved
        dock.presses("ok")
        if dock.glass.get_attribute("data-screen") != "ShowStatus":
            break
    expect(dock.glass).not_to_have_attribute("data-screen", "ShowStatus", timeout=PATIENCE)
    dock.page.click("#jack")
    dock.hears("jack", "in")
    dock.page.click("#jack")
    dock.page.wait_for_function("() => ['Printed', 'Home'].includes(document.querySelector('#glass').dataset.screen)")
    dock.leaves()


def test_a_key_that_is_held_calls_for_help(dock: Bench) -> None:
    ways = dock.page.locator("#targets button[aria-label^='way.']")
    dock.offers("way.help")
    for _ in range(ways.count()):
        frame = dock.glass.get_attribute("data-frame")
        dock.presses("down")
        expect(dock.glass).not_to_have_attribute("data-frame", frame or "", timeout=PATIENCE)
    with dock.holding("ok"):
        dock.hears("key_down", "ok")
        dock.sees("HelpCalled")
    dock.hears("key_up", "ok")
    dock.leaves()


def test_a_slip_is_read_by_a_scanner_of_each_kind(dock: Bench) -> None:
    for kind in ("wedge", "hid", "frames", "serial"):
        dock.exchanges_scanner(kind)
        dock.presents()
        dock.sees("ShowStatus", "under_review")
        if kind == "frames":
            dock.page.click("#lines")
            expect(dock.page.locator("#said")).to_have_text("A camera reads no printed lines")
        dock.leaves()


def test_a_keypad_that_is_unplugged_presses_nothing(dock: Bench) -> None:
    dock.breaks("keypad", "unplugged")
    dock.presses("ok")
    expect(dock.page.locator("#said")).to_have_text("The keypad is unplugged")


@pytest.mark.parametrize(
    ("headers", "status"), [({}, 403), ({"X-Dock": "1", "Host": "evil.example"}, 421), ({"X-Dock": "1"}, 400)]
)
def test_a_foreign_page_gives_no_orders(dock: Bench, headers: dict[str, str], status: int) -> None:
    order = json.dumps({"fault": "no-such-fault", "of": "printer"}).encode()
    request = urllib.request.Request(f"{dock.url}orders", order, headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code == status
    refused.value.close()
