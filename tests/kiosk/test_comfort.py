"""As the visitor wants it: contrast, larger letters, within reach, unhurried; for the visit, and no longer."""

from dataclasses import replace
from itertools import product

import pytest

from central_api.contract.slips import Slip, slip_url
from devices.lettering import isolate_ltr
from kiosk.account import tell
from kiosk.comfort import LEAST_VOLUME, TEXT_SIZES, Comfort, Contrast
from kiosk.flow import Flow
from kiosk.flow.by_slip import STATUS_ASKS_AFTER
from kiosk.flow.sitting import ANSWER_WITHIN
from kiosk.flow.with_time import HOME_FORGETS_LANGUAGE_AFTER, UNHURRIED
from kiosk.samples import TERMINAL, now, screens, sheets
from kiosk.selftest_samples import selftest_screens
from kiosk.speech.said import Hearing
from kiosk.theme import CAPITALS_OF_EM, LEAST_CAPITALS_MM, PALETTES, USUAL, Theme
from kiosk.visit_events import (
    ComfortChosen,
    FinishPressed,
    HeadphonesChanged,
    Listened,
    LookedUp,
    LookUp,
    Scanned,
    ScannerChanged,
    StayPressed,
    Ticked,
    Touched,
)
from kiosk.visit_state import CORE_LANGUAGES, SCREEN_LANGUAGES, Found, Home, Problem, ShowStatus, StillThere
from kiosk.words import words_of

from .seen import faults_of, seen
from .window import SIZE, window

HOST = "ISTILAM.EXAMPLE"
LARGEST = Comfort(text=200)
LOW_AND_EASY = Comfort(low_reach=True, easy=True)
LARGE = Comfort(text=200, contrast=Contrast.HIGH, low_reach=True)


