"""Printers behind files, and what is known about models."""

import os
from pathlib import Path

import pytest

from devices import NotPrinted, Offline, Sent, Unknown
from devices.address import printer_address
from devices.printer import file
from devices.printer.file import FilePrinter
from devices.printer.printer import open_printer
from devices.printer.profile import check_width, profile
from tests.devices.peers import receipt


def _print(printer: FilePrinter):
    return printer.print(receipt(700), lambda: None, lambda rows: None)


def test_a_device_that_stops_taking_bytes_has_not_printed(tmp_path, monkeypatch):
    """A pipe that nobody empties stands for a USB printer without paper."""
    monkeypatch.setattr(file, "WRITE_DEADLINE", 0.2)
    pipe = tmp_path / "lp0"
    os.mkfifo(pipe)
    printer = FilePrinter(pipe)
    assert _print(printer) == NotPrinted(Offline())  # nobody at the other end
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    outcome = None
    for _ in range(4):  # the pipe itself holds the first job
        outcome = _print(printer)
    assert outcome == NotPrinted(Unknown("the device stopped taking data"))
    os.close(reader)


def test_no_file_is_made_where_a_device_is_missing():
    printer = FilePrinter(Path("/dev/no-such-printer"))
    assert printer.connect() == Offline()
    assert _print(printer) == NotPrinted(Offline())
    assert not Path("/dev/no-such-printer").exists()


def test_jobs_are_appended(tmp_path):
    printer = FilePrinter(tmp_path / "out")
    assert isinstance(_print(printer), Sent)
    once = (tmp_path / "out").read_bytes()
    assert isinstance(_print(printer), Sent)
    assert (tmp_path / "out").read_bytes() == once * 2
    printer.close()


def test_no_printer_cannot_be_opened():
    with pytest.raises(ValueError, match="no printer"):
        open_printer(printer_address("none"))


def test_models_are_known_by_python_escpos_database():
    model = profile("TM-T88IV")
    assert (model.width_dots, model.cuts, model.raster) == (512, True, True)
    assert check_width("TM-T88IV", 512) == model
    assert profile("default").width_dots is None
    assert check_width("default", 576)
    with pytest.raises(ValueError, match="TM-T88IV"):
        profile("TM-T99")
