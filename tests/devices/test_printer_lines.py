"""Serial printers on a real pty, USB printers through pyusb: the same driver, the same paper."""

import os
import socket
import termios
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices import (
    Confirmed,
    CoverOpen,
    NotPrinted,
    Offline,
    PaperOut,
    PrinterChanged,
    Ready,
    Sent,
    Supervisor,
    Unknown,
)
from devices.address import PRINTER_FORMS, File, SerialPrinter, Tcp, Usb, printer_address
from devices.printer import job, serial, talk, tcp, usb
from devices.printer.confirming import ConfirmingPrinter
from devices.printer.line import wait_alone
from devices.printer.printer import open_printer
from devices.printer.profile import Profile, profile
from devices.printer.void import void_raster
from tests.devices.peers import Told, new_printer, receipt, wait_until
from tests.devices.usb_peer import PRODUCT, SERIAL_NUMBER, VENDOR, UsbPrinter

__all__ = ["new_printer"]

ON_A_PTY = profile("VIRTUAL-80")


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(job, "BAND_DEADLINE", 0.8)
    monkeypatch.setattr(job, "CUT_DEADLINE", 0.8)
    monkeypatch.setattr(talk, "ANSWER_DEADLINE", 0.3)


def _print(printer, rows=700):
    return printer.print(receipt(rows), lambda: None, lambda done: None)


def _on_usb(bus: UsbPrinter, serial_number=None, model=ON_A_PTY):
    return ConfirmingPrinter(lambda: usb.open_usb(VENDOR, PRODUCT, serial_number, wait_alone, bus), model)


def test_a_serial_printer_confirms_the_very_paper(new_printer, tmp_path):
    peer = new_printer(listen=f"pty:{tmp_path}/ttyUSB0")
    printer = open_printer(printer_address(f"{peer.address}@57600"), ON_A_PTY)
    assert printer.connect() == Ready()
    assert _print(printer) == Confirmed()
    assert peer.papers() == [receipt()]
    printer.close()


def test_a_serial_printer_that_runs_out_holds_the_line_and_keeps_its_word(new_printer, tmp_path):
    """Its XOFF stops the line, and it is too full to be asked again: it is still out of paper."""
    peer = new_printer("--fault", "paper-out-mid", listen=f"pty:{tmp_path}/ttyUSB0")
    printer = open_printer(printer_address(peer.address), ON_A_PTY)
    printer.connect()
    assert _print(printer) == NotPrinted(PaperOut(), rows=192)
    assert printer.connect() == PaperOut()
    peer.command("clear")
    wait_until(lambda: printer.connect() == Ready())
    assert _print(printer, rows=80) == Confirmed()
    assert peer.papers()[-1].data.endswith(receipt(80).data)
    printer.close()


def test_a_serial_line_with_nobody_at_its_end_prints_nothing(tmp_path, impatient):
    """A wire takes bytes without anybody there: that is not "sent"."""
    master, slave = os.openpty()
    printer = open_printer(SerialPrinter(os.ttyname(slave)), ON_A_PTY)
    assert printer.connect() == Unknown("the printer answers nothing")
    assert _print(printer) == NotPrinted(Unknown("the printer answers nothing"))
    os.close(master)
    os.close(slave)


def test_a_serial_printer_has_one_owner(new_printer, tmp_path):
    peer = new_printer(listen=f"pty:{tmp_path}/ttyUSB0")
    first, second = (open_printer(printer_address(peer.address), ON_A_PTY) for _ in range(2))
    assert first.connect() == Ready()
    assert second.connect() == Offline()
    first.close()
    assert second.connect() == Ready()
    second.close()


def test_a_serial_printer_unplugged_and_plugged_in_again(new_printer, tmp_path):
    peer = new_printer("--fault", "cut-connection", listen=f"pty:{tmp_path}/ttyUSB0")
    printer = open_printer(printer_address(peer.address), ON_A_PTY)
    printer.connect()
    outcome = _print(printer)
    assert isinstance(outcome, NotPrinted)
    assert outcome.state == Offline()
    wait_until(lambda: printer.connect() == Ready())
    printer.close()
    assert open_printer(SerialPrinter(tmp_path / "none")).connect() == Offline()
    assert open_printer(SerialPrinter("/dev/null")).connect() == Offline()


def test_we_never_stop_a_printer_by_a_byte_of_ours(tmp_path):
    master, slave = os.openpty()
    line = serial.open_serial(os.ttyname(slave), 115200, "xonxoff", wait_alone)
    flags = termios.tcgetattr(slave)[0]
    assert (bool(flags & termios.IXON), bool(flags & termios.IXOFF)) == (True, False)
    line.abandon()
    line = serial.open_serial(os.ttyname(slave), 19200, "rts", wait_alone)
    assert termios.tcgetattr(slave)[2] & termios.CRTSCTS
    assert line.byte_seconds == pytest.approx(10 / 19200)
    line.abandon()
    os.close(master)
    os.close(slave)


def test_a_line_without_modem_lines_cannot_follow_a_printer_s_dtr():
    """A pty has none: that is told as a line that is gone, never as a printer that is busy for ever."""
    master, slave = os.openpty()
    printer = open_printer(SerialPrinter(os.ttyname(slave)), Profile("", None, flow="dtr"))
    assert printer.connect() == Offline()
    os.close(master)
    os.close(slave)


def test_a_usb_printer_confirms_the_very_paper(new_printer):
    peer = new_printer()
    bus = UsbPrinter(peer.host, peer.port)
    printer = _on_usb(bus, SERIAL_NUMBER)
    assert printer.connect() == Ready()
    assert not bus.kernel_driver
    assert _print(printer) == Confirmed()
    assert peer.papers() == [receipt()]
    printer.close()
    assert bus.claimed == 0


