"""The detector of cut, overlapping, unshaped and missing text finds a planted case of each, and nothing else."""

import pytest

from kiosk.theme import Theme

from .window import SIZE, window

pytestmark = pytest.mark.usefixtures("the_window")

ARABIC = "معاملتكم قيد الدرس لدى المدير العام"


@pytest.fixture
def pen():
    window()
    from kiosk.screens.board import Board, Pen
    from kiosk.text import Letterer
    from kiosk.words import words_of

    theme = Theme(*SIZE)
    return Pen(theme, words_of("ar"), Letterer(), Board(theme))


def plant(pen, text, y=100, **how):
    pen.text(pen.letter(text, pen.theme.type(40), **how), pen.theme.palette.ink, 80, y)


def found(pen):
    return {fault.partition(":")[0] for fault in pen.board.overflow()}


def test_nothing_is_found_where_nothing_is_wrong(pen):
    plant(pen, ARABIC)
    plant(pen, ARABIC * 4, y=300, width=800)
    plant(pen, "Votre dossier est à l’étude", y=700)
    assert found(pen) == set()


def test_cut_text(pen):
    plant(pen, ARABIC * 3, width=400, max_lines=1)
    assert found(pen) == {"cut"}


def test_overlapping_text(pen):
    plant(pen, ARABIC)
    plant(pen, ARABIC, y=120)
    assert found(pen) == {"over each other"}


def test_text_outside_the_screen(pen):
    plant(pen, ARABIC, y=1900)
    assert found(pen) == {"outside the screen"}


def test_what_lies_over_the_edge_of_a_card(pen):
    card = (56, 100, 900, 300, pen.theme.palette.card, pen.theme.palette.line, 20)
    pen.panel(*card)
    plant(pen, ARABIC, y=200)
    assert found(pen) == set()
    plant(pen, ARABIC, y=380)
    assert found(pen) == {"over the edge of its ground"}


def test_letters_that_no_font_has(pen):
    plant(pen, "معاملتكم \U00013000")
    assert found(pen) == {"no glyph"}


def test_text_that_was_shaped_by_hand(pen):
    plant(pen, "ﻡﻌﺎﻣﻠﺗﻜﻢ")
    plant(pen, "معا\u200cملتكم", y=300)
    assert len(pen.board.overflow()) == 2
    assert found(pen) == {"letters do not join"}


def test_text_whose_font_does_not_join(pen, monkeypatch):
    """As Kivy's own labels draw Arabic: every letter by itself."""
    from devices import lettering, pango

    def apart(style):
        attributes = pango.attr_list_new()
        features = b"init=0,medi=0,fina=0,rlig=0,calt=0,liga=0"
        pango.attr_list_insert(attributes, pango.attr_font_features_new(features))
        return attributes

    monkeypatch.setattr(lettering, "_attributes", apart)
    text = pen.letter(ARABIC, pen.theme.type(40))
    monkeypatch.undo()
    pen.text(text, pen.theme.palette.ink, 56, 100)
    assert found(pen) == {"letters do not join"}


def test_a_word_that_a_line_parts(pen):
    plant(pen, "Votre dossier est enregistré", width=420)
    assert found(pen) == set()
    plant(pen, "Réenregistrement", y=400, width=200)
    assert found(pen) == {"a word in two"}
