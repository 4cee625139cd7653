"""The smooth shapes that signs and pictures are made of, in shares of a radius."""

from collections.abc import Callable
from functools import cache
from math import hypot, pi
from typing import Any, Final

from kivy.graphics import BorderImage, Color, Rectangle, SmoothEllipse, SmoothLine

from kiosk.text import stencil
from kiosk.theme import Colour

Draw = Callable[[float, float, float], None]
"""Draws around (x, y) within the radius."""
_CHORD: Final = 4.0
"""Pixels. A curve of chords this long is off by less than a tenth of a pixel; Kivy's own 180 for any circle cost a
processor that draws in software more than the letters of the screen do."""


def chords(arc: float) -> int:
    """Return how many straight lines stand for a curve of so many pixels."""
    return max(3, round(arc / _CHORD))


def rounded_box(pos: tuple[float, float], size: tuple[float, float], radius: float) -> None:
    """Draw a filled box with round corners, at whole pixels, in the canvas and colour at hand.

    Nine rectangles, the corners' from a picture of a disc: a processor that draws in software needs a third of the time
    that it needs for a fan of triangles.
    """
    left, bottom = round(pos[0]), round(pos[1])
    width, height = max(1, round(pos[0] + size[0]) - left), max(1, round(pos[1] + size[1]) - bottom)
    corner = min(round(radius), width // 2, height // 2)
    if corner:
        BorderImage(pos=(left, bottom), size=(width, height), border=(corner,) * 4, texture=_disc(corner))
    else:
        Rectangle(pos=(left, bottom), size=(width, height))


@cache
def _disc(radius: int) -> Any:
    """Picture a white disc, its coverage as alpha, with a row and a column between its halves."""
    across = [0.0, *(at + 0.5 for at in range(radius))]
    quarter = [bytes(_covered(radius, x, y) for x in across) for y in across]
    lower = [row[:0:-1] + row for row in quarter]
    return stencil((2 * radius + 1, 2 * radius + 1), b"".join([*lower[:0:-1], *lower]))


def _covered(radius: int, x: float, y: float) -> int:
    """How much of a pixel lies in a disc around the origin, of 255."""
    return round(255 * min(1.0, max(0.0, radius - hypot(x, y) + 0.5)))


def outline(  # noqa: PLR0917 - a box, its corners, its line
    left: float, bottom: float, width: float, height: float, radius: float, thickness: float
) -> SmoothLine:
    """Draw the line of a rounded rectangle, within it, in the canvas and colour at hand.

    A line costs its own length; a second rectangle under the first one costs its area, which a panel without a graphics
    processor paints dot by dot.
    """
    half = thickness / 2
    return SmoothLine(
        rounded_rectangle=(left + half, bottom + half, width - thickness, height - thickness, max(1.0, radius - half)),
        width=half,
    )


def disc(ground: Colour, draw_on_it: Draw) -> Draw:
    """Return a filled disc with something on it."""

    def draw(x: float, y: float, r: float) -> None:
        ellipse(ground, x, y, r)
        draw_on_it(x, y, r)

    return draw


def ellipse(colour: Colour, x: float, y: float, r: float) -> None:
    """Draw a filled circle."""
    Color(*colour)
    SmoothEllipse(pos=(x - r, y - r), size=(2 * r, 2 * r), segments=chords(2 * pi * r))


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
