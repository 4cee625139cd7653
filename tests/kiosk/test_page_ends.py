"""Letters of 200 %: no sentence, card or code is cut by a page's end, and none is parted from what it belongs to."""

from functools import cache

import pytest

from kiosk.card_state import OfferCode
from kiosk.comfort import Comfort
from kiosk.guide_state import ShowTopic
from kiosk.places import said
from kiosk.samples import TERMINAL, now, screens
from kiosk.visit_state import NotPrinted, Sheet
from kiosk.words import words_of

from .pages import pages_of, texts_on
from .window import picture, red, window

SIZES = [(1280, 800), (1920, 1080), (800, 480), (1080, 1920)]
LARGE = Comfort(text=200)

pytestmark = [
    pytest.mark.usefixtures("the_window"),
    pytest.mark.parametrize("size", SIZES),
    pytest.mark.parametrize("language", ["ar", "fr", "en"]),
]


MESSAGES = ("not-printed", "list-status-not", "rights-", "desk-", "card-trouble", "card-offer", "silent", "sent")
MESSAGES += ("problem", "paper-", "help-", "add-slip")


@cache
def drawn(size, language, comfort=LARGE, names=MESSAGES):
    """Return by name the samples whose names begin so: the state, its board, its pages, whether part by part."""
    window()
    from kiosk.screens import Screens
    from kiosk.screens.pages import faults_on

    by, found = Screens(size, TERMINAL, clock=now), {}
    by.suit(comfort)
    for name, state in screens(language).items():
        if name.startswith(names):
            board = by.build(state, print)
            assert faults_on(board) == [], name
            assert by.letters == comfort.text, name
            found[name] = (state, board, pages_of(board), by.in_parts)
            by._board = None  # the next screen does not empty it
    by.close()
    return found


def told_on(page, words, pages):
    """Return what a page of several says, without what turns them."""
    turning = {words("button.previous"), words("button.next")}
    turning |= {words("page", page=words.number(at), pages=words.number(pages)) for at in range(1, pages + 1)}
    return [text for text in texts_on(page) if text not in turning]


def code_page(board, pages):
    """Return the page with a code, or the board where it stands beside all pages, and the code."""
    from kiosk.text import Code

    return next((page, one) for page in (*pages, board) for one in page.walk(restrict=True) if isinstance(one, Code))


def not_printed(size, language, comfort):
    """Yield of each receipt that was not printed its state, its pages, and the page with its code, and that."""
    for state, board, pages, _ in drawn(size, language, comfort, MESSAGES[:2]).values():
        if isinstance(state, NotPrinted) and isinstance(state.sheet, Sheet):
            yield state, pages, *code_page(board, pages)


def test_a_code_instead_of_paper_is_as_large_as_in_usual_letters(size, language):
    """It had half the side, and where the title took two lines a quarter."""
    usual = [code.width for *_, code in not_printed(size, language, Comfort())]
    large = [(code.width, len(pages)) for _, pages, _, code in not_printed(size, language, LARGE)]
    assert len(large) == 8
    for before, (side, pages) in zip(usual, large, strict=True):
        assert side >= before or (pages == 1 and side >= 420), "one page holds all of it"


def test_a_code_instead_of_paper_stands_with_its_sentence(size, language):
    """“This code holds the receipt” stood on the page before it."""
    for _, _, page, _ in not_printed(size, language, LARGE):
        assert words_of(language)("not_printed.code") in texts_on(page)


