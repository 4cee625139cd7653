"""What a drawing must show by itself: nothing by colour alone, nothing on a ground of its own colour."""

from itertools import product

import pytest
from PIL import Image, ImageChops, ImageFilter

from devices.lettering import Align, Direction, Paragraph, Style, kept_together
from kiosk.account import tell
from kiosk.card_events import KeyErased
from kiosk.comfort import Comfort, Contrast
from kiosk.requirements import tell_requirements
from kiosk.samples import TERMINAL, now, screens
from kiosk.theme import PALETTES, Theme
from kiosk.visit_state import NotPrinted, Sheet
from kiosk.words import words_of

from .test_comfort import contrast, pressable
from .window import SIZE, window

USUALLY = Comfort()
pytestmark = pytest.mark.usefixtures("the_window")


def drawn(size=SIZE, comfort=USUALLY):
    window()
    from kiosk.screens import Screens

    made = Screens(size, TERMINAL, clock=now)
    made.suit(comfort)
    return made


@pytest.mark.parametrize("theme", Contrast)
def test_a_step_to_come_and_the_readers_light_are_seen(theme):
    """Their lines held 1.5:1 on the card, and 1.1:1 to 3.4:1 on home's panel."""
    palette = PALETTES[theme]
    pairs = [
        (palette.edge, palette.card),
        (palette.light, palette.green),
        (palette.light_on_paper, palette.paper),
    ]
    assert min(contrast(*pair) for pair in pairs) >= 3


@pytest.mark.parametrize("theme", Contrast)
def test_what_is_selected_in_a_field_is_seen(theme):
    """Its ground was black on black in high contrast."""
    made = drawn(comfort=Comfort(contrast=theme))
    from kivy.graphics import Color

    from kiosk.screens.text_field import TextField

    board = made.build(screens("ar")["number-selected"], print)
    field = next(widget for widget in board.walk() if isinstance(widget, TextField))
    after = [tuple(one.rgba) for one in field.canvas.after.children if isinstance(one, Color)]
    grounds, letters = set(after[::2]), set(after[1::2])
    assert after
    palette = PALETTES[theme]
    assert all(contrast(ground, palette.card) >= 3 for ground in grounds)
    assert all(contrast(*pair) >= 7 for pair in product(grounds, letters))


@pytest.mark.parametrize("shown", ["", "1984"])
def test_the_cursor_of_a_field_stands_within_it(shown):
    """In a low field it stood out above and below, as tall as the largest letters."""
    window()
    from kiosk.screens.board import Board, Pen
    from kiosk.screens.typing import _lettered
    from kiosk.text import Letterer

    theme = Theme(*SIZE)
    pen = Pen(theme, words_of("ar"), Letterer(), Board(theme))
    (usual,) = _lettered(pen, shown, 900, 400)
    (low,) = _lettered(pen, shown, 900, usual.height - 1)
    assert low.height < usual.height


def test_lines_of_one_length_part_no_word():
    """“12 document / s are missing”: as narrow as goes with as many lines."""
    window()
    from kiosk.screens.blocks import Line
    from kiosk.screens.board import Board, Pen
    from kiosk.text import Letterer

    theme = Theme(*SIZE)
    style = theme.type(56, strong=True)
    for width in range(400, 440, 4):
        pen = Pen(theme, words_of("fr"), Letterer(), Board(theme))
        Line("12 documents are missing", style, theme.palette.ink, even=True).place(pen, 100, 100, width)
        assert pen.board.overflow() == []


@pytest.mark.parametrize("name", ["home", "staff-languages"])
def test_what_is_chosen_bears_a_tick_as_well_as_a_colour(name):
    made = drawn()
    from kiosk.screens.press import Pressable
    from kiosk.screens.signs import SignWidget

    board = made.build(screens("ar")[name], print)
    buttons = [one for one in board.walk() if isinstance(one, Pressable) and one.name.startswith(("lang", "offer"))]
    ticked = {one.name for one in buttons if any(isinstance(child, SignWidget) for child in one.children)}
    assert ticked == {one.name for one in buttons if one.chosen} != {one.name for one in buttons}


@pytest.mark.parametrize(("size", "language"), [*product([(1920, 1080), (1280, 800), (800, 480)], ["ar", "fr", "bn"])])
def test_a_receipt_on_the_screen_stands_beside_what_is_said_of_it(size, language):
    """“This code holds …” stood on one page, and the code on the next."""
    made = drawn(size)
    from kiosk.screens.pages import Pages
    from kiosk.text import Code

    for name, state in screens(language).items():
        if not isinstance(state, NotPrinted) or not isinstance(state.sheet, Sheet):
            continue
        board = made.build(state, print)
        assert all(widget.count == 1 for widget in board.walk() if isinstance(widget, Pages)), name
        assert any(isinstance(widget, Code) for widget in board.walk()), name


@pytest.mark.parametrize("size", [SIZE, (1280, 800)])
def test_the_digits_lie_at_the_same_places_on_every_keypad(size):
    """0 stood in the middle on one screen, and on the left on the next."""
    made = drawn(size)

    columns = set()
    for name in ("number", "code", "card-type-birth", "card-type-code", "list-search", "staff-pin-wrong"):
        keys = pressable(made.build(screens("fr")[name], print))
        columns.add(tuple(keys[f"key.{key}"].center_x == keys["key.5"].center_x for key in ("2", "0", "clear")))
        assert keys["key.clear"].center_y == keys["key.0"].center_y == keys["key.erase"].center_y
    assert columns == {(True, True, False)}


