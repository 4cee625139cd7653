"""A terminal that loses its power over a paper: told on screen and paper, and nothing goes on by itself."""

from pathlib import Path

from tests.journeys.people import OfficeDesk, code_in, printer, standing, wait_for

__all__ = ["office", "open_office"]

from tests.journeys.conftest import office, open_office


def test_a_power_cut_over_a_paper_is_told_on_screen_and_paper_and_the_next_visit_starts_clean(
    open_office: OfficeDesk, tmp_path: Path
) -> None:
    first, second = open_office.files(), open_office.files()
    with printer(tmp_path, "--fault", "slow") as lobby:
        with standing(tmp_path, open_office.url, printer=lobby.address) as terminal:
            terminal.ready(printer="ok")
            terminal.scanner.reads(first.url)
            terminal.sees("ShowStatus", tracking=first.tracking)
            terminal.presses("print")
            terminal.sees("Printing")
            wait_for("paper that moves", lambda: lobby.told("state")["rows"] > 100)
            terminal.killed()
            assert "Printed" not in {screen["drawn"] for screen in terminal.screens}
        journal = terminal.data / "print-journal"
        assert journal.read_text().split("\n")[-2].startswith("begun")
        lobby.told("clear")

        with standing(tmp_path, open_office.url, printer=lobby.address) as terminal:
            terminal.sees("PowerWasCut")
            # Nobody needs to do anything for the cut-off paper to be voided: no visit, no print.
            (voided,) = wait_for("the void mark", lobby.sheets)
            assert lobby.says_void(voided)
            wait_for("the journal", lambda: "voided" in journal.read_text())
            terminal.presses("finish")
            terminal.ready(printer="ok")
            terminal.scanner.reads(second.url)
            terminal.sees("ShowStatus", tracking=second.tracking)
            terminal.presses("print")
            terminal.sees("Printed", "NotPrinted")
            assert terminal.screens[-1]["drawn"] == "Printed"
            assert {screen.get("tracking") for screen in terminal.screens} <= {None, second.tracking}
        voided, whole = lobby.sheets()
        assert not lobby.says_void(whole)
        assert open_office.verifies(code_in(whole))["intact"]
