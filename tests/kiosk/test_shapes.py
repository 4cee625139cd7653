"""The shapes that screens are made of, as the window draws them."""

from math import pi

import pytest

from .window import picture, red, shown

pytestmark = pytest.mark.usefixtures("the_window")


@pytest.mark.parametrize("radius", [1, 2, 7, 24, 60])
def test_a_corner_is_a_quarter_of_a_disc(radius: int) -> None:
    from kiosk.screens.shapes import _disc

    side = 2 * radius + 1
    rows = [shown(_disc(radius))[at * side : (at + 1) * side] for at in range(side)]
    assert rows == rows[::-1] == [row[::-1] for row in rows], "not the same on every side"
    assert set(rows[radius]) == {255}, "the middle row, which is stretched, is not whole"
    corners = sum(sum(row) for row in rows) / 255 - (2 * side - 1)  # without the rows between the halves
    assert corners == pytest.approx(pi * radius**2, abs=0.4 * radius + 0.5)


@pytest.mark.parametrize(("width", "height", "radius", "line"), [(60, 40, 12, 3), (60, 40, 20, 1), (40, 40, 20, 2)])
def test_an_outline_is_the_box_without_the_box_within_it(width: int, height: int, radius: int, line: int) -> None:
    from kivy.graphics import Color

    from kiosk.screens.shapes import outline, rounded_box

    of_boxes, of_line = picture((width, height)), picture((width, height))
    with of_boxes:
        rounded_box((0, 0), (width, height), radius)
        Color(0, 0, 0, 1)
        rounded_box((line, line), (width - 2 * line, height - 2 * line), radius - line)
    with of_line:
        outline(0, 0, width, height, radius, line)
    boxes, drawn = red(of_boxes), red(of_line)
    assert max(abs(one - other) for one, other in zip(boxes, drawn, strict=True)) < 0.3 * 255
    middle = height // 2 * width
    assert min(drawn[middle], drawn[middle + line - 1], drawn[width // 2]) > 250
    assert drawn[middle + line + 1] == drawn[middle + width // 2] == 0


def test_a_large_box_is_a_small_one_drawn_out() -> None:
    from kivy.graphics import BorderImage, Color, Rectangle

    from kiosk.screens.shapes import _disc, rounded_box

    covering, blended = picture((400, 300)), picture((400, 300))
    for drawn in (covering, blended):
        with drawn:
            Color(0.5, 0.5, 0.5, 1)
    with covering:
        rounded_box((10, 20), (300, 200), 24)
        Color(1, 1, 1, 0.5)
        Rectangle(pos=(100, 100), size=(250, 20))  # what comes next is blended again
    with blended:
        BorderImage(pos=(10, 20), size=(300, 200), border=(24,) * 4, texture=_disc(24))
        Color(1, 1, 1, 0.5)
        Rectangle(pos=(100, 100), size=(250, 20))
    assert red(covering) == red(blended)


def test_a_box_that_has_no_room_for_its_corners_is_drawn_all_the_same() -> None:
    from kivy.graphics import BorderImage, Canvas, Rectangle

    from kiosk.screens.shapes import rounded_box

    drawn = Canvas()
    with drawn:
        rounded_box((10.4, 20.6), (100, 9), 24)
        rounded_box((0, 0), (0.4, 30), 3)
    (pill,) = (each for each in drawn.children if isinstance(each, BorderImage))
    (line,) = (each for each in drawn.children if isinstance(each, Rectangle) and not isinstance(each, BorderImage))
    assert (pill.pos, pill.size, pill.border) == ((10, 21), (100, 9), [4, 4, 4, 4])
    assert line.size == (1, 30)