def test_a_phone_reads_a_code_instead_of_paper(size, language):
    """From 30 cm its camera sees more of it than half of the panel's pixels."""
    import zxingcpp
    from PIL import Image

    state, _, page, _ = next(not_printed(size, language, LARGE))
    seen = picture(size)
    seen.add(page.canvas)
    image = Image.frombytes("L", size, red(seen)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    half = image.resize((size[0] // 2, size[1] // 2), Image.Resampling.BOX)
    assert [code.text for code in zxingcpp.read_barcodes(half)] == [state.sheet.receipt_url]


def test_no_sentence_or_topic_is_looked_at_in_slices(size, language):
    """Under the title of a topic stood a strip of its card, and a card was cut through, half of it on each page."""
    assert [name for name, (*_, in_parts) in drawn(size, language).items() if in_parts] == []


def test_every_sentence_stands_whole_on_a_page(size, language):
    words = words_of(language)
    for name, (state, _, pages, _) in drawn(size, language).items():
        if isinstance(state, ShowTopic):
            told = [text for page in pages for text in texts_on(page)]
            for sentence in state.topic.body:
                assert told.count(said(sentence, words)) == 1, name


def test_how_many_tries_are_left_stands_on_the_first_page(size, language):
    """“Number and code do not match.” stood there alone, and “1 try left.” behind a small arrow."""
    names = ("code-last", "code-no", "card-wrong", "card-type-longest", "card-type-code-wrong")
    words = words_of(language)
    tries = [words.counted(key, n) for key in ("entry.code.tries", "card.wrong", "code.wrong") for n in (1, 2)]
    for name, (*_, pages, _) in drawn(size, language, names=names).items():
        assert any(one in text for one in tries for text in texts_on(pages[0])), name


def test_the_name_of_a_number_over_a_field_stands_in_one_line(size, language):
    """“Tracking / number 26-3182-8331-2”."""
    label, seen = words_of(language)("tracking_number").replace(" ", "\u00a0"), 0
    for name, (*_, pages, _) in drawn(size, language, names=("code",)).items():
        seen += any(text.startswith(f"{label} ") for page in pages for text in texts_on(page))
        assert not any("a word in two" in fault for page in pages for fault in page.overflow()), name
    assert seen >= 5


ROOMS = ("staff-menu", "staff-devices", "staff-network", "staff-journal")


def test_no_title_of_a_staff_room_stands_alone_and_every_row_under_its_name(size, language):
    """“Staff corner” stood alone on the first of six pages; what to do about a device, without its name, elsewhere."""
    from kiosk.screens.signs import SignWidget

    words = words_of(language)
    for name, (*_, pages, in_parts) in drawn(size, language, names=ROOMS).items():
        assert not in_parts, name
        if len(pages) > 1:
            assert len(told_on(pages[0], words, len(pages))) > 1 + (name == "staff-menu"), name
        if name.startswith(("staff-devices", "staff-network")):
            for page in pages[1:]:
                assert any(isinstance(one, SignWidget) for one in page.walk(restrict=True)), name


def test_every_part_of_a_self_test_that_ended_has_its_name_its_state_and_what_was_found_on_one_page(size, language):
    """A page ended between a part's name and what to do about it."""
    from kiosk.screens.selftest import SelfTestScreens
    from kiosk.selftest.saying import outcome_name, part_name
    from kiosk.selftest.saying import said as found
    from kiosk.selftest_samples import selftest_screens

    window()
    from kiosk.screens import Screens

    words, by = words_of(language), Screens(size, TERMINAL, clock=now)
    by.suit(LARGE)
    for name, state in selftest_screens(language).items():
        if not name.startswith("ended") or name.startswith("ended-all"):
            continue
        pages = [texts_on(page) for page in pages_of(SelfTestScreens(by).build(state, print))]
        assert not by.in_parts, name
        for one in state.findings.values():
            whole = {part_name(one.part, words), outcome_name(one, words), found(one, words)}
            assert any(whole <= set(page) for page in pages), (name, one.part)
    by.close()


def test_a_sentence_over_keys_is_parted_nowhere_but_at_its_end(size, language, monkeypatch):
    """“Please compare with / the slip.”: the last words of a sentence of three lines stood on the next page."""
    from kiosk.screens import in_box

    part, parted = in_box.parted, []

    def seen(block, *room):
        parted.append(part(block, *room))
        return parted[-1]

    monkeypatch.setattr(in_box, "parted", seen)
    monkeypatch.setattr(in_box, "_LEAST_AT_ONCE", 1.0)  # as of words that have no room at once
    drawn.__wrapped__(size, language, names=("number-", "code-", "card-type", "card-fields", "staff-pin"))
    assert parted or size == (1080, 1920)
    for *before, _ in parted:
        for one in before:
            assert one.text.rstrip("\u2069")[-1] in ".?!؟", one.text


def test_no_title_stands_alone_on_the_first_page(size, language):
    """“Three tries without a match” stood there, and that nothing is lost on the next page."""
    words = words_of(language)
    for name, (*_, pages, _) in drawn(size, language, names=(*MESSAGES, "printed", "closed", "add-")).items():
        assert len(pages) == 1 or len(told_on(pages[0], words, len(pages))) >= 2, name


def test_what_the_buttons_ask_about_stands_on_the_first_page(size, language):
    """“Yes” and “No” stood under a title, and “Did you find your answer?” on the next page."""
    words, asked = words_of(language), 0
    for name, (state, _, pages, _) in drawn(size, language, names=("sent", "printed", "card-offer")).items():
        if isinstance(state, OfferCode):
            question = None if state.sending else words("code.over" if state.over else "code.offer.text")
        else:
            question = words("found.question") if state.found is None and state.listing is None else None
        if question is not None:
            assert question in texts_on(pages[0]), name
            asked += 1
    assert asked >= 6


def test_what_else_can_be_done_is_said_after_what_it_is_said_beside(size, language):
    """“Or place the slip under the light” stood on page one, and what the code is on page two."""
    words = words_of(language)
    for name, (*_, pages, _) in drawn(size, language, names=("card-offer",)).items():
        told = [text for page in pages for text in texts_on(page)]
        assert told.index(words("code.offer.text")) < told.index(words("code.offer.slip")), name


def test_what_to_do_now_stands_on_the_first_page(size, language, monkeypatch):
    """“Your files open with the slip too” stood there alone, and to place it under the light behind “Next”."""
    from kiosk.screens import message

    draw, paged = message.place_pages, []

    def seen(pen, told, bottom):
        draw(pen, told, bottom)
        paged.append((told, texts_on(pages_of(pen.board)[0])))

    monkeypatch.setattr(message, "place_pages", seen)
    drawn.__wrapped__(size, language, names=("card-trouble", "card-refused", "problem", "silent", "desk-three"))
    assert paged
    for told, first in paged:
        assert {told.title, *told.lines, *told.now[:1]} <= set(first), told.title


def test_the_number_for_an_emergency_stands_on_the_first_page(size, language):
    """It stood behind “Next”, and who needs it has no time to look."""
    _, _, pages, _ = drawn(size, language)["rights-violence"]
    assert any("112" in text for text in texts_on(pages[0]))


def test_the_first_page_says_that_a_code_comes_instead_of_paper(size, language):
    for _, pages, page, _ in not_printed(size, language, LARGE):
        assert page is pages[0] or words_of(language)("not_printed.coming") in texts_on(pages[0])
