"""`python -m devices`, as an operator and as a script use it."""

import json
import os
import pty
import subprocess
import sys

import pytest
from PIL import Image

from devices import Raster, qr
from devices.printer.journal import Journal
from devices.printer.void import void_raster
from devices.testpage import page
from tests import forked
from tests.devices.peers import new_printer, receipt, wait_until

__all__ = ["new_printer"]


def _run(*arguments: object) -> tuple[int, str, str]:
    done = forked.run("devices", *map(str, arguments))
    return done.returncode, done.stdout, done.stderr


def test_a_picture_is_printed_and_confirmed(new_printer, tmp_path):
    peer = new_printer()
    receipt(100).to_image().save(tmp_path / "slip.png")
    code, out, _ = _run("print", tmp_path / "slip.png", "--printer", peer.address)
    assert (code, out.split(":")[0]) == (0, "confirmed")
    (tmp_path / "slip.raw").write_bytes(receipt(100).data)
    code, out, _ = _run("print", tmp_path / "slip.raw", "--printer", peer.address, "--json")
    assert (code, json.loads(out)) == (0, {"outcome": "confirmed", "rows": 100})
    assert peer.papers() == [receipt(100), receipt(100)]


def test_a_paper_that_did_not_come_out_says_why(new_printer, tmp_path):
    receipt(700).to_image().save(tmp_path / "slip.png")
    peer = new_printer("--fault", "paper-out")
    code, out, _ = _run("print", tmp_path / "slip.png", "--printer", peer.address)
    assert (code, out) == (1, "not printed: paper out\n")
    peer = new_printer("--fault", "cover-open-mid")
    code, out, _ = _run("print", tmp_path / "slip.png", "--printer", peer.address)
    assert (code, out) == (1, "not printed: cover open; 192 of 700 rows came out: destroy that paper\n")


def test_the_test_page_of_a_printer_says_in_words_what_it_told(new_printer):
    peer = new_printer()
    code, out, _ = _run("test", "printer", "--printer", peer.address, "--profile", "VIRTUAL-80")
    assert (code, out) == (
        0,
        "confirmed: the printer printed every band and made the cut; it is a VIRTUAL-80, firmware 1.00;"
        " it confirms what it printed and tells paper and cover by itself\n",
    )
    clone = new_printer("--fault", "no-confirm")
    code, out, _ = _run("test", "printer", "--printer", clone.address)
    assert (code, "does not confirm what it printed" in out) == (0, True)
    assert out.startswith("sent, not confirmed: the printer does not confirm; ")
    empty = new_printer("--fault", "paper-out")
    code, out, _ = _run("test", "printer", "--printer", empty.address)
    assert (code, out.endswith("; put a new roll in\n")) == (1, True)


def test_a_desk_s_journal_voids_what_an_earlier_call_left_cut_off(new_printer, tmp_path):
    receipt(700).to_image().save(tmp_path / "slip.png")
    peer = new_printer("--fault", "cover-open-mid")
    printing = ("print", tmp_path / "slip.png", "--printer", peer.address, "--journal", tmp_path / "journal")
    assert _run(*printing)[0] == 1
    assert _run(*printing)[:2] == (1, "not printed: cover open\n")
    peer.command("clear")
    assert _run(*printing)[0] == 0
    voided, whole = peer.papers()
    assert voided.data.endswith(void_raster(576).data)
    assert whole == receipt(700)
    held = Journal(tmp_path / "journal")
    assert _run(*printing)[:2] == (1, "not printed: another program prints with this journal\n")
    held.close()
    (tmp_path / "blocked").write_text("")
    code, out, _ = _run(*printing[:-1], tmp_path / "blocked" / "journal")
    assert (code, out) == (1, "not printed: the print journal cannot be opened\n")


def test_a_file_is_sent_to_not_confirmed(tmp_path):
    receipt(20).to_image().save(tmp_path / "slip.png")
    code, out, _ = _run("print", tmp_path / "slip.png", "--printer", f"file:{tmp_path / 'out'}")
    assert (code, out) == (0, "sent, not confirmed: a file confirms nothing\n")


