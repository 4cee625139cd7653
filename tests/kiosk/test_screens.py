"""The screens in a real window: every state drawn whole in three languages, mirrored, pressed, and let go of."""

import gc
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from kiosk.comfort import Comfort
from kiosk.samples import TERMINAL, now, screens
from kiosk.visit_events import (
    CardChosen,
    FinishPressed,
    HelpHeld,
    HelpReleased,
    LanguageChosen,
    NumberChosen,
    OtherServicesChosen,
    PrintPressed,
    StayPressed,
)
from kiosk.visit_state import CORE_LANGUAGES, SCREEN_LANGUAGES, NotPrinted, PrinterProblem
from kiosk.words import words_of

from .offered import offered
from .pages import pages_of, texts_on
from .seen import faults_of, seen
from .window import SIZE, flips, window

pytestmark = pytest.mark.usefixtures("the_window")

NAMES = tuple(screens("ar"))


@pytest.fixture(scope="module")
def drawn():
    window()
    from kiosk.screens import Screens

    screens = Screens(SIZE, TERMINAL, clock=now)
    yield screens
    screens.close()


@pytest.fixture
def shown(drawn):
    """Show a state in the window; gives its board and what it sent."""
    boards = []

    def show(state):
        sent = []
        board = drawn.build(state, sent.append)
        window().add_widget(board)
        boards.append(board)
        return SimpleNamespace(board=board, sent=sent)

    yield show
    for board in boards:
        window().remove_widget(board)
    drawn.forget()


def texts(board):
    from kiosk.text import Text

    return [widget.lettered.text for widget in board.walk() if isinstance(widget, Text)]


def names(board):
    return {widget.name: widget for widget in board.walk() if hasattr(widget, "name")}


def finger(board, name, *, lift_at=None):
    """Touch a named widget and lift again, through Kivy's own input."""
    touch = begun(board, name)
    if lift_at is not None:
        touch.move({"x": lift_at[0] / SIZE[0], "y": lift_at[1] / SIZE[1]})
    lifted(touch)


def begun(board, name):
    """A finger that came down on a named widget."""
    from kivy.base import EventLoop

    from kiosk.touch import Finger

    if EventLoop.status != "started":
        EventLoop.start()
    target = names(board)[name]
    touch = Finger(target.center_x / SIZE[0], target.center_y / SIZE[1])
    EventLoop.post_dispatch_input("begin", touch)
    return touch


def lifted(touch):
    from kivy.base import EventLoop

    EventLoop.post_dispatch_input("end", touch)


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_a_printer_that_was_mended_is_no_longer_said_to_be_out_of_paper(shown, language):
    """With new paper in, "Print again" stood beside "The printer is out of paper"."""
    failed = replace(screens(language)["not-printed-paper_out"], can_print=True)
    why = words_of(language)("not_printed.paper_out")
    assert why in texts(shown(failed).board)
    mended = texts(shown(replace(failed, mended=True)).board)
    assert why not in mended
    assert words_of(language)("button.again") in mended


@pytest.mark.parametrize("comfort", [Comfort(), Comfort(text=200)], ids=["usual", "large"])
@pytest.mark.parametrize("language", SCREEN_LANGUAGES + CORE_LANGUAGES)
def test_an_answer_says_that_nothing_is_printed_now(shown, drawn, language, comfort):
    """Where “Print” is on other days stood “Show the code”, and no word of why."""
    drawn.suit(comfort)
    try:
        for name, without in (("status-no-paper", True), ("status-returned", False)):
            board = shown(screens(language)[name]).board
            said = [*texts(board), *(text for page in pages_of(board) for text in texts_on(page))]
            assert (words_of(language)("list.no_paper") in said) is without
    finally:
        drawn.suit(Comfort())


@pytest.mark.parametrize("language", SCREEN_LANGUAGES + CORE_LANGUAGES)
def test_who_gets_no_paper_reads_what_stands_in_for_it(shown, language):
    """Of what a request asks for it said only that the printer is out of paper, and that a torn piece is void."""
    words = words_of(language)
    for name, key in (("paper_out", "code"), ("requirements", "requirements")):
        assert words(f"not_printed.{key}") in texts(shown(screens(language)[f"not-printed-{name}"]).board)


