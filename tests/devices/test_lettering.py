"""Text as pixels: joined, in order, in every script of our visitors."""

import subprocess
import sys
from itertools import pairwise

import pytest

from devices.lettering import Align, Direction, Paragraph, Style, isolate, isolate_ltr, kept_together

STYLE = Style(32)
LTR, RTL = Direction.LTR, Direction.RTL
SENTENCES = {
    "ar": ("ملفكم لدى رئيس الدائرة، والخطوة التالية: رئيس المصلحة؟", RTL),
    "fr": ("Votre dossier se trouve à l’étape « signature » — œuvre, où, ça, Noël.", LTR),
    "en": ("Your file is with the Head of Department; it’s there since 2 days.", LTR),
    "am": ("ማመልከቻዎ በክፍል ኃላፊው ዘንድ ነው።", LTR),
    "bn": ("আপনার ফাইলটি বিভাগীয় প্রধানের কাছে আছে।", LTR),
}


def _ink(paragraph: Paragraph) -> list[int]:
    """The columns that hold ink, from the left."""
    alpha, width = paragraph.alpha(), paragraph.width
    return [x for x in range(width) if any(alpha[x::width])]


@pytest.mark.parametrize("language", SENTENCES)
def test_every_language_has_its_letters(language):
    text, direction = SENTENCES[language]
    paragraph = Paragraph(text, STYLE, direction, 500)
    assert paragraph.unknown_glyphs == 0
    assert any(paragraph.alpha())


def test_a_missing_letter_is_counted():
    assert Paragraph("\U0001f600 \u13a0", STYLE, LTR).unknown_glyphs == 2


def test_arabic_letters_join():
    """One word of joining letters is one stroke; a non-joiner between the letters takes it apart."""

    def strokes(word: str) -> int:
        ink = _ink(Paragraph(word, STYLE, RTL))
        return 1 + sum(right - left > 1 for left, right in pairwise(ink))

    assert strokes("محمد") == 1
    assert strokes("\u200c".join("محمد")) > 1


def test_digits_of_a_code_keep_their_order_in_arabic():
    """Isolated, the code's pixels stand in the sentence as they stand alone; bare, the letter jumps to the front."""
    code = "2026-0004217-X"
    alone = Paragraph(code, STYLE, LTR)
    sentence = Paragraph("الرقم " + isolate_ltr(code), STYLE, RTL)
    bare = Paragraph("الرقم " + code, STYLE, RTL)

    def at_the_left(paragraph: Paragraph) -> list[bytes]:
        alpha = paragraph.alpha()
        return [alpha[at : at + alone.width - 4] for at in range(0, len(alpha), paragraph.width) if any(alpha[at:])]

    assert sentence.width == bare.width
    assert at_the_left(bare) != at_the_left(sentence)
    shown = {row for row in at_the_left(sentence) if any(row)}
    alpha = alone.alpha()
    meant = {alpha[at : at + alone.width - 4] for at in range(0, len(alpha), alone.width)}
    assert shown <= meant


def test_isolates_take_no_room_and_keep_groups_together():
    assert Paragraph(isolate("abc"), STYLE, LTR).width == Paragraph("abc", STYLE, LTR).width
    assert Paragraph(isolate_ltr("71 123 456"), STYLE, LTR, 60).line_count > 1  # it must break somewhere
    phone = Paragraph("هاتف وهاتف " + isolate_ltr("71 123"), STYLE, RTL, 200)
    assert phone.line_count == 2


@pytest.mark.parametrize(
    ("direction", "align", "left"),
    [
        (LTR, Align.START, True),
        (LTR, Align.END, False),
        (RTL, Align.START, False),
        (RTL, Align.END, True),
    ],
)
def test_the_start_is_where_reading_starts(direction, align, left):
    """Also for a line of the other script: its paragraph decides."""
    for text in ("وزارة العمل", "Ministère"):
        ink = _ink(Paragraph(text, STYLE, direction, 600, align))
        assert (ink[0] < 10) is left
        assert (ink[-1] > 590) is not left


def test_the_centre_is_in_the_middle():
    ink = _ink(Paragraph("وزارة", STYLE, RTL, 600, Align.CENTER))
    assert abs((ink[0] + ink[-1]) / 2 - 300) < 4


def test_what_does_not_fit_says_so():
    long = "Votre demande est à l’étude. " * 20
    whole = Paragraph(long, STYLE, LTR, 400)
    cut = Paragraph(long, STYLE, LTR, 400, max_lines=2)
    assert not whole.truncated
    assert cut.truncated
    assert cut.line_count == 2
    assert cut.height < whole.height
    assert not Paragraph("court", STYLE, LTR, 400, max_lines=1).truncated


def test_a_word_longer_than_the_line_is_broken_not_lost():
    paragraph = Paragraph("x" * 100, STYLE, LTR, 200)
    assert paragraph.line_count > 3
    assert paragraph.ink_width <= 200


def test_markup_is_plain_text():
    assert Paragraph("<b>&amp;", STYLE, LTR).width > Paragraph("&", STYLE, LTR).width * 4


def test_text_that_is_no_text_is_shown_as_damaged():
    assert Paragraph("a\0b\ud800", STYLE, LTR).width > Paragraph("ab", STYLE, LTR).width
    assert Paragraph("", STYLE, LTR).alpha() == b""


def test_weights_and_line_heights_are_followed():
    assert Paragraph("Ministry", Style(32, 700), LTR).width > Paragraph("Ministry", STYLE, LTR).width
    tight, wide = (Paragraph("a\nb\nc", Style(30, 400, pitch), LTR).height for pitch in (1.2, 2.0))
    assert (tight, wide) == (108, 180)


