"""One terminal that is shown slip after slip: `python -m tests.benchmarks.scans DATA SLIPS PRINTER`.

SLIPS is a file with the text of a slip in each line. The network is off; the vault answers. Prints one line of JSON:
for each slip the milliseconds from the first byte on the scanner's line to the complete picture of its status, and,
where there is a printer, the monotonic times at which a finger came down on "print". It does as soon as anybody may
have looked at the status: after the operator M of Card, Moran and Newell (bench_visitors.py).
"""

import json
import sys
import time
from collections.abc import Generator
from pathlib import Path
from threading import Event

from devices.scanner.codes import MOST_CODES
from kiosk.__main__ import open_terminal
from kiosk.settings import Settings
from kiosk.visit import ScannerLine
from kiosk.visit_events import FinishPressed
from kiosk.visit_state import Home, Printed, ShowStatus, VisitState

from .bench_visitors import LOOKS

DEAD_OFFICE = "http://127.0.0.1:9"
APART = 3 / MOST_CODES
"""Seconds from one status to the next slip: slips that come as fast as they are answered are more than a hand can show,
and the scanner that sends them is taken for a broken one, as it must be."""


def main() -> None:
    data, slips, printer = Path(sys.argv[1]), Path(sys.argv[2]).read_text().split(), sys.argv[3]
    scanner = ScannerLine()
    settings = Settings(DEAD_OFFICE, data, scanner=scanner.address, printer=printer)
    milliseconds: list[float] = []
    touches: list[float] = []
    waiting = Event()

    def touch_print(_: float) -> None:
        touches.append(time.monotonic())
        Clock.schedule_once(lambda _: press(app.window, app.root, "print"))
        app.wake()  # as a finger does

    def home_is_ready(state: VisitState) -> bool:
        return isinstance(state, Home) and state.scanner_ready and terminal.settled()

    def visits() -> Generator[None, VisitState, None]:
        for slip in slips:
            not_before = time.monotonic() + APART
            waiting.set()
            while not (home_is_ready((yield)) and time.monotonic() >= not_before):
                pass
            waiting.clear()
            started = time.monotonic()
            scanner.read_code(slip.encode())
            while not isinstance((yield), ShowStatus):
                pass
            milliseconds.append((time.monotonic() - started) * 1000)
            if printer != "none":
                Clock.schedule_once(touch_print, LOOKS)
                while not isinstance((yield), Printed):
                    pass
            Clock.schedule_once(lambda _: app.handle(FinishPressed()))

    script = visits()
    next(script)

    def drawn(state: VisitState) -> None:
        try:
            script.send(state)
        except StopIteration:
            app.stop()

    app, terminal = open_terminal(settings, drawn)
    from kivy.clock import Clock

    from kiosk.touch import press

    Clock.schedule_interval(lambda _: app.redraw() if waiting.is_set() else None, 0.05)
    app.run()
    terminal.stop()
    print(json.dumps({"milliseconds": milliseconds, "touches": touches}), flush=True)


if __name__ == "__main__":
    main()