def test_wrong_use_is_told_from_failure(tmp_path):
    Image.new("1", (600, 8)).save(tmp_path / "wide.png")
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "odd.raw").write_bytes(bytes(73))
    for arguments, why in (
        (["print", tmp_path / "wide.png", "--printer", "file:/tmp/x"], "600 dots"),
        (["print", tmp_path / "text.png", "--printer", "file:/tmp/x"], "cannot be printed"),
        (["print", tmp_path / "odd.raw", "--printer", "file:/tmp/x"], "cannot be printed"),
        (["print", tmp_path / "none.png", "--printer", "file:/tmp/x"], "no file"),
        (["print", tmp_path / "wide.png", "--printer", "lpt", "--width", "640"], "tcp:HOST:PORT"),
        (["print", tmp_path / "wide.png", "--printer", "none", "--width", "600"], "no printer"),
        (["print", tmp_path / "wide.png", "--printer", "none", "--width", "601"], "multiple of 8"),
        (["print", tmp_path / "wide.png", "--printer", "none", "--profile", "TM-T88IV"], "512"),
        (["list", "--scanner", "wedge"], "serial:PATH"),
        (["test", "scanner"], "no scanner"),
        (["print"], ""),
    ):
        code, out, error = _run(*arguments)
        assert (code, why in out + error) == (2, True), (arguments, out, error)


def test_the_test_page_comes_out(new_printer):
    peer = new_printer("--width", "512")
    code, out, _ = _run("test", "printer", "--printer", peer.address, "--width", "512", "--json")
    said = json.loads(out)
    assert (code, said["outcome"], said["model"], said["firmware"]) == (0, "confirmed", "VIRTUAL-512", "1.00")
    assert (said["confirms"], said["tells"]) == (True, True)
    printed, meant = peer.papers()[0], page(512, peer.address)
    assert printed.rows == meant.rows
    differing = [dots for dots in zip(printed.data, meant.data, strict=True) if dots[0] != dots[1]]
    assert set(differing) <= {(0x18, 0x10)}


@pytest.mark.parametrize("width", [512, 576])
def test_the_test_page_has_every_code(width):
    import zxingcpp

    codes = zxingcpp.read_barcodes(page(width, "tcp:192.0.2.1:9100").to_image().convert("L"))
    assert len(codes) == 3


def test_the_devices_that_are_set_are_listed_with_their_state(new_printer, tmp_path):
    peer = new_printer("--fault", "near-end")
    code, out, _ = _run("list", "--printer", peer.address, "--scanner", f"frames:{tmp_path}", "--json")
    assert code == 0
    assert [(row["kind"], row["state"]) for row in json.loads(out)[:2]] == [
        ("printer", "paper low (VIRTUAL-80, firmware 1.00)"),
        ("scanner", "ready"),
    ]
    code, out, _ = _run("list", "--scanner", "serial:/dev/no-scanner")
    assert (code, "off line" in out) == (0, True)


def test_one_scan_is_told_by_its_length_alone():
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "devices", "test", "scanner", "--scanner", f"serial:{os.ttyname(slave)}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as waiting:

        def scanned() -> bool:
            os.write(master, b"SECRET SLIP\n")  # until it listens, what is scanned is nobody's
            return waiting.poll() is not None

        wait_until(scanned)
        assert waiting.stdout is not None
        assert waiting.stdout.read() == "read a code of 11 bytes\n"
    assert waiting.returncode == 0
    os.close(master)
    os.close(slave)


def test_no_scan_is_a_failure(tmp_path):
    qr.raster("OLD", 6).to_image().save(tmp_path / "old.png")
    code, out, _ = _run("test", "scanner", "--scanner", f"frames:{tmp_path}", "--seconds", "0.2")
    assert (code, "nothing was read" in out) == (1, True)


def test_a_raster_is_what_its_picture_says():
    assert Raster.from_image(receipt(50).to_image()) == receipt(50)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (("printer", "--listen", "127.0.0.1:0", "--paper", "paper", "--speed", "-1"), "--speed"),
        (("printer", "--listen", "127.0.0.1:0", "--paper", "paper", "--roll", "0"), "--roll"),
        (("printer", "--listen", "127.0.0.1:0", "--paper", "paper", "--dpi", "0"), "--dpi"),
        (("dock", "--office", "http://127.0.0.1:9", "--port", "99999"), "--port"),
        (("dock", "--office", "http://127.0.0.1:9", "--port", "0", "--size", "wide"), "--size wide: expected"),
        (("dock", "--office", "http://127.0.0.1:9", "--port", "0", "--slips", "/nowhere"), "--slips /nowhere: "),
    ],
)
def test_what_no_simulator_can_be_is_wrong_use(wrong, why, tmp_path):
    """A port ended in a traceback; a size, a folder, a speed and a roll were taken, and did not work."""
    done = forked.run("devices", *wrong, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr
    assert "Traceback" not in done.stderr


def test_a_dock_without_its_folder_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    code, _, said = _run(
        "dock", "--office", "http://127.0.0.1:9", "--port", "0", "--folder", tmp_path / "file" / "dock"
    )
    assert code == 1
    assert said.startswith("the dock cannot start: ")
