"""What people, cables and clocks do to a terminal: each gets its own answer, and none spoils the next visit."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from tests.journeys.people import (
    FiledSlip,
    LobbyTerminal,
    OfficeDesk,
    StandingTerminal,
    printer,
    run,
    standing,
)

YEAR = 365 * 86_400


@pytest.fixture(scope="module")
def another(office: OfficeDesk) -> FiledSlip:
    return office.files(language="fr")


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory, office: OfficeDesk) -> Iterator[StandingTerminal]:
    with standing(tmp_path_factory.mktemp("terminal"), office.url) as terminal:
        terminal.ready()
        yield terminal


def bent(slip: FiledSlip) -> bytes:
    """The slip with one letter of its key read wrong."""
    url, wrong = slip.url, "B" if slip.url[-3] == "A" else "A"
    return (url[:-3] + wrong + url[-2:]).encode()


def test_no_code_whatever_shows_a_status_or_spoils_the_next(terminal: StandingTerminal, slip: FiledSlip) -> None:
    host = slip.url.partition("#")[0]
    noise = random.Random(2026)
    codes = {
        b"WIFI:S:lobby;T:WPA;P:12345678;;": "not_a_slip",
        bytes(noise.choice([*range(1, 10), 11, 12, *range(14, 256)]) for _ in range(300)): "not_a_slip",
        b"A" * 4096: "not_a_slip",
        host.encode() + b"#" + b"7" * 4000: "not_a_slip",
        b"Z" * 9000: "not_a_slip",
        slip.url[:-7].encode(): "damaged",
        bent(slip): "unknown",
        slip.url.replace(".", "\u00a0.", 1).encode(): "not_a_slip",
    }
    for code, kind in codes.items():
        terminal.scanner.reads(code)
        told = terminal.sees("Problem")
        assert told["kind"] == kind, code[:20]
        terminal.presses("finish")
        terminal.sees("Home")
    terminal.scanner.reads(slip.url.lower())
    terminal.sees("ShowStatus", tracking=slip.tracking)
    terminal.presses("finish")
    terminal.sees("Home")


def test_another_persons_slip_replaces_the_first_and_nothing_of_the_first_is_left(
    terminal: StandingTerminal, slip: FiledSlip, another: FiledSlip
) -> None:
    terminal.scanner.reads(slip.url)
    terminal.sees("ShowStatus", tracking=slip.tracking)
    terminal.scanner.reads(b"4006381333931")  # a label that passes by takes nothing away
    terminal.scanner.reads(another.url)
    terminal.sees("ShowStatus", tracking=another.tracking, language="fr")
    left = terminal.left()
    assert left["sheets"] == 1
    shown = "".join(left["on_screen"])
    assert slip.tracking[2:6] + "-" + slip.tracking[6:10] not in shown
    assert another.tracking[2:6] + "-" + another.tracking[6:10] in shown
    terminal.presses("finish")
    terminal.sees("Home", language="ar")
    left = terminal.left()
    assert left["sheets"] == 0
    assert another.tracking[6:10] not in "".join(left["on_screen"])


def test_a_scanner_unplugged_is_told_at_home_and_back_it_reads(terminal: StandingTerminal, slip: FiledSlip) -> None:
    terminal.scanner.unplug()
    terminal.sees("Home", scanner_ready=False)
    terminal.scanner.plug()
    terminal.ready()
    terminal.scanner.reads(slip.url)
    terminal.sees("ShowStatus")
    terminal.scanner.unplug()  # over a visit: the visitor reads on, and leaves
    terminal.presses("finish")
    terminal.sees("Home", scanner_ready=False)
    terminal.scanner.plug()
    terminal.ready()


def test_a_reissued_slip_and_one_that_nobody_knows(terminal: StandingTerminal, office: OfficeDesk) -> None:
    old = office.files()
    new = run("central_api", "slip", "reissue", "--data", str(office.data), old.tracking, "--json")
    for code, kind in ((old.url, "replaced"), (_stranger(old), "unknown")):
        terminal.scanner.reads(code)
        assert terminal.sees("Problem")["kind"] == kind
    terminal.scanner.reads(new["slip_url"])
    terminal.sees("ShowStatus", tracking=old.tracking)
    terminal.presses("finish")
    terminal.sees("Home")


def _stranger(slip: FiledSlip) -> str:
    """A slip of the right form, with a key that was never given."""
    from central_api.contract.slips import Slip, parse_slip, slip_url

    host = slip.url.split("/")[2]
    real = parse_slip(slip.url, [host])
    return slip_url(host, Slip(real.tracking, bytes(16)))


def test_an_office_that_goes_in_the_middle_of_a_visit_leaves_it_whole(tmp_path: Path) -> None:
    office = OfficeDesk(tmp_path)
    with office.open():
        slip = office.files()
        with printer(tmp_path) as lobby, standing(tmp_path, office.url, printer=lobby.address) as terminal:
            terminal.ready(printer="ok")
            terminal.scanner.reads(slip.url)
            terminal.sees("ShowStatus", tracking=slip.tracking)
            office.breaks_down()
            terminal.presses("print")
            terminal.sees("Printed")
            assert len(lobby.sheets()) == 1
            terminal.presses("finish")
            terminal.ready()
            terminal.scanner.reads(slip.url)
            again = terminal.sees("ShowStatus", tracking=slip.tracking)
            assert again["age"]["link_cut"]
            assert again["age"]["now"] >= again["age"]["signed_at"]


@pytest.mark.parametrize("years", [1, -1])
def test_a_clock_that_is_a_year_wrong_ages_nothing(
    years: int, office: OfficeDesk, slip: FiledSlip, tmp_path: Path
) -> None:
    wrong = ("--wrong-by", str(years * YEAR))
    with standing(tmp_path, office.url, *wrong) as terminal:
        terminal.ready()
        terminal.scanner.reads(slip.url)
        age = terminal.sees("ShowStatus")["age"]
        assert age["now"] == age["signed_at"]  # confirmed just now, by the office's time
        assert not age["link_cut"]
        terminal.presses("finish")
        terminal.ready()
    with standing(tmp_path, "http://127.0.0.1:9", *wrong) as terminal:
        terminal.ready()
        terminal.scanner.reads(slip.url)
        cut = terminal.sees("ShowStatus", tracking=slip.tracking)["age"]
        assert (cut["now"], cut["link_cut"]) == (None, True)
        assert cut["signed_at"] <= age["signed_at"]


def test_a_slip_photographed_badly_is_read_or_refused_in_words(
    office: OfficeDesk, slip: FiledSlip, tmp_path: Path
) -> None:
    terminal = LobbyTerminal(tmp_path, office)
    picture = Image.open(slip.picture).convert("L")
    tilted = picture.rotate(17, expand=True, fillcolor=255).filter(ImageFilter.GaussianBlur(1.5))
    tilted.point(lambda value: 60 + value // 2).save(tmp_path / "tilted.jpg", quality=40)
    assert terminal.visited_with(str(tmp_path / "tilted.jpg"))["outcome"] == "status"
    picture.filter(ImageFilter.GaussianBlur(14)).save(tmp_path / "blurred.png")
    refused = terminal.visited_with(str(tmp_path / "blurred.png"), expect=1)
    assert "no code can be read" in refused["said"]
    assert "Traceback" not in refused["said"]
