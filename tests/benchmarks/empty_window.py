"""The floor for the terminal's start and memory: an empty Kivy window of the same size, `python -m ... WIDTH HEIGHT`.

With `filled`, one rectangle fills it: the first shape makes Mesa load what draws without a graphics processor.
Says so in one line of JSON when its first complete picture is there, then stays open.
"""

import sys

from kiosk.window import finish_frame, open_window


def main() -> None:
    window = open_window(int(sys.argv[1]), int(sys.argv[2]), stock=True)
    from kivy.base import runTouchApp
    from kivy.graphics import Rectangle
    from kivy.uix.widget import Widget

    root = Widget()
    if "filled" in sys.argv:
        with root.canvas:
            Rectangle(size=window.size)
    flips = 0

    def flipped(*_: object) -> None:
        nonlocal flips
        finish_frame()
        flips += 1
        if flips == 1:  # the first flip is black, the second is complete
            window.canvas.ask_update()
        elif flips == 2:
            print("{}", flush=True)

    window.bind(on_flip=flipped)
    runTouchApp(root)


if __name__ == "__main__":
    main()
