"""The terminal: `python -m kiosk`; one whole visit without a hand: `visit`; the test of the terminal: `selftest`."""

import argparse
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from devices.address import SCANNER_FORMS, card_address, is_loopback, keypad_address, printer_address, scanner_address

from .machine import SYSTEM
from .service import Service
from .settings import DEFAULT_FILE, Settings, SettingsWrong, read_settings
from .visit_state import SCREEN_LANGUAGES, ScreenLanguage, ShowStatus, VisitState

if TYPE_CHECKING:
    from .practice import PracticeDoor
    from .screens import Screens
    from .terminal import Terminal
    from .visit import NumberInMind, SlipInHand
    from .visit_app import TerminalApp

NO_OFFICE: Final = "https://office.invalid"
"""Where a terminal without settings asks: a name that no office will ever have (RFC 2606)."""


def main() -> int:
    """Run the command line; returns 0, 1 (it failed, and why) or 2 (wrong use)."""
    options = _parser().parse_args()
    try:
        settings = _appliance_settings(options) if options.appliance else _settings(options)
        return _COMMANDS[options.command](options, settings)
    except (SettingsWrong, Failed) as error:  # anything else is a bug, and shows where
        print(f"kiosk: {error}", file=sys.stderr)
        return 2 if isinstance(error, SettingsWrong) else 1


class Failed(Exception):
    """What was asked cannot be done: no window, no folder, no code in the picture, no visit; says why in one line."""


def _parser() -> argparse.ArgumentParser:
    """argparse and not the commands' library of the other packages: it is there in 10 ms, before the first picture."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--settings", type=Path, help="the terminal's settings (TOML)")
    common.add_argument("--office", help="address of the office, such as http://127.0.0.1:8400")
    common.add_argument("--data", type=Path, help="the terminal's data folder")
    common.add_argument("--printer", help="tcp:HOST:PORT, usb:VID:PID[:SERIAL], serial:PATH[@BAUD], file:PATH or none")
    common.add_argument("--language", choices=SCREEN_LANGUAGES, help="the visitor's language, or the home screen's")
    common.add_argument("--size", help="the panel in pixels, such as 1080x1920")
    common.add_argument("--json", action="store_true", help="say in JSON what was done")
    parser = argparse.ArgumentParser(prog="python -m kiosk", description=__doc__, parents=[common])
    parser.add_argument("--scanner", help=SCANNER_FORMS)
    parser.add_argument("--card-reader", help="pcsc:NAME, how the reader's name begins, or none")
    parser.add_argument("--keypad", help="keys:PATH[,PATH] of keypad and jack, or none")
    parser.add_argument("--appliance", action="store_true", help="with wrong settings, be out of order, do not end")
    parser.add_argument(
        "--practice-door", type=Path, metavar="SOCKET", help="picture out and touches in, for the dock; not in service"
    )
    parser.add_argument(
        "--practice-machine",
        type=Path,
        metavar="FOLDER",
        help="with that door: where /sys is, which tells of the mains",
    )
    commands = parser.add_subparsers(dest="command", required=False)
    parser.set_defaults(command="run")  # after its argument is known: else that has a default of its own, None
    visit = commands.add_parser("visit", parents=[common], help="one visit, timed and photographed")
    brings = visit.add_mutually_exclusive_group(required=True)
    brings.add_argument("--slip", help="picture of a slip, or the text of its QR code")
    brings.add_argument("--number", help="tracking number, typed on the screen; with --code")
    visit.add_argument("--code", help="the secret code of that number")
    visit.add_argument("--shots", type=Path, help="folder for a picture of each screen")
    selftest = commands.add_parser("selftest", parents=[common], help="test this terminal, on its screen")
    selftest.add_argument("--scanner", help=SCANNER_FORMS)
    return parser


def _settings(options: argparse.Namespace) -> Settings:
    """Join the settings file, where one is given, and what the command line says instead."""
    file = cast(Path | None, options.settings)
    if file is None and (options.office is None or options.data is None):
        if not DEFAULT_FILE.exists():
            raise SettingsWrong("give --settings FILE, or --office URL and --data FOLDER")
        file = DEFAULT_FILE
    settings = read_settings(file) if file else Settings(cast(str, options.office), cast(Path, options.data))
    said = {
        "office_url": options.office,
        "data": options.data,
        "printer": options.printer,
        "scanner": getattr(options, "scanner", None),
        "card_reader": getattr(options, "card_reader", None),
        "keypad": getattr(options, "keypad", None),
        "language": options.language if options.command != "visit" else None,
        "screen": _size(cast(str | None, options.size)),
    }
    try:
        printer_address(cast(str | None, options.printer) or "none")
        scanner_address(cast(str | None, said["scanner"]) or "none")
        card_address(cast(str | None, said["card_reader"]) or "none")
        keypad_address(cast(str | None, said["keypad"]) or "none")
    except ValueError as error:
        raise SettingsWrong(str(error)) from None
    return replace(settings, **{name: value for name, value in said.items() if value is not None})


def _appliance_settings(options: argparse.Namespace) -> Settings:
    """Read the settings, or be a terminal of no office: a lobby sees "out of order", and the journal says why.

    A process that ended instead would be started again and again, and leave a black screen.
    """
    try:
        return _settings(options)
    except SettingsWrong as error:
        print(f"kiosk: {error}", file=sys.stderr, flush=True)
        unset = Settings(NO_OFFICE, Path(os.environ.get("STATE_DIRECTORY", "/var/lib/istilam")))
        return replace(unset, screen=_size(cast(str | None, options.size)) or unset.screen)


def _size(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise SettingsWrong(f"--size {text}: expected WIDTHxHEIGHT, such as 1080x1920")
    return int(width), int(height)


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

    brings = _brought(options)
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
        shots=cast(Path | None, options.shots),
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
    from .window import open_window

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


def _brought(options: argparse.Namespace) -> "SlipInHand | NumberInMind":
    """Take what the visitor comes with. Raises SettingsWrong for what nobody could type."""
    from central_api.contract.numbers import fold_digits

    from .entry_state import CODE_ROOM, TRACKING_ROOM
    from .visit import NumberInMind, SlipInHand

    if options.number is None:
        if options.code is not None:
            raise SettingsWrong("--code: belongs to a --number")
        return SlipInHand(_slip(cast(str, options.slip)))
    number, code = ("".join(fold_digits(cast(str, typed or "")).split("-")) for typed in (options.number, options.code))
    for name, typed, room in (("--number", number, TRACKING_ROOM), ("--code", code, CODE_ROOM)):
        if not (typed.isascii() and typed.isdigit() and len(typed) == room):
            raise SettingsWrong(f"{name}: {room} digits are typed there")
    return NumberInMind(number, code)


def _slip(what: str) -> bytes:
    """Take the text of a slip's QR code, or read it from a picture."""
    path = Path(what)
    try:
        if not path.is_file():
            return what.encode()
    except (OSError, ValueError):  # no name that a file can have: 4 KB of text, or a zero byte
        return what.encode()
    from devices.scanner.picture import NotAPicture, codes_in

    try:
        codes = codes_in(path)
    except (NotAPicture, OSError) as error:
        raise Failed(f"{path}: {error}") from None
    if not codes:
        raise Failed(f"no code can be read in {path}")
    return codes[0]


_COMMANDS: Final[dict[str, Callable[[argparse.Namespace, Settings], int]]] = {
    "run": _run,
    "visit": _visit,
    "selftest": _selftest,
}

if __name__ == "__main__":
    sys.exit(main())
