"""The commands of `python -m devices`. Exit codes: 0 done, 1 it failed and why, 2 wrong use."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

from cyclopts import App, Parameter
from cyclopts.validators import Number

from devices.address import PRINTER_FORMS, SCANNER_FORMS
from devices.dock.command import dock
from devices.raster import Raster
from devices.simulators.card.command import card

app = App(name="devices", help="Printers, scanners and card readers of a terminal or a desk, and virtual ones.")
app.command(card)
app.command(dock)

PrinterOption = Annotated[str, Parameter(env_var="ISTILAM_PRINTER", help=PRINTER_FORMS)]
ScannerOption = Annotated[str, Parameter(env_var="ISTILAM_SCANNER", help=SCANNER_FORMS)]
CardOption = Annotated[str, Parameter(env_var="ISTILAM_CARD", help="pcsc:NAME, how the reader's name begins")]
KeypadOption = Annotated[str, Parameter(env_var="ISTILAM_KEYPAD", help="keys:PATH[,PATH] of keypad and jack")]
JsonOption = Annotated[bool, Parameter(name="--json", negative="", help="one JSON object instead of a sentence")]
WidthOption = Annotated[int, Parameter(help="dots of the printer's head: 576 or 512")]
ProfileOption = Annotated[str | None, Parameter(help="the printer's model: TM-T88V, TM-T20II and so on")]


@app.command(name="list")
def list_devices(
    *,
    printer: PrinterOption = "none",
    scanner: ScannerOption = "none",
    card: CardOption = "none",
    keypad: KeypadOption = "none",
    json_: JsonOption = False,
) -> None:
    """List the devices that are set and the devices that are plugged in, with their states and what to do."""
    from devices import technician
    from devices.plugged import plugged
    from devices.printing import printer_state

    set_: list[tuple[str, str, tuple[str, str]]] = []
    try:
        set_.append(("printer", printer, printer_state(printer)))
        set_.append(("scanner", scanner, technician.scanner_state(scanner)))
        set_.append(("card", card, _card_state(card)))
        set_.append(("keypad", keypad, technician.keypad_state(keypad)))
    except ValueError as wrong:
        _wrong_use(str(wrong))
    rows = technician.rows(set_, plugged())
    print(json.dumps(rows) if json_ else "\n".join(map(technician.line, rows)))


@app.command
def test(
    what: Literal["printer", "scanner", "card", "keypad"],
    *,
    printer: PrinterOption = "none",
    scanner: ScannerOption = "none",
    card: CardOption = "pcsc:",
    keypad: KeypadOption = "none",
    width: WidthOption = 576,
    profile: ProfileOption = None,
    seconds: Annotated[float, Parameter(help="to wait for a scan, a card or all keys")] = 30.0,
    json_: JsonOption = False,
) -> None:
    """Print a test page, or wait for one scan, one card or each key, and say what came of it and what to do."""
    if what == "printer":
        from devices.printer.profile import profile_or_unknown
        from devices.testpage import page

        sheet = page(_head(width, profile), printer, profile_or_unknown(profile).dpi)
        _print(printer, _at_most(width, sheet), profile, None, json_, about=True)
    if what == "card":
        _test_card(card, seconds, json_)
    from devices import technician

    if what == "keypad" and not json_:
        print("press each of the five keys once", flush=True)
    try:
        keys = what == "keypad"
        said = technician.test_keypad(keypad, seconds) if keys else technician.test_scanner(scanner, seconds)
    except ValueError as wrong:
        _wrong_use(str(wrong))
    _say(json_, said.report, said.sentence, said.code)


@app.command(name="print")
def print_file(
    file: Path,
    *,
    printer: PrinterOption,
    width: WidthOption = 576,
    profile: ProfileOption = None,
    journal: Annotated[Path | None, Parameter(env_var="ISTILAM_PRINT_JOURNAL")] = None,
    json_: JsonOption = False,
) -> None:
    """Print a picture, or packed rows of the head's width (.raw), dot for dot; nothing is ever scaled.

    Parameters
    ----------
    file: PNG or another picture, at most as wide as the head; or .raw: rows of width/8 bytes, highest bit leftmost.
    journal: a file, one a printer: a paper that an earlier call left cut off is marked void before this one begins.
    """
    head = _head(width, profile)
    try:
        raster = _packed_rows(file, head) if file.suffix == ".raw" else _picture(file)
    except FileNotFoundError:
        _wrong_use(f"there is no file {file}")
    except (OSError, ValueError) as unreadable:
        _wrong_use(f"{file} cannot be printed: {unreadable}")
    _print(printer, _at_most(head, raster), profile, journal, json_)


@app.command
def printer(
    *,
    listen: str,
    paper: Path,
    fault: str = "none",
    speed: Annotated[float, Parameter(validator=Number(gte=0))] = 250.0,
    roll: Annotated[int | None, Parameter(validator=Number(gt=0))] = None,
    width: int = 576,
    dpi: Annotated[int, Parameter(validator=Number(gt=0))] = 203,
    control: str | None = None,
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Run a virtual receipt printer until it is interrupted.

    Parameters
    ----------
    listen: HOST:PORT, where port 0 takes a free one; or pty:PATH for a serial printer at that name. The first line
        printed is JSON with the real address.
    paper: folder for the pictures of the papers that come out.
    fault: none, paper-out, paper-out-mid, near-end, cover-open, cover-open-mid, silent, no-confirm, cut-connection,
        reset, garbage, slow, hot-mid, stuck, wrong-answers, flood, cutter-jammed
        or another-model.
    speed: mm/s; 0 prints as fast as it can.
    roll: mm of paper on the roll; without it the roll never ends.
    width: dots of the head: 576 or 512.
    dpi: dots an inch: 203, or 180 as heads of 512 dots have.
    control: HOST:PORT for lines that change the fault while it runs: fault NAME, clear, roll MM, state.
    json_: a JSON line for each paper.
    """
    from devices.simulators.serve import serve
    from devices.simulators.settings import FAULTS, Settings

    if fault not in FAULTS:
        _wrong_use(f"--fault must be one of {', '.join(FAULTS)}")
    settings = Settings(paper, _head(width, None), speed, roll, FAULTS[FAULTS.index(fault)], dpi)
    try:
        serve(settings, listen, control, every_event=json_)
    except (OSError, ValueError) as failed:
        print(f"the virtual printer cannot start: {failed}", file=sys.stderr)
        raise SystemExit(1) from failed


