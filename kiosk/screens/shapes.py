"""The smooth shapes that signs and pictures are made of, in shares of a radius."""

from collections.abc import Callable
from functools import lru_cache
from math import hypot
from typing import Any, Final

from kivy.graphics import BorderImage, Callback, Color, Mesh, Rectangle, SmoothLine
from kivy.graphics.opengl import GL_BLEND, glDisable, glEnable

from kiosk.text import stencil
from kiosk.theme import Colour

Draw = Callable[[float, float, float], None]
"""Draws around (x, y) within the radius."""
_WORTH_COVERING: Final = 10_000
"""Pixels from which on the inside of a box is painted without a look at what lies under it: a quarter less work."""
_DISCS: Final = 32
"""Pictures of discs and rings that are kept: a screen shows about ten, of 2 to 80 KB."""


def rounded_box(pos: tuple[float, float], size: tuple[float, float], radius: float) -> None:
    """Draw a filled box with round corners, at whole pixels, in the canvas and colour at hand; nothing shines through.

    Nine rectangles, the corners' from a picture of a disc: a processor that draws in software needs a third of the time
    that it needs for a fan of triangles.
    """
    left, bottom, width, height = _at_whole_pixels(pos, size)
    corner = min(round(radius), width // 2, height // 2)
    inside = (width - 2 * corner, height - 2 * corner)
    if corner and inside[0] * inside[1] > _WORTH_COVERING:
        outline(left, bottom, width, height, corner, corner)
        Callback(_cover)
        Rectangle(pos=(left + corner, bottom + corner), size=inside)
        Callback(_blend)
    elif corner:
        BorderImage(pos=(left, bottom), size=(width, height), border=(corner,) * 4, texture=_disc(corner))
    else:
        Rectangle(pos=(left, bottom), size=(width, height))


def _cover(_: object) -> None:
    glDisable(GL_BLEND)


def _blend(_: object) -> None:
    glEnable(GL_BLEND)


def outline(  # noqa: PLR0917 - a box, its corners, its line
    left: float, bottom: float, width: float, height: float, radius: float, thickness: float
) -> Mesh:
    """Draw the line of a rounded rectangle, within it, at whole pixels, in the canvas and colour at hand.

    Four corners from a picture of a ring, and four straight lines. A line costs its own length; a second rectangle
    under the first one costs its area, which a panel without a graphics processor paints dot by dot.
    """
    x, y, wide, high = _at_whole_pixels((left, bottom), (width, height))
    line = max(1, round(thickness))
    corner = max(line, min(round(radius), wide // 2, high // 2))
    half = corner / (2 * corner + 1)
    across = ((x, x + corner, 0, half), (x + wide - corner, x + wide, 1 - half, 1))
    up = ((y, y + corner, 0, half), (y + high - corner, y + high, 1 - half, 1))
    rims = [(*corners[:2], *sides[:2], *corners[2:], *sides[2:]) for corners in across for sides in up]
    on_line = line / 2 / (2 * corner + 1)
    solid = (on_line, on_line, 0.5, 0.5)
    rims += [(end, end + line, y + corner, y + high - corner, *solid) for end in (x, x + wide - line)]
    rims += [(x + corner, x + wide - corner, end, end + line, *solid) for end in (y, y + high - line)]
    vertices = [
        at
        for left, right, bottom, top, u, to_u, v, to_v in rims
        for at in (left, bottom, u, v, right, bottom, to_u, v, right, top, to_u, to_v, left, top, u, to_v)
    ]
    return Mesh(vertices=vertices, indices=_RIMS, mode="triangles", texture=_disc(corner, line))


_RIMS: Final = [4 * rim + corner for rim in range(8) for corner in (0, 1, 2, 2, 3, 0)]
"""The triangles of eight rectangles, each given by its four corners."""


def _at_whole_pixels(pos: tuple[float, float], size: tuple[float, float]) -> tuple[int, int, int, int]:
    left, bottom = round(pos[0]), round(pos[1])
    return left, bottom, max(1, round(pos[0] + size[0]) - left), max(1, round(pos[1] + size[1]) - bottom)


@lru_cache(_DISCS)
def _disc(radius: int, line: int = 0) -> Any:
    """Picture a white disc, or the ring at its edge, coverage as alpha, with a row and a column between its halves."""
    across = [0.0, *(at + 0.5 for at in range(radius))]
    inside = radius - line if line else 0
    quarter = [bytes(_covered(radius, x, y) - _covered(inside, x, y) for x in across) for y in across]
    lower = [row[:0:-1] + row for row in quarter]
    return stencil((2 * radius + 1, 2 * radius + 1), b"".join([*lower[:0:-1], *lower]))


def _covered(radius: int, x: float, y: float) -> int:
    """How much of a pixel lies in a disc around the origin, of 255."""
    return round(255 * min(1.0, max(0.0, radius - hypot(x, y) + 0.5))) if radius else 0


def disc(ground: Colour, draw_on_it: Draw) -> Draw:
    """Return a filled disc with something on it."""

    def draw(x: float, y: float, r: float) -> None:
        ellipse(ground, x, y, r)
        draw_on_it(x, y, r)

    return draw


def ellipse(colour: Colour, x: float, y: float, r: float) -> None:
    """Draw a filled circle."""
    Color(*colour)
    rounded_box((x - r, y - r), (2 * r, 2 * r), r)


def box(
    colour: Colour, x: float, y: float, sides: tuple[float, float, float, float], r: float, *, radius: float = 0.05
) -> None:
    """Draw a filled box, given as left, bottom, width and height in shares of the radius."""
    left, bottom, wide, high = sides
    Color(*colour)
    rounded_box((x + left * r, y + bottom * r), (wide * r, high * r), radius * r)


def strokes(colour: Colour, half: float, lines: list[tuple[float, ...]]) -> Draw:
    """Return lines in shares of the radius, each with a half width in the same measure."""

    def draw(x: float, y: float, r: float) -> None:
        Color(*colour)
        for line in lines:
            points = [(x if at % 2 == 0 else y) + share * r for at, share in enumerate(line)]
            SmoothLine(points=points, width=max(1.0, half * r))

    return draw
