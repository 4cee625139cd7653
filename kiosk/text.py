"""Pango's lettering on the screen: white textures that Kivy tints. Kivy's own labels reverse digits in Arabic.

What was lettered is kept, so that a screen which is drawn again costs nothing, and dropped when a visit ends: all but
the terminal's own words, which the next visitor is shown as well.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from kivy.graphics import Color, Rectangle
from kivy.graphics.opengl import GL_ONE, GL_TEXTURE_2D, glTexParameteri
from kivy.graphics.opengl_utils import gl_has_extension
from kivy.graphics.texture import Texture
from kivy.uix.widget import Widget

from devices import qr
from devices.lettering import Align, Direction, Paragraph, Style

from .theme import Colour

_Key = tuple[str, Style, Direction, int | None, Align, int | None]


def _paragraph(  # noqa: PLR0917 - Paragraph's own order
    text: str, style: Style, direction: Direction, width: int | None, align: Align, max_lines: int | None
) -> Paragraph:
    """Lay out; a line that starts where it is set needs no texture as wide as its room, most of it empty."""
    if width is not None and align is Align.START:
        natural = Paragraph(text, style, direction)
        if natural.width <= width and natural.line_count == 1:
            return natural
    return Paragraph(text, style, direction, width, align, max_lines)


class Lettered:
    """A paragraph with its measures in pixels, and the texture that shows it, made when it is first drawn."""

    __slots__ = (
        *("_paragraph", "_texture", "direction", "height", "ink_width", "inked", "lines", "style", "text", "truncated"),
        *("parts_a_word", "unknown_glyphs", "width"),
    )

    def __init__(self, key: _Key) -> None:
        text, style, direction, width, align, max_lines = key
        paragraph = _paragraph(text, style, direction, width, align, max_lines)
        self._paragraph: Paragraph | None = paragraph
        self._texture: Any = None
        self.text = text
        self.style = style
        self.direction = direction
        self.ink_width = paragraph.ink_width
        self.width = paragraph.width
        self.height = paragraph.height
        self.inked = paragraph.inked
        self.lines = paragraph.line_count
        # The edge of the last letter may be rounded up to a pixel that its width does not have.
        self.truncated = paragraph.truncated or (width is not None and paragraph.ink_width > width + 1)
        self.parts_a_word = paragraph.parts_a_word
        self.unknown_glyphs = paragraph.unknown_glyphs

    @property
    def texture(self) -> Any:
        """White where letters are; it shows the part that is inked."""
        if self._paragraph is not None:
            self._texture = _texture(self._paragraph)
            self._paragraph = None
        return self._texture


_KEPT: Final = 1024 * 1024
"""Bytes of textures that are kept from one visit to the next: those of home in three languages, and some more."""
_KEPT_TEXTS: Final = 96


class Letterer:
    """Letters text once, and remembers it until `forget`."""

    def __init__(self) -> None:
        self._known: dict[_Key, Lettered] = {}

    def letter(  # noqa: PLR0917 - Paragraph's own order
        self,
        text: str,
        style: Style,
        direction: Direction,
        width: int | None = None,
        align: Align = Align.START,
        max_lines: int | None = None,
    ) -> Lettered:
        """Return the text as a texture; the arguments are Paragraph's."""
        key = (text, style, direction, width, align, max_lines)
        found = self._known.pop(key, None) or Lettered(key)
        self._known[key] = found  # the last that was asked for is the last in it
        return found

    def forget(self, keep: Iterable[str] = ()) -> None:
        """Drop every text: nothing that was lettered for a visitor outlives the visit.

        What is equal to one of `keep` (the terminal's words, which say nothing of anybody) stays for the next visitor,
        within `_KEPT` and `_KEPT_TEXTS`: what was asked for last.
        """
        words = {text for text, *_ in self._known}.intersection(keep)
        left, kept = _KEPT, list[tuple[_Key, Lettered]]()
        for key, lettered in reversed(self._known.items()):
            _, _, width, height = lettered.inked
            if key[0] in words and width * height <= left and len(kept) < _KEPT_TEXTS:
                left -= width * height
                kept.append((key, lettered))
        self._known = dict(reversed(kept))

    def __len__(self) -> int:
        return len(self._known)