class Visitor:
    """A flow with a clock in the visitor's hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.flow = Flow([HOST], now=0.0)
        self.flow.handle(ScannerChanged(True))

    def waits(self, seconds: float) -> None:
        for _ in range(int(seconds * 2)):
            self.now += 0.5
            self.flow.handle(Ticked(self.now))

    def shows_slip(self) -> None:
        slip = slip_url(HOST, Slip("26318283312", bytes(16))).encode()
        for effect in self.flow.handle(Scanned(slip)):
            if isinstance(effect, LookUp):
                self.flow.handle(LookedUp(effect.visit, Found(sheets()["under-review"])))


@pytest.fixture
def visitor():
    return Visitor()


def test_it_stays_for_the_visit_and_no_longer(visitor):
    visitor.flow.handle(ComfortChosen(LARGE))
    visitor.shows_slip()
    assert isinstance(visitor.flow.state, ShowStatus)
    assert visitor.flow.comfort == LARGE
    visitor.flow.handle(FinishPressed())
    assert visitor.flow.comfort == Comfort()


def test_another_slip_is_another_visitor(visitor):
    visitor.shows_slip()
    visitor.flow.handle(ComfortChosen(LARGE))
    other = slip_url(HOST, Slip("26318283312", b"another visitor!")).encode()
    visitor.flow.handle(Scanned(other))
    assert visitor.flow.comfort == Comfort()


def test_who_leaves_home_untouched_leaves_nothing_of_it(visitor):
    visitor.flow.handle(ComfortChosen(LARGE))
    visitor.waits(HOME_FORGETS_LANGUAGE_AFTER + 5)
    assert visitor.flow.comfort == LARGE  # who reads slowly takes his time
    visitor.waits(HOME_FORGETS_LANGUAGE_AFTER * UNHURRIED)
    assert visitor.flow.comfort == Comfort()


def test_what_comes_is_seen_and_not_the_choices(visitor):
    visitor.flow.handle(ComfortChosen(replace(LARGE, choosing=True)))
    visitor.shows_slip()
    assert not visitor.flow.comfort.choosing


def test_the_plug_is_no_choice_and_stays_over_visits(visitor):
    visitor.flow.handle(ComfortChosen(Comfort(headphones=True, blank=True)))
    assert visitor.flow.comfort == Comfort()
    visitor.flow.handle(HeadphonesChanged(True))
    visitor.flow.handle(ComfortChosen(Comfort(blank=True)))
    assert visitor.flow.comfort == Comfort(headphones=True, blank=True)
    visitor.flow.handle(HeadphonesChanged(False))  # nobody is left before a black screen
    assert visitor.flow.comfort == Comfort()
    visitor.flow.handle(HeadphonesChanged(True))
    visitor.shows_slip()
    visitor.flow.handle(FinishPressed())
    assert visitor.flow.comfort == Comfort(headphones=True)


def test_the_headphones_are_turned_louder_and_softer_for_this_visit_alone(visitor):
    visitor.flow.handle(ComfortChosen(Comfort().louder(1, 70)))
    assert visitor.flow.comfort.loudness(70) == 70, "the loudspeaker's loudness is the office's"
    visitor.flow.handle(HeadphonesChanged(True))
    assert visitor.flow.comfort.loudness(70) == 70
    assert visitor.flow.comfort.loudness(0) > 0, "a lobby that wants silence leaves nobody without a voice in his ear"
    for step, heard in ((1, 80), (1, 90), (1, 100), (1, 100), (-1, 90), *((-1, None),) * 20):
        visitor.flow.handle(ComfortChosen(visitor.flow.comfort.louder(step, 70)))
        assert heard is None or visitor.flow.comfort.loudness(70) == heard
    assert visitor.flow.comfort.loudness(70) == LEAST_VOLUME, "who turns it down finds the way back"
    visitor.shows_slip()
    visitor.flow.handle(FinishPressed())
    assert visitor.flow.comfort.loudness(70) == 70
    visitor.flow.handle(ComfortChosen(visitor.flow.comfort.louder(3, 70)))
    visitor.flow.handle(HeadphonesChanged(False))
    visitor.flow.handle(HeadphonesChanged(True))
    assert visitor.flow.comfort.loudness(70) == 70, "the next ear is not startled"


def test_who_hears():
    assert Comfort().hearing is Hearing.NOBODY
    assert Comfort(listen=True).hearing is Hearing.LOBBY
    assert Comfort(listen=True, headphones=True).hearing is Hearing.EAR


def test_time_does_not_run_while_something_is_said_at_the_ear(visitor):
    visitor.flow.handle(HeadphonesChanged(True))
    visitor.shows_slip()
    for _ in range(int(STATUS_ASKS_AFTER)):
        visitor.waits(2)
        visitor.flow.handle(Listened())
    assert isinstance(visitor.flow.state, ShowStatus)
    visitor.waits(STATUS_ASKS_AFTER + 1)
    assert isinstance(visitor.flow.state, StillThere)


def test_a_problem_stands_longer_for_who_takes_longer(visitor):
    visitor.flow.handle(ComfortChosen(Comfort(easy=True)))
    visitor.flow.handle(Scanned(b"something else"))
    visitor.waits(60)
    assert isinstance(visitor.flow.state, Problem)
    visitor.waits(40)
    assert isinstance(visitor.flow.state, Home)


def test_the_visit_is_prolonged_ten_times_with_twenty_seconds_to_answer(visitor):
    visitor.shows_slip()
    for _ in range(10):
        visitor.waits(STATUS_ASKS_AFTER + 1)
        assert isinstance(visitor.flow.state, StillThere)
        visitor.waits(ANSWER_WITHIN - 3)
        assert isinstance(visitor.flow.state, StillThere)
        visitor.flow.handle(Touched())
        visitor.flow.handle(StayPressed())
        assert isinstance(visitor.flow.state, ShowStatus)


def test_the_tap_that_wakes_the_screen_chooses_nothing(visitor):
    visitor.waits(130)
    assert visitor.flow.state.dimmed
    visitor.flow.handle(Touched())
    visitor.flow.handle(ComfortChosen(LARGE))
    assert visitor.flow.comfort == Comfort()


# ---- the tokens ----


def luminance(colour):
    """As WCAG 2.2 defines relative luminance."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", Contrast)
