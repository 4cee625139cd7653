"""The same visits by five keys as by touch: nobody needs a finger on the glass."""

from collections.abc import Callable
from pathlib import Path

from .people import OfficeDesk, StandingTerminal, printer, standing


def _visit(terminal: StandingTerminal, slip: str, choose: Callable[[str], None]) -> list[str]:
    """French, the status, Arabic, paper, away; returns the screens in their order, without those that only redraw."""
    terminal.ready(printer="ok")
    begin = len(terminal.screens)
    choose("language.fr")
    terminal.sees("Home", language="fr")
    terminal.scanner.reads(slip)
    terminal.sees("ShowStatus", language="fr")
    choose("language.ar")
    terminal.sees("ShowStatus", language="ar")
    choose("print")
    terminal.sees("Printed")
    choose("finish")
    terminal.sees("Home")
    names = [f"{screen['drawn']} {screen['language']}" for screen in terminal.screens[begin:]]
    shown = [name for name in names if not name.startswith(("Reading", "Printing"))]
    return [name for at, name in enumerate(shown) if at == 0 or name != shown[at - 1]]


def test_a_visit_by_five_keys_goes_as_one_by_touch(open_office: OfficeDesk, tmp_path: Path) -> None:
    slip = open_office.files()
    open_office.approves_up_to(slip, "head_of_department")
    with (
        printer(tmp_path) as lobby_printer,
        standing(tmp_path, open_office.url, printer=lobby_printer.address) as terminal,
    ):
        by_touch = _visit(terminal, slip.url, terminal.presses)
        by_keys = _visit(terminal, slip.url, terminal.goes_to)
        assert by_keys == by_touch == ["Home fr", "ShowStatus fr", "ShowStatus ar", "Printed ar", "Home ar"]
        assert len(lobby_printer.sheets()) == 2
        # Whoever comes next finds no focus of the one before.
        assert terminal.left()["sheets"] == 0
        assert terminal.keys("ok") is not None
        assert terminal.screens[-1]["drawn"] == "Home"