class Text(Widget):
    """Lettered text at a place, tinted."""

    def __init__(self, lettered: Lettered, colour: Colour, pos: tuple[float, float]) -> None:
        super().__init__(size_hint=(None, None), size=(lettered.width, lettered.height), pos=pos)
        self.lettered = lettered
        with self.canvas:
            draw_letters(lettered, colour, pos)

    def blank(self) -> None:
        """Let go of the text; what was drawn goes with the canvas."""
        del self.lettered


def draw_letters(lettered: Lettered, colour: Colour, pos: tuple[float, float]) -> None:
    """Draw a text's letters in the canvas at hand; `pos` is the lower left corner of its box."""
    left, top, width, height = lettered.inked
    Color(*colour)
    # Marks and dots may stand out above and below the line: what is inked is no part of the box.
    corner = (pos[0] + left, pos[1] + lettered.height - top - height)
    Rectangle(pos=corner, size=(width, height), texture=lettered.texture)


class Code(Widget):
    """A QR code, black on white, with its quiet zone of four modules; `side` is the most it may take."""

    def __init__(self, text: str, side: int, pos: tuple[float, float]) -> None:
        modules = qr.matrix(text, "M", mask=3)
        count = len(modules) + 2 * qr.QUIET_ZONE
        # A whole number of pixels a module: a scaled module is a blurred one, and phones read it less well.
        scale = max(1, side // count)
        super().__init__(size_hint=(None, None), size=(count * scale, count * scale), pos=pos)
        light = b"\xff" * qr.QUIET_ZONE
        blank = b"\xff" * count
        rows = [light + bytes(0 if dark else 255 for dark in row) + light for row in modules]
        pixels = b"".join([blank] * qr.QUIET_ZONE + rows + [blank] * qr.QUIET_ZONE)
        texture: Any = Texture.create(size=(count, count), colorfmt="luminance", mipmap=False)
        texture.mag_filter = texture.min_filter = "nearest"
        texture.blit_buffer(pixels, colorfmt="luminance", bufferfmt="ubyte")
        texture.flip_vertical()
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(pos=pos, size=self.size, texture=texture)


_EMPTY: Final = (1, 1)
# Channels of a texture as OpenGL numbers them, and where a shader finds each: white, and the one stored as alpha.
_RED: Final = 0x1903
_WHITE_BUT_ALPHA: Final = ((0x8E42, GL_ONE), (0x8E43, GL_ONE), (0x8E44, GL_ONE), (0x8E45, _RED))


def stencil(size: tuple[int, int], alpha: bytes) -> Any:
    """Return a texture, white with `alpha` as coverage, that Kivy's Color tints. It is set at whole pixels.

    One byte a pixel: two, with the white beside it, took three times as long to make.
    """
    stored = _stored()
    pixels = alpha if stored == "luminance" else b"".join(b"\xff%c" % one for one in alpha)
    texture: Any = Texture.create(size=size, colorfmt=stored, mipmap=False)
    texture.mag_filter = texture.min_filter = "nearest"  # never scaled: exact, and half the work
    texture.blit_buffer(pixels, colorfmt=stored, bufferfmt="ubyte")
    if stored == "luminance":
        texture.bind()
        for channel, found in _WHITE_BUT_ALPHA:
            glTexParameteri(GL_TEXTURE_2D, channel, found)
    return texture


@cache
def _stored() -> str:
    """Return as what alpha is stored: by itself, where the graphics can be told to see white beside it."""
    swizzles = gl_has_extension("ext_texture_swizzle") or gl_has_extension("arb_texture_swizzle")
    return "luminance" if swizzles else "luminance_alpha"


def _texture(paragraph: Paragraph) -> Any:
    _, _, *size = paragraph.inked
    texture = stencil((size[0], size[1]), paragraph.coverage(paragraph.inked)) if all(size) else stencil(_EMPTY, b"\0")
    texture.flip_vertical()
    return texture