def test_every_text_holds_a_contrast_of_7_to_1(theme):
    palette = PALETTES[theme]
    texts = [
        *product((palette.ink, palette.soft, palette.green), (palette.paper, palette.card)),
        *product((palette.amber, palette.red), (palette.paper, palette.card)),
        *((palette.ink, ground) for ground in (palette.green_ground, palette.amber_ground, palette.red_ground)),
        (palette.green, palette.green_ground),
        (palette.amber, palette.amber_ground),
        (palette.red, palette.red_ground),
        (palette.blue, palette.blue_ground),
        (palette.on_green, palette.green),
    ]
    assert min(contrast(*pair) for pair in texts) >= 7


@pytest.mark.parametrize("theme", Contrast)
def test_the_ring_of_the_focus_and_the_edges_of_what_is_pressed_are_seen(theme):
    """Rows, ways in and languages held 1.4:1 in the light theme, and 2.2:1 in the dark one."""
    palette = PALETTES[theme]
    assert contrast(palette.blue, palette.paper) >= 3
    for edge, ground in product((palette.edge, palette.green), (palette.paper, palette.card)):
        assert contrast(edge, ground) >= 3


@pytest.mark.usefixtures("the_window")
@pytest.mark.parametrize("theme", Contrast)
def test_whatever_is_pressed_has_an_edge_that_is_seen(theme):
    """Also where it is made by no pen: all of it stands on paper."""
    window()
    from kivy.graphics import Color

    from kiosk.screens import Screens
    from kiosk.screens.board import Board
    from kiosk.screens.press import Cover

    drawn, paper, seen = Screens(SIZE, TERMINAL, clock=now), PALETTES[theme].paper, 0
    drawn.suit(Comfort(contrast=theme))
    for name, state in screens("ar").items():
        board = drawn.build(state, print)
        grounds = [box for one in board.walk(restrict=True) if isinstance(one, Board) for box in one.grounds]
        for one in pressable(board).values():
            if isinstance(one, Cover):
                continue
            fill, edge = (part.rgba for part in one.canvas.before.children if isinstance(part, Color))
            assert contrast(edge, paper) >= 3, (name, one.name)
            assert contrast(fill, paper) >= 3 or contrast(edge, fill) >= 3, (name, one.name)
            assert not any(box.x < one.center_x < box.right and box.y < one.center_y < box.top for box in grounds), name
            seen += 1
    drawn.close()
    assert seen >= 600


@pytest.mark.parametrize(("size", "millimetres"), [((1080, 1920), (268, 476)), ((1280, 800), (217, 136))])
def test_capitals_and_targets_are_measured_on_the_panel_itself(size, millimetres):
    density = min(pixels / long for pixels, long in zip(size, millimetres, strict=True))
    theme = Theme(*size, pixels_per_mm=density)
    assert theme.target >= 20 * density - 0.5
    for letters in (28, 30, 32, 64):
        assert theme.type(letters).size * CAPITALS_OF_EM >= LEAST_CAPITALS_MM * density - 0.5


def test_twice_the_letters_and_nothing_to_press_above_an_arm_s_rest():
    usual = Theme(*SIZE)
    suited = usual.suited(LARGE)
    assert suited.type(32).size == 2 * usual.type(32).size
    assert suited.height == usual.height, "what is only read has the whole panel"
    assert (suited.height - suited.beyond_reach) / suited.density <= 301
    assert Theme(1920, 1080).suited(LARGE).beyond_reach == 0
    assert not usual.suited(Comfort(easy=True)).moves


# ---- the screens ----


@pytest.fixture
def drawn():
    window()
    from kiosk.screens import Screens

    screens = Screens(SIZE, TERMINAL, clock=now)
    yield screens
    screens.suit(Comfort())
    screens.close()


def pressable(board):
    from kiosk.screens.press import Pressable

    return {widget.name: widget for widget in board.walk(restrict=True) if isinstance(widget, Pressable)}


