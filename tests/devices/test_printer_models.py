"""What is known of models: widths, sensors, names; a printer of another model; the roll that is counted."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import (
    Confirmed,
    CoverOpen,
    NotPrinted,
    Offline,
    PaperLow,
    PaperOut,
    PrinterChanged,
    Ready,
    Sent,
    Supervisor,
    Unknown,
    durable,
)
from devices.address import Tcp
from devices.printer import talk
from devices.printer.paper import PaperMeter, Roll
from devices.printer.printer import open_printer
from devices.printer.profile import UNKNOWN, Profile, check_width, profile, stands_in
from devices.printer.replies import Named, Processed, ReplyParser
from tests.devices.peers import Told, new_printer, receipt, wait_until

__all__ = ["new_printer"]

OTHER = Unknown("a VIRTUAL-512 answers where a VIRTUAL-80 is set")


def _print(printer, rows=80):
    begun = []
    outcome = printer.print(receipt(rows), lambda: begun.append(True), lambda done: None)
    return outcome, bool(begun)


def test_a_printer_of_another_model_is_told_and_never_printed_on(new_printer):
    """Its head is narrower: our papers would lose their right edge."""
    peer = new_printer("--width", "512")
    printer = open_printer(Tcp(peer.host, peer.port), profile("VIRTUAL-80"))
    assert printer.connect() == OTHER
    assert _print(printer) == (NotPrinted(OTHER), False)
    peer.command("fault cover-open")
    wait_until(lambda: printer.watch(0.1) == CoverOpen())
    peer.command("clear")
    wait_until(lambda: printer.watch(0.1) == OTHER)
    assert peer.papers() == []
    printer.close()


def test_a_printer_off_line_at_first_is_asked_for_its_name_before_its_first_paper(new_printer):
    peer = new_printer("--width", "512", "--fault", "paper-out")
    printer = open_printer(Tcp(peer.host, peer.port), profile("VIRTUAL-80"))
    assert printer.connect() == PaperOut()
    peer.command("clear")
    wait_until(lambda: printer.watch(0.1) == OTHER)
    assert _print(printer) == (NotPrinted(OTHER), False)
    printer.close()


def test_a_model_that_cannot_confirm_is_not_asked(new_printer, monkeypatch):
    monkeypatch.setattr(talk, "ANSWER_DEADLINE", 0.5)
    peer = new_printer()
    printer = open_printer(Tcp(peer.host, peer.port), Profile("clone", 576, cuts=False, confirms=False))
    assert printer.connect() == Ready()
    assert _print(printer) == (Sent("the printer does not confirm"), True)
    assert peer.papers() == []  # no cutter: it hangs past the tear bar
    printer.close()


def test_a_head_of_180_dots_an_inch_feeds_whole_dots(new_printer):
    peer = new_printer("--width", "512", "--dpi", "180")
    printer = open_printer(Tcp(peer.host, peer.port), profile("VIRTUAL-512"))
    assert printer.connect() == Ready()
    narrow = receipt(300)
    outcome = printer.print(narrow, lambda: None, lambda rows: None)
    assert outcome == Confirmed()
    assert peer.papers()[0].rows == 300
    printer.close()


def test_models_stand_in_for_one_another_where_heads_agree():
    t88 = profile("TM-T88V")
    assert (t88.width_dots, t88.dpi, t88.near_end, t88.flow) == (512, 180, True, "dtr")
    assert stands_in("TM-T88V", t88)
    assert stands_in("TM-T88VI", t88)
    assert not stands_in("TM-T20II", t88)
    assert not stands_in("CLONE", t88)
    assert stands_in("CLONE", UNKNOWN)
    with pytest.raises(ValueError, match="pictures"):
        check_width("TM-U220", 400)


@given(st.binary(max_size=120), st.integers(0, 2))
def test_names_never_hide_more_than_one_confirmation(noise, expected):
    parser = ReplyParser()
    parser.names_expected = expected
    replies = list(parser.feed(noise))
    replies += parser.feed(b"\x37\x22QSUW\0" * 3)
    assert Processed(b"QSUW") in replies


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=80), st.lists(st.integers(0, 90)))
def test_a_name_is_read_however_the_line_cuts_it(name, cuts):
    parser, sent = ReplyParser(), b"_" + name.encode() + b"\0\x37\x22QSUW\0"
    parser.names_expected = 1
    marks = sorted({0, len(sent), *(cut % len(sent) for cut in cuts)})
    pieces = [sent[start:end] for start, end in itertools.pairwise(marks)]
    assert [reply for piece in pieces for reply in parser.feed(piece)] == [Named(name), Processed(b"QSUW")]


PLAIN = Profile("plain", 576, near_end=False, roll_mm=5_200)


def test_a_roll_that_no_sensor_watches_is_counted(tmp_path):
    meter = PaperMeter(tmp_path / "roll", PLAIN)
    assert meter.judged(Ready()) == Ready()
    meter.printed(1520, cut=True)  # 190 mm and the cut
    assert meter.roll.millimetres == pytest.approx(202.2)
    assert meter.judged(Ready()) == PaperLow()
    again = PaperMeter(tmp_path / "roll", PLAIN)
    assert again.judged(Ready()) == PaperLow()
    again.judged(CoverOpen())
    assert again.judged(Ready()) == Ready()
    assert PaperMeter(tmp_path / "roll", PLAIN).roll == Roll()


@pytest.mark.parametrize("end", [PaperOut(), PaperLow()])
def test_paper_after_its_end_is_a_new_roll(tmp_path, end):
    meter = PaperMeter(tmp_path / "roll", UNKNOWN)
    meter.printed(8000, cut=False)
    assert meter.judged(Offline()) == Offline()
    assert meter.judged(Ready()) == Ready()
    assert meter.roll.millimetres == pytest.approx(1001)
    assert meter.judged(end) == end
    assert PaperMeter(tmp_path / "roll", UNKNOWN).judged(Ready()) == Ready()
    assert PaperMeter(tmp_path / "roll", UNKNOWN).roll == Roll()


@given(st.binary(max_size=80) | st.sampled_from([b"[]", b'{"millimetres": "x"}', b'{"millimetres": 1e999}', b"9"]))
def test_a_damaged_count_is_a_new_roll(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("roll") / "roll"
    path.write_bytes(data)
    assert PaperMeter(path, PLAIN).roll.millimetres >= 0


def test_a_power_cut_while_it_is_written_leaves_the_count_before(tmp_path, monkeypatch):
    meter = PaperMeter(tmp_path / "roll", PLAIN)
    meter.printed(800, cut=False)

    def cut(fd):
        raise OSError("no power")

    monkeypatch.setattr(durable.os, "fsync", cut)
    meter.printed(800, cut=False)
    assert meter.roll.millimetres == pytest.approx(200.2)
    assert json.loads((tmp_path / "roll").read_bytes())["millimetres"] == pytest.approx(100.1)


def test_a_terminal_tells_low_paper_before_it_runs_out(new_printer, tmp_path):
    peer = new_printer()
    supervisor = Supervisor(
        scanner="none", printer=peer.address, journal=tmp_path / "journal", profile="VIRTUAL-80-PLAIN"
    )
    told = Told()
    supervisor.start(told)
    told.until_equal(PrinterChanged(Ready()))
    supervisor.print(1, receipt(1600))
    told.until_equal(PrinterChanged(PaperLow()))
    assert told.outcome(1) == Confirmed()
    peer.command("fault cover-open")
    told.until_equal(PrinterChanged(CoverOpen()))
    peer.command("clear")
    told.until_equal(PrinterChanged(Ready()))
    supervisor.stop()
