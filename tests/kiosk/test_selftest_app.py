"""The self-test on its real screens, with a real printer and a scanner, in a process of its own."""

import json
import os
import subprocess
import sys
import tty
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.samples import TERMINAL, now, screens
from kiosk.selftest_samples import selftest_screens
from kiosk.visit_state import SCREEN_LANGUAGES
from kiosk.words import words_of
from tests.devices.peers import PrinterPeer, new_printer

from .pages import texts_on
from .window import SIZE, window

pytestmark = pytest.mark.usefixtures("the_window")

__all__ = ["new_printer"]  # fixtures


def screens_of(size: tuple[int, int]):
    window()
    from kiosk.screens import Screens
    from kiosk.screens.selftest import SelfTestScreens

    screens = Screens(size, TERMINAL, clock=now)
    return screens, SelfTestScreens(screens)


def faults(size: tuple[int, int], language) -> list[str]:
    from kiosk.screens.pages import Pages

    screens, selftest = screens_of(size)
    found = []
    for name, state in selftest_screens(language).items():
        board = selftest.build(state, lambda _: None)
        pages = [widget for widget in board.walk() if isinstance(widget, Pages)]
        for page in range(max((widget.count for widget in pages), default=1)):
            for widget in pages:
                widget.turn(page)
            found += [f"{name}: {fault}" for fault in board.overflow()]
        selftest.forget()
    screens.close()
    return found


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_every_state_fits_its_screen_whole(language) -> None:
    assert faults(SIZE, language) == []


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_an_answer_to_yes_has_one_word_on_every_screen(language) -> None:
    """«كلا» was asked for of a visitor, and «لا» of a technician."""
    words = words_of(language)
    answers = {words("button.yes"), words("button.no")}
    drawn, selftest = screens_of(SIZE)
    assert answers <= set(texts_on(drawn.build(screens(language)["printed"], lambda _: None)))
    assert answers <= set(texts_on(selftest.build(selftest_screens(language)["tone"], lambda _: None)))
    drawn.close()


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800), (800, 480)])
def test_other_panels_show_it_whole_too(size: tuple[int, int]) -> None:
    assert faults(size, "fr") == []


def test_every_target_is_20_millimetres_high() -> None:
    from kiosk.screens.press import Pressable
    from kiosk.theme import Theme

    least = Theme(*SIZE).target
    screens, selftest = screens_of(SIZE)
    for state in selftest_screens("ar").values():
        for widget in selftest.build(state, lambda _: None).walk():
            assert not isinstance(widget, Pressable) or (widget.height >= least and widget.width >= least)
    screens.close()


def test_nine_spots_reach_every_corner() -> None:
    from kiosk.screens.press import Pressable
    from kiosk.selftest_state import SPOTS, TouchSpots

    screens, selftest = screens_of(SIZE)
    places = set()
    for at in range(SPOTS):
        board = selftest.build(TouchSpots("ar", at), lambda _: None)
        (spot,) = (widget for widget in board.walk() if isinstance(widget, Pressable))
        places.add((round(3 * spot.center_x / SIZE[0] - 0.5), round(3 * spot.center_y / SIZE[1] - 0.5)))
    screens.close()
    assert places == {(x, y) for x in range(3) for y in range(3)}


def test_a_colour_covers_every_dot() -> None:
    from PIL import Image

    from kiosk.selftest_state import COLOURS, Colours
    from kiosk.window import save_frame

    from .window import flips

    screens, selftest = screens_of(SIZE)
    shot = Path(os.environ.get("TMPDIR", "/tmp")) / f"colour-{os.getpid()}.png"
    for at in range(COLOURS):
        board = selftest.build(Colours("ar", at), lambda _: None)
        window().add_widget(board)

        def save(*_: object) -> None:
            save_frame(window(), shot)

        window().bind(on_flip=save)
        flips(2)
        window().unbind(on_flip=save)
        window().remove_widget(board)
        with Image.open(shot) as picture:
            assert len(picture.getcolors() or []) == 1, f"colour {at}"
    shot.unlink()
    screens.close()


def test_a_technician_goes_through_the_whole_test(tmp_path: Path, new_printer: Callable[..., PrinterPeer]) -> None:
    printer = new_printer()
    sound = tmp_path / "system/sys/class/sound/pcmC0D0p"
    sound.mkdir(parents=True)
    (tmp_path / "aplay").write_text("#!/bin/sh\ncat >/dev/null\n")
    (tmp_path / "aplay").chmod(0o755)
    ours, its = os.openpty()
    tty.setraw(its)
    file = tmp_path / "terminal.toml"
    file.write_text(
        f'version = 1\n[terminal]\nname = "T-03"\ndata = "{tmp_path / "data"}"\nscreen = [540, 960]\n'
        f'[office]\nurl = "http://127.0.0.1:9"\n'
        f'[devices]\nprinter = "{printer.address}"\nscanner = "serial:{os.ttyname(its)}"\n'
    )
    command = [sys.executable, "-m", "tests.kiosk.selftest_window", str(file), str(tmp_path / "system")]
    done = subprocess.run(
        [*command, str(printer.paper), str(ours)],
        pass_fds=[ours],
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    os.close(ours)
    os.close(its)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    steps = [name for name in told["drawn"] if name != "Overview"]
    assert steps == ["TouchSpots", "ColoursAhead", "Colours", "DotsAsked", "ShowCode", "ToneAsked", "Ended"]
    parts = told["parts"]
    assert [parts[name] for name in ("panel", "touch", "scanner", "printer", "sound", "disk")] == ["good"] * 6
    assert (parts["network"], parts["clock"]) == ("no_answer", "no_office")
    assert (told["slip"], told["sending"]) == ("printed", "kept")
    assert len(printer.papers()) == 2
    assert len(list((tmp_path / "data/readiness").glob("*.cbor"))) == 1
