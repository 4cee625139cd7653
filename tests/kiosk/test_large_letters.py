"""Letters of 200 %: what belongs together stays together, and every page has its way home."""

from functools import partial

import pytest

from kiosk.account import tell
from kiosk.card_state import TypeCode, TypeKey
from kiosk.comfort import Comfort
from kiosk.entry_state import EnterCode, EnterNumber
from kiosk.guide_state import ShowRequirements
from kiosk.requirements import tell_requirements
from kiosk.samples import TERMINAL, now, screens
from kiosk.selftest_samples import selftest_screens
from kiosk.staff_pin import LEAST_DIGITS
from kiosk.staff_reasons import reason_in_words
from kiosk.staff_state import EnterPin
from kiosk.theme import Theme
from kiosk.visit_state import ShowStatus
from kiosk.words import words_of

from .pages import pages_of, texts_on
from .window import SIZE, window

pytestmark = pytest.mark.usefixtures("the_window")

LARGE = Comfort(text=200)
LYING = (1920, 1080)
TITLES = {TypeCode: "code.type.title", EnterNumber: "entry.number.title", EnterCode: "entry.code.title"}
TITLES[EnterPin] = "staff.pin.title"


@pytest.fixture
def large():
    """Give the screens of a panel, drawn with the largest letters."""
    window()
    from kiosk.screens import Screens

    drawn = []

    def on(size):
        drawn.append(Screens(size, TERMINAL, clock=now))
        drawn[-1].suit(LARGE)
        return drawn[-1]

    yield on
    for one in drawn:
        one.close()


def documents_of(state, words):
    told = tell(state.sheet, words) if isinstance(state, ShowStatus) else tell_requirements(state.sheet, words)
    return [(f"{words.number(at)}. {one.name}", one.details) for at, one in enumerate(told.documents, 1)]


@pytest.mark.parametrize("size", [SIZE, LYING])
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_each_line_of_a_document_stands_under_its_name(large, size, language):
    """“Somebody else may bring it” stood at the head of a page, over the next document, of which it was not true."""
    words, drawn, seen = words_of(language), large(size), 0
    for name, state in screens(language).items():
        if not isinstance(state, ShowStatus | ShowRequirements) or not (documents := documents_of(state, words)):
            continue
        lines = {line for _, details in documents for line in details}
        under = {title: () for title, _ in documents}
        for page in pages_of(drawn.build(state, print)):
            title = None
            for text in texts_on(page):
                title = text if text in under else title
                if text in lines:
                    assert title is not None, f"{name}: {text}"
                    under[title] += (text,)
        assert list(under.items()) == [(title, tuple(details)) for title, details in documents], name
        seen += 1
    assert seen >= 4


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_page_of_a_visit_has_its_languages_and_a_way_out(large, language):
    """Of a status or home looked at part by part, the first parts had neither."""
    from kiosk.screens.pages import faults_on
    from kiosk.screens.press import Pressable

    wide, upright = large(LYING), large(SIZE)
    upright._themes = lambda: iter([(upright._theme, True, True)])  # part by part, though its pages hold it
    answers = ("status-clock-lost", "status-returned-no-list", "requirements-not-open")
    shown = {wide: ("home", "home-held", *answers), upright: answers}
    for drawn, name in ((drawn, name) for drawn, names in shown.items() for name in names):
        board = drawn.build(screens(language)[name], print)
        assert drawn.in_parts is (drawn is upright), name
        pages = pages_of(board)
        for page in pages:
            pressed = {one.name for one in page.walk(restrict=True) if isinstance(one, Pressable)}
            pressed |= {one.name for one in board.children if isinstance(one, Pressable)}
            assert "comfort" in pressed, name
            assert "finish" in pressed or name.startswith("home"), name
        assert faults_on(board) == [], name


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", [(1280, 800), (800, 480), LYING])
def test_every_page_of_a_staff_room_has_its_way_out(large, size, language):
    """The lowest sheet was taken that could be parted at all: its buttons stood on the last page only."""
    from kiosk.screens.press import Pressable
    from kiosk.screens.selftest import SelfTestScreens

    drawn, seen = large(size), 0
    rooms = [partial(drawn.build, state, print) for name, state in screens(language).items() if "staff-net" in name]
    tests = SelfTestScreens(drawn)
    rooms += [partial(tests.build, selftest_screens(language)[f"overview{what}"], print) for what in ("", "-finishing")]
    for room in rooms:
        board = room()
        for page in pages_of(board):
            pressed = {one.name for one in (*page.walk(restrict=True), *board.children) if isinstance(one, Pressable)}
            assert pressed & {"finish", "leave"}
            seen += 1
    assert seen >= 10


