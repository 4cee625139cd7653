"""An answer and its proof on panels that cannot show both at once: the answer on each page, the chain in its order."""

import pytest

from kiosk.account import tell
from kiosk.comfort import Comfort
from kiosk.marks import Mark, Sign
from kiosk.samples import TERMINAL, now, screens
from kiosk.theme import Theme
from kiosk.visit_state import ShowStatus
from kiosk.words import words_of

from .pages import pages_of
from .window import window

pytestmark = pytest.mark.usefixtures("the_window")


def pages_of_statuses(size, language):
    """Yield of each status its name, what it tells, and the texts on each of its pages."""
    window()
    from kiosk.screens import Screens
    from kiosk.screens.pages import Pages
    from kiosk.text import Text

    drawn = Screens(size, TERMINAL, clock=now)
    for name, state in screens(language).items():
        if not isinstance(state, ShowStatus):
            continue
        board = drawn.build(state, print)
        for pages in [widget for widget in board.walk(restrict=True) if isinstance(widget, Pages)]:
            boards = [pages.board(page) for page in range(pages.count)]
            texts = [[one for one in page.walk(restrict=True) if isinstance(one, Text)] for page in boards]
            yield name, tell(state.sheet, words_of(language)), texts
    drawn.close()


@pytest.mark.parametrize(("size", "language"), [((1280, 800), "ar"), ((800, 480), "fr")])
def test_the_answer_is_on_every_page_and_stands_alone_on_none(size, language):
    for name, account, pages in pages_of_statuses(size, language):
        said = [{text.lettered.text for text in page} for page in pages]
        assert all(account.answer in page for page in said), name
        assert [account.service in page for page in said] == [True] + [False] * (len(said) - 1), name
        cards = {words_of(language)("missing.title")} if account.documents else set()
        if account.sign is Sign.REJECTED:
            cards = set(account.reasons)
        beside = cards or {account.steps[0].title, *account.details}
        assert beside & said[0], name


@pytest.mark.parametrize(
    ("language", "name"), [("en", "status-just-filed"), ("ar", "status-checks"), ("fr", "status-rejected-dismissed")]
)
def test_a_little_less_air_is_preferred_to_a_second_page(language, name):
    """The chain was on a second page, and half of the first was empty."""
    assert [len(pages) for found, _, pages in pages_of_statuses((1920, 1080), language) if found == name] == [1]


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080), (800, 480), (1080, 1920)])
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_step_under_way_stands_with_the_answer(size, language):
    """An answer of three lines in French took its room: the step that the visitor came for was on the second page."""
    late = []
    for name, account, pages in pages_of_statuses(size, language):
        here = {step.title for step in account.steps if step.mark in {Mark.HERE, Mark.SUSPENDED}}
        if account.sign in {Sign.WAITING, Sign.SUSPENDED} and not here & {text.lettered.text for text in pages[0]}:
            late.append(name)
    assert set(late) <= {"status-clock-lost"}, "its note takes two lines over the languages"


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080), (800, 480)])
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_why_an_objection_and_the_chain_take_two_pages(size, language):
    """They took three in French, the first of them half empty."""
    for name, _, pages in pages_of_statuses(size, language):
        if name in {"status-rejected", "status-rejected-by-when"}:
            assert len(pages) <= 2, name


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_chain_in_two_columns_begins_in_the_first(language):
    width = 1920
    for name, account, pages in pages_of_statuses((width, 1080), language):
        for page in pages:
            column = {text.lettered.text: (text.center_x > width / 2) != (language == "ar") for text in page}
            chain = [column[step.title] for step in account.steps if step.title in column]
            assert chain == sorted(chain), name