@pytest.mark.usefixtures("the_window")
@pytest.mark.parametrize(
    ("comfort", "language"),
    [(Comfort(text=200), "fr"), (Comfort(low_reach=True), "fr"), (LOW_AND_EASY, "ar"), (LARGE, "ar")],
)
def test_every_state_is_whole_in_every_way(comfort, language):
    assert faults_of(SIZE, language, comfort) == []


@pytest.mark.usefixtures("the_window")
@pytest.mark.parametrize(("size", "language"), [(SIZE, "ar"), (SIZE, "fr"), ((800, 480), "fr")])
def test_letters_grow_to_twice_their_size_on_every_screen(size, language):
    drawn = seen(size, language, LARGEST)
    assert faults_of(size, language, LARGEST) == []
    assert {name: one.letters for name, one in drawn.items() if one.letters < 200} == {}
    keyboards = [name for name, one in drawn.items() if any(target.startswith("key.") for target in one.targets)]
    assert keyboards and not any(drawn[name].in_parts for name in keyboards)  # field and keys stay together


@pytest.mark.usefixtures("the_window")
def test_what_letters_leave_no_room_for_is_looked_at_part_by_part(drawn):
    from kiosk.screens.pages import Pages

    usual = set(pressable(drawn.build(screens("fr")["home-held"], print)))
    drawn.suit(LARGEST)
    drawn._themes = lambda: iter([(drawn._theme, True, True)])  # part by part, though a page holds it
    board = drawn.build(screens("fr")["home-held"], print)
    assert drawn.in_parts
    pages = next(widget for widget in board.walk() if isinstance(widget, Pages))
    reached = [pressable(pages.board(at)) for at in range(pages.count)]
    assert usual <= {name for targets in reached for name in targets}, "every target is on some part"
    everywhere = set.intersection(*map(set, reached)) - {"page.next", "page.back"}
    assert everywhere == {"comfort", "language.ar", "language.fr", "language.en"}
    once = [name for targets in reached for name in targets if name in usual - everywhere]
    assert sorted(once) == sorted(usual - everywhere), "and but for these on one alone"
    pages.turn(1)
    again = drawn.build(screens("fr")["home-held"], print)
    turned = next(widget for widget in again.walk() if isinstance(widget, Pages))
    assert turned.at == 1, "a printer that reports does not turn the page under its reader"
    drawn.forget()
    first = next(
        widget for widget in drawn.build(screens("fr")["home-held"], print).walk() if isinstance(widget, Pages)
    )
    assert first.at == 0


@pytest.mark.usefixtures("the_window")
def test_the_choices_are_found_and_made_on_the_screen(drawn):
    sent = []
    home = screens("ar")["home"]
    pressable(drawn.build(home, sent.append))["comfort"].do()
    assert sent == [ComfortChosen(Comfort(choosing=True))]
    drawn.suit(Comfort(choosing=True))
    choices = pressable(drawn.build(home, sent.append))
    assert {f"comfort.text.{size}" for size in TEXT_SIZES} < set(choices)
    assert choices["comfort.light"].chosen and not choices["comfort.dark"].chosen
    for name, wanted in (
        ("comfort.text.200", Comfort(choosing=True, text=200)),
        ("comfort.high", Comfort(choosing=True, contrast=Contrast.HIGH)),
        ("comfort.easy", Comfort(choosing=True, easy=True)),
        ("comfort.low_reach", Comfort(choosing=True, low_reach=True)),
        ("comfort.back", Comfort()),
    ):
        choices[name].do()
        assert sent[-1] == ComfortChosen(wanted)
    assert "comfort.blank" not in choices  # nobody wants a black screen who does not listen


