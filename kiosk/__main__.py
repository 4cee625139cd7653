"""The terminal: `python -m kiosk`; one whole visit without a hand: `visit`; the test of the terminal: `selftest`."""

import argparse
import json
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from devices.address import is_loopback
from devices.outlet import whose_reader_may_leave

from .command_line import Failed, appliance_settings, brought, parser, settings_of, shots_folder
from .machine import SYSTEM
from .service import Service
from .settings import DEFAULT_FILE, Settings, SettingsWrong
from .visit_state import ScreenLanguage, ShowStatus, VisitState

if TYPE_CHECKING:
    from .practice import PracticeDoor
    from .screens import Screens
    from .terminal import Terminal
    from .visit_app import TerminalApp


def main() -> int:
    """Run the command line; returns 0, 1 (it failed, and why) or 2 (wrong use)."""
    options = parser(__doc__).parse_args()
    try:
        settings = appliance_settings(options) if options.appliance else settings_of(options)
        with whose_reader_may_leave():
            return _COMMANDS[options.command](options, settings)
    except (SettingsWrong, Failed) as error:  # anything else is a bug, and shows where
        print(f"kiosk: {error}", file=sys.stderr)
        return 2 if isinstance(error, SettingsWrong) else 1


def _run(options: argparse.Namespace, settings: Settings) -> int:
    """Be a terminal until the process is ended, or the machine has become another terminal."""
    started = time.monotonic()
    service = Service()
    practice = cast(Path | None, options.practice_door)
    if practice is not None:
        _refuse_in_service(settings, appliance=options.appliance)
    door: PracticeDoor | None = None

    def drawn(state: VisitState) -> None:
        nonlocal started
        service.drawn(state)
        terminal.succession.drawn(state)
        if door is not None:
            door.drawn(state)
        if options.json and started:
            print(json.dumps({"home_ms": round((time.monotonic() - started) * 1000)}), flush=True)
            started = 0.0

    def turned() -> None:
        service.turned()
        terminal.turned(app.stop)

    machine = cast(Path | None, options.practice_machine) if practice is not None else None
    app, terminal = open_terminal(settings, drawn, turned, machine or SYSTEM)
    if practice is not None:
        from . import practice as at_the_door

        door = at_the_door.PracticeDoor(app, practice)
    signal.signal(signal.SIGTERM, lambda _number, _frame: app.stop())
    app.run()
    service.stopping()
    terminal.stop()
    return 0


def _refuse_in_service(settings: Settings, *, appliance: bool) -> None:
    """Raise SettingsWrong where visitors are served: the practice door would show their files and press for them."""
    if appliance or DEFAULT_FILE.exists():
        raise SettingsWrong("--practice-door: this machine is set up as a terminal, and is not for practice")
    if (settings.data / "identity").exists() or not is_loopback(settings.office_url):
        raise SettingsWrong("--practice-door: only with an office on this machine, by a terminal that is not enrolled")


def _visit(options: argparse.Namespace, settings: Settings) -> int:
    from .visit import ScannerLine, Visit

    brings, shots = brought(options), shots_folder(options)
    scanner = ScannerLine()
    settings = replace(settings, scanner=scanner.address)
    visit: Visit | None = None

    def drawn(state: VisitState) -> None:
        if visit is not None:
            visit.drawn(state)

    app, terminal = open_terminal(settings, drawn)
    visit = Visit(
        app,
        brings=brings,
        language=cast(ScreenLanguage, options.language or settings.language),
        wants_paper=settings.printer != "none",
        shots=shots,
        scanner=scanner,
        settled=terminal.settled,
    )
    app.run()
    terminal.stop()
    scanner.close()
    if visit.failure is not None:
        raise Failed(str(visit.failure))
    report = visit.report
    if options.json:
        print(json.dumps(asdict(report)))
    else:
        for step in report.steps:
            print(f"{step['ms']:8.1f} ms  {step['name']}")
        print(f"outcome: {report.outcome}, printed: {report.printed}")
    return 0


