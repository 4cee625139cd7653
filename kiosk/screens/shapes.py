"""The smooth shapes that signs and pictures are made of, in shares of a radius."""

from collections.abc import Callable

from kivy.graphics import Color, SmoothEllipse, SmoothLine, SmoothRoundedRectangle

from kiosk.theme import Colour

Draw = Callable[[float, float, float], None]
"""Draws around (x, y) within the radius."""


def disc(ground: Colour, draw_on_it: Draw) -> Draw:
    """Return a filled disc with something on it."""

    def draw(x: float, y: float, r: float) -> None:
        ellipse(ground, x, y, r)
        draw_on_it(x, y, r)

    return draw


def ellipse(colour: Colour, x: float, y: float, r: float) -> None:
    """Draw a filled circle."""
    Color(*colour)
    SmoothEllipse(pos=(x - r, y - r), size=(2 * r, 2 * r))


def box(
    colour: Colour, x: float, y: float, sides: tuple[float, float, float, float], r: float, *, radius: float = 0.05
) -> None:
    """Draw a filled box, given as left, bottom, width and height in shares of the radius."""
    left, bottom, wide, high = sides
    Color(*colour)
    SmoothRoundedRectangle(pos=(x + left * r, y + bottom * r), size=(wide * r, high * r), radius=[radius * r])


def strokes(colour: Colour, half: float, lines: list[tuple[float, ...]]) -> Draw:
    """Return lines in shares of the radius, each with a half width in the same measure."""

    def draw(x: float, y: float, r: float) -> None:
        Color(*colour)
        for line in lines:
            points = [(x if at % 2 == 0 else y) + share * r for at, share in enumerate(line)]
            SmoothLine(points=points, width=max(1.0, half * r))

    return draw
