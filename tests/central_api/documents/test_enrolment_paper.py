"""The enrolment code, read from the paper and from the letters of a terminal's screen."""

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from central_api.contract.enrolment import Enrolment, enrolment_text, parse_enrolment, typed_form
from central_api.documents.enrolment import screen_code, write_enrolment

CODE = Enrolment("https://office.labour.example:8443", bytes(range(8)), bytes(range(14)))
LIGHT = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}


def test_a_scanner_reads_the_code_from_the_paper(tmp_path: Path):
    write_enrolment(tmp_path / "code.png", CODE, "T-01", "بيروت, ground floor", 1_795_249_241)
    paper = Image.open(tmp_path / "code.png")
    assert (paper.mode, paper.width) == ("1", 576)
    [read] = zxingcpp.read_barcodes(paper.convert("L"))
    assert parse_enrolment(read.text) == CODE
    write_enrolment(tmp_path / "code.pdf", CODE, "T-01", "hall", 1_795_249_241)
    assert (tmp_path / "code.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(ValueError, match=r"\.png or a \.pdf"):
        write_enrolment(tmp_path / "code.txt", CODE, "T-01", "hall", 1_795_249_241)


def test_a_camera_reads_the_code_from_the_screen():
    lines = screen_code(CODE).splitlines()
    picture = Image.new("L", (len(lines[0]), 2 * len(lines)))
    for y, line in enumerate(lines):
        for x, letter in enumerate(line):
            for half, light in enumerate(LIGHT[letter]):
                picture.putpixel((x, 2 * y + half), 255 * light)
    [read] = zxingcpp.read_barcodes(picture.resize((picture.width * 8, picture.height * 8)))
    assert read.text == enrolment_text(CODE)
    assert len(typed_form(CODE).split()) == 10
