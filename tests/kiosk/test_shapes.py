"""The shapes that screens are made of, as the window draws them."""

from math import pi

import pytest

pytestmark = pytest.mark.usefixtures("the_window")


@pytest.mark.parametrize("radius", [1, 2, 7, 24, 60])
def test_a_corner_is_a_quarter_of_a_disc(radius: int) -> None:
    from kiosk.screens.shapes import _disc

    side = 2 * radius + 1
    rows = [_disc(radius).pixels[at * 4 * side : (at + 1) * 4 * side][3::4] for at in range(side)]
    assert rows == rows[::-1] == [row[::-1] for row in rows], "not the same on every side"
    assert set(rows[radius]) == {255}, "the middle row, which is stretched, is not whole"
    corners = sum(sum(row) for row in rows) / 255 - (2 * side - 1)  # without the rows between the halves
    assert corners == pytest.approx(pi * radius**2, abs=0.4 * radius + 0.5)


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