def _selftest(options: argparse.Namespace, settings: Settings) -> int:
    """Test the terminal; 0 where nothing failed, 1 where something did or the test was left before its end."""
    from .window import open_window

    try:
        window = open_window(*settings.screen, rotation=settings.rotation)
    except RuntimeError as error:
        raise Failed(str(error)) from None
    from .selftest_app import SelfTest

    test = SelfTest(window, settings, settings.language)
    signal.signal(signal.SIGTERM, lambda _number, _frame: test.app.stop())
    ended = test.run()
    if test.identity_wrong:
        print(f"kiosk: {settings.data}: {test.identity_wrong}", file=sys.stderr)
    if ended is None:
        raise Failed("the self-test was left before its end")
    if options.json:
        parts = {part.name.lower(): found.outcome.name.lower() for part, found in sorted(ended.findings.items())}
        print(json.dumps({"parts": parts, "slip": ended.slip.value, "sending": ended.sending.value}))
    return int(any(found.outcome.name == "FAILED" for found in ended.findings.values()))


def _speak(screens: "Screens", terminal: "Terminal") -> None:
    from .speech.beginning import let_speak, voices_here

    let_speak(screens, voices_here(terminal.data), terminal.volume)


def open_terminal(
    settings: Settings,
    drawn: Callable[[VisitState], None],
    turned: Callable[[], None] = lambda: None,
    machine: Path = SYSTEM,
    *,
    let_speak: "Callable[[Screens, Terminal], None]" = _speak,
) -> "tuple[TerminalApp, Terminal]":
    """Open window, flow and terminal, joined; the terminal starts once the first picture is complete.

    `drawn` takes each state whose picture is complete, while that frame is flipped; `turned` is called after each turn
    of the window's loop. `machine`: a folder with the /sys that tells of the mains, instead of this machine's.
    `let_speak` gives the screens a voice, this machine's own unless another is wanted.
    """
    from . import head_start
    from .window import open_window, settle_environment

    settle_environment()
    head_start.begin(settings)
    try:
        window = open_window(*settings.screen, rotation=settings.rotation)
    except RuntimeError as error:
        raise Failed(str(error)) from None
    from kivy.clock import Clock

    from .flow import Flow
    from .guide_state import ShowRequirements
    from .list_state import ShowList
    from .screens import Screens
    from .terminal import Terminal
    from .visit_app import TerminalApp

    try:
        terminal = Terminal(settings, machine)
    except OSError as error:
        raise Failed(str(error)) from None
    flow = Flow(
        terminal.hosts,
        now=time.monotonic(),
        language=settings.language,
        languages=terminal.own.languages(),
        power_was_cut=terminal.power_was_cut,
    )
    begun = False

    def first_drawn(state: VisitState) -> None:
        nonlocal begun
        drawn(state)
        if not begun:
            begun = True
            terminal.start(app.post, app.press)
            screens.prepare()
            let_speak(screens, terminal)
        elif isinstance(state, ShowStatus | ShowList | ShowRequirements):
            Clock.schedule_once(lambda _: terminal.prepare_paper(state.language))  # once this frame is on the screen

    screens = Screens(
        settings.screen,
        terminal.name,
        clock=terminal.trusted_time,
        camera=terminal.camera,
        pixels_per_mm=settings.pixels_per_mm,
    )
    app = TerminalApp(window, flow, screens, terminal.perform, drawn=first_drawn, turned=turned)
    threading.excepthook = lambda failed: app.fail(failed.exc_value or failed.exc_type())
    return app, terminal


_COMMANDS: Final[dict[str, Callable[[argparse.Namespace, Settings], int]]] = {
    "run": _run,
    "visit": _visit,
    "selftest": _selftest,
}

if __name__ == "__main__":
    sys.exit(main())