@pytest.mark.parametrize("size", [(1920, 1080), (800, 480)])
def test_a_message_that_needs_pages_keeps_its_sign(size):
    """It was left out wherever the words did not fit under it."""
    window()
    from kiosk.screens import Screens
    from kiosk.screens.pages import Pages
    from kiosk.screens.signs import SignWidget

    drawn, in_pages = Screens(size, TERMINAL, clock=now), 0
    for name, state in screens("fr").items():
        if not name.startswith("help-"):
            continue
        board = drawn.build(state, print)
        pages = next((one for one in board.walk(restrict=True) if isinstance(one, Pages)), None)
        in_pages += pages is not None
        for page in [pages.board(at) for at in range(pages.count)] if pages else [board]:
            signs = [one for one in page.walk(restrict=True) if isinstance(one, SignWidget)]
            assert [one for one in signs if one.top > board.height / 2], name
    assert in_pages >= 2
    drawn.close()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_note_at_the_foot_is_no_column_of_words(language):
    """Beside the languages it took three and four narrow lines where the network was cut."""
    window()
    from kiosk.screens import Screens
    from kiosk.text import Text

    words, drawn, seen = words_of(language), Screens((1080, 1920), TERMINAL, clock=now), 0
    for name, state in screens(language).items():
        if isinstance(state, ShowStatus):
            texts = [one.lettered for one in drawn.build(state, print).walk() if isinstance(one, Text)]
            for cut in [text for text in texts if text.text == words("network.cut")]:
                seen += 1
                assert cut.lines == 1, name
    assert seen >= 3
    drawn.close()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_long_list_of_documents_leaves_no_column_empty(language):
    """Under the answer there was room for one document, and it was kept empty page after page."""
    words, many = words_of(language), []
    for name, account, texts in pages_of_statuses((1280, 800), language):
        if name != "status-returned-many":
            continue
        above = {account.service, account.number, account.answer, words("tracking_number")}
        many = [[text.center_x < 1280 / 2 for text in page if text.lettered.text not in above] for page in texts]
    assert len(many) >= 4
    assert [set(sides) for sides in many[1:4]] == [{True, False}] * 3


@pytest.mark.parametrize("size", [(1080, 1920), (1920, 1080), (1280, 800), (800, 480)])
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_words_of_an_answer_s_actions_stand_in_one_line(size, language):
    """“Finish and leave” and “Add another slip” were two small lines each, beside a wide button with one short word."""
    window()
    from kiosk.screens import Screens

    drawn, told = Screens(size, TERMINAL, clock=now), screens(language)
    for name in ("status-under-review", "status-returned", "list-many-0"):
        board = drawn.build(told[name], print)
        buttons = {one.name: one for one in board.walk(restrict=True) if hasattr(one, "name")}
        row = [buttons[action] for action in ("print", "add", "finish")]
        assert [button.children[0].lettered.lines for button in row] == [1, 1, 1], name
        assert row[0].width == max(button.width for button in row), "the main one is the widest"
        assert row[1].children[0].lettered.style == row[2].children[0].lettered.style, name
    drawn.close()


def test_a_desk_is_the_other_way_for_who_is_asked_to_stay_near_the_terminal():
    """Under “Please stay near the terminal” stood “You can go to: Information desk”, as if both were asked."""
    window()
    from kiosk.screens import Screens
    from kiosk.text import Text

    drawn = Screens((1080, 1920), TERMINAL, clock=now)
    for stage in ("sending", "sent", "nobody", "not_sent"):
        board = drawn.build(screens("en")[f"help-{stage}"], print)
        texts = [one.lettered.text for one in board.walk() if isinstance(one, Text)]
        [told] = [text for text in texts if "ou can go to" in text]
        assert told.startswith("If you prefer") is (stage in {"sending", "sent"}), stage
    drawn.close()


@pytest.mark.parametrize("size", [(1280, 800), (1080, 1920)])
@pytest.mark.parametrize("text", [100, 200])
@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_line_of_a_chain_runs_on_over_pages_and_columns(size, text, language, monkeypatch):
    """A page began with bare steps, as if they were the first."""
    window()
    from kiosk.screens import Screens, board
    from kiosk.screens.blocks import ChainStep

    side, bars, steps, draw_bar, place = Theme(*size).px(64), [], [], board.Pen.bar, ChainStep.place

    def bar(pen, x, y, *shape):
        bars.append((pen.board, x, y, y + shape[1]))
        draw_bar(pen, x, y, *shape)

    def step(one, pen, x, y, width):
        steps.append((pen.board, x, y, one.step))
        place(one, pen, x, y, width)

    monkeypatch.setattr(board.Pen, "bar", bar)
    monkeypatch.setattr(ChainStep, "place", step)
    drawn, divided = Screens(size, TERMINAL, clock=now), 0
    drawn.suit(Comfort(text=text))
    for name, state in screens(language).items():
        if not isinstance(state, ShowStatus):
            continue
        bars.clear()
        steps.clear()
        divided += len(pages_of(drawn.build(state, print))) > 1
        chain = tell(state.sheet, words_of(language)).steps
        for page, x, y, told in steps:
            lines = [(top, end) for on, left, top, end in bars if on is page and x < left < x + side]
            assert any(top < y < end for top, end in lines) is (told != chain[0]), name
            assert any(top < y + side < end for top, end in lines) is (told != chain[-1]), name
    assert divided or (size, text) == ((1080, 1920), 100)
    drawn.close()
