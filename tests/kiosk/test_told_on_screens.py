"""What a screen says is true in every line: which paper came, days as people count them, who is accused."""

import pytest

from kiosk.samples import TERMINAL, now, screens
from kiosk.theme import LIGHT
from kiosk.visit_state import ALL_LANGUAGES, SCREEN_LANGUAGES
from kiosk.words import words_of

from .window import SIZE, window

pytestmark = pytest.mark.usefixtures("the_window")

PANELS = (SIZE, (1920, 1080), (1280, 800), (800, 480))


def first_page(name, language, size=SIZE):
    """Draw a sample; return the texts on its first page with their colours, and the colours of its large signs."""
    window()
    from kivy.graphics import Color

    from kiosk.screens import Screens
    from kiosk.screens.signs import SignWidget
    from kiosk.text import Text

    def colour(widget):
        return tuple(next(one for one in widget.canvas.children if isinstance(one, Color)).rgba)

    drawn = Screens(size, TERMINAL, clock=now)
    widgets = list(drawn.build(screens(language)[name], print).walk(restrict=True))
    bare = dict.fromkeys(range(0x2066, 0x206A))
    texts = {one.lettered.text.translate(bare): colour(one) for one in widgets if isinstance(one, Text)}
    signs = [colour(one) for one in widgets if isinstance(one, SignWidget) and one.width > 100]
    drawn.close()
    return texts, signs


def said(name, language, size=SIZE):
    return first_page(name, language, size)[0]


@pytest.mark.parametrize("size", PANELS)
def test_that_a_unit_is_suspended_stands_on_the_first_page(size):
    """It stood in a card that was on the second page of several panels."""
    for language in ALL_LANGUAGES:
        words = words_of(language)
        told = words("answer.suspended", date="16/11/2026")
        first = said("status-suspended", language, size)
        assert told in first, language
        assert not [text for text in first if text == words("answer.usually", duration=words.working_days((3, 12)))]


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
@pytest.mark.parametrize("became", ["printed", "sent", "not_printed"])
def test_the_paper_is_called_what_it_was_asked_for_as(became, language):
    """A list and what a request asks for were both called a status receipt."""
    words, screen = words_of(language), became.replace("_", "-")
    for name, paper in ((f"list-{screen}", "list"), (f"{screen}-requirements", "requirements")):
        told = said(name, language)
        assert words(f"{became}.title.{paper}") in told
        assert words(f"{became}.title") not in told


@pytest.mark.parametrize("language", ALL_LANGUAGES)
def test_every_status_is_printed_under_one_name_as_its_paper(language):
    """The button of a returned one said “Print the list”, and a status receipt came."""
    words = words_of(language)
    for name in ("status-returned", "status-under-review", "status-rejected", "status-completed"):
        assert words("button.print") in said(name, language), name
    asked = {words(key) for key in ("button.print", "button.print_summary")}
    assert len(asked) == 2


@pytest.mark.parametrize(("language", "named"), [("ar", "ملخّص"), ("fr", "écapitulatif"), ("en", "ummary")])
def test_the_summary_of_a_list_has_one_name_on_its_button_its_screens_and_its_paper(language, named):
    """A list was printed, and a summary came out."""
    keys = ("button.print_summary", "printed.title.list", "sent.title.list", "not_printed.title.list")
    for key in (*keys, "paper.list.title"):
        assert named in words_of(language)(key), key


def test_a_list_that_cannot_be_printed_says_why_and_one_that_was_not_where_it_is():
    """Its button was missing without a word; and “still on the screen” was said where it was not."""
    assert "Printing is not available now." in said("list-no-paper", "en")
    assert "Printing is not available now." in said("requirements-bare", "en")
    assert not [text for text in said("list-few", "en") if "not available" in text]
    told = said("list-not-printed", "en")
    assert "The list can be shown on the screen again." in told and "The list" in told


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("paper-latest", "It says: completed, on 23/11/2026 (today)."),
        ("paper-genuine", "It says: under review, on 18/11/2026 (5 days ago). 3 steps done."),
        ("paper-offline", "It says: under review, on 18/11/2026. 3 steps done."),
    ],
)
def test_a_checked_paper_s_age_is_of_the_calendar(name, says):
    """The 18th was told as 4 days on the 23rd, and today as “That was today.”"""
    assert says in said(name, "en")


def test_a_paper_that_is_up_to_date_leads_to_its_details_not_to_another_status():
    told = said("paper-latest", "en")
    assert "Details" in told and "For the details, enter the secret code from the slip." in told
    assert "Present status" not in told


@pytest.mark.parametrize(
    ("name", "colour"),
    [
        ("altered", LIGHT.red),
        ("incomplete", LIGHT.amber),
        ("unconfirmed", LIGHT.amber),
        ("revoked", LIGHT.amber),
        ("unknown_key", LIGHT.ink),
    ],
)
def test_only_a_signature_that_fails_accuses_and_its_sign_has_the_title_s_colour(name, colour):
    """The title was red beside an amber sign, also where the code was merely cut off."""
    texts, (sign,) = first_page(f"paper-{name}", "en")
    title = words_of("en")(f"paper.{name}.title")
    assert ("did not issue" in title) is (name == "altered")
    assert texts[title] == pytest.approx(colour, abs=0.01)
    assert sign == pytest.approx(LIGHT.blue if colour == LIGHT.ink else colour, abs=0.01)


@pytest.mark.parametrize("language", ALL_LANGUAGES)
def test_pages_have_a_word_of_their_own_beside_return(language):
    """« Précédent » and «السابق» stood twice on one screen, for a page and for the screen before."""
    assert words_of(language)("button.previous") != words_of(language)("button.return")
