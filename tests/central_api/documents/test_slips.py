"""A slip is paper first: what a scanner reads from it, what a thermal head can print, and what must not be on it."""

from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from central_api.contract import keys
from central_api.contract.catalogue import WRITTEN_LANGUAGES, catalogue
from central_api.contract.slips import Slip, parse_slip, slip_url
from central_api.documents.slip import SlipPaper, write_slip

HOST = "follow.labour.example"
SLIP = Slip("26318283312", keys.slip_key(bytes(32), "26318283312", 1))
PAPER = SlipPaper(
    ministry={"ar": "وزارة العمل", "fr": "Ministère du Travail", "en": "Ministry of Labour"},
    service={lang: catalogue().service(3, 2, lang) or "" for lang in WRITTEN_LANGUAGES},
    tracking=SLIP.tracking,
    slip_url=slip_url(HOST, SLIP),
    secret_code="68894175",
    language="ar",
    issued_at=1_795_249_241,
)


def picture(tmp_path: Path, paper: SlipPaper) -> Image.Image:
    write_slip(tmp_path / "slip.png", paper)
    return Image.open(tmp_path / "slip.png")


@pytest.mark.parametrize("language", WRITTEN_LANGUAGES)
def test_a_terminal_reads_the_slip_as_it_was_issued(tmp_path: Path, language: str):
    paper = picture(tmp_path, replace(PAPER, language=language))
    [code] = zxingcpp.read_barcodes(paper.convert("L"))
    assert code.ec_level == "Q"
    assert parse_slip(code.text, [HOST]) == SLIP


def test_a_thermal_head_prints_it_dot_for_dot(tmp_path: Path):
    paper = picture(tmp_path, PAPER)
    assert paper.mode == "1"
    assert paper.width == 576


def test_every_module_is_square_and_the_quiet_zone_is_white(tmp_path: Path):
    grey = picture(tmp_path, PAPER).convert("L")
    [code] = zxingcpp.read_barcodes(grey)
    corners = [code.position.top_left, code.position.top_right, code.position.bottom_left]
    left, top = min(p.x for p in corners), min(p.y for p in corners)
    side = 37 * 8
    # zxing answers within a dot of the corner: the finder's outer ring is 7 modules of ink, exactly.
    left = next(x for x in range(left - 3, left + 4) if grey.getpixel((x, top + 8)) == 0)
    top = next(y for y in range(top - 3, top + 4) if grey.getpixel((left + 4, y)) == 0)
    for row in range(37):
        for column in range(37):
            x, y = left + column * 8, top + row * 8
            assert len(grey.crop((x, y, x + 8, y + 8)).getcolors() or []) == 1
    zone = grey.crop((left - 32, top - 32, left + side + 32, top))
    assert zone.getextrema() == (255, 255)
    assert grey.crop((left - 32, top, left, top + side)).getextrema() == (255, 255)


def test_a_longer_host_still_fits_the_paper(tmp_path: Path):
    long_host = "follow-your-application." + "departments." * 8 + "example"
    paper = picture(tmp_path, replace(PAPER, slip_url=slip_url(long_host, SLIP)))
    [code] = zxingcpp.read_barcodes(paper.convert("L"))
    assert parse_slip(code.text, [long_host]) == SLIP


def test_without_a_secret_code_there_is_no_stub(tmp_path: Path):
    whole = picture(tmp_path, PAPER).height
    assert picture(tmp_path, replace(PAPER, secret_code=None)).height < whole - 250


def test_a_language_without_its_own_layout_prints_in_arabic(tmp_path: Path):
    arabic = picture(tmp_path, PAPER).tobytes()
    assert picture(tmp_path, replace(PAPER, language="am")).tobytes() == arabic


def test_a_pdf_is_as_wide_as_the_paper(tmp_path: Path):
    write_slip(tmp_path / "slip.pdf", PAPER)
    content = (tmp_path / "slip.pdf").read_bytes()
    assert content.startswith(b"%PDF-1.7")
    box = content[content.index(b"/MediaBox") :].split(b"]")[0].split(b"[")[1].split()
    assert float(box[2]) == pytest.approx(576 * 72 / 203, abs=0.1)


def test_no_other_format_is_written(tmp_path: Path):
    with pytest.raises(ValueError, match="png"):
        write_slip(tmp_path / "slip.jpeg", PAPER)


def test_nothing_secret_shows_in_a_traceback():
    assert "68894175" not in repr(PAPER)
    assert SLIP.tracking not in repr(PAPER)
