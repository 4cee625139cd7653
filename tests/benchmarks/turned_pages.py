"""Turn pages of lists in a window, `python -m ... FILES ...`: milliseconds of each, and of empty frames, as JSON."""

import json
import sys
from dataclasses import replace
from time import perf_counter
from typing import Any

from kiosk.card_samples import listing
from kiosk.list_state import ShowList
from kiosk.samples import TERMINAL, now, sheets
from kiosk.window import finish_frame, open_window

SIZE = (1080, 1920)
PAGES = 60


def main() -> None:
    window: Any = open_window(*SIZE)
    from kivy.base import EventLoop
    from kivy.uix.widget import Widget

    from kiosk.screens import Screens

    screens = Screens(SIZE, TERMINAL, clock=now)
    EventLoop.start()

    def drawn(widget: Widget) -> None:
        for shown in list(window.children):
            window.remove_widget(shown)
        window.add_widget(widget)
        window.canvas.ask_update()
        window.dispatch("on_draw")
        finish_frame()

    def milliseconds(make: Any) -> float:
        started = perf_counter()
        drawn(make())
        return (perf_counter() - started) * 1000

    measured = {"empty": [milliseconds(Widget) for _ in range(PAGES)]}
    for count in map(int, sys.argv[1:]):
        state = ShowList("ar", listing(sheets(), count), can_print=True)
        step = max(1, count // PAGES)
        milliseconds(lambda state=state: screens.build(state, print))
        measured[str(count)] = [
            milliseconds(
                lambda at=at, state=state: screens.build(replace(state, listing=replace(state.listing, at=at)), print)
            )
            for at in range(0, count, step)
        ]
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
