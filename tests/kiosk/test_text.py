"""Lettering on the screen: drawn once, tinted, and gone when the visit is."""

import gc
import weakref

import pytest

from devices.lettering import Align, Direction, Paragraph, Style

from .window import shown, window

pytestmark = pytest.mark.usefixtures("the_window")

STYLE = Style(32, 400)


@pytest.fixture
def letterer():
    window()
    from kiosk.text import Letterer

    return Letterer()


def test_the_same_text_is_lettered_once(letterer):
    first = letterer.letter("رقم المتابعة", STYLE, Direction.RTL)
    assert letterer.letter("رقم المتابعة", STYLE, Direction.RTL) is first
    assert letterer.letter("رقم المتابعة", STYLE, Direction.LTR) is not first


def test_what_was_lettered_for_a_visit_does_not_outlive_it(letterer):
    texture = weakref.ref(letterer.letter("26-3182-8331-2", STYLE, Direction.LTR).texture)
    letterer.forget()
    gc.collect()
    assert len(letterer) == 0
    assert texture() is None


def test_the_terminals_own_words_are_lettered_for_the_next_visitor_too(letterer):
    own, visitors = letterer.letter("رقم المتابعة", STYLE, Direction.RTL), letterer.letter("26", STYLE, Direction.LTR)
    texture, personal = own.texture, weakref.ref(visitors.texture)
    del visitors
    letterer.forget(keep=iter(["رقم المتابعة", "Quitter"]))
    gc.collect()
    assert letterer.letter("رقم المتابعة", STYLE, Direction.RTL).texture is texture
    assert (len(letterer), personal()) == (1, None)
    letterer.forget()
    assert len(letterer) == 0


def test_of_own_words_those_asked_for_last_are_kept_and_no_more_than_there_is_room_for(letterer, monkeypatch):
    words = [f"كلمة {number}" for number in range(9)]
    sizes = [letterer.letter(word, STYLE, Direction.RTL).inked[2:] for word in words]
    letterer.letter(words[0], STYLE, Direction.RTL)
    monkeypatch.setattr("kiosk.text._KEPT", sum(width * height for width, height in (sizes[0], *sizes[-2:])))
    letterer.forget(keep=words)
    assert {key[0] for key in letterer._known} == {words[0], *words[-2:]}
    monkeypatch.setattr("kiosk.text._KEPT_TEXTS", 1)
    letterer.forget(keep=words)
    assert [key[0] for key in letterer._known] == [words[0]]


@pytest.mark.parametrize("stored", ["luminance", "luminance_alpha"])
def test_a_texture_is_white_with_the_lettering_as_its_alpha(letterer, stored, monkeypatch):
    monkeypatch.setattr("kiosk.text._stored", lambda: stored)
    texture = letterer.letter("أ", STYLE, Direction.RTL).texture
    on_black, on_white = shown(texture, (0, 0, 0, 1)), shown(texture, (1, 1, 1, 1))
    assert set(on_white) == {255}
    assert (min(on_black), max(on_black)) == (0, 255)


def test_the_alpha_that_is_stored_beside_white_is_that_which_is_stored_alone(letterer, monkeypatch):
    alone = shown(letterer.letter("معاملتكم", STYLE, Direction.RTL).texture)
    monkeypatch.setattr("kiosk.text._stored", lambda: "luminance_alpha")
    letterer.forget()
    assert shown(letterer.letter("معاملتكم", STYLE, Direction.RTL).texture) == alone


@pytest.mark.parametrize("text", ["في", "أُعيدت إليكم", "لأيّ"])
def test_no_dot_or_mark_of_arabic_is_cut_off(letterer, text):
    close = letterer.letter(text, Style(40, 700, 1.2), Direction.RTL).texture
    roomy = Paragraph(text, Style(40, 700, 2.4), Direction.RTL)
    assert sum(shown(close)) == sum(roomy.alpha())


@pytest.mark.parametrize("text", ["رقم المتابعة", "Où déposer", "8", "معاملتكم لدى المدير العام " * 8])
@pytest.mark.parametrize("align", Align)
def test_a_texture_holds_all_ink_and_little_else(letterer, text, align):
    lettered = letterer.letter(text, STYLE, Direction.RTL, 400, align)
    left, top, width, height = lettered.inked
    whole = Paragraph(text, STYLE, Direction.RTL, 400, align)
    if lettered.width == 400:
        rows = [whole.alpha()[at : at + 400] for at in range(0, 400 * whole.height, 400)]
        inked = [row[left : left + width] for row in rows[max(0, top) : top + height]]
        assert sum(map(sum, inked)) == sum(whole.alpha())
    rim = 8  # whole pixels, an edge for smoothing, rows of whole words
    shown_rows = shown(lettered.texture)
    columns = [at % width for at, pixel in enumerate(shown_rows) if pixel]
    assert min(columns) < rim
    assert max(columns) >= width - rim


def test_a_text_too_long_for_its_lines_is_known_to_be_cut(letterer):
    assert letterer.letter("معاملتكم لدى المدير العام " * 8, STYLE, Direction.RTL, 300, max_lines=1).truncated
    assert not letterer.letter("معاملتكم لدى المدير العام " * 8, STYLE, Direction.RTL, 300).truncated


def test_a_letter_without_a_glyph_is_counted(letterer):
    assert letterer.letter("\U00013000", STYLE, Direction.LTR).unknown_glyphs


def test_a_code_on_the_screen_is_read_by_a_camera(tmp_path):
    import zxingcpp
    from kivy.uix.widget import Widget
    from PIL import Image

    from kiosk.samples import sheets
    from kiosk.text import Code
    from kiosk.window import save_frame

    from .window import flips

    url = sheets()["under-review"].receipt_url
    root = Widget(size=window().size)
    root.add_widget(Code(url, 600, (100, 100)))
    window().add_widget(root)
    shot = tmp_path / "code.png"

    def on_flip(*_):
        save_frame(window(), shot)

    window().bind(on_flip=on_flip)
    flips(3)
    window().unbind(on_flip=on_flip)
    window().remove_widget(root)
    assert [code.text for code in zxingcpp.read_barcodes(Image.open(shot))] == [url]
