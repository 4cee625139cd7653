"""Pango text to a raster, for paper and for the screen.

Pango shapes (Arabic letters join), wraps, orders by the Unicode bidirectional algorithm and falls back from font to
font; cairo draws. Codes, numbers, phones, amounts and times inside Arabic text must be isolated (`isolate_ltr`):
correct bidi alone shows 2026-0004217-X as X-0004217-2026.
"""

import ctypes
import os
import re
import threading
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Final

from devices import pango

FAMILY: Final = "Noto Sans, Noto Sans Arabic, Noto Sans Ethiopic, Noto Sans Bengali, Noto Sans Devanagari"
FONTS_CONF: Final = Path(__file__).with_name("fonts.conf")

_FIRST_STRONG_ISOLATE = "\u2068"
_LEFT_TO_RIGHT_ISOLATE = "\u2066"
_POP_ISOLATE = "\u2069"
_NO_BREAK_SPACE = "\u00a0"
_NO_BREAK: Final = _NO_BREAK_SPACE.encode()
_DOT: Final = " · ".encode()
_EDGE: Final = 1
"""Pixels around what Pango measures of a letter that its smooth edge may reach into."""


class Direction(Enum):
    """The base direction of a paragraph; the values are PangoDirection's."""

    LTR = 0
    RTL = 1


class Align(Enum):
    """START is the left edge of left-to-right text and the right edge of right-to-left text."""

    START = "start"
    CENTER = "center"
    END = "end"


@dataclass(frozen=True, slots=True)
class Style:
    """size: the em in pixels (dots on paper); weight: 400 regular, 700 bold; line_height: in ems."""

    size: float
    weight: int = 400
    line_height: float = 1.4


def use_private_fonts() -> None:
    """Let fontconfig see only the Noto faces that we letter with, unless it was told of others already.

    fontconfig reads the variable once per process, at the first text. A system-wide scan costs that about half a
    second.
    """
    if "FONTCONFIG_FILE" not in os.environ:
        os.environ["FONTCONFIG_FILE"] = str(FONTS_CONF)


def isolate(text: str) -> str:
    """Keep `text` from reordering what surrounds it; its own direction comes from its first strong letter."""
    return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"


def isolate_ltr(text: str) -> str:
    """Show a code, number, phone, amount or time left to right wherever it stands, its groups on one line."""
    return f"{_LEFT_TO_RIGHT_ISOLATE}{text.replace(' ', _NO_BREAK_SPACE)}{_POP_ISOLATE}"


_NUMBER_OF_SOMETHING: Final = re.compile(r"(?<![\d/:.-])(\d+(?:er|re|e|st|nd|rd|th)?\u2069?) (?=[^\W\d_])")
_SHORT_WORD_BEFORE_A_DATE: Final = re.compile(
    r"(?<![^\s(\u2066-\u2068])([^\W\d_][^\s\d,.;:،؛]{0,3}) (?=\u2066\d\d[/:])"
)
"""Of up to four letters, before an isolated date or time: “le”, “on”, «في»; not “day,”, at which the voice rests."""
_HYPHEN_IN_A_WORD: Final = re.compile(r"(?<=[^\W\d_]-)(?=\w)|(?<=\d-)(?=[^\W\d_])")
_DASH_OF_A_SPAN: Final = re.compile(r"(?<=\d–)(?=\d)")
_WORD_JOINER = "\u2060"
"""Goes where Pango would end a line within what is one; no pen draws it."""


def kept_together(text: str) -> str:
    """Let no line end between a number and what it counts, nor before the date or time that a short word leads to.

    Nor within a word or a name that has a hyphen, nor in “08:00–13:30”.
    """
    if " " in text:
        text = _NUMBER_OF_SOMETHING.sub(f"\\1{_NO_BREAK_SPACE}", text)
        if _LEFT_TO_RIGHT_ISOLATE in text:
            text = _SHORT_WORD_BEFORE_A_DATE.sub(f"\\1{_NO_BREAK_SPACE}", text)
    if "-" in text:
        text = _HYPHEN_IN_A_WORD.sub(_WORD_JOINER, text)
    return _DASH_OF_A_SPAN.sub(_WORD_JOINER, text) if "–" in text else text


_one_at_a_time = threading.RLock()
"""Held while Pango works. A font map is not made for threads; but one for all of them keeps the faces and letters that
any of them has drawn, where Pango's own default, one a thread, begins again in each."""


@cache
def _font_map() -> int:
    use_private_fonts()
    return pango.font_map_new()


@cache
def _context(direction: Direction) -> int:
    """One Pango context a direction: the base direction belongs to the context, not to the layout."""
    context: int = pango.font_map_create_context(_font_map())
    pango.context_set_base_dir(context, direction.value)
    return context


@cache
def _font(style: Style) -> int:
    description: int = pango.font_description_new()
    pango.font_description_set_family(description, FAMILY.encode())
    pango.font_description_set_weight(description, style.weight)
    pango.font_description_set_absolute_size(description, style.size * pango.SCALE)
    return description


