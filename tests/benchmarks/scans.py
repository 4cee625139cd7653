"""One terminal that is shown slip after slip: `python -m tests.benchmarks.scans DATA SLIPS PRINTER`.

SLIPS is a file with the text of a slip in each line. The network is off; the vault answers. Prints one line of JSON:
for each slip the milliseconds from the first byte on the scanner's line to the complete picture of its status, and,
where there is a printer, the monotonic times of the touches on "print".
"""

import json
import sys
import time
from collections.abc import Generator
from pathlib import Path
from threading import Event

from kiosk.settings import Settings
from kiosk.visit import ScannerLine
from kiosk.visit_events import FinishPressed
from kiosk.visit_state import Home, Printed, ShowStatus, VisitState
from kiosk.window import open_window

DEAD_OFFICE = "http://127.0.0.1:9"


def main() -> None:
    data, slips, printer = Path(sys.argv[1]), Path(sys.argv[2]).read_text().split(), sys.argv[3]
    scanner = ScannerLine()
    settings = Settings(DEAD_OFFICE, data, scanner=scanner.address, printer=printer)
    window = open_window(*settings.screen)
    from kivy.clock import Clock

    from kiosk.app import TerminalApp
    from kiosk.flow import Flow
    from kiosk.screens import Screens
    from kiosk.terminal import Terminal
    from kiosk.touch import press

    terminal = Terminal(settings)
    milliseconds: list[float] = []
    touches: list[float] = []
    waiting = Event()

    def visits() -> Generator[None, VisitState, None]:
        for slip in slips:
            waiting.set()
            while not (isinstance((yield), Home) and app.flow.state.scanner_ready and terminal.settled()):  # type: ignore[union-attr]
                pass
            waiting.clear()
            started = time.monotonic()
            scanner.read_code(slip.encode())
            while not isinstance((yield), ShowStatus):
                pass
            milliseconds.append((time.monotonic() - started) * 1000)
            if printer != "none":
                touches.append(time.monotonic())
                Clock.schedule_once(lambda _: press(window, app.root, "print"))
                while not isinstance((yield), Printed):
                    pass
            Clock.schedule_once(lambda _: app.handle(FinishPressed()))

    script = visits()
    next(script)
    begun = False

    def drawn(state: VisitState) -> None:
        nonlocal begun
        if not begun:
            begun = True
            terminal.start(app.post)
            Clock.schedule_interval(lambda _: app.redraw() if waiting.is_set() else None, 0.05)
        try:
            script.send(state)
        except StopIteration:
            app.stop()

    app = TerminalApp(
        window,
        Flow(terminal.hosts, now=time.monotonic()),
        Screens(settings.screen, settings.name),
        terminal.perform,
        drawn=drawn,
    )
    app.run()
    terminal.stop()
    print(json.dumps({"milliseconds": milliseconds, "touches": touches}), flush=True)


if __name__ == "__main__":
    main()