def test_it_starts_small_and_without_the_machines_fonts():
    """The parser of C declarations and the other toolkits stay out of the terminal's start."""
    program = (
        "import sys; from devices.lettering import *; Paragraph('ا', Style(20), Direction.RTL).alpha();"
        "assert not {'pycparser', 'PIL', 'numpy'} & set(sys.modules);"
        "from pathlib import Path; fonts = {l.split()[-1] for l in Path('/proc/self/maps').open() if '.ttf' in l};"
        "assert all('/Noto' in f for f in fonts), fonts; assert 'istilam-fonts' in Path('/proc/self/maps').read_text()"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("parts", "direction"),
    [(("Guichet des documents", "guichet 3"), LTR), ((isolate("شبّاك تقديم المستندات"), isolate("شبّاك 3")), RTL)],
)
def test_a_dot_between_two_things_is_left_out_where_the_line_breaks(parts, direction):
    """“Guichet des documents ·” ended a line with what parts it from the next one."""
    text = " · ".join(parts)
    first = Paragraph(f"{parts[0]} ·", STYLE, direction).width
    for width in (first - 1, first, first + 10):
        broken = Paragraph("\n".join(parts), STYLE, direction, width)
        assert Paragraph(text, STYLE, direction, width).alpha() == broken.alpha()
    whole = Paragraph(text, STYLE, direction)
    assert Paragraph(text, STYLE, direction, whole.width).alpha() == whole.alpha()


@pytest.mark.parametrize(
    ("before", "date", "direction"),
    [
        ("Auprès du Service depuis le", "18/11/2026", LTR),
        ("Opens again on", "18/11/2026", LTR),
        ("hier à", "16:02", LTR),
        (f"{isolate('انقضت المهلة')} في", "18/11/2026", RTL),
    ],
)
def test_a_date_stands_beside_the_short_word_before_it(before, date, direction):
    """“le / 18/11/2026”, “on / 18/11/2026”, «في / 18/11/2026»."""
    date = isolate_ltr(date)
    first, word = before.rsplit(" ", 1)
    width = Paragraph(f"{before} ", STYLE, direction).width
    whole = Paragraph(f"{before} {date}", STYLE, direction, width)
    assert whole.alpha() == Paragraph(f"{first}\n{word} {date}", STYLE, direction, width).alpha()


def test_a_date_after_a_comma_may_begin_a_line():
    """“The last day, / 18/11/2026, / has passed”: it was held to “day,”, and the line after it began with a comma."""
    for text in (f"The last day, {isolate_ltr('18/11/2026')}, has passed", f"اليوم، {isolate_ltr('18/11/2026')}"):
        assert kept_together(text) == text


def test_a_dot_before_a_date_is_still_left_out_where_the_line_breaks():
    for text in (f"Beyrouth · {isolate_ltr('18/11/2026')}", f"quatre-vingt-dix {isolate_ltr('18/11/2026')}"):
        assert "\u00a0" not in kept_together(text)


def test_no_word_stands_alone_in_the_last_line_where_another_can_stand_beside_it():
    """A paragraph as wide as the paper ended in one word."""
    text = "The original in the employer’s name: twice the minimum wage"
    width = Paragraph("The original in the employer’s name: twice the minimum", STYLE, LTR).width + 2
    company = Paragraph("The original in the employer’s name: twice the\nminimum wage", STYLE, LTR, width)
    assert Paragraph(text, STYLE, LTR, width).alpha() == company.alpha()
    text = "تقديم المستندات مع إيصال التسجيل"
    width = Paragraph("تقديم المستندات مع إيصال", STYLE, RTL).width + 2
    company = Paragraph("تقديم المستندات مع\nإيصال التسجيل", STYLE, RTL, width)
    assert Paragraph(text, STYLE, RTL, width).alpha() == company.alpha()


def test_a_word_after_a_colon_has_its_line_to_itself():
    text = "Diwan (bureau du courrier): enregistré"
    width = Paragraph("Diwan (bureau du courrier):", STYLE, LTR).width + 2
    assert Paragraph(text, STYLE, LTR, width).alpha() == Paragraph(text.replace(": ", ":\n"), STYLE, LTR, width).alpha()


@pytest.mark.parametrize("text", ["Finish leaving", "one administratively", "a b\nadministratively"])
def test_a_word_that_has_no_room_for_another_beside_it_stays_alone_and_whole(text):
    words = text.split()
    width = max(Paragraph(word, STYLE, LTR).width for word in words) + 20
    parted = "\n".join(text.rsplit(" ", 1)) if "\n" not in text else text
    assert Paragraph(text, STYLE, LTR, width).alpha() == Paragraph(parted, STYLE, LTR, width).alpha()


def test_a_word_that_gives_company_takes_no_dot_along():
    text, width = "Guichet 3 · premier étage", Paragraph("Guichet 3 · premier", STYLE, LTR).width + 2
    parted = Paragraph("Guichet 3\npremier étage", STYLE, LTR, width)
    assert Paragraph(text, STYLE, LTR, width).alpha() == parted.alpha()


def test_a_span_of_hours_stands_on_one_line():
    """“08:00–” ended a line, and “13:30” began the next."""
    days, hours = "Lundi", isolate_ltr("08:00–13:30")
    width = Paragraph(f"{days} 08:00–1", STYLE, LTR).width
    text = Paragraph(f"{days} {hours}", STYLE, LTR, width)
    assert text.alpha() == Paragraph(f"{days}\n{hours}", STYLE, LTR, width).alpha()
    assert text.unknown_glyphs == 0