@cache
def _attributes(style: Style) -> int:
    attributes: int = pango.attr_list_new()
    pitch = round(style.size * style.line_height * pango.SCALE)
    pango.attr_list_insert(attributes, pango.attr_line_height_new_absolute(pitch))
    pango.attr_list_insert(attributes, pango.attr_font_features_new(b"tnum=1"))
    return attributes


class Paragraph:
    """Plain text laid out in one style; markup is not interpreted.

    width: the pixels to wrap at, or None for the natural width (lines then break only at a newline). What belongs
    together is (`kept_together`); where a line breaks at a dot between two spaces, the dot is left out; no word stands
    alone in the last line where the one before can stand beside it.
    max_lines: what does not fit into so many lines of `width` ends in an ellipsis; it needs a width.
    """

    def __init__(  # noqa: PLR0917 - the order of a paragraph is its callers' habit
        self,
        text: str,
        style: Style,
        direction: Direction,
        width: int | None = None,
        align: Align = Align.START,
        max_lines: int | None = None,
    ) -> None:
        with _one_at_a_time:
            self._lay_out(text, style, direction, width, align, max_lines)

    def _lay_out(  # noqa: PLR0917 - as above
        self, text: str, style: Style, direction: Direction, width: int | None, align: Align, max_lines: int | None
    ) -> None:
        layout: int = pango.layout_new(_context(direction))
        self._layout = layout
        # Pango reads UTF-8 up to the first NUL: what cannot be said in it is shown as a replacement, not dropped.
        whole = text.replace("\0", "\ufffd")
        self._utf8 = (whole if width is None else kept_together(whole)).encode("utf-8", "replace")
        pango.layout_set_text(layout, self._utf8, -1)
        pango.layout_set_font_description(layout, _font(style))
        pango.layout_set_attributes(layout, _attributes(style))
        pango.layout_set_auto_dir(layout, 0)
        pango.layout_set_alignment(layout, _alignment(align, direction))
        if width is not None:
            pango.layout_set_width(layout, width * pango.SCALE)
            pango.layout_set_wrap(layout, pango.WRAP_WORD_CHAR)
            if max_lines is not None:
                pango.layout_set_ellipsize(layout, pango.ELLIPSIZE_END)
                pango.layout_set_height(layout, -max_lines)
        pango.layout_context_changed(layout)
        if width is not None:
            self._leave_out_dots()
            if max_lines is None:
                self._give_company()

        ink, logical = pango.Rectangle(), pango.Rectangle()
        pango.layout_get_extents(layout, ctypes.byref(ink), ctypes.byref(logical))
        self.width: int = width if width is not None else _pixels_up(logical.x + logical.width)
        self.height: int = _pixels_up(logical.height)
        self.ink_width: int = _pixels_up(ink.width)
        above, below = logical.y - ink.y, ink.y + ink.height - logical.y - logical.height
        self.bleed: int = max(0, _pixels_up(above), _pixels_up(below))
        """Pixels by which ink stands out above or below: Arabic marks and the dots of a final ya, at a close pitch."""
        left, right = max(0, ink.x // pango.SCALE - _EDGE), min(self.width, _pixels_up(ink.x + ink.width) + _EDGE)
        top, bottom = ink.y // pango.SCALE - _EDGE, _pixels_up(ink.y + ink.height) + _EDGE
        self.inked: tuple[int, int, int, int] = (left, top, _stride(max(0, right - left)), max(0, bottom - top))
        """Left, top, width and height of the part that letters colour, in pixels from the upper left corner."""
        self.line_count: int = pango.layout_get_line_count(layout)
        self.parts_a_word: bool = width is not None and any(map(self._within_a_word, range(1, self.line_count)))
        """Whether a line ends in the middle of a word or number, which is wider than it."""
        self.truncated: bool = bool(pango.layout_is_ellipsized(layout))
        self.unknown_glyphs: int = pango.layout_get_unknown_glyphs_count(layout)

    def _say(self, utf8: bytes) -> None:
        self._utf8 = utf8
        pango.layout_set_text(self._layout, utf8, -1)

    def _leave_out_dots(self) -> None:
        while _DOT in self._utf8 and (broken := self._broken_at_dot()) is not None:
            self._say(self._utf8[:broken] + b"\n" + self._utf8[broken + len(_DOT) :])

    def _give_company(self) -> None:
        """Take the word before it into the last line where a word stands alone there, but after a colon.

        It costs no line, and one more layout of such a text alone.
        """
        before, lines = self._utf8, pango.layout_get_line_count(self._layout)
        space = before.rfind(b" ")
        alone = lines > 1 and self._last_line() == space + 1
        if not alone or _NO_BREAK in before[space:] or before.endswith(b":", 0, space):
            return
        self._say(before[:space] + _NO_BREAK + before[space + 1 :])
        self._leave_out_dots()
        last = self._last_line()
        # The two of them may be wider than a line, which then ends within a word.
        if pango.layout_get_line_count(self._layout) != lines or self._utf8[last - 1 : last] not in {b" ", b"\n"}:
            self._say(before)

    def _last_line(self) -> int:
        """Return where the last line begins, in bytes."""
        return self._begins(pango.layout_get_line_count(self._layout) - 1)

    def _within_a_word(self, line: int) -> bool:
        begin = self._begins(line)
        before, after = self._utf8[:begin].decode()[-1:], self._utf8[begin:].decode()[:1]
        return all(unicodedata.category(letter)[0] in "LMN" for letter in before + after)

    def _begins(self, line: int) -> int:
        """Return where a line begins, in bytes."""
        begin: int = pango.layout_get_line_readonly(self._layout, line).contents.start_index
        return begin

    def _broken_at_dot(self) -> int | None:
        """Return where a dot stands that parts two things which a line's end parts already, or None."""
        for at in range(1, pango.layout_get_line_count(self._layout)):
            begin = self._begins(at)
            for dot in (begin - len(_DOT), begin - 1):  # at the end of the line before, or the first of this one
                if dot >= 0 and self._utf8[dot : dot + len(_DOT)] == _DOT:
                    return dot
        return None

    def __del__(self) -> None:
        if hasattr(self, "_layout"):
            with _one_at_a_time:
                pango.object_unref(self._layout)

    # ---- where a cursor stands: places are counted in characters of the text, 0 before the first ----

    def cursor_at(self, place: int) -> float:
        """Return the x, in pixels from the left, where a cursor at a place of a one-line text stands."""
        strong = pango.Rectangle()
        with _one_at_a_time:
            pango.layout_get_cursor_pos(self._layout, self._bytes_before(place), ctypes.byref(strong), None)
        return strong.x / pango.SCALE

    def place_at(self, x: float) -> int:
        """Return the place next to an x in pixels from the left; beyond an end, that end's."""
        index, trailing = ctypes.c_int(), ctypes.c_int()
        with _one_at_a_time:
            pango.layout_xy_to_index(
                self._layout, round(x * pango.SCALE), 0, ctypes.byref(index), ctypes.byref(trailing)
            )
        return self._characters_before(index.value) + trailing.value

    def place_beside(self, place: int, *, right: bool) -> int:
        """Return the place that a cursor comes to by one step on the paper, whatever way the text there is read."""
        index, trailing = ctypes.c_int(), ctypes.c_int()
        old = self._bytes_before(place)
        with _one_at_a_time:
            pango.layout_move_cursor_visually(
                *(self._layout, 1, old, 0, 1 if right else -1, ctypes.byref(index), ctypes.byref(trailing))
            )
        if not 0 <= index.value <= len(self._utf8):  # Pango says so beyond either end
            return place
        return self._characters_before(index.value) + trailing.value

    def spans(self, begin: int, end: int) -> list[tuple[float, float]]:
        """Return (left, right), in pixels, of each character between two places: selected text may lie in pieces."""
        found: list[tuple[float, float]] = []
        box = pango.Rectangle()
        for place in range(begin, end):
            with _one_at_a_time:
                pango.layout_index_to_pos(self._layout, self._bytes_before(place), ctypes.byref(box))
            x, across = box.x / pango.SCALE, (box.x + box.width) / pango.SCALE
            found.append((min(x, across), max(x, across)))
        return found

    def _bytes_before(self, place: int) -> int:
        return len(self._utf8.decode()[:place].encode())

    def _characters_before(self, index: int) -> int:
        return len(self._utf8[:index].decode())

    def alpha(self, bleed: int = 0) -> bytes:
        """Coverage, width * (height + 2 * bleed) bytes of 0..255, row by row from `bleed` pixels above the top."""
        return self.coverage((0, -bleed, self.width, self.height + 2 * bleed))

    def coverage(self, part: tuple[int, int, int, int]) -> bytes:
        """Coverage of a part, given as `inked` is: width * height bytes of 0..255, row by row."""
        left, top, width, rows = part
        stride = _stride(width)
        pixels = bytearray(stride * rows)
        if not pixels:
            return b""
        memory = (ctypes.c_char * len(pixels)).from_buffer(pixels)
        surface = pango.cairo_image_surface_create_for_data(
            ctypes.addressof(memory), pango.CAIRO_FORMAT_A8, width, rows, stride
        )
        context = pango.cairo_create(surface)
        pango.cairo_move_to(context, -left, -top)
        with _one_at_a_time:
            pango.show_layout(context, self._layout)
        pango.cairo_destroy(context)
        pango.cairo_surface_flush(surface)
        pango.cairo_surface_destroy(surface)
        if stride == width:
            return bytes(pixels)
        return b"".join(pixels[at : at + width] for at in range(0, len(pixels), stride))


def _alignment(align: Align, direction: Direction) -> int:
    if align is Align.CENTER:
        return pango.ALIGN_CENTER
    # With auto_dir off Pango's LEFT and RIGHT are the sides of the paper, whatever the direction.
    on_the_left = (align is Align.START) == (direction is Direction.LTR)
    return pango.ALIGN_LEFT if on_the_left else pango.ALIGN_RIGHT


def _stride(width: int) -> int:
    """Return how many bytes a row of pixels takes: cairo's rule for 8-bit surfaces."""
    return -(-width // 4) * 4


def _pixels_up(units: int) -> int:
    return -(-units // pango.SCALE)
