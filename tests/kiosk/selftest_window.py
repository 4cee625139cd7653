"""A self-test on its real screens, without a hand.

`python -m tests.kiosk.selftest_window SETTINGS SYSTEM PAPER SCANNER`: the terminal's file; a folder that stands for the
machine's files; where the virtual printer leaves its papers; a file descriptor of the scanner's other end.

The finger touches what each screen offers first; the code is read off the newest paper. Says in JSON which states were
drawn, what was found, and how long it took from the first touch.
"""

import json
import os
import sys
import time
from pathlib import Path

from devices.scanner.picture import codes_in
from kiosk.selftest_state import CodePaper, Colours, Ended, Overview, Sending, ShowCode, Slip, TouchSpots
from kiosk.settings import read_settings
from kiosk.touch import press
from kiosk.window import open_window

CHOICES = {"ColoursAhead": "colours", "DotsAsked": "dots.yes", "InsertCard": "skip", "ToneAsked": "tone.yes"}


def main() -> None:
    settings = read_settings(Path(sys.argv[1]))
    system, papers, scanner = Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
    window = open_window(*settings.screen)
    from kiosk.selftest_app import SelfTest

    drawn: list[str] = []
    began: list[float] = []
    answered: set[object] = set()

    def touch(name: str) -> None:
        from kivy.clock import Clock

        if not began:
            began.append(time.monotonic())
        Clock.schedule_once(lambda _: press(window, test.app.root, name))

    def seen(state: object) -> None:
        name = type(state).__name__
        if drawn[-1:] != [name]:
            drawn.append(name)
        if repr(state) in answered:
            return
        answered.add(repr(state))
        match state:
            case Overview(_, _, False):
                touch("begin")
            case TouchSpots(_, at):
                touch(f"spot.{at}")
            case Colours():
                touch("colour")
            case ShowCode(_, CodePaper.THERE):
                newest = max(papers.glob("paper-*.png"))
                os.write(int(scanner), codes_in(newest)[0] + b"\r")
            case Ended(_, _, slip, sending) if slip is not Slip.PRINTING and sending is not Sending.SENDING:
                drawn.append(f"{time.monotonic() - began[0]:.1f} s")
                touch("leave")
            case _ if name in CHOICES:
                touch(CHOICES[name])
            case _:
                pass

    test = SelfTest(window, settings, settings.language, system=system, drawn=seen)
    ended = test.run()
    assert ended is not None
    parts = {part.name.lower(): finding.detail for part, finding in ended.findings.items()}
    said = {"drawn": drawn[:-1], "hands": drawn[-1], "slip": ended.slip.value, "sending": ended.sending.value}
    print(json.dumps(said | {"parts": parts}))


if __name__ == "__main__":
    main()
