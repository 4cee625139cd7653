"""The paper: its code reads and holds, its words are the screen's, and it fits the head."""

import re
import subprocess
import sys
from itertools import pairwise

import pytest
import zxingcpp
from PIL import Image

from central_api.contract.receipts import parse_receipt
from devices.lettering import Paragraph, isolate
from kiosk.account import tell
from kiosk.card_samples import listing
from kiosk.guide_samples import requirements
from kiosk.paper import Paper
from kiosk.receipts import PrintedAt, lay_out
from kiosk.requirements_paper import lay_out_any
from kiosk.samples import TERMINAL, now, sheets
from kiosk.visit_state import SCREEN_LANGUAGES
from kiosk.words import words_of

PRINTED = PrintedAt(now(), trusted=True)


def paper(name="under-review", language="ar", width=576, printed_at=PRINTED):
    return lay_out(sheets()[name], language, width_dots=width, terminal=TERMINAL, printed_at=printed_at)


def codes_on(raster):
    margin = Image.new("L", (raster.width_dots + 80, raster.rows + 80), 255)
    margin.paste(raster.to_image().convert("L"), (40, 40))
    return [code.text for code in zxingcpp.read_barcodes(margin)]


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
@pytest.mark.parametrize("width", [512, 576])
def test_the_code_on_the_paper_is_the_signed_receipt(language, width):
    raster = paper(language=language, width=width)
    assert raster.width_dots == width
    assert codes_on(raster) == [sheets()["under-review"].receipt_url]


def test_the_receipt_on_the_paper_holds_under_the_office_s_key():
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key().public_bytes_raw()
    receipt = parse_receipt(codes_on(paper())[0], ["istilam.example"], lambda _: public)
    assert receipt.tracking == sheets()["under-review"].status.tracking


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_every_status_has_a_paper_with_a_margin_on_both_sides(language):
    for name in sheets():
        raster = paper(name, language)
        ink = raster.to_image().convert("L").point(lambda light: 255 - light).getbbox()
        assert ink is not None
        assert ink[0] >= 16 and ink[2] <= raster.width_dots - 16, name
        assert ink[3] >= raster.rows - 8, name


def test_a_long_list_makes_a_longer_paper_and_loses_nothing():
    assert paper("returned-many").rows > paper("returned").rows + 10 * 24
    assert codes_on(paper("returned-many")) == [sheets()["returned-many"].receipt_url]


@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_several_files_make_one_summary_that_pretends_to_prove_nothing(language):
    few, many = (
        lay_out(listing(sheets(), count), language, width_dots=512, terminal=TERMINAL, printed_at=PRINTED)
        for count in (2, 40)
    )
    assert codes_on(few) == codes_on(many) == []
    assert many.rows > few.rows + 38 * 48, "a line for each, and its state"
    ink = many.to_image().convert("L").point(lambda light: 255 - light).getbbox()
    assert ink is not None
    assert ink[0] >= 16 and ink[2] <= many.width_dots - 16


def test_number_and_service_of_a_summary_are_parted_as_on_the_screen(monkeypatch):
    """“26-3182-8331-2 Autorisation préalable”: the list on the screen has a dot between them."""
    written = []
    monkeypatch.setattr(Paper, "text", lambda _, text, *args, **more: written.append(text))
    files = listing(sheets(), 3)
    lay_out(files, "fr", width_dots=576, terminal=TERMINAL, printed_at=PRINTED)
    for sheet in files.shown:
        told = tell(sheet, words_of("fr"))
        assert f"{told.number} · {isolate(told.service)}" in written


def test_an_untrusted_clock_is_told_on_the_paper():
    unverified = PrintedAt(now(), trusted=False)
    assert paper(printed_at=unverified).data != paper().data


