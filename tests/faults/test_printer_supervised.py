"""What becomes of a paper when a process dies over it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from devices import (
    Confirmed,
    CoverOpen,
    NotPrinted,
    Offline,
    PaperOut,
    PrintEnded,
    PrinterChanged,
    PrintProgress,
    Ready,
    Sent,
    Supervisor,
    Unknown,
)
from devices.printer.void import void_raster
from devices.simulators.escpos import ImageRow, Interpreter
from tests.devices.peers import Told, driver_pid, new_printer, receipt, wait_until

__all__ = ["new_printer"]


@contextmanager
def _supervised(address, journal) -> Iterator[tuple[Supervisor, Told]]:
    supervisor, told = Supervisor(scanner="none", printer=address, journal=journal), Told()
    supervisor.start(told)
    try:
        yield supervisor, told
    finally:
        supervisor.stop()


def _ended(told: Told) -> list[int]:
    return [event.job for event in told.all if isinstance(event, PrintEnded)]


def _is_void(paper) -> bool:
    return paper.data.endswith(void_raster(576).data)


def test_a_whole_job_is_told_band_by_band(new_printer, tmp_path):
    peer = new_printer()
    with _supervised(peer.address, tmp_path / "journal") as (supervisor, told):
        told.until_equal(PrinterChanged(Ready()))
        supervisor.print(5, receipt())
        assert told.outcome(5) == Confirmed()
        progress = [event for event in told.all if isinstance(event, PrintProgress)]
        assert [event.rows for event in progress][-2:] == [700, 700]
        assert progress[0] == PrintProgress(5, 64, 700)
    assert peer.papers() == [receipt()]


@pytest.mark.parametrize(("fault", "state"), [("paper-out-mid", PaperOut()), ("cover-open-mid", CoverOpen())])
def test_the_cut_off_paper_is_voided_when_the_printer_is_back(new_printer, tmp_path, fault, state):
    peer = new_printer("--fault", fault)
    with _supervised(peer.address, tmp_path / "journal") as (supervisor, told):
        told.until_equal(PrinterChanged(Ready()))
        supervisor.print(1, receipt())
        assert told.outcome(1) == NotPrinted(state, rows=192)
        peer.command("clear")
        wait_until(lambda: len(peer.papers()) == 1)
        supervisor.print(2, receipt(90))
        assert told.outcome(2) == Confirmed()
        assert _ended(told) == [1, 2]
    voided, whole = peer.papers()
    assert _is_void(voided)
    assert voided.rows < 700 + void_raster(576).rows
    assert whole == receipt(90)


@pytest.mark.parametrize("fault", ["cut-connection", "reset"])
def test_a_lost_connection_or_power_voids_the_paper_too(new_printer, tmp_path, fault):
    peer = new_printer("--fault", fault)
    with _supervised(peer.address, tmp_path / "journal") as (supervisor, told):
        told.until_equal(PrinterChanged(Ready()))
        supervisor.print(1, receipt())
        assert isinstance(told.outcome(1), NotPrinted)
        wait_until(lambda: len(peer.papers()) == 1)
    assert _is_void(peer.papers()[0])


def test_a_driver_killed_over_a_paper_ends_the_job_and_voids_the_paper(new_printer, tmp_path):
    peer = new_printer("--fault", "slow")
    with _supervised(peer.address, tmp_path / "journal") as (supervisor, told):
        told.until_equal(PrinterChanged(Ready()))
        supervisor.print(1, receipt())
        told.until(lambda event: isinstance(event, PrintProgress))
        os.kill(driver_pid("printer"), signal.SIGKILL)
        outcome = told.outcome(1)
        assert isinstance(outcome, NotPrinted)
        assert isinstance(outcome.state, Unknown)
        assert 0 < outcome.rows < 700
        peer.command("clear")
        told.until_equal(PrinterChanged(Ready()))
        wait_until(lambda: len(peer.papers()) == 1)
        assert _ended(told) == [1]
    assert _is_void(peer.papers()[0])


def test_a_driver_that_hangs_is_replaced(new_printer, tmp_path, monkeypatch):
    monkeypatch.setattr("devices.supervisor.HANG", 0.9)
    peer = new_printer()
    with _supervised(peer.address, tmp_path / "journal") as (supervisor, told):
        told.until_equal(PrinterChanged(Ready()))
        hung = driver_pid("printer")
        os.kill(hung, signal.SIGSTOP)
        supervisor.print(1, receipt())
        assert isinstance(told.outcome(1), NotPrinted)
        told.until_equal(PrinterChanged(Ready()))
        assert driver_pid("printer") != hung
        supervisor.print(2, receipt(80))
        assert told.outcome(2) == Confirmed()


_OWNER = """
import sys, threading
from pathlib import Path
from devices import Supervisor
from tests.devices.peers import receipt
def told(event):
    print(type(event).__name__, event, flush=True)
    if "Ready()" in repr(event):
        supervisor.print(1, receipt())
