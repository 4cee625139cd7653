"""receiptio, a client of receipt printers that is not ours, before our virtual printer: `make judges`.

It asks DLE EOT, switches automatic status on, asks GS I, and prints; its exit codes are its README's.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.devices.peers import WAIT, PrinterPeer, wait_until

PROGRAM = Path(__file__).parents[2] / "build/judges/node_modules/.bin/receiptio"
PORT = 9100  # it knows no other
ONLINE, COVER_OPEN, PAPER_EMPTY, SUCCESS = 100, 101, 102, 0


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[PrinterPeer]:
    peer = PrinterPeer(tmp_path / "paper", "--speed", "0", listen=f"127.0.9.1:{PORT}")
    yield peer
    peer.end()


def _receiptio(printer: PrinterPeer, *arguments: str) -> int:
    command = [str(PROGRAM), "-d", printer.host, *arguments]
    return subprocess.run(command, check=False, timeout=WAIT, stdin=subprocess.DEVNULL).returncode


def test_it_is_told_the_printer_s_state(printer: PrinterPeer) -> None:
    assert _receiptio(printer, "-q") == ONLINE
    for fault, told in (("cover-open", COVER_OPEN), ("paper-out", PAPER_EMPTY), ("near-end", ONLINE)):
        printer.command(f"fault {fault}")
        assert _receiptio(printer, "-q") == told
    printer.command("clear")
    assert _receiptio(printer, "-q") == ONLINE


@pytest.mark.parametrize("language", ["escpos", "generic"])
def test_what_it_prints_comes_out_and_is_understood(printer: PrinterPeer, tmp_path: Path, language: str) -> None:
    (tmp_path / "slip.receipt").write_text(
        "^^^ISTILAM\n\nTracking | 26-3182\n---\n{code:2012345678903;option:ean13,hri}\n"
    )
    assert _receiptio(printer, "-p", language, str(tmp_path / "slip.receipt")) == SUCCESS
    wait_until(lambda: len(printer.papers()) == 1)
    state = printer.state
    letters = len("ISTILAM Tracking 26-3182")
    assert letters <= state["text_bytes"] < 4 * letters  # no parameter was taken for text
    assert state["hidden_commands"] == 0


def test_it_is_told_when_the_paper_ends_in_the_middle(printer: PrinterPeer, tmp_path: Path) -> None:
    (tmp_path / "long.receipt").write_text("line\n" * 200)
    printer.command("fault paper-out-mid")
    assert _receiptio(printer, "-p", "escpos", "-t", "5", str(tmp_path / "long.receipt")) == PAPER_EMPTY
    assert printer.papers() == []
