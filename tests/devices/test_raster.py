"""One-bit pictures and QR codes."""

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from devices import qr
from devices.raster import Raster


@given(st.integers(1, 40), st.integers(0, 12), st.data())
def test_a_raster_is_its_picture(width, rows, data):
    alpha = data.draw(st.binary(min_size=width * rows, max_size=width * rows))
    raster = Raster.from_alpha(width, rows, alpha)
    if rows:
        assert Raster.from_image(raster.to_image()) == raster
    for at, coverage in enumerate(alpha):
        row, x = divmod(at, width)
        ink = raster.data[row * raster.row_bytes + x // 8] >> (7 - x % 8) & 1
        assert ink == (coverage >= 128)


def test_a_wrong_size_is_refused():
    with pytest.raises(ValueError, match="rows"):
        Raster(576, 2, bytes(143))
    with pytest.raises(ValueError, match="rows"):
        Raster(0, 0, b"")


def test_what_is_transparent_is_paper():
    picture = Image.new("RGBA", (8, 2), (0, 0, 0, 0))
    picture.putpixel((0, 1), (0, 0, 0, 255))
    assert Raster.from_image(picture).data == b"\x00\x80"


def test_half_grey_is_decided_not_dithered():
    greys = Image.new("L", (16, 1), 127)
    greys.paste(128, (8, 0, 16, 1))
    assert Raster.from_image(greys).data == b"\xff\x00"


@pytest.mark.parametrize("dots", [4, 6, 8])
@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
def test_a_qr_code_on_paper_is_read_back(dots, level):
    text = "HTTPS://ISTILAM.EXAMPLE/S#2026"
    picture = qr.raster(text, dots, level).to_image().convert("L")
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [text]


def test_the_quiet_zone_is_four_modules():
    raster = qr.raster("X", 6)
    assert raster.width_dots == (21 + 2 * 4) * 6
    box = raster.to_image().convert("L").point(lambda light: 255 - light).getbbox()
    assert box == (24, 24, raster.width_dots - 24, raster.rows - 24)


def test_a_text_beyond_version_40_is_refused():
    with pytest.raises(ValueError, match="do not fit"):
        qr.matrix("x" * 3000, "H")