@pytest.mark.usefixtures("the_window")
def test_a_blank_screen_shows_again_at_a_touch_and_its_keys_go_on(drawn):
    sent = []
    blank = Comfort(headphones=True, blank=True)
    drawn.suit(blank)
    board = drawn.build(screens("ar")["status-under-review"], sent.append)
    targets = pressable(board)
    assert {"print", "finish", "comfort.show"} <= set(targets)
    from kiosk.screens.press import Cover

    top = board.children[0] if isinstance(board.children[0], Cover) else None
    assert top is not None and tuple(top.size) == tuple(board.size)  # a finger meets it first, wherever it comes down
    top.do()
    assert sent == [ComfortChosen(Comfort(headphones=True))]


@pytest.mark.usefixtures("the_window")
@pytest.mark.parametrize(
    ("comfort", "language"), [(Comfort(low_reach=True), "fr"), (LOW_AND_EASY, "ar"), (LARGE, "ar")]
)
def test_within_reach_everything_to_press_is_low_on_a_tall_panel(comfort, language):
    highest = {name: one.highest for name, one in seen(SIZE, language, comfort).items()}
    assert {name: top for name, top in highest.items() if top > 300 * 4.03 + 1} == {}


@pytest.mark.usefixtures("the_window")
@pytest.mark.parametrize("language", ["ar", "fr", "en", "fil"])
def test_within_reach_in_the_easy_view_each_page_of_a_list_shows_three_files_or_more(drawn, language):
    drawn.suit(LOW_AND_EASY)
    states = [screens(language)[f"list-many-{at}"] for at in (0, 20)]
    for state in states:
        targets = pressable(drawn.build(state, print))
        assert sum(name.startswith("file.") for name in targets) >= 3
        assert {"print", "add", "finish", "page.next", "button.search", "comfort"} <= set(targets)


@pytest.mark.usefixtures("the_window")
@pytest.mark.parametrize("language", ["ar", "fr", "en", "bn"])
@pytest.mark.parametrize("comfort", [LOW_AND_EASY, LARGEST])
def test_the_words_of_a_row_of_actions_are_of_one_size_and_the_main_ones_never_smaller(drawn, language, comfort):
    """“Imprimer l’état” was smaller than “Quitter” beside it, which stood in one line."""
    drawn.suit(comfort)
    rows = {
        "status-under-review": ("print", "add", "finish"),
        "list-few": ("print", "add", "finish"),
        "list-search": ("enter", "back", "finish"),
        "staff-devices-trouble": ("test_page", "reopen", "back"),
    }
    for name, actions in rows.items():
        if name not in screens(language) or (language == "bn" and name.startswith("staff")):
            continue
        targets = pressable(drawn.build(screens(language)[name], print))
        main, *others = (
            {text.lettered.style.size for text in targets[one].children if hasattr(text, "lettered")}
            for one in actions
            if one in targets
        )
        assert len(set().union(*others)) == 1, name
        assert max(main) >= max(set().union(*others)), name


@pytest.mark.usefixtures("the_window")
def test_a_single_action_is_lettered_however_long_it_is(drawn):
    from kiosk.screens.actions import Action, place_actions

    drawn.suit(LARGEST)
    board = drawn.compose("fr", lambda pen: place_actions(pen, (Action("one", "Reconnecter " * 9, 1),), print), "one")
    assert "one" in pressable(board)


@pytest.mark.usefixtures("the_window")
@pytest.mark.parametrize(("language", "written"), [("ar", "150%"), ("fr", "150\u202f%"), ("en", "150%")])
def test_a_share_is_written_as_its_language_does(drawn, language, written):
    """The choices said “150 %” in every language, the staff corner “70%” in two of them."""
    from kiosk.text import Text

    drawn.suit(Comfort(choosing=True))
    board = drawn.build(screens(language)["home"], print)
    texts = {one.lettered.text for one in board.walk(restrict=True) if isinstance(one, Text)}
    assert isolate_ltr(written) in texts
    assert words_of(language).percent(150) == isolate_ltr(written)


