"""A terminal's window by itself, in a process of its own: `python -m tests.kiosk.in_window HOW ...`.

pictures FOLDER     home and a status, photographed when first reported complete, and two frames later
visits COUNT        so many visits in three languages, every third with paper; says what the process holds
                    (KiB of memory, threads, open files) after the tenth of them and after each quarter
touched COUNT       so many changes of language by touch; says after how many pictures each was there
broken ARGUMENTS    `python -m kiosk ARGUMENTS`, with screens that fail to draw anything but home
thread ARGUMENTS    `python -m kiosk ARGUMENTS`, with a thread that fails
"""

import gc
import json
import re
import sys
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from central_api.contract.slips import Slip, slip_url
from kiosk.samples import sheets
from kiosk.visit_events import (
    Effect,
    FinishPressed,
    LanguageChosen,
    LookedUp,
    LookUp,
    PrinterChanged,
    PrintFinished,
    PrintPressed,
    PrintReceipt,
    Scanned,
    ScannerChanged,
)
from kiosk.visit_state import (
    SCREEN_LANGUAGES,
    Found,
    Home,
    PrintConfirmed,
    Printed,
    PrinterHealth,
    ShowStatus,
    VisitState,
)
from kiosk.window import open_window, read_frame, upright
from tests.finger import touch

SIZE = (1080, 1920)
HOST = "ISTILAM.EXAMPLE"
Script = Generator[None, VisitState, None]


def run(script: Callable[[Any], Script], size: tuple[int, int]) -> None:
    """Play a script that gets each drawn state."""
    window = open_window(*size)
    from kiosk.flow import Flow
    from kiosk.screens import Screens
    from kiosk.visit_app import TerminalApp

    told = list(sheets().values())

    def perform(effect: Effect) -> None:
        if isinstance(effect, LookUp):
            app.post(LookedUp(effect.visit, Found(told[effect.visit % len(told)])))
        elif isinstance(effect, PrintReceipt):
            app.post(PrintFinished(effect.job, PrintConfirmed()))

    def drawn(state: VisitState) -> None:
        try:
            playing.send(state)
        except StopIteration:
            app.stop()

    app = TerminalApp(window, Flow([HOST], now=time.monotonic()), Screens(size, "T-01"), perform, drawn=drawn)
    playing = script(app)
    next(playing)
    app.post(ScannerChanged(True))
    app.post(PrinterChanged(PrinterHealth.OK))
    app.run()


def slip(number: int) -> bytes:
    return slip_url(HOST, Slip("26318283312", number.to_bytes(16, "big"))).encode()


def pictures(folder: Path) -> Callable[[Any], Script]:
    def script(app: Any) -> Script:
        for name, awaited in (("home", Home), ("status", ShowStatus)):
            while not isinstance((yield), awaited):
                pass
            frames: list[bytes] = []  # written afterwards: within some seconds of home a hand comes, and it moves
            for frame in range(3):
                frames.append(read_frame(app.window))
                if frame < 2:
                    app.redraw()
                    yield
            for frame, pixels in enumerate(frames):
                upright(app.window, pixels).save(folder / f"{name}-{frame}.png")
            app.post(Scanned(slip(1)))

    return script


def visits(count: int) -> Callable[[Any], Script]:
    def script(app: Any) -> Script:
        held: list[dict[str, int]] = []
        yield from until(Home)
        for number in range(count):
            if number == 10 or (number and number % (count // 4) == 0):
                yield from settle(app)
                held.append({"visits": number} | holds())
            app.post(LanguageChosen(SCREEN_LANGUAGES[number % 3]))
            app.post(Scanned(slip(number)))
            yield from until(ShowStatus)
            if number % 3 == number // 3 % 3:
                app.post(PrintPressed())
                yield from until(Printed)
            app.post(FinishPressed())
            yield from until(Home)
        yield from settle(app)
        print(json.dumps([*held, {"visits": count} | holds()]))

    return script


def touched(count: int) -> Callable[[Any], Script]:
    """Touch a language so often; tell the pictures, and the collections of garbage, up to that of the answer."""

    def script(app: Any) -> Script:
        pictures = collections = 0

        def flipped(*_: object) -> None:
            nonlocal pictures
            pictures += 1

        def collected(phase: str, _: object) -> None:
            nonlocal collections
            collections += phase == "start"

        app.window.bind(on_flip=flipped)
        gc.callbacks.append(collected)
        yield from until(Home)
        needed: list[tuple[int, int]] = []
        for number in range(count):
            language = SCREEN_LANGUAGES[1 + number % 2]
            before = pictures, collections
            touch(app.window, app.root, f"language.{language}")
            while (yield).language != language:
                pass
            needed.append((pictures - before[0], collections - before[1]))
        print(json.dumps(needed))

    return script


def until(awaited: type) -> Script:
    while not isinstance((yield), awaited):
        pass


def settle(app: Any) -> Script:
    """Let Kivy delete textures, which it does a second later."""
    until = time.monotonic() + 1.5
    while time.monotonic() < until:
        app.redraw()
        yield
    gc.collect()


def holds() -> dict[str, int]:
    """What this process holds. Resident memory: a share rises when another process lets go of what both had."""
    rss = int(re.findall(r"^Rss:\s+(\d+)", Path("/proc/self/smaps_rollup").read_text(), re.MULTILINE)[0])
    return {"rss": rss, "threads": threading.active_count(), "files": len(list(Path("/proc/self/fd").iterdir()))}


def broken() -> None:
    """Replace the screens with some that fail at a status."""
    open_window(*SIZE)
    import kiosk.screens

    class Broken(kiosk.screens.Screens):
        def build(self, state: VisitState, send: Any) -> Any:
            if isinstance(state, ShowStatus):
                raise ValueError("a pen that broke")
            return super().build(state, send)

    kiosk.screens.Screens = Broken  # type: ignore[misc]


def fail_once_watched() -> None:
    """Fail as soon as the terminal watches its threads, however long a loaded machine takes to start it."""
    while threading.excepthook is threading.__excepthook__:
        time.sleep(0.02)
    raise ZeroDivisionError("a thread that failed")


def main() -> None:
    match sys.argv[1:]:
        case ["pictures", folder]:
            run(pictures(Path(folder)), SIZE)
        case ["visits", count]:
            run(visits(int(count)), (540, 960))
        case ["touched", count]:
            run(touched(int(count)), (540, 960))
        case ["broken" | "thread" as how, *arguments]:
            from kiosk.__main__ import main as kiosk

            sys.argv = ["kiosk", *arguments]
            if how == "broken":
                broken()
            else:
                threading.Thread(target=fail_once_watched, daemon=True).start()
            sys.exit(kiosk())


if __name__ == "__main__":
    main()
