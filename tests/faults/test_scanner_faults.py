"""Scanners on a pty, as a USB scanner on its tty: any bytes, unplugged, plugged in again, killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from devices import (
    ScannerChanged,
    ScannerOffline,
    ScannerOverlong,
    ScannerRead,
    ScannerReady,
    ScannerUnknown,
    Supervisor,
    child,
    qr,
    wire,
)
from devices.scanner.picture import NotAPicture, codes_in, texts_in
from tests.devices.peers import Told, driver_pid, wait_until
from tests.devices.scanners import SerialPeer


@pytest.fixture
def scanner(tmp_path: Path) -> SerialPeer:
    peer = SerialPeer(tmp_path / "scanner")
    peer.plug()
    return peer


@pytest.fixture
def terminal(scanner: SerialPeer, tmp_path: Path) -> Iterator[tuple[Supervisor, Told]]:
    supervisor, told = Supervisor(scanner=f"serial:{scanner.name}", printer="none", journal=tmp_path / "j"), Told()
    supervisor.start(told)
    told.until_equal(ScannerChanged(ScannerReady()))
    yield supervisor, told
    supervisor.stop()


def _offline(event: object) -> bool:
    return isinstance(event, ScannerChanged) and isinstance(event.state, ScannerOffline)


def _reads(told: Told) -> list[bytes]:
    return [event.data for event in told.all if isinstance(event, ScannerRead)]


def test_codes_arrive_as_they_are(scanner, terminal):
    _, told = terminal
    codes = [b"HTTPS://X/1", bytes(byte for byte in range(256) if byte not in (10, 13)), b"\xff" * 4096]
    for code in codes:
        scanner.raw(code + b"\r\n")
        told.until_equal(ScannerRead(code))
    scanner.raw(b"no line end")
    told.until_equal(ScannerRead(b"no line end"))
    assert _reads(told) == [*codes, b"no line end"]


def test_what_no_code_can_hold_is_dropped_and_the_next_is_read(scanner, terminal):
    _, told = terminal
    scanner.raw(b"z" * 9000 + b"\n")
    told.until_equal(ScannerOverlong(9000))
    scanner.raw(b"slip\n")
    told.until_equal(ScannerRead(b"slip"))
    assert _reads(told) == [b"slip"]


def test_the_same_slip_again_is_one_scan_until_the_visit_is_forgotten(scanner, terminal):
    supervisor, told = terminal
    scanner.raw(b"slip\nslip\nslip\nother\n")
    told.until_equal(ScannerRead(b"other"))
    assert _reads(told) == [b"slip", b"other"]
    supervisor.forget()

    def read_again() -> bool:
        scanner.raw(b"other\n")  # until the driver has heard of it, this is the slip that lies there
        return len(_reads(told)) > 2

    wait_until(read_again)
    assert _reads(told) == [b"slip", b"other", b"other"]


def test_a_scanner_unplugged_is_off_line_and_comes_back(scanner, terminal):
    _, told = terminal
    for code in (b"one", b"two"):
        scanner.raw(b"half a co")
        scanner.unplug()
        told.until(_offline)
        scanner.plug()
        told.until_equal(ScannerChanged(ScannerReady()))
        scanner.raw(code + b"\n")
        told.until_equal(ScannerRead(code))


def test_a_driver_killed_or_hung_is_back(scanner, terminal, monkeypatch):
    monkeypatch.setattr("devices.supervisor.HANG", 0.9)
    _, told = terminal
    for blow in (signal.SIGKILL, signal.SIGSTOP):
        os.kill(driver_pid("scanner"), blow)
        told.until(lambda event: isinstance(event, ScannerChanged) and isinstance(event.state, ScannerUnknown))
        told.until_equal(ScannerChanged(ScannerReady()))
        scanner.raw(b"again %d\n" % blow)
        told.until_equal(ScannerRead(b"again %d" % blow))


@pytest.mark.parametrize("said", [b"no message at all", wire.pack({"is": "state"}), wire.pack({})])
def test_a_driver_that_speaks_nonsense_is_replaced(scanner, tmp_path, monkeypatch, said):
    start, mad = subprocess.Popen, [said]

    def begin(command, **options):
        if mad:  # the first one alone
            fd = command[command.index("scanner") + 1]
            program = f"import os, time; os.write({fd}, {mad.pop()!r}); time.sleep(60)"
            command = [sys.executable, "-c", program]
        return start(command, **options)

    monkeypatch.setattr(child.subprocess, "Popen", begin)
    supervisor, told = Supervisor(scanner=f"serial:{scanner.name}", printer="none", journal=tmp_path / "j"), Told()
    supervisor.start(told)
    told.until_equal(ScannerChanged(ScannerUnknown("its driver spoke nonsense and is being started again")))
    told.until_equal(ScannerChanged(ScannerReady()))
    health = supervisor.health()[1]
    assert (health.restarts, health.last_failure) == (1, "spoke nonsense")
    supervisor.stop()


def test_nothing_at_the_address_is_off_line(tmp_path):
    supervisor, told = Supervisor(scanner="serial:/dev/no-scanner", printer="none", journal=tmp_path / "j"), Told()
    supervisor.start(told)
    told.until(_offline)
    supervisor.stop()


def test_camera_frames_in_a_folder_are_read(tmp_path):
    folder = tmp_path / "frames"
    folder.mkdir()
    qr.raster("OLD", 6).to_image().save(folder / "old.png")
    supervisor, told = Supervisor(scanner=f"frames:{folder}", printer="none", journal=tmp_path / "j"), Told()
    supervisor.start(told)
    told.until_equal(ScannerChanged(ScannerReady()))
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    frame = qr.raster("HTTPS://X/1", 6).to_image().convert("L").rotate(20, expand=True, fillcolor=255)
    for name in ("1.png", "2.png"):
        frame.save(tmp_path / name)
        (tmp_path / name).rename(folder / name)
    told.until_equal(ScannerRead(b"HTTPS://X/1"))
    qr.raster("NEXT", 6).to_image().save(tmp_path / "3.png")
    (tmp_path / "3.png").rename(folder / "3.png")
    told.until_equal(ScannerRead(b"NEXT"))
    supervisor.stop()
    assert _reads(told) == [b"HTTPS://X/1", b"NEXT"]


def test_a_picture_gives_all_its_codes(tmp_path):
    picture = Image.new("L", (800, 400), 255)
    picture.paste(qr.raster("ONE", 6).to_image(), (0, 0))
    picture.paste(qr.raster("TWO", 6).to_image(), (400, 100))
    picture.save(tmp_path / "two.jpg")
    assert sorted(texts_in(tmp_path / "two.jpg")) == ["ONE", "TWO"]
    Image.new("L", (100, 100), 255).save(tmp_path / "none.png")
    assert codes_in(tmp_path / "none.png") == []


def test_what_is_no_picture_is_told_apart(tmp_path):
    whole = tmp_path / "whole.png"
    qr.raster("ONE", 6).to_image().save(whole)
    for name, content in {"text": b"hello", "empty": b"", "cut": whole.read_bytes()[:60]}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(NotAPicture):
            codes_in(tmp_path / name)
    with pytest.raises(FileNotFoundError):
        codes_in(tmp_path / "absent")


def test_a_picture_too_large_to_unpack_is_refused(tmp_path):
    Image.new("1", (12_000, 12_000)).save(tmp_path / "bomb.png")
    with pytest.raises(NotAPicture, match="12000"):
        codes_in(tmp_path / "bomb.png")
