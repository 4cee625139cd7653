"""A terminal whose drivers hang: `python -m tests.benchmarks.hung ADDRESSES DATA`.

The window is drawn as fast as it can be, with all drivers well and then while one after the other is stopped, given up
and replaced. Prints one line of JSON: for each frame, "well" and "hung", the milliseconds since the one before it, and
of them the terminal's own: neither in Mesa, which draws with threads of its own where there is no graphics processor,
nor ready while the processors were busy with something else. A driver can hold up only what is the terminal's own.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.settings import Settings
from kiosk.visit_events import Touched
from kiosk.visit_state import VisitState
from kiosk.window import open_window
from tests.devices.peers import driver_pid

SIZE = (540, 960)
SECONDS = 8.0
"""More than the last driver's silence until it is given up, and its start."""
APART = 1.0
"""Seconds from one driver that hangs to the next."""
DEAD_OFFICE = "http://127.0.0.1:9"


def main() -> None:
    addresses, data = json.loads(sys.argv[1]), Path(sys.argv[2])
    settings = Settings(
        DEAD_OFFICE,
        data,
        scanner=addresses["scanner"],
        printer=addresses["printer"],
        card_reader=addresses["card"],
        keypad=addresses["keypad"],
        screen=SIZE,
    )
    window = open_window(*SIZE)
    from kivy.clock import Clock

    from kiosk import app as kiosk_app
    from kiosk.flow import Flow
    from kiosk.screens import Screens
    from kiosk.terminal import Terminal
    from kiosk.visit_app import TerminalApp

    terminal = Terminal(settings)
    frames: list[tuple[float, float]] = []
    gaps: dict[str, list[tuple[float, float]]] = {}
    last = 0.0, 0.0

    def finish_frame() -> None:
        nonlocal last
        (began, waited), (now, ready) = last, _clocks()
        draw()
        last = end, _ = _clocks()
        frames.append((end - began, now - began - (ready - waited)))

    draw, kiosk_app.finish_frame = kiosk_app.finish_frame, finish_frame

    def again(_: float) -> None:
        app.handle(Touched())  # somebody is there: the loop takes no rest between two frames
        app.redraw()

    def measured(name: str, then: Callable[[], None]) -> None:
        frames.clear()

        def end(_: float) -> None:
            gaps[name] = frames.copy()
            then()

        Clock.schedule_once(end, SECONDS)

    def hang() -> None:
        for at, name in enumerate(("printer", "scanner", "card", "keypad")):
            Clock.schedule_once(lambda _, name=name: os.kill(driver_pid(name), signal.SIGSTOP), at * APART)
        measured("hung", app.stop)

    begun = False

    def drawn(_: VisitState) -> None:
        nonlocal begun
        if not begun:
            begun = True
            terminal.start(app.post)
            Clock.schedule_interval(again, 0)
            Clock.schedule_once(lambda _: measured("well", hang), SECONDS)  # the drivers have started

    app = TerminalApp(
        window,
        Flow(terminal.hosts, now=time.monotonic()),
        Screens(settings.screen, settings.name),
        terminal.perform,
        drawn=drawn,
    )
    app.run()
    terminal.stop()
    print(json.dumps(gaps), flush=True)


def _clocks() -> tuple[float, float]:
    """Milliseconds of the clock, and of this thread being ready without a processor (Documentation/scheduler)."""
    waited = Path("/proc/thread-self/schedstat").read_text().split()[1]
    return time.monotonic_ns() / 1e6, int(waited) / 1e6


if __name__ == "__main__":
    main()
