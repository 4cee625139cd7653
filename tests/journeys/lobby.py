"""A terminal that a test stands before: `python -m tests.journeys.lobby --office URL --data DIR --scanner ...`.

The same window, flow, screens and devices as `python -m kiosk`. Each state whose picture is complete, and
each sentence that is spoken, is told as one line of JSON; lines of JSON on stdin are a visitor's touches and a test's
questions:

{"press": NAME}     touch the widget of this name
{"type": TEXT}      write by a keyboard, in whatever script
{"find": TXET}      how many texts that Python can reach hold this; it comes backwards, so as not to be found itself
{"key": NAME}       press one of the keypad's five keys; says which widget has the focus then
{"hold": NAME}      touch the widget of this name and stay there; {"hold_key": NAME}: one of the five keys
{"let_go": true}    lift that finger
{"fingers": [[MOVE, FINGER, X, Y], ...]}
                    what a hand does at once: "begin", "update" or "end" of a finger of this number, in shares of the
                    window from the top left; says where targets stand by then
{"shot": PATH}      photograph the next frame
{"left": true}      how many opened slips and lettered texts are alive
{"stop": true}      end, as SIGTERM does
"""

import argparse
import gc
import json
import re
import sys
import threading
import time
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import Any

from kiosk.camera import PaperHeld
from kiosk.entry_state import CheckedPaper
from kiosk.field import Field
from kiosk.list_state import Listing
from kiosk.settings import Settings
from kiosk.visit_state import SCREEN_LANGUAGES, Sheet, StillThere, VisitState