def test_a_usb_printer_pulled_in_the_middle_and_back(new_printer):
    peer = new_printer("--fault", "cut-connection")
    bus = UsbPrinter(peer.host, peer.port)
    printer = _on_usb(bus)
    printer.connect()
    outcome = _print(printer)
    assert isinstance(outcome, NotPrinted)
    assert outcome.state == Offline()
    assert printer.connect() == Offline()
    bus.plugged = True
    assert printer.connect() == Ready()
    assert printer.watch(0.05) == Ready()
    bus.pull()
    assert printer.watch(0.05) == Offline()


@pytest.mark.parametrize(("command", "state"), [("fault paper-out", PaperOut()), ("fault cover-open", CoverOpen())])
def test_a_usb_printer_tells_by_itself(new_printer, command, state):
    peer = new_printer()
    printer = _on_usb(UsbPrinter(peer.host, peer.port))
    assert printer.connect() == Ready()
    peer.command(command)
    wait_until(lambda: printer.watch(0.1) == state)
    printer.close()


def test_a_usb_printer_that_cannot_answer_has_only_been_sent_to(new_printer, impatient):
    peer = new_printer()
    printer = _on_usb(UsbPrinter(peer.host, peer.port, bidirectional=False))
    assert printer.connect() == Unknown("the printer answers nothing")
    assert _print(printer) == Sent("the printer answers nothing")
    wait_until(lambda: peer.papers() == [receipt()])
    printer.close()


def test_a_usb_printer_that_takes_nothing_more_has_not_printed(new_printer, impatient):
    peer = new_printer("--fault", "silent", "--roll", "20")
    printer = _on_usb(UsbPrinter(peer.host, peer.port))
    printer.connect()
    outcome = None
    for _ in range(4):  # what lies between the two holds the first papers
        outcome = _print(printer, 2000)
    assert isinstance(outcome, NotPrinted)
    assert isinstance(outcome.state, Unknown)


def test_another_usb_printer_or_one_that_is_held_is_not_ours(new_printer):
    peer = new_printer()
    bus = UsbPrinter(peer.host, peer.port)
    assert _on_usb(bus, "another").connect() == Offline()
    bus.busy = True
    assert _on_usb(bus).connect() == Offline()
    assert open_printer(Usb(VENDOR, PRODUCT)).connect() == Offline()  # libusb itself, on a machine without this printer


def test_a_name_server_that_is_silent_delays_no_one(monkeypatch):
    """One look-up waits beside; the driver goes on, and a later attempt takes its answer."""
    monkeypatch.setattr(tcp, "LOOK_UP_DEADLINE", 0.05)
    asked, answer = [], threading.Event()
    real = socket.getaddrinfo

    def slow(host, port, *, flags=0, **rest):
        if host != "printer.lobby" or flags:
            return real(host, port, flags=flags, **rest)
        asked.append(host)
        answer.wait(30)
        return real("127.0.0.1", port, **rest)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert tcp.open_tcp("printer.lobby", port, wait_alone) is None
        assert tcp.open_tcp("printer.lobby", port, wait_alone) is None
        answer.set()
        wait_until(lambda: (line := tcp.open_tcp("printer.lobby", port, wait_alone)) is not None and not line.abandon())
    assert len(asked) <= 2


def test_addresses_of_printers():
    assert printer_address("tcp:[::1]:9100") == Tcp("::1", 9100)
    assert printer_address("usb:04b8:0E15") == Usb(0x04B8, 0x0E15)
    assert printer_address("usb:04b8:0e15:J7:NG") == Usb(0x04B8, 0x0E15, "J7:NG")
    assert printer_address("serial:/dev/ttyUSB0") == SerialPrinter(Path("/dev/ttyUSB0"), 115200)
    assert printer_address("serial:/dev/a@b@9600") == SerialPrinter(Path("/dev/a@b"), 9600)
    assert printer_address("file:/dev/usb/lp0") == File(Path("/dev/usb/lp0"))
    for wrong in ("usb:", "usb:4b8:e15", "usb:04b8:0e15:", "serial:", "serial:/dev/x@", "serial:@9600", "serial:/d@12"):
        with pytest.raises(ValueError, match=r"usb:VID|serial:PATH"):
            printer_address(wrong)


@given(st.text(max_size=30))
def test_any_text_is_an_address_or_refused_with_the_forms(text):
    try:
        printer_address(text)
    except ValueError as wrong:
        assert any(form.split(":")[0] in str(wrong) for form in PRINTER_FORMS.split(", "))


def test_a_terminal_on_a_serial_line_voids_what_was_cut_off_and_prints_afresh(new_printer, tmp_path):
    peer = new_printer("--fault", "paper-out-mid", listen=f"pty:{tmp_path}/ttyUSB0")
    supervisor = Supervisor(scanner="none", printer=peer.address, journal=tmp_path / "journal", profile="VIRTUAL-80")
    told = Told()
    supervisor.start(told)
    told.until_equal(PrinterChanged(Ready()))
    supervisor.print(1, receipt())
    assert told.outcome(1) == NotPrinted(PaperOut(), rows=192)
    peer.command("clear")
    wait_until(lambda: len(peer.papers()) == 1)
    supervisor.print(2, receipt(90))
    assert told.outcome(2) == Confirmed()
    supervisor.stop()
    voided, whole = peer.papers()
    assert voided.data.endswith(void_raster(576).data)
    assert whole == receipt(90)
    assert (tmp_path / "journal").read_text().splitlines()[:2] == ["begun 1", "voided 1"]
