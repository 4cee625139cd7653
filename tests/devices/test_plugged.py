"""What is plugged in, read from a machine's own tables, and what a technician is told of it."""

import json
import subprocess
from pathlib import Path

import pytest

from devices.plugged import Plugged, plugged
from devices.technician import line, rows
from tests import forked
from tests.devices.keys import ENTER, stroke
from tests.devices.peers import WAIT
from tests.devices.scanners import HidPeer, KeypadPeer, SerialPeer


@pytest.fixture
def machine(tmp_path: Path) -> tuple[Path, Path]:
    """A machine's /sys and /dev with two scanners, a mouse, a camera, three USB printers and a bare UART."""
    sys, dev = tmp_path / "sys", tmp_path / "dev"
    for kind, node, driver in (
        ("tty", "ttyACM0", "cdc_acm"),
        ("hidraw", "hidraw0", "hid-generic"),
        ("hidraw", "hidraw1", "hid-generic"),
        ("video4linux", "video0", "uvcvideo"),
        ("video4linux", "video1", "uvcvideo"),
    ):
        usb = sys / "devices" / node
        (usb / "1-1:1.0").mkdir(parents=True)
        for name, value in (("idVendor", "0c2e"), ("bcdDevice", "0112"), ("manufacturer", "Maker"), ("product", node)):
            (usb / name).write_text(value + "\n")
        (sys / "drivers" / driver).mkdir(parents=True, exist_ok=True)
        (usb / "1-1:1.0" / "driver").symlink_to(sys / "drivers" / driver)
        (usb / "1-1:1.0" / "report_descriptor").write_bytes(b"\x05\x01" if node == "hidraw1" else b"\x05\x8c\x09\x02")
        entry = sys / "class" / kind / node
        entry.mkdir(parents=True)
        (entry / "device").symlink_to(usb / "1-1:1.0")
        (entry / "index").write_text(f"{node[-1]}\n")
    for place, product, serial in (("1-2", "0202", "X1"), ("1-3", "0202", "X2"), ("2-1", "0e15", "")):
        usb = sys / "devices" / place
        (usb / f"{place}:1.0").mkdir(parents=True)
        facts = {"idVendor": "04b8", "idProduct": product, "serial": serial, "product": "Receipts", "bcdDevice": "0200"}
        for name, value in facts.items():
            (usb / name).write_text(value + "\n")
        (usb / f"{place}:1.0" / "bInterfaceClass").write_text("07\n")
        (sys / "bus/usb/devices").mkdir(parents=True, exist_ok=True)
        (sys / "bus/usb/devices" / f"{place}:1.0").symlink_to(usb / f"{place}:1.0")
    (sys / "drivers/usblp").mkdir()
    (sys / "devices/1-2/1-2:1.0/driver").symlink_to(sys / "drivers/usblp")
    (sys / "class/tty/ttyS0").mkdir()
    (dev / "serial/by-id").mkdir(parents=True)
    (dev / "ttyACM0").touch()
    (dev / "serial/by-id/usb-Maker_ttyACM0-if00").symlink_to(dev / "ttyACM0")
    return sys, dev


def test_each_device_by_name_driver_and_firmware(machine: tuple[Path, Path]) -> None:
    sys, dev = machine
    found = [row for row in plugged(sys, dev) if row.kind != "card"]
    assert found == [
        Plugged("scanner", f"serial:{dev}/serial/by-id/usb-Maker_ttyACM0-if00", "Maker ttyACM0", "cdc_acm", "1.12"),
        Plugged("scanner", f"hid:{dev}/hidraw0", "Maker hidraw0", "hid-generic", "1.12"),
        Plugged("scanner", f"camera:{dev}/video0", "Maker video0", "uvcvideo", "1.12"),
        Plugged("printer", "usb:04b8:0202:X1", "Receipts", "usblp", "2.00"),
        Plugged("printer", "usb:04b8:0202:X2", "Receipts", "", "2.00"),
        Plugged("printer", "usb:04b8:0e15", "Receipts", "", "2.00"),
    ]


def test_what_is_set_and_what_is_not_and_what_to_do() -> None:
    there = [
        Plugged("scanner", "hid:/dev/hidraw0", "Maker", "hid-generic", "1.12"),
        Plugged("keypad", "keys:/x", "Pad"),
    ]
    listed = rows(
        [("scanner", "hid:/dev/hidraw0", ("ready", "")), ("keypad", "keys:/y", ("off line", "plug it"))], there
    )
    assert [line(row) for row in listed] == [
        "scanner  hid:/dev/hidraw0                 set      ready; Maker hid-generic 1.12",
        "keypad   keys:/y                          set      off line; plug it",
        "keypad   keys:/x                          not set  plugged in; Pad; to use it, set it as the keypad",
    ]


def _start(*arguments: object) -> forked.Program:
    return forked.Program("devices", *map(str, arguments))


def test_a_technician_presses_each_key(tmp_path: Path) -> None:
    pad = KeypadPeer(tmp_path / "pad")
    pad.plug()
    with _start("test", "keypad", "--keypad", f"keys:{pad.name}", "--json") as trial:
        while trial.poll() is None:
            for key in (103, 108, 105, 106, ENTER):
                pad.send(stroke(key))
            try:
                trial.wait(0.2)
            except subprocess.TimeoutExpired:
                continue  # until it listens, what is pressed is nobody's
        assert trial.stdout is not None
        said = json.loads(trial.stdout.read())
    assert trial.returncode == 0
    assert sorted(said["pressed"]) == ["down", "left", "ok", "right", "up"]
    assert (said["missing"], said["jack"], said["state"]) == ([], None, "ready")


def test_a_keypad_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with _start("test", "keypad", "--keypad", f"keys:{tmp_path}/none") as trial:
        said, _ = trial.communicate(timeout=WAIT)
    assert trial.returncode == 1
    assert "off line: nothing is plugged in at its address; plug it in" in said


@pytest.mark.parametrize("peer", [SerialPeer, HidPeer])
def test_each_kind_of_scanner_is_tried_by_its_own_driver(peer: type[SerialPeer | HidPeer], tmp_path: Path) -> None:
    scanner = peer(tmp_path / "scanner")
    scanner.plug()
    address = f"{scanner.way}:{scanner.name}"
    with _start("test", "scanner", "--scanner", address, "--json") as trial:
        while trial.poll() is None:
            scanner.scan(b"SECRET SLIP")
            try:
                trial.wait(0.2)
            except subprocess.TimeoutExpired:
                continue  # until it listens, what is scanned is nobody's
        assert trial.stdout is not None
        said = json.loads(trial.stdout.read())
    assert said == {"read": True, "bytes": 11, "state": "ready", "do": ""}