supervisor = Supervisor(scanner="none", printer=sys.argv[1], journal=Path(sys.argv[2]))
supervisor.start(told)
threading.Event().wait()
"""


def test_a_terminal_killed_over_a_paper_voids_it_when_it_comes_back(new_printer, tmp_path):
    peer = new_printer("--fault", "slow")
    command = [sys.executable, "-c", _OWNER, peer.address, str(tmp_path / "journal")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        for line in owner.stdout:
            if line.startswith("PrintProgress"):
                break
        orphan = driver_pid("printer", owner.pid)
        owner.kill()
    wait_until(lambda: not Path(f"/proc/{orphan}").exists())
    assert "\n" in (tmp_path / "journal").read_text()
    peer.command("clear")
    with _supervised(peer.address, tmp_path / "journal") as (_, told):
        told.until_equal(PrinterChanged(Ready()))
        wait_until(lambda: len(peer.papers()) == 1)
        assert _is_void(peer.papers()[0])
    with _supervised(peer.address, tmp_path / "journal") as (supervisor, told):
        told.until_equal(PrinterChanged(Ready()))
        supervisor.print(1, receipt(80))
        assert told.outcome(1) == Confirmed()
    assert len(peer.papers()) == 2


def test_jobs_that_wait_are_forgotten_with_the_visit(new_printer, tmp_path):
    peer = new_printer("--fault", "slow")
    with _supervised(peer.address, tmp_path / "journal") as (supervisor, told):
        told.until_equal(PrinterChanged(Ready()))
        for job in (1, 2, 3):
            supervisor.print(job, receipt(200))
        told.until(lambda event: isinstance(event, PrintProgress))
        supervisor.forget()
        assert isinstance(told.outcome(2), NotPrinted)
        assert isinstance(told.outcome(3), NotPrinted)
        assert told.outcome(1) == Confirmed()
    assert peer.papers() == [receipt(200)]


def test_a_terminal_without_a_printer_says_so(tmp_path):
    with _supervised("none", tmp_path / "journal") as (supervisor, told):
        told.until_equal(PrinterChanged(Offline()))
        supervisor.print(1, receipt())
        assert told.outcome(1) == NotPrinted(Offline())


def test_a_printer_that_comes_later_is_found(new_printer, tmp_path):
    peer = new_printer()
    peer.end()
    with _supervised(peer.address, tmp_path / "journal") as (supervisor, told):
        told.until_equal(PrinterChanged(Offline()))
        supervisor.print(1, receipt())
        assert told.outcome(1) == NotPrinted(Offline())
        late = new_printer(listen=f"{peer.host}:{peer.port}")
        told.until_equal(PrinterChanged(Ready()))
        supervisor.print(2, receipt(80))
        assert told.outcome(2) == Confirmed()
        assert late.papers() == [receipt(80)]
        assert late.state["rows"] > 0


def test_every_open_job_ends_when_the_terminal_stops(new_printer, tmp_path):
    peer = new_printer("--fault", "slow")
    with _supervised(peer.address, tmp_path / "journal") as (supervisor, told):
        told.until_equal(PrinterChanged(Ready()))
        supervisor.print(1, receipt())
        supervisor.print(2, receipt())
        told.until(lambda event: isinstance(event, PrintProgress))
    assert _ended(told) == [1, 2]


def test_a_job_is_not_begun_when_the_journal_cannot_be_kept(new_printer, tmp_path):
    """A full disk must not print a paper that a restart could not void."""
    peer = new_printer()
    with _supervised(peer.address, Path("/dev/full")) as (supervisor, told):
        told.until_equal(PrinterChanged(Ready()))
        supervisor.print(1, receipt(80))
        assert told.outcome(1) == NotPrinted(Unknown("the print journal cannot be written"))
    (tmp_path / "blocked").write_text("")
    with _supervised(peer.address, tmp_path / "blocked" / "journal") as (supervisor, told):
        told.until(lambda event: isinstance(event, PrinterChanged) and "journal" in repr(event))
        supervisor.print(1, receipt(80))
        assert isinstance(told.outcome(1), NotPrinted)
    assert peer.papers() == []


def test_two_terminals_never_share_a_printer_s_journal(new_printer, tmp_path):
    peer = new_printer()
    with _supervised("file:/dev/null", tmp_path / "journal") as (_, first):
        first.until_equal(PrinterChanged(Ready()))
        second, told = Supervisor(scanner="none", printer=peer.address, journal=tmp_path / "journal"), Told()
        second.start(told)
        told.until_equal(PrinterChanged(Unknown("another driver holds the print journal")))
        second.print(1, receipt(80))
        assert isinstance(told.outcome(1), NotPrinted)
    told.until_equal(PrinterChanged(Ready()))
    second.stop()


def test_a_printer_behind_a_file_has_been_sent_to(tmp_path):
    with _supervised(f"file:{tmp_path / 'out'}", tmp_path / "journal") as (supervisor, told):
        told.until_equal(PrinterChanged(Ready()))
        supervisor.print(1, receipt(70))
        assert told.outcome(1) == Sent("a file confirms nothing")
    actions = list(Interpreter().feed((tmp_path / "out").read_bytes()))
    assert sum(isinstance(action, ImageRow) for action in actions) >= 50


def test_a_file_that_cannot_be_written_is_off_line(tmp_path):
    with _supervised(f"file:{tmp_path / 'gone' / 'out'}", tmp_path / "journal") as (supervisor, told):
        told.until_equal(PrinterChanged(Offline()))
        supervisor.print(1, receipt(70))
        assert told.outcome(1) == NotPrinted(Offline())


@pytest.mark.parametrize(
    "wrong",
    [
        {"printer": "usb"},
        {"printer": "tcp:nowhere"},
        {"scanner": "tcp:1:2"},
        {"width_dots": 570},
        {"profile": "no such model"},
        {"profile": "TM-T88IV", "width_dots": 576},
    ],
)
def test_settings_that_cannot_be_are_refused(tmp_path, wrong):
    with pytest.raises(ValueError, match=r"\w"):
        Supervisor(**({"scanner": "none", "printer": "none", "journal": tmp_path / "j"} | wrong))


def test_a_paper_wider_than_the_head_is_refused(tmp_path):
    supervisor = Supervisor(scanner="none", printer="none", journal=tmp_path / "j", width_dots=512)
    with pytest.raises(ValueError, match="512"):
        supervisor.print(1, receipt(8))