def main() -> None:
    """Run until told to stop, or until the process is ended."""
    options = _options()
    if options.wrong_by:
        _set_clock_wrong(options.wrong_by)
    from kiosk.__main__ import open_terminal

    settings = Settings(
        options.office,
        options.data,
        scanner=options.scanner,
        printer=options.printer,
        card_reader=options.card,
        keypad=options.keypad,
        language=options.language,
        screen=(1080, 1920),
        staff_pin=options.staff_pin,
    )
    app, terminal = open_terminal(
        settings,
        lambda state: _say(drawn=type(state).__name__, **_told(state), numbers=_numbers_on(app.root)),
        lambda: terminal.turned(app.stop),
        let_speak=_speak,
    )

    fingers: dict[int, Any] = {}

    def move(moves: list[tuple[str, int, float, float]]) -> None:
        from kivy.base import EventLoop

        from kiosk.touch import Finger

        for what, number, x, y in moves:
            if what == "begin":
                fingers[number] = Finger(x, 1 - y)
            else:
                fingers[number].move({"x": x, "y": 1 - y})
            EventLoop.post_dispatch_input(what, fingers[number] if what != "end" else fingers.pop(number))

    def hold(app: Any, name: str) -> bool:
        target: Any = next((widget for widget in app.root.walk() if getattr(widget, "name", None) == name), None)
        if target is not None:
            move([("begin", 0, target.center_x / app.window.width, 1 - target.center_y / app.window.height)])
        return target is not None

    def let_go(app: Any) -> None:
        from kivy.base import EventLoop

        from devices.keypad.events import Key

        while fingers:
            EventLoop.post_dispatch_input("end", fingers.popitem()[1])
        app.press(Key.OK, False)

    def obey(order: dict[str, Any]) -> None:
        from kivy.clock import Clock

        from devices.keypad.events import Key
        from kiosk.touch import press
        from kiosk.window import photograph

        match order:
            case {"press": str(name)}:
                _say(pressed=press(app.window, app.root, name))
            case {"type": str(text)}:
                app.window.dispatch("on_textinput", text)
            case {"find": str(backwards)}:
                gc.unfreeze()  # what the terminal no longer looks through is looked through here
                gc.collect()
                _say(found=_texts_in_memory(backwards))
            case {"key": str(name)}:
                app.press(Key(name), True)
                app.press(Key(name), False)
                Clock.schedule_once(lambda _: _say(focus=_focus_of(app.root)))
            case {"hold": str(name)}:
                _say(pressed=hold(app, name))
            case {"fingers": list(moves)}:
                move(moves)
                _say(targets=_targets_of(app))
            case {"hold_key": str(name)}:
                app.press(Key(name), True)
            case {"let_go": True}:
                let_go(app)
            case {"shot": str(path)}:
                photograph(app.window, Path(path), lambda: _say(shot=path))
            case {"left": True}:
                gc.unfreeze()
                gc.collect()
                alive = sum(type(thing) is Sheet for thing in gc.get_objects())
                _say(sheets=alive, on_screen=_texts_of(app.root))
            case _:
                app.stop()

    threading.Thread(target=_listen, args=(obey,), daemon=True).start()
    app.run()
    terminal.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("--office", "--scanner", "--printer"):
        parser.add_argument(name, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--card", default="none")
    parser.add_argument("--keypad", default="none")
    parser.add_argument("--language", choices=SCREEN_LANGUAGES, default="ar")
    parser.add_argument("--staff-pin", help="the hash")
    parser.add_argument("--wrong-by", type=float, default=0.0, help="seconds that the system's clock is ahead")
    return parser.parse_args()


def _speak(screens: Any, terminal: Any) -> None:
    """Let the real voice speak into files, and tell the test what it says."""
    from kiosk.speech.beginning import let_speak
    from tests.kiosk.speech.recorder import Recorder

    let_speak(screens, (Recorder(),), terminal.volume, lambda said: _say(spoken=said.text, private=said.private))


def _set_clock_wrong(seconds: float) -> None:
    """Put the system's clock wrong for this process; what counts since the start goes right, as on a real machine."""
    right = time.time
    time.time = lambda: right() + seconds


def _listen(obey: Any) -> None:
    from kivy.clock import Clock

    for line in sys.stdin:
        order = json.loads(line)
        Clock.schedule_once(lambda _, order=order: obey(order))


def _told(state: VisitState) -> dict[str, Any]:
    under = state.under if isinstance(state, StillThere) else state
    told = {field.name: getattr(under, field.name) for field in fields(under) if field.name not in _HELD}
    listing = getattr(under, "listing", None)
    if isinstance(listing, Listing):
        told |= {"files": [each.status.tracking for each in listing.shown]}
    if isinstance(typed := getattr(under, "typed", None), Field):
        told |= {"typed": len(typed.text)}
    sheet = getattr(under, "sheet", None)
    if isinstance(sheet, Sheet):
        status = sheet.status
        told |= {"tracking": f"{status.tracking}", "state": status.state.name, "age": asdict(sheet.age)}
        told |= {"done": status.current}
    if (test := told.pop("test", None)) is not None:
        told |= {"test": type(test).__name__}
    return {name: _plain(value) for name, value in told.items()}


_HELD = {"sheet", "listing", "typed", "key", "ask", "tracking", "code", "known", "guide", "topic", "place"}
"""What states hold of a visitor, or of the office's content."""


def _texts_in_memory(backwards: str) -> int:
    """Count the texts that hold this: everything that anything refers to, dictionaries and caches among it."""
    needle = backwards[::-1]
    texts: dict[int, str | bytes | bytearray] = {
        id(one): one
        for thing in gc.get_objects()
        for one in gc.get_referents(thing)
        if type(one) in {str, bytes, bytearray}  # a proxy may have lost what it stands for
    }
    texts.pop(id(needle), None)
    return sum((needle if isinstance(one, str) else needle.encode()) in one for one in texts.values())


def _plain(value: Any) -> Any:
    if isinstance(value, CheckedPaper):
        return value.verdict.value
    if isinstance(value, frozenset):
        return sorted(_plain(one) for one in value)
    if isinstance(value, PaperHeld):
        return _plain(value.hint) or "held"
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return getattr(value, "value", value)


def _texts_of(root: Any) -> list[str]:
    return [widget.lettered.text for widget in root.walk() if hasattr(widget, "lettered")]


_ISOLATES = range(0x2066, 0x206A)


def _numbers_on(root: Any) -> list[str]:
    """The tracking numbers that can be read, as digits."""
    shown = " ".join(_texts_of(root)).translate(dict.fromkeys(_ISOLATES))
    return sorted({found.replace("-", "") for found in re.findall(r"\b\d\d-\d{4}-\d{4}-\d\b", shown)})


def _targets_of(app: Any) -> dict[str, tuple[float, float]]:
    """The middles of what can be pressed, in shares of the window from the top left."""
    from kiosk.screens.press import Pressable

    width, height = app.window.size
    pressed = (widget for widget in app.root.walk() if isinstance(widget, Pressable))
    return {one.name: (one.center_x / width, 1 - one.center_y / height) for one in pressed}


def _focus_of(root: Any) -> str | None:
    return next((widget.name for widget in root.walk() if getattr(widget, "focused", False)), None)


def _say(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")  # in one piece: the voice says things on a thread of its own
    sys.stdout.flush()


if __name__ == "__main__":
    main()
