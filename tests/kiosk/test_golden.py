"""The pictures that somebody looked at: a hair's breadth is let go, a missing word is not."""

import pytest
from PIL import Image, ImageDraw

from kiosk.golden import NAMES, differences


@pytest.fixture
def picture(tmp_path):
    image = Image.new("RGB", (400, 400), "#f7f4ee")
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 40, 360, 120), fill="#0b5547")
    draw.text((60, 200), "a word that matters", fill="#16211d", font_size=30)
    path = tmp_path / f"{NAMES[0]}.png"
    image.save(path)
    return path


def test_the_same_picture_is_the_same(picture, tmp_path):
    assert differences(tmp_path / "kept", [picture], renew=True) == []
    assert differences(tmp_path / "kept", [picture], renew=False) == []


def test_a_shift_of_a_pixel_is_nothing(picture, tmp_path):
    differences(tmp_path / "kept", [picture], renew=True)
    image = Image.open(picture)
    moved = Image.new("RGB", image.size, "#f7f4ee")
    moved.paste(image, (1, 0))
    moved.save(picture)
    assert differences(tmp_path / "kept", [picture], renew=False) == []


def test_a_word_that_went_missing_is_told(picture, tmp_path):
    differences(tmp_path / "kept", [picture], renew=True)
    image = Image.open(picture)
    ImageDraw.Draw(image).rectangle((0, 190, 400, 250), fill="#f7f4ee")
    image.save(picture)
    assert len(differences(tmp_path / "kept", [picture], renew=False)) == 1


def test_a_picture_that_nobody_looked_at_yet_is_told(picture, tmp_path):
    assert "missing" in differences(tmp_path / "kept", [picture], renew=False)[0]