def _print(
    address: str, raster: Raster, profile: str | None, journal: Path | None, as_json: bool, *, about: bool = False
) -> NoReturn:
    from devices.printing import print_once, report

    try:
        outcome, told = print_once(address, raster, profile, journal)
    except ValueError as wrong:
        _wrong_use(str(wrong))
    said = report(outcome, raster.rows, told if about else None)
    _say(as_json, said.facts, said.sentence, said.code)


def _card_state(address: str) -> tuple[str, str]:
    """State and what to do. Raises ValueError for what is no address of a card reader."""
    from devices.cardtest import look, words

    if address == "none":
        return "none", ""
    said = words(look(address, 0))
    return said.state, said.todo


def _test_card(address: str, seconds: float, as_json: bool) -> NoReturn:
    from devices.card.states import CardPresent
    from devices.cardtest import look, words

    try:
        state = look(address, seconds)
    except ValueError as wrong:
        _wrong_use(str(wrong))
    said = words(state)
    report = {"reader": said.reader, "state": said.state, "do": said.todo}
    sentence = "; ".join(filter(None, (f"reader: {said.reader}", said.state, said.todo)))
    _say(as_json, report, sentence, 0 if isinstance(state, CardPresent) else 1)


def _picture(file: Path) -> Raster:
    from PIL import Image

    with Image.open(file) as image:
        return Raster.from_image(image)


def _packed_rows(file: Path, width: int) -> Raster:
    data = file.read_bytes()
    return Raster(width, len(data) // (width // 8), data)


def _head(width: int, profile: str | None) -> int:
    if width < 8 or width % 8:
        _wrong_use(f"--width {width}: a head has a multiple of 8 dots")
    if profile is not None:
        from devices.printer.profile import check_width

        try:
            check_width(profile, width)
        except ValueError as wrong:
            _wrong_use(str(wrong))
    return width


def _at_most(width: int, raster: Raster) -> Raster:
    if raster.width_dots > width:
        _wrong_use(f"{raster.width_dots} dots do not fit a head of {width}, and nothing is scaled")
    return raster


def _say(as_json: bool, report: dict[str, Any], sentence: str, code: int) -> NoReturn:
    print(json.dumps(report) if as_json else sentence)
    raise SystemExit(code)


def _wrong_use(why: str) -> NoReturn:
    print(why, file=sys.stderr)
    raise SystemExit(2)
