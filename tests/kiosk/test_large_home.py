"""Home in large letters on wide panels: one page, with the instruction, every way in and the languages whole on it."""

from dataclasses import replace
from functools import cache

import pytest

from kiosk.camera import instruction
from kiosk.comfort import Comfort
from kiosk.samples import TERMINAL, now, screens
from kiosk.theme import CAPITALS_OF_EM, LEAST_CAPITALS_MM, Theme
from kiosk.visit_state import ALL_LANGUAGES, PrinterHealth, Way
from kiosk.words import words_of

from .window import window

LARGE, EASY = Comfort(text=200), Comfort(easy=True)

pytestmark = [
    pytest.mark.usefixtures("the_window"),
    pytest.mark.parametrize("size", [(1280, 800), (1920, 1080), (800, 480)]),
    pytest.mark.parametrize("language", ALL_LANGUAGES),
]


class Seen:
    """What one home showed: its faults and pages, what is pressed, its texts, and those that lie whole on its panel."""

    def __init__(self, drawn, state):
        from kiosk.screens.board import Board
        from kiosk.screens.camera import Preview
        from kiosk.screens.focus import in_reading_order
        from kiosk.screens.instruction import _Slip
        from kiosk.screens.pages import Pages, faults_on
        from kiosk.screens.press import Pressable
        from kiosk.screens.told import label_of, texts_of
        from kiosk.text import Text

        self.state, direction = state, words_of(state.language).direction
        board = drawn.build(state, print)
        self.faults = faults_on(board)
        things = list(board.walk(restrict=True))
        self.pages = max((one.count for one in things if isinstance(one, Pages)), default=1)
        grounds = [box for one in things if isinstance(one, Board) for box in one.grounds]
        texts = [one for one in things if isinstance(one, Text)]
        self.on_panel = {one.lettered.text for one in texts for box in grounds if box.y <= one.y < one.top <= box.top}
        self.read = list(texts_of(board, direction))
        self.letters = {one.lettered.text: one.lettered.style.size for one in texts}
        pressed = in_reading_order([one for one in things if isinstance(one, Pressable)], direction)
        self.pressed = {one.name: (label_of(one), min(one.width, one.height)) for one in pressed}
        pictures = [one for one in things if isinstance(one, Preview if state.held else _Slip)]
        self.picture = max((one.height for one in pictures), default=0)


@cache
def homes(size, language, comfort):
    """Return every sample of home, and what the samples have not: each notice over all ways in, all languages."""
    window()
    from kiosk.screens import Screens

    states = {name: state for name, state in screens(language).items() if name.startswith("home")}
    home = states["home"]
    states |= {
        "home-no-paper": replace(home, printer=PrinterHealth.PAPER_OUT),
        "home-starting": replace(home, scanner_ready=False),
        "home-cut-held": replace(states["home-held-dark"], link_cut=True),
        "home-six-languages": replace(home, languages=ALL_LANGUAGES),
    }
    drawn = Screens(size, TERMINAL, clock=now)
    drawn.suit(comfort)
    try:
        return {name: Seen(drawn, state) for name, state in states.items()}
    finally:
        drawn.close()


@pytest.mark.parametrize("comfort", [LARGE, EASY])
def test_home_is_one_page(size, language, comfort):
    """It was three or four, and empty on the first while a paper was held to the camera."""
    found = homes(size, language, comfort)
    assert {name: (one.pages, one.faults) for name, one in found.items() if one.pages > 1 or one.faults} == {}


@pytest.mark.parametrize("comfort", [LARGE, EASY])
def test_the_instruction_and_its_picture_stand_whole_on_it(size, language, comfort):
    words, least = words_of(language), Theme(*size).px(200)
    for name, one in homes(size, language, comfort).items():
        assert words(instruction(one.state.held)) in one.on_panel, name
        assert one.picture >= least, name


@pytest.mark.parametrize("comfort", [LARGE, EASY])
def test_every_way_in_and_every_language_is_on_it_in_the_order_of_reading(size, language, comfort):
    words, theme = words_of(language), Theme(*size)
    for name, one in homes(size, language, comfort).items():
        ways = [way.value for way in Way if way in one.state.ways]
        shown = [*one.state.languages, *({language} - {*one.state.languages})]
        assert list(one.pressed) == [
            *(f"way.{way}" for way in ways),
            *(f"language.{other}" for other in shown),
            "comfort",
        ], name
        for way in ways:
            label, side = one.pressed[f"way.{way}"]
            how = f"home.way.{way}.how"
            assert label == ", ".join([words(f"home.way.{way}"), *([words(how)] if words.has(how) else [])])
            assert side >= theme.target, name


def test_the_ways_in_are_twice_as_large_and_beside_a_notice_half_again(size, language):
    words, usual, large = words_of(language), Theme(*size), Theme(*size, text=200)
    for name, one in homes(size, language, LARGE).items():
        noticed = name in {"home-no-paper", "home-starting", "home-cut-held"}
        least = usual.type(36 * 1.5).size if noticed else large.type(36).size
        assert all(one.letters[words(f"home.way.{way.value}")] >= least for way in one.state.ways), name


def test_the_instruction_is_larger_than_in_the_usual_letters(size, language):
    usual = homes(size, language, Comfort())
    for name, one in homes(size, language, LARGE).items():
        told = words_of(language)(instruction(one.state.held))
        assert one.letters[told] > usual[name].letters[told], name


def test_what_is_read_by_the_way_has_capitals_of_4_8_mm_and_is_told_in_its_order(size, language):
    words, theme = words_of(language), Theme(*size)
    for name, one in homes(size, language, LARGE).items():
        assert min(one.letters.values()) * CAPITALS_OF_EM >= LEAST_CAPITALS_MM * theme.density - 0.5, name
        terminal = words("terminal", name=words.code(TERMINAL))
        assert one.read[:2] == [words("ministry"), terminal], name
        told = [text for text in one.read[3:] if text == words(instruction(one.state.held)) or text in _notices(words)]
        assert told[0] == words(instruction(one.state.held)), name
        assert len(told) == 1 + (not one.state.scanner_ready) + (not one.state.printer.may_print) + one.state.link_cut


def _notices(words):
    return {words("home.scanner_starting"), words("home.no_paper"), words("network.cut")}


def test_what_is_read_by_the_way_grows_as_far_as_the_rest_leaves_it_room(size, language):
    """Ministry, time, the terminal's name and what does not work had the usual letters, whatever room there was."""
    words, usual = words_of(language), Theme(*size)
    found = homes(size, language, LARGE)
    for name, one in found.items():
        small = dict.fromkeys(_notices(words) & {*one.letters}, 32) | {words("ministry"): 36}
        least = min(
            one.letters[text] / usual.type(letters, strong=letters > 32).size for text, letters in small.items()
        )
        assert least >= 1.2, name
    by_name = {one.letters[words("ministry")] for name, one in found.items() if name in {"home", "home-held"}}
    assert len(by_name) == 1, "it changes size when a paper is held to the camera"