@pytest.mark.parametrize("size", [(1280, 800), (800, 480), LYING])
def test_a_level_stands_with_what_changes_it(large, size):
    """How loud it is stood at a page's foot, and what makes it louder on the next."""
    pages = [texts_on(page) for page in pages_of(large(size).build(screens("ar")["staff-levels"], print))]
    words, seen = words_of("ar"), 0
    for page in pages:
        for level in ("volume", "brightness"):
            told = any(text.startswith(words(f"staff.{level}", percent="")) for text in page)
            assert told == (words(f"staff.{level}.more") in page) == (words(f"staff.{level}.less") in page), page
            seen += told
    assert seen == 2


@pytest.mark.parametrize("language", ["ar", "fr", "en", "am", "bn"])
def test_home_stands_on_one_page(large, language):
    """In French it was two while a paper was held to the camera; what that sees of it was shown in no language."""
    from kiosk.screens.camera import Preview

    drawn, least = large(SIZE), Theme(*SIZE).px(200)
    homes = {name: state for name, state in screens(language).items() if name.startswith("home")}
    assert len(homes) >= 10
    for name, state in homes.items():
        (page,) = pages_of(drawn.build(state, print))
        assert drawn.letters == LARGE.text, name
        assert page.overflow() == [], name
        previews = [one for one in page.walk(restrict=True) if isinstance(one, Preview)]
        assert len(previews) == (state.held is not None), name
        assert all(one.height >= least for one in previews), name


def test_a_step_that_is_cut_from_its_detail_is_a_fault(large):
    """The edge between two parts went through a card, and nothing told of it."""
    from kiosk.screens import parts
    from kiosk.screens.pages import faults_on

    drawn, whole = large(LYING), parts._together
    state = screens("fr")["status-returned"]
    drawn._themes = lambda: iter([(drawn._theme, True, True)])  # part by part, though its pages hold it
    assert faults_on(drawn.build(state, print)) == []
    assert drawn.in_parts
    cut = parts._cut

    def blind(board, room, above, end):
        parts._together = lambda board, room: iter(())
        try:
            return cut(board, room, above, end)
        finally:
            parts._together = whole

    parts._cut = blind
    try:
        found = faults_on(drawn.build(state, print))
    finally:
        parts._cut = cut
    assert {fault.partition(":")[0] for fault in found} == {"parted"}


@pytest.mark.parametrize("size", [SIZE, (1280, 800), (800, 480), LYING])
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_what_is_asked_and_what_is_wrong_or_under_way_stand_over_the_field_at_once(large, size, language):
    """“Type the number first.” stood there alone, which number behind an arrow; and “being checked” on page three.

    “Number and code do not match. Please check both.” stood there without the number.
    """
    words, drawn, seen = words_of(language), large(size), 0
    for name, state in screens(language).items():
        key = f"card.type.{state.part.value}" if isinstance(state, TypeKey) else TITLES.get(type(state))
        if key is None:
            continue
        first = texts_on(pages_of(drawn.build(state, print))[0])
        assert words(key) in first, name
        told = _told_of(state, words)
        assert all(any(text.startswith(one) for text in first) for one in told), name
        seen += bool(told)
    assert seen >= 12