def test_a_last_day_that_is_over_is_told_as_over_on_the_paper_too(monkeypatch):
    """The frame under the documents once said “no later than” of a day gone by."""
    written = []
    monkeypatch.setattr(Paper, "text", lambda _, text, *args, **more: written.append(text))
    paper("returned-late", "en")
    assert "The last day was" in written
    assert not [text for text in written if "No later than" in text]
    written.clear()
    paper("returned", "en")
    assert "No later than" in written


def test_the_last_day_to_object_is_called_that_on_the_paper(monkeypatch):
    """The frame said “no later than” under a rejection, as if the rejection were due then."""
    written = []
    monkeypatch.setattr(Paper, "text", lambda _, text, *args, **more: written.append(text))
    for name, says in (("rejected-by-when", "You may object until"), ("rejected-late", "The last day to object was")):
        written.clear()
        paper(name, "en")
        assert says in written
        assert not {"No later than", "The last day was"} & set(written)


def test_a_request_without_documents_or_steps_says_so_on_its_paper_as_on_the_screen(monkeypatch):
    """The paper said nothing of documents, and how long it takes stood alone under “Steps”."""
    written = []
    monkeypatch.setattr(Paper, "text", lambda _, text, *args, **more: written.append(text))
    lay_out_any(requirements()["bare"], "en", width_dots=576, terminal=TERMINAL, printed_at=PRINTED)
    assert "No document is required" in written
    assert "Steps" not in written and "How long it usually takes is not known yet." in written


def test_no_sample_tells_of_a_day_after_the_one_that_its_code_proves():
    for name, sheet in sheets().items():
        told = tell(sheet, words_of("en"), lasting=True)
        days = re.findall(r"\d\d/\d\d/\d{4}", " ".join((*told.details, *(step.detail for step in told.steps))))
        days = [day.split("/")[::-1] for day in days if day not in (told.deadline or "")]
        as_of = re.findall(r"\d\d/\d\d/\d{4}", told.as_of)
        assert max(days) <= as_of[0].split("/")[::-1], name


def test_paper_too_narrow_for_the_code_is_refused():
    with pytest.raises(ValueError, match="dots"):
        paper(width=320)


def test_what_a_first_paper_waits_for_can_be_made_ready_beforehand():
    script = (
        "import sys\n"
        "from kiosk.requirements_paper import prepare\n"
        "assert 'PIL' not in sys.modules, 'home rests without it'\n"
        "prepare('ar')\n"
        "ready = set(sys.modules)\n"
        "from tests.kiosk.test_receipts import paper\n"
        "before = set(sys.modules)\n"
        "paper()\n"
        "assert {'PIL.Image', 'PIL.ImageDraw', 'qrcode.main'} <= ready\n"
        "late = {name for name in set(sys.modules) - before if name.startswith(('PIL', 'qrcode', 'kiosk'))}\n"
        "assert not late, late\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


@pytest.mark.parametrize("name", ["T-03", "HALL2-EAST-03A", "1-A-2-B-3-C", "ABCDEFGHIJKLMNOP"])
@pytest.mark.parametrize("language", SCREEN_LANGUAGES)
def test_a_terminal_s_name_stands_with_its_label_on_one_line(monkeypatch, language, name):
    """“Terminal HALL2-” ended a line, and the rest of its name began the next."""
    words, feet = words_of(language), []

    class Noted(Paragraph):
        def __init__(self, text, style, direction, width, align):
            super().__init__(text, style, direction, width, align)
            if name in text:
                begins = [*map(self._begins, range(self.line_count)), None]
                lines = [self._utf8[begin:end].decode() for begin, end in pairwise(begins)]
                feet.append([line.replace("\u2060", "").replace("\u00a0", " ") for line in lines])

    monkeypatch.setattr("kiosk.paper.Paragraph", Noted)
    for width in (512, 576):
        for trusted in (True, False):
            lay_out(
                *(sheets()["under-review"], language),
                width_dots=width,
                terminal=name,
                printed_at=PrintedAt(now(), trusted=trusted),
            )
    assert len(feet) == 4
    for lines in feet:
        assert any(words("terminal", name=words.code(name)) in line for line in lines), lines