@pytest.mark.parametrize("language", SCREEN_LANGUAGES + CORE_LANGUAGES)
def test_a_search_that_finds_nothing_says_so_in_words(shown, language):
    """It said « 0 dossier trouvé »."""
    assert words_of(language)("search.none") in texts(shown(screens(language)["list-search-none"]).board)


def test_a_field_has_amber_round_it_where_something_is_wrong_with_what_stands_there(drawn):
    """A wrong number or code left it green, where what opens a card's chip turned it amber."""
    from kivy.graphics import Color

    from kiosk.theme import LIGHT

    def line(name):
        field = names(drawn.build(screens("ar")[name], print))["field"]
        *_, last = (tuple(one.rgba) for one in field.canvas.before.children if isinstance(one, Color))
        return last

    wrong = ("number-wrong", "number-incomplete", "code-no-match", "code-last-try", "code-incomplete")
    right = ("number", "number-begun", "number-complete", "number-from-slip", "code", "code-from-paper")
    assert {line(name) for name in wrong} == {tuple(LIGHT.amber)}
    assert {line(name) for name in right} == {tuple(LIGHT.green)}


@pytest.mark.parametrize("language", SCREEN_LANGUAGES + CORE_LANGUAGES)
def test_a_printer_that_fell_silent_is_not_said_to_have_printed_nothing(shown, language):
    """The title was certain, though the line under it said that nobody knows."""
    said, words = texts(shown(screens(language)["not-printed-silent"]).board), words_of(language)
    assert words("not_printed.unsure") in said
    assert words("not_printed.title") not in said