@pytest.mark.usefixtures("the_window")
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("size", [SIZE, (1280, 800)])
def test_in_the_easy_view_the_rows_of_a_list_are_of_one_size(size, language):
    """A group that ended a page early, or a printer without paper, made the letters of every row smaller."""
    from kiosk.screens import Screens
    from kiosk.screens.press import Pressable
    from kiosk.text import Text

    drawn = Screens(size, TERMINAL, clock=now)
    drawn.suit(LOW_AND_EASY)
    letters: dict[str, set[int]] = {}
    for name in ("list-few", "list-no-paper", "list-many-0", "list-many-39", "list-searched"):
        board = drawn.build(screens(language)[name], print)
        rows = [one for one in board.walk(restrict=True) if isinstance(one, Pressable) and one.name.startswith("file.")]
        letters[name] = {text.lettered.style.size for row in rows for text in row.children if isinstance(text, Text)}
    drawn.close()
    assert letters["list-few"] == letters["list-no-paper"]
    assert letters["list-many-0"] == letters["list-many-39"] == letters["list-searched"]


@pytest.mark.usefixtures("the_window")
@pytest.mark.parametrize("language", SCREEN_LANGUAGES + CORE_LANGUAGES)
def test_the_easy_view_leaves_no_action_out_and_sets_the_main_one_first_and_tallest(drawn, language):
    drawn.suit(LOW_AND_EASY)
    targets = pressable(drawn.build(screens(language)["status-under-review"], print))
    main, *others = (targets[name] for name in ("print", "add", "finish"))
    assert all(main.top >= other.top and main.height >= other.height for other in others)


@pytest.mark.usefixtures("the_window")
@pytest.mark.parametrize("language", SCREEN_LANGUAGES + CORE_LANGUAGES)
def test_home_keeps_its_picture_within_reach_in_the_easy_view(drawn, language):
    from kiosk.screens.camera import Preview
    from kiosk.screens.signs import SignWidget

    drawn.suit(LOW_AND_EASY)
    for name, picture in (("home", SignWidget), ("home-held-dark", Preview)):
        board = drawn.build(screens(language)[name], print)
        assert any(isinstance(widget, picture) and widget.height >= 200 for widget in board.walk()), name


@pytest.mark.usefixtures("the_window")
@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_within_reach_each_screen_of_the_staff_corner_keeps_the_way_back(drawn, language):
    drawn.suit(LOW_AND_EASY)
    for name in ("staff-levels", "staff-languages"):
        assert {"back", "finish", "comfort"} <= set(pressable(drawn.build(screens(language)[name], print))), name


@pytest.mark.usefixtures("the_window")
def test_the_self_test_takes_the_whole_panel_whatever_is_within_reach(drawn):
    from kiosk.screens.pages import faults_on
    from kiosk.screens.selftest import SelfTestScreens

    drawn.suit(LOW_AND_EASY)
    states = selftest_screens("fr")
    selftest = SelfTestScreens(drawn)
    colour = selftest.build(states["colour-red"], print)
    assert tuple(pressable(colour)["colour"].size) == SIZE
    assert faults_on(colour) == []
    spot = selftest.build(states["spots-0"], print)
    assert pressable(spot)["spot.0"].top > SIZE[1] - 50


@pytest.mark.usefixtures("the_window")
def test_what_is_pressed_out_of_reach_is_a_fault(drawn):
    drawn.suit(LOW_AND_EASY)
    board = drawn.build(screens("fr")["status-under-review"], print)
    assert board.overflow() == []
    pressable(board)["print"].top = SIZE[1]
    assert "out of reach: print" in board.overflow()


@pytest.mark.usefixtures("the_window")
def test_within_reach_in_the_easy_view_a_file_shows_its_answer_on_every_page(drawn):
    from kiosk.screens.pages import Pages
    from kiosk.text import Text

    drawn.suit(LOW_AND_EASY)
    state = screens("ar")["list-status"]
    board = drawn.build(state, print)
    pages = next(widget for widget in board.walk() if isinstance(widget, Pages))
    answer = tell(state.sheet, words_of("ar")).answer
    for at in range(pages.count):
        assert answer in {one.lettered.text for one in pages.board(at).walk() if isinstance(one, Text)}


def test_the_usual_size_is_the_theme_s():
    assert Theme(*SIZE).text == USUAL
