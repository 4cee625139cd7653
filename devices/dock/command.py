"""`python -m devices dock` from the command line."""

import json
import re
import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Final, Literal, NoReturn

from cyclopts import Parameter
from cyclopts.validators import Number

_SIZE: Final = re.compile(r"[0-9]+x[0-9]+")


def dock(
    *,
    folder: Path = Path("build/dock"),
    office: str | None = None,
    office_data: Path | None = None,
    data: Path | None = None,
    slips: Path | None = None,
    paper: Path | None = None,
    port: Annotated[int, Parameter(validator=Number(gte=0, lte=65535))] = 8410,
    cards: Path | None = None,
    vpcd: str | None = None,
    speed: Annotated[float, Parameter(validator=Number(gte=0))] = 100.0,
    size: str = "1080x1920",
    language: Literal["ar", "fr", "en"] = "ar",
    scanner: Literal["serial", "wedge", "hid", "frames"] = "serial",
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Open a page on this machine that plays a visitor, and every fault, to a terminal that it starts.

    Parameters
    ----------
    folder: where everything of it lies, unless told otherwise.
    office: URL of an office on this machine; without it one with invented applications is started.
    office_data: the folder of that office: its SMS come to the page's phone, unless it has a gateway of its own.
    data: the terminal's data; FOLDER/terminal.
    slips: pictures of slips to present by a click; those of the invented applications.
    paper: where the pictures of printed papers go; FOLDER/paper.
    port: of the page, on loopback; 0 takes a free one.
    cards: folder of the invented country whose passports are put in, and which an office started here believes;
        FOLDER/cards.
    vpcd: HOST:PORT of the virtual card reader of a pcscd that runs already; without it the dock runs one of its own
        (Debian: pcscd, vsmartcard-vpcd).
    speed: of the printer, mm/s.
    size: of the terminal's screen in pixels.
    language: of the terminal's home screen.
    scanner: what kind it is at first: on a serial line, playing a keyboard, of USB's own class, or a camera's pictures.
    json_: the first line is JSON with the page's address.
    """
    from devices.dock.dock import Dock, DockSettings
    from devices.dock.office import OfficeFailed, demonstration_office
    from devices.dock.service import InService, refuse_in_service
    from devices.dock.web import DockServer

    data, cards = data or folder / "terminal", cards or folder / "cards"
    try:
        refuse_in_service(data, office)
    except InService as in_service:
        _failed(f"the dock does not start at a terminal in service: {in_service}")
    if not _SIZE.fullmatch(size):
        _wrong_use(f"--size {size}: expected WIDTHxHEIGHT, such as 1080x1920")
    if slips is not None and not slips.is_dir():
        _wrong_use(f"--slips {slips}: there is no such folder")
    stop = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda _number, _frame: stop.set())
    with ExitStack() as running:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if office is None:
                own = demonstration_office(folder / "office", folder / "office.log", cards=cards)
                office, office_data = running.enter_context(own), folder / "office"
                slips = slips or folder / "office" / "slips"
            settings = DockSettings(
                office, data, paper or folder / "paper", slips, cards, vpcd, speed, size, language, office_data, scanner
            )
            there = Dock(settings)
            running.callback(there.stop)
            server = DockServer(port, there)
        except (OfficeFailed, OSError, ValueError) as failed:
            _failed(f"the dock cannot start: {failed}")
        there.start()
        threading.Thread(target=server.serve_forever, name="page", daemon=True).start()
        running.callback(server.shutdown)
        print(json.dumps({"listening": server.url}) if json_ else f"Dock: {server.url}", flush=True)
        stop.wait()


def _wrong_use(why: str) -> NoReturn:
    print(why, file=sys.stderr)
    raise SystemExit(2)


def _failed(why: str) -> NoReturn:
    print(why, file=sys.stderr)
    raise SystemExit(1)