@pytest.mark.parametrize(
    ("size", "comfort"), [((1280, 800), Comfort()), (SIZE, Comfort(low_reach=True, easy=True)), (SIZE, Comfort())]
)
def test_the_longest_number_of_a_card_is_shown_whole(size, comfort):
    from kiosk.screens import Screens

    drawn = Screens(size, TERMINAL)
    drawn.suit(comfort)
    state = screens("ar")["card-type-longest"]
    said = texts(drawn.build(state, print))
    drawn.close()
    number = state.typed.of(state.part)
    assert number in said or {number[: len(number) // 2], number[len(number) // 2 :]} <= set(said)


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_every_state_fits_its_screen_whole(language):
    assert faults_of(SIZE, language) == []


@pytest.mark.parametrize("size", [(1280, 800), (800, 480)])
def test_other_panels_show_it_whole_too(size):
    assert faults_of(size, "fr") == []


def test_every_target_is_20_millimetres_high():
    from kiosk.theme import Theme

    least = Theme(*SIZE).target
    for name, one in seen(SIZE, "fr").items():
        assert all(min(target.width, target.height) >= least for target in one.targets.values()), name


def test_arabic_is_the_mirror_of_french(shown):
    arabic = names(shown(screens("ar")["status-under-review"]).board)
    french = names(shown(screens("fr")["status-under-review"]).board)
    assert arabic["print"].x > arabic["finish"].x
    assert french["print"].x < french["finish"].x
    assert arabic["print"].right == SIZE[0] - french["print"].x


def test_the_visitor_can_always_leave_once_something_is_shown():
    waiting = ("home", "reading", "asking", "printing", "list-printing", "card-take", "card-left", "out-of", "closed")
    # Back to the staff's list first:
    waiting += ("staff-devices-trouble", "staff-devices-print", "staff-restart", "staff-selftest")
    for name, one in seen(SIZE, "ar").items():
        assert ("finish" in one.targets) != name.startswith(waiting), name


def test_the_languages_and_the_choices_of_the_eyes_are_on_every_screen_but_the_briefest():
    for name, one in seen(SIZE, "fr").items():
        if not name.startswith(("reading", "asking", "list-search", "staff-")) or name == "list-searched":
            assert {"language.ar", "language.en", "comfort"} <= one.targets.keys(), name


def test_the_languages_stand_alike_in_every_room_of_the_staff():
    """Three rooms left out the language that is read."""
    rooms = {name: one.targets for name, one in seen(SIZE, "fr").items() if name.startswith("staff-")}
    rows = {
        name: {key: target.width for key, target in targets.items() if key.startswith("language.")}
        for name, targets in rooms.items()
    }
    told = {name: row for name, row in rows.items() if row}
    assert {"staff-menu", "staff-levels", "staff-languages", "staff-devices", "staff-restart"} <= told.keys()
    assert all(row == told["staff-network"] for row in told.values())


def test_no_sample_offers_to_print_again_before_what_keeps_the_printer_from_it_is_mended():
    """“Print again” stood in pictures under “The printer is out of paper”, which no terminal shows."""
    for name, state in screens("en").items():
        if isinstance(state, NotPrinted) and state.why not in {PrinterProblem.FAULT, PrinterProblem.SILENT}:
            assert state.can_print is state.mended, name


def test_what_random_visitors_press_is_on_the_screens():
    missing, states = {}, screens("ar")
    for name, one in seen(SIZE, "ar").items():
        wanted = set(map(type, offered(states[name]))) - {HelpReleased}
        if not wanted <= set(map(type, one.sent)):
            missing[name] = wanted - set(map(type, one.sent))
    assert missing == {}


def test_touches_say_what_was_chosen(shown):
    status = shown(screens("ar")["status-under-review"])
    for name in ("print", "finish", "language.fr"):
        finger(status.board, name)
    assert status.sent == [PrintPressed(), FinishPressed(), LanguageChosen("fr")]


def test_a_finger_that_slides_away_presses_nothing(shown):
    status = shown(screens("ar")["status-under-review"])
    finger(status.board, "print", lift_at=(540, 1200))
    assert status.sent == []


def test_a_press_survives_a_screen_that_is_drawn_again_under_the_finger(drawn, shown):
    first = shown(screens("en")["still-there"])
    touch = begun(first.board, "stay")
    window().remove_widget(first.board)
    second = shown(screens("en")["still-there"])
    lifted(touch)
    assert second.sent == [StayPressed()]


def test_a_long_list_has_a_next_page(shown):
    status = shown(screens("ar")["status-returned-many"])
    assert "page.next" in names(status.board)
    while "page.next" in names(status.board):
        finger(status.board, "page.next")
    assert "page.back" in names(status.board)
    assert status.sent == []


def test_home_offers_the_slip_the_languages_and_the_ways_that_work(drawn):
    languages = {"language.ar", "language.fr", "language.en", "comfort"}
    assert set(names(drawn.build(screens("ar")["home-slip-alone"], print))) == languages
    assert set(names(drawn.build(screens("ar")["home-number"], print))) == languages | {"way.number"}
    ways = {"way.card", "way.number", "way.other_services", "way.help"}
    assert set(names(drawn.build(screens("ar")["home"], print))) == languages | ways


def test_each_way_in_says_that_it_was_chosen(shown):
    home = shown(screens("fr")["home"])
    for name in ("way.card", "way.number", "way.other_services"):
        finger(home.board, name)
    assert home.sent == [CardChosen(), NumberChosen(), OtherServicesChosen()]


def test_help_is_held_until_the_finger_leaves_it(shown):
    home = shown(screens("ar")["home"])
    finger(home.board, "way.help")
    assert home.sent == [HelpHeld(), HelpReleased()]
    finger(home.board, "way.help", lift_at=(540, 900))
    assert home.sent == [HelpHeld(), HelpReleased()] * 2


def test_help_that_is_held_survives_a_home_that_is_drawn_again_under_the_finger(drawn, shown):
    first = shown(screens("en")["home"])
    touch = begun(first.board, "way.help")
    window().remove_widget(first.board)
    second = shown(screens("en")["home"])
    lifted(touch)
    assert (first.sent, second.sent) == ([HelpHeld()], [HelpReleased()])


def walk_to_help(board):
    while not names(board)["way.help"].focused:
        window().dispatch("on_key_down", 9, 15, None, [])
        window().dispatch("on_key_up", 9, 15)


def test_a_keypad_holds_help_as_a_finger_does(shown):
    home = shown(screens("en")["home"])
    walk_to_help(home.board)
    window().dispatch("on_key_down", 13, 28, None, [])
    window().dispatch("on_key_down", 13, 28, None, [])
    assert home.sent == [HelpHeld()]
    window().dispatch("on_key_up", 13, 28)
    assert home.sent == [HelpHeld(), HelpReleased()]


def test_a_key_that_held_help_lets_go_of_it_wherever_the_focus_went(shown):
    """Somebody was called by a key that nobody held any more."""
    home = shown(screens("en")["home"])
    walk_to_help(home.board)
    window().dispatch("on_key_down", 13, 28, None, [])
    window().dispatch("on_key_down", 273, 82, None, [])
    window().dispatch("on_key_up", 273, 82)
    assert home.sent[0] == HelpHeld()
    assert HelpReleased() not in home.sent
    window().dispatch("on_key_up", 13, 28)
    assert home.sent[-1] == HelpReleased()


def test_a_finger_that_came_down_in_a_visit_presses_nothing_in_the_next(drawn, shown):
    """The slip of another came meanwhile, and his receipt was printed."""
    first = shown(screens("fr")["status-under-review"])
    finger = begun(first.board, "print")
    drawn.forget()
    window().remove_widget(first.board)
    second = shown(screens("fr")["status-returned"])
    lifted(finger)
    assert (first.sent, second.sent) == ([], [])


def test_home_shows_no_time_while_the_clock_is_not_trusted():
    window()
    from kiosk.screens import Screens
    from kiosk.text import Text

    lost = Screens(SIZE, TERMINAL, clock=lambda: None)
    board = lost.build(screens("en")["home"], print)
    lost.close()
    assert not any("/2026" in widget.lettered.text for widget in board.walk() if isinstance(widget, Text))


def test_the_signed_code_is_on_the_screen_when_there_is_no_paper(shown, tmp_path: Path):
    import zxingcpp
    from PIL import Image

    from kiosk.window import save_frame

    state = screens("ar")["not-printed-paper_out"]
    shown(state)
    shot = tmp_path / "shot.png"

    def on_flip(*_):
        save_frame(window(), shot)

    window().bind(on_flip=on_flip)
    flips(3)
    window().unbind(on_flip=on_flip)
    assert [code.text for code in zxingcpp.read_barcodes(Image.open(shot))] == [state.sheet.receipt_url]


def test_a_screen_that_was_replaced_keeps_nothing_of_the_visit(drawn):
    import weakref

    from kiosk.text import Text
    from kiosk.visit_state import SCREEN_LANGUAGES
    from kiosk.words import words_of

    board = drawn.build(screens("ar")["status-returned-many"], print)
    texts = [text.lettered for text in board.walk() if isinstance(text, Text)]
    textures = [(text.text, weakref.ref(text.texture)) for text in texts]
    del board, texts
    drawn.forget()
    gc.disable()
    try:
        drawn.build(screens("ar")["home"], print)
        left = {text for text, texture in textures if texture() is not None}
        own = frozenset[str]().union(*(words_of(language).own() for language in SCREEN_LANGUAGES))
        assert left <= own, "something that was lettered for the visit"
        assert len(left) < len(textures) / 2
    finally:
        gc.enable()
        drawn.forget()


def test_home_offers_the_languages_that_the_terminal_is_told():
    window()
    from kiosk.screens import Screens

    told = Screens(SIZE, TERMINAL, clock=now)
    for name in ("home", "closed"):
        state = replace(screens("ar")[name], languages=("fr", "ar"))
        offered = {name for name in names(told.build(state, print)) if name.startswith("language.")}
        assert offered == {"language.fr", "language.ar"}
    told.close()


def test_a_panel_of_known_size_has_its_own_20_millimetres():
    window()
    from kiosk.screens import Screens
    from kiosk.screens.press import Pressable

    small = Screens(SIZE, TERMINAL, clock=now, pixels_per_mm=8.0)
    board = small.build(screens("fr")["status-under-review"], print)
    assert all(widget.height >= 160 for widget in board.walk() if isinstance(widget, Pressable))
    assert board.overflow() == []
    small.close()
