"""A printer that fails under a visitor's receipt: what screen and paper say, and that nothing is promised."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.people import (
    FiledSlip,
    LobbyPrinter,
    OfficeDesk,
    StandingTerminal,
    code_in,
    free_port,
    printer,
    standing,
    wait_for,
)

OUTCOMES = ("Printed", "SentToPrinter", "NotPrinted")


@pytest.fixture(scope="module")
def lobby(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LobbyPrinter]:
    with printer(tmp_path_factory.mktemp("lobby")) as peer:
        yield peer


@pytest.fixture(scope="module")
def terminal(
    tmp_path_factory: pytest.TempPathFactory, office: OfficeDesk, lobby: LobbyPrinter
) -> Iterator[StandingTerminal]:
    """One terminal that sees one fault after the other, as in a long day."""
    with standing(tmp_path_factory.mktemp("terminal"), office.url, printer=lobby.address) as terminal:
        terminal.ready(printer="ok")
        yield terminal


def prints(terminal: StandingTerminal, slip: FiledSlip) -> dict:
    """Present the slip and ask for paper; gives the screen of its outcome."""
    terminal.scanner.reads(slip.url)
    terminal.sees("ShowStatus", tracking=slip.tracking)
    terminal.presses("print")
    return terminal.sees(*OUTCOMES)


def leaves(terminal: StandingTerminal) -> None:
    terminal.presses("finish")
    terminal.ready()


@pytest.mark.parametrize(("fault", "why"), [("paper-out", "paper_out"), ("cover-open", "cover_open")])
def test_a_fault_over_the_paper_gives_the_receipt_on_the_screen_and_voids_the_paper(  # noqa: PLR0917 - fixtures
    fault: str,
    why: str,
    terminal: StandingTerminal,
    lobby: LobbyPrinter,
    slip: FiledSlip,
    office: OfficeDesk,
    tmp_path: Path,
) -> None:
    before = len(lobby.sheets())
    lobby.told(f"fault {fault}-mid")
    outcome = prints(terminal, slip)
    assert (outcome["drawn"], outcome["why"], outcome["cut_off"]) == ("NotPrinted", why, True)
    on_screen = code_in(terminal.photographed(tmp_path / "not-printed.png"))
    assert office.verifies(on_screen)["intact"]
    assert len(lobby.sheets()) == before

    lobby.told("clear")
    wait_for("the void mark", lambda: len(lobby.sheets()) == before + 1)
    assert lobby.says_void(lobby.sheets()[-1])
    terminal.sees("NotPrinted", can_print=True)
    terminal.presses("print")  # the visitor tries again
    assert terminal.sees(*OUTCOMES)["drawn"] == "Printed"
    assert len(lobby.sheets()) == before + 2
    assert code_in(lobby.sheets()[-1]) == on_screen
    leaves(terminal)


@pytest.mark.parametrize("fault", ["reset", "cut-connection"])
def test_a_printer_that_restarts_or_hangs_up_over_the_paper_never_counts_as_printed(
    fault: str, terminal: StandingTerminal, lobby: LobbyPrinter, slip: FiledSlip
) -> None:
    before = len(lobby.sheets())
    lobby.told(f"fault {fault}")
    outcome = prints(terminal, slip)
    assert (outcome["drawn"], outcome["cut_off"]) == ("NotPrinted", True)
    lobby.told("clear")
    wait_for("the void mark", lambda: len(lobby.sheets()) == before + 1)
    assert lobby.says_void(lobby.sheets()[-1])
    leaves(terminal)
    terminal.ready(printer="ok")
    assert prints(terminal, slip)["drawn"] == "Printed"
    leaves(terminal)
    assert len(lobby.sheets()) == before + 2


def test_a_printer_known_to_be_out_of_paper_is_not_even_tried(
    terminal: StandingTerminal, lobby: LobbyPrinter, slip: FiledSlip, office: OfficeDesk, tmp_path: Path
) -> None:
    before = len(lobby.sheets())
    lobby.told("fault paper-out")
    terminal.sees("Home", printer="paper_out")
    terminal.scanner.reads(slip.url)
    terminal.sees("ShowStatus", can_print=False)
    terminal.presses("print")
    outcome = terminal.sees(*OUTCOMES)
    assert (outcome["drawn"], outcome["why"], outcome["cut_off"]) == ("NotPrinted", "paper_out", False)
    assert office.verifies(code_in(terminal.photographed(tmp_path / "not-printed.png")))["intact"]
    lobby.told("clear")
    terminal.sees("NotPrinted", can_print=True)
    leaves(terminal)
    assert len(lobby.sheets()) == before  # nothing waited in the printer to come out afterwards


def test_a_printer_that_cannot_confirm_has_been_sent_to(office: OfficeDesk, slip: FiledSlip, tmp_path: Path) -> None:
    with printer(tmp_path, "--fault", "no-confirm") as clone:
        with standing(tmp_path, office.url, printer=clone.address) as terminal:
            terminal.ready()
            assert prints(terminal, slip)["drawn"] == "SentToPrinter"
            leaves(terminal)
            assert "Printed" not in {screen["drawn"] for screen in terminal.screens}
        wait_for("the paper", lambda: len(clone.sheets()) == 1)
        assert office.verifies(code_in(clone.sheets()[0]))["intact"]


def test_a_printer_that_says_nothing_is_never_believed(office: OfficeDesk, slip: FiledSlip, tmp_path: Path) -> None:
    with (
        printer(tmp_path, "--fault", "silent") as mute,
        standing(tmp_path, office.url, printer=mute.address) as terminal,
    ):
        terminal.ready()
        assert prints(terminal, slip)["drawn"] in {"SentToPrinter", "NotPrinted"}
        leaves(terminal)
        assert "Printed" not in {screen["drawn"] for screen in terminal.screens}


def test_a_printer_that_is_not_there_is_told_and_one_that_comes_later_prints(
    office: OfficeDesk, slip: FiledSlip, tmp_path: Path
) -> None:
    address = f"127.0.0.1:{free_port()}"
    with standing(tmp_path, office.url, printer=f"tcp:{address}") as terminal:
        terminal.ready(printer="offline")
        outcome = prints(terminal, slip)
        assert (outcome["drawn"], outcome["why"], outcome["cut_off"]) == ("NotPrinted", "offline", False)
        with printer(tmp_path, listen=address) as late:
            terminal.sees("NotPrinted", can_print=True)
            terminal.presses("print")
            assert terminal.sees(*OUTCOMES)["drawn"] == "Printed"
            assert len(late.sheets()) == 1
        leaves(terminal)
