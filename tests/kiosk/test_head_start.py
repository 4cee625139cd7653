"""What is made ready beside the opening of the window is what home needs."""

import sys
from pathlib import Path

import pytest

from kiosk import head_start
from kiosk.settings import Settings
from kiosk.visit_state import SCREEN_LANGUAGES, Home, PrinterHealth

from .window import SIZE, window

pytestmark = pytest.mark.usefixtures("the_window")


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_every_word_of_home_is_lettered_beside_the_window(monkeypatch, language):
    window()
    from kiosk.screens import Screens
    from kiosk.text import Text

    lettered = set()

    class Paragraph:
        def __init__(self, text, _style, _direction):
            lettered.add(text)

        def alpha(self):
            return b""

    monkeypatch.setattr(head_start, "Paragraph", Paragraph)
    settings = Settings("http://127.0.0.1:9", Path(), language=language, screen=SIZE)
    head_start._letter_home(settings)

    screens = Screens(settings.screen, settings.name)
    board = screens.build(Home(language, False, PrinterHealth.OFFLINE, False), lambda _: None)
    on_home = {widget.lettered.text for widget in board.walk() if isinstance(widget, Text)}
    screens.close()
    assert on_home <= lettered


def test_a_head_start_leaves_pythons_turns_as_they_were(monkeypatch):
    usual = sys.getswitchinterval()
    monkeypatch.setattr(head_start, "_letter_home", lambda _: None)
    head_start._make_ready(Settings("http://127.0.0.1:9", Path()))
    assert sys.getswitchinterval() == usual
