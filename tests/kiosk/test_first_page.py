"""Letters of 200 %: the answer first and whole, how old it is on every page, no page for nothing."""

from functools import cache

import pytest

from kiosk.account import tell
from kiosk.comfort import Comfort
from kiosk.guide_state import ShowRequirements
from kiosk.marks import Mark, Sign
from kiosk.requirements import tell_requirements
from kiosk.samples import TERMINAL, now, screens
from kiosk.theme import Theme
from kiosk.visit_state import ShowStatus
from kiosk.words import words_of

from .pages import pages_of
from .window import window

pytestmark = [
    pytest.mark.usefixtures("the_window"),
    pytest.mark.parametrize("size", [(1280, 800), (1920, 1080), (800, 480), (1080, 1920)]),
    pytest.mark.parametrize("language", ["ar", "fr", "en"]),
]

TITLES = ("asked.title", "missing.title", "reasons.title", "objection.title", "objection.place", "place.title")
TITLES += ("late.place", "checks.title", "requirements.documents", "requirements.steps")


class Page:
    """What stands on a page: its texts from the top, and those of them that lie whole on a panel or card."""

    def __init__(self, board):
        from kiosk.screens.board import Board
        from kiosk.text import Text

        found = [one for one in board.walk(restrict=True) if isinstance(one, Text)]
        found.sort(key=lambda one: -one.top)
        grounds = [box for one in board.walk(restrict=True) if isinstance(one, Board) for box in one.grounds]
        self.texts = [one.lettered.text for one in found]
        self.on_ground = {one.lettered.text for one in found for box in grounds if box.y <= one.y < one.top <= box.top}


def told_in(state, language):
    tells = tell if isinstance(state, ShowStatus) else tell_requirements
    return tells(state.sheet, words_of(language))


@cache
def answers(size, language, *, again=True):
    """Return of each status and list of documents what it tells, its pages, and what stands on all of them."""
    window()
    from kiosk.screens import Screens, requirements, status
    from kiosk.screens.pages import faults_on
    from kiosk.text import Text

    usual = status.place_answer_again
    if not again:
        status.place_answer_again = requirements.place_answer_again = lambda pen, *_: pen.theme.height
    drawn, found = Screens(size, TERMINAL, clock=now), {}
    drawn.suit(Comfort(text=200))
    try:
        for name, state in screens(language).items():
            if not isinstance(state, ShowStatus | ShowRequirements):
                continue
            board = drawn.build(state, print)
            assert faults_on(board) == [], name
            assert drawn.letters == Comfort(text=200).text, name
            always = {one.lettered.text: one.lettered.style.size for one in board.children if isinstance(one, Text)}
            found[name] = (told_in(state, language), [Page(one) for one in pages_of(board)], always)
    finally:
        status.place_answer_again = requirements.place_answer_again = usual
        drawn.close()
    assert len(found) >= 27
    return found


def test_the_answer_stands_whole_on_the_first_page(size, language):
    """The first page had service and number alone, and a sliver of the panel; the next ones had it in slices."""
    for name, (told, pages, _) in answers(size, language).items():
        assert told.answer in pages[0].on_ground, name


def test_a_last_day_or_a_suspension_stands_with_the_answer(size, language):
    apart = []
    for name, (told, pages, _) in answers(size, language).items():
        matters = getattr(told, "deadline", None) or getattr(told, "sign", None) is Sign.SUSPENDED
        if matters and not set(told.details) <= pages[0].on_ground:
            apart.append(name)
    assert apart == []


def test_what_a_kind_asks_for_says_of_which_kind_on_the_first_page(size, language):
    """“This request opens on 04/01/2027”: which one stood alone on the second page."""
    told = [(one, pages) for one, pages, _ in answers(size, language).values() if hasattr(one, "fees")]
    assert len(told) >= 4
    for one, pages in told:
        assert one.service in pages[0].texts


def test_how_long_a_step_takes_stands_with_the_answer_or_its_step(size, language):
    """“Since… This step usually takes…” stood alone at the head of the second page, its step two pages on."""
    alone, seen = [], 0
    for name, (told, pages, _) in answers(size, language).items():
        if getattr(told, "sign", None) is Sign.WAITING:
            here = {told.answer, *(step.title for step in told.steps if step.mark is Mark.HERE)}
            on = [page for page in pages if told.details[-1] in page.texts]
            seen += bool(on)
            alone += [name for page in on if not here & set(page.texts)]
    assert alone == []
    assert seen >= 7


def test_what_completes_the_visit_comes_before_the_chain(size, language):
    """“Collect the document” was the last of five pages."""
    for name, (told, pages, _) in answers(size, language).items():
        if getattr(told, "sign", None) is Sign.COMPLETED:
            texts = [text for page in pages for text in page.texts]
            assert texts.index(told.asked[0]) < texts.index(told.steps[0].title), name


def test_how_old_it_is_stands_on_every_page(size, language):
    """The age was on the last page alone, or cut through its letters; of the notice only the second line was left."""
    for name, (told, pages, always) in answers(size, language).items():
        if not hasattr(told, "age"):
            continue
        wanted = {told.age, *([words_of(language)("network.cut")] if told.link_cut else [])}
        for page in pages:
            assert wanted <= always.keys() | set(page.texts), name


def test_how_old_it_is_grows_by_half_at_least_on_every_panel(size, language):
    """Beside a cut network it was a quarter larger than usual, or not at all; with a clock that is lost not at all."""
    usual = Theme(*size).type(30).size
    for name, (told, _, always) in answers(size, language).items():
        if hasattr(told, "age"):
            assert always[told.age] >= 1.45 * usual, name


def test_the_answer_stands_again_only_where_that_costs_no_page(size, language):
    """It took a step of the chain from every page: 242 pages for 160."""
    without = answers(size, language, again=False)
    more = {name: len(pages) for name, (_, pages, _) in answers(size, language).items()}
    assert more == {name: len(pages) for name, (_, pages, _) in without.items()}


def test_a_document_stands_on_one_page_with_all_that_is_said_of_it(size, language):
    words, parted = words_of(language), []
    for name, (told, pages, _) in answers(size, language).items():
        for at, document in enumerate(told.documents, 1):
            title = f"{words.number(at)}. {document.name}"
            on = [page for page in pages if title in page.texts]
            if len(on) != 1 or not set(document.details) <= set(on[0].texts):
                parted.append((name, at))
    assert parted == []


def test_no_heading_stands_without_what_it_heads(size, language):
    """“Where to hand in” was at the foot of a page, the counter on the next."""
    titles = {words_of(language)(key) for key in TITLES}
    for name, (_, pages, _) in answers(size, language).items():
        for page in pages:
            told = [text for text in page.texts if text in titles | page.on_ground]
            assert not told or told[-1] not in titles, name