def test_all_that_was_typed_is_cleared_at_once():
    made = drawn()

    sent = []
    pressable(made.build(screens("fr")["card-type-birth"], sent.append))["key.clear"].do()
    assert sent == [KeyErased(whole=True)]
    assert KeyErased(whole=True).left_of("1208") == ""
    assert KeyErased().left_of("1208") == "120"


def texts_on(board):
    from kiosk.text import Text

    return [widget for widget in board.walk() if isinstance(widget, Text)]


def inked(text):
    """Return where a text's letters are, a pixel wider on each side: a picture as large as the panel."""
    lettered = text.lettered
    paragraph = Paragraph(lettered.text, lettered.style, lettered.direction)
    left, top, width, height = paragraph.inked
    page = Image.new("L", SIZE)
    letters = Image.frombytes("L", (width, height), paragraph.coverage(paragraph.inked))
    page.paste(letters, (round(text.x + left), round(SIZE[1] - text.top + top)))
    return page.filter(ImageFilter.MaxFilter(3))


def test_no_mark_of_the_answer_touches_the_line_above_it():
    """The hamza and damma of «أُعيدت» stood on the «م» of «مطلوب منكم»."""
    state = screens("ar")["status-returned-no-list"]
    account = tell(state.sheet, words_of("ar"))
    lines = {text.lettered.text: text for text in texts_on(drawn().build(state, print))}
    label, answer = lines[account.label], lines[account.answer]
    assert answer.lettered.lines == 1
    assert ImageChops.multiply(inked(label), inked(answer)).getbbox() is None


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_last_digits_of_fees_stand_under_each_other(language):
    """Flush at the other side, units of Arabic amounts did not stand under units."""
    made = drawn()
    from kiosk.screens.pages import Pages

    state = screens(language)["requirements-permit"]
    amounts = [amount for _, amount in tell_requirements(state.sheet, words_of(language)).fees.lines]
    pages = next(widget for widget in made.build(state, print).walk() if isinstance(widget, Pages))
    found = [text for at in range(pages.count) for text in texts_on(pages.board(at)) if text.lettered.text in amounts]
    assert len(found) == len(amounts) > 2
    assert len({len(amount) for amount in amounts}) > 1
    assert len({text.right for text in found}) == 1


def test_an_arabic_reader_meets_the_opening_time_first():
    """“08:00–13:30”, left to right, began with 13:30 for who reads from the right."""
    account = tell(screens("ar")["status-returned"].sheet, words_of("ar"))
    hours = [line for line in account.place.lines if "08:00" in line]
    assert hours
    assert all("–" not in line and line.index("من") < line.index("08:00") < line.index("إلى\u00a0") for line in hours)


def longest_and_last(text):
    """Return how many pixels the longest line of a text takes, and the last."""
    lettered = text.lettered
    said = kept_together(lettered.text)
    paragraph = Paragraph(said, lettered.style, lettered.direction, lettered.width, Align.CENTER)
    page = Image.frombytes("L", (paragraph.width, paragraph.height), paragraph.alpha())
    pitch = paragraph.height / lettered.lines
    lines = [page.crop((0, round(at * pitch), page.width, round((at + 1) * pitch))) for at in range(lettered.lines)]
    widths = [box[2] - box[0] for line in lines if (box := line.getbbox())]
    return max(widths), widths[-1]


@pytest.mark.parametrize(
    ("language", "name", "begins"),
    [
        ("ar", "home-held", "ثبّتوا"),
        ("fr", "status-returned", "Il manque"),  # … / au dossier
        ("fr", "status-under-review", "Cette étape"),  # … / ouvrables
    ],
)
def test_no_word_of_a_heading_stands_alone_in_its_last_line(language, name, begins):
    board = drawn().build(screens(language)[name], print)
    text = next(text for text in texts_on(board) if text.lettered.text.startswith(begins))
    assert text.lettered.lines > 1
    longest, last = longest_and_last(text)
    assert last >= longest / 2


def test_no_line_ends_between_a_number_and_what_it_counts_nor_within_a_name():
    """“Rez-de- / chaussée”, «3 / مراحل», “1er / étage”."""
    assert kept_together("Rez-de-chaussée") == "Rez-\u2060de-\u2060chaussée"
    assert kept_together("au 1er étage") == "au 1er\u00a0étage"
    assert kept_together("أُنجزت \u20663\u2069 مراحل") == "أُنجزت \u20663\u2069\u00a0مراحل"
    for text in ("23/11/2026 at", "26-3182-8331-2 est", "08:00 or"):
        assert kept_together(text) == text  # a day, a number or a time counts nothing

    from kiosk.text import Letterer

    here = Letterer().letter("ici, au Rez-de-chaussée", Style(32), Direction.LTR, 300)
    assert (here.lines, here.text, here.unknown_glyphs) == (2, "ici, au Rez-de-chaussée", 0)