def _told_of(state, words):
    """Return what is wrong with what was typed, or under way."""
    if isinstance(state, TypeKey):
        from kiosk.screens.card import _wrong

        wrong = _wrong(state, words)
        return [wrong] if wrong else []
    if isinstance(state, TypeCode):
        wrong = [words.counted("code.wrong", state.tries_left)] if state.wrong else []
        return [*wrong, *([words("code.checking")] if state.checking else [])]
    note = state.note and state.note.value
    if isinstance(state, EnterPin):
        return [words(f"staff.pin.{note}", n=words.number(LEAST_DIGITS))] if note else []
    if isinstance(state, EnterCode) and note:
        number = f"{words('tracking_number').replace(' ', chr(0xA0))} {words.tracking(state.tracking)}"
        return [number, words(f"entry.code.{note}")]
    return [words(f"{TITLES[type(state)].removesuffix('title')}{note}")] if note else []


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_screen_turns_its_pages_by_the_same_buttons(large, language):
    """From the tenth page on the words gave way to arrows."""
    from kiosk.screens.press import Pressable

    drawn, seen = large(LYING), 0
    for name, state in screens(language).items():
        if isinstance(state, ShowStatus | ShowRequirements):
            pages = pages_of(drawn.build(state, print))
            turns = [one for page in pages for one in page.walk(restrict=True) if isinstance(one, Pressable)]
            assert len({bool(one.label) for one in turns if one.name.startswith("page.")}) <= 1, name
            seen += len(pages) >= 10
    assert seen >= 2


def test_a_search_in_a_list_can_be_read_in_another_language(large):
    from kiosk.screens.press import Pressable

    board = large(SIZE).build(screens("fr")["list-search"], print)
    assert {"language.ar", "comfort"} <= {one.name for one in board.walk(restrict=True) if isinstance(one, Pressable)}


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_an_event_of_the_journal_keeps_its_detail(large, language):
    """What happened stood at a page's foot, and what the terminal says of it on the next."""
    from kiosk.screens.staff_rooms import _named

    words, state = words_of(language), screens(language)["staff-journal"]
    named = [_named(line, words) for line in state.told.lines]
    wanted = [(event, reason_in_words(detail, words) or detail) for event, detail in named if detail]
    pages = [texts_on(page) for page in pages_of(large(LYING).build(state, print))]
    assert len(pages) >= 3
    for page in pages:
        told = [text for text in page if any(text == detail or text.endswith(event) for event, detail in wanted)]
        assert not told or not any(told[0] == detail for _, detail in wanted), page


@pytest.mark.parametrize("name", ["card-type-number", "card-type-code"])
@pytest.mark.parametrize("size", [(1280, 800), (800, 480), LYING])
def test_the_letters_of_a_keyboard_are_of_one_size(large, size, name):
    """Those of a narrow letter were larger than those of a wide one."""
    from kiosk.screens.press import Pressable
    from kiosk.text import Text

    board = large(size).build(screens("fr")[name], print)
    keys = [one for one in board.walk(restrict=True) if isinstance(one, Pressable) and one.name.startswith("key.")]
    letters = [child.lettered for key in keys for child in key.children if isinstance(child, Text)]
    sizes = {one.style.size for one in letters if len(one.text) == 1}
    assert len(sizes) == 1


@pytest.mark.parametrize("size", [(1280, 800), (800, 480), LYING])
def test_the_words_that_turn_pages_stand_free_in_their_button(large, size):
    """The dots under the last letter of “Next” ran into the button's border."""
    from kiosk.screens.press import Pressable
    from kiosk.text import Text

    board = large(size).build(screens("ar")["rights-wages"], print)
    turns = [one for one in board.walk(restrict=True) if isinstance(one, Pressable) and one.name == "page.next"]
    words = [(button, text) for button in turns for text in button.children if isinstance(text, Text)]
    assert words
    for button, text in words:
        assert button.height - text.height >= Theme(*size).px(24)


def test_letters_that_a_part_s_end_goes_through_are_a_fault(large):
    """A page's end in the middle of a line left half of its letters on each page, and nothing told of it."""
    from kiosk.screens import parts
    from kiosk.screens.pages import faults_on

    drawn, cut = large(LYING), parts._cut
    drawn._themes = lambda: iter([(drawn._theme, True, True)])  # part by part, though its pages hold it
    state = screens("fr")["status-returned"]

    def through_a_line(board, room, above, end):
        highest = max((one for one in parts._things(board) if hasattr(one, "lettered")), key=lambda one: one.top)
        through = board.top - highest.center_y
        return [parts._Part(through - room - above, 0, through), parts._Part(through - above, through, end)]

    parts._cut = through_a_line
    try:
        found = faults_on(drawn.build(state, print))
    finally:
        parts._cut = cut
    assert "parted" in {fault.partition(":")[0] for fault in found}
