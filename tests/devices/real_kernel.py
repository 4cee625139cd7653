"""The drivers on devices of the real kernel: keyboards (uinput), HID scanners (uhid), a camera (vivid).

For a machine that has these modules, as root: `python -m pytest tests/devices/real_kernel.py`. `make test-appliance`
runs it in QEMU (tests/provisioning/appliance/drivers.py); elsewhere FIFOs carry the same bytes
(tests/faults/test_scanner_rows.py).
"""

import fcntl
import os
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import evdev
import pytest
from evdev import UInput, ecodes

from devices import ScannerOffline, ScannerRead, ScannerReady, Supervisor, supervisor
from devices.events import ScannerChanged
from devices.keypad.events import JackChanged, Key, KeyPressed
from devices.plugged import plugged
from devices.scanner.camera_events import CameraPreview
from tests.devices.keys import ENTER, stroke, typed
from tests.devices.peers import WAIT, Told, wait_until
from tests.devices.scanners import reports

pytestmark = pytest.mark.skipif(not Path("/dev/uinput").exists(), reason="needs uinput, uhid and vivid")

SLIP = "HTTPS://FOLLOW.LABOUR.EXAMPLE/S#AE2QCAIBAEAQ"
POS_SCANNER = bytes.fromhex("058c0902a1018502150026ff00750895 3f0902 8102c0".replace(" ", ""))
S_CTRL = 0xC008561C
VIVID_HORIZONTAL_MOVEMENT, TO_THE_RIGHT_FAST = 0x00F0F002, 6
VENDOR_DEVICE = bytes.fromhex("0600ff0901a1018502150026ff007508953f09028102c0")


def keyboard(*switches: int) -> UInput:
    able: dict[int, Any] = {ecodes.EV_KEY: list(range(1, 120))}
    if switches:
        able[ecodes.EV_SW] = list(switches)
    device = UInput(able, name="Istilam test wedge")
    wait_until(lambda: Path(device.device.path).exists())
    return device


def press(device: UInput, events: list[Any]) -> None:
    """As fast as a scanner types at its fastest; the kernel keeps 64 events for who does not read in time."""
    for event in events:
        device.write(event.kind, event.code, event.value)
        if event.kind == ecodes.EV_SYN:
            time.sleep(0.004)


class Hid:
    """A HID device behind /dev/uhid (linux/uhid.h)."""

    def __init__(self, descriptor: bytes) -> None:
        before = set(Path("/dev").glob("hidraw*"))
        self._fd = os.open("/dev/uhid", os.O_RDWR)
        named = b"Istilam test scanner".ljust(128, b"\0") + bytes(64) + bytes(64)
        made = struct.pack("<HHIIII", len(descriptor), 3, 0x0C2E, 0x0901, 0x0100, 0)
        os.write(self._fd, struct.pack("<I", 11) + named + made + descriptor.ljust(4096, b"\0"))
        wait_until(lambda: bool(set(Path("/dev").glob("hidraw*")) - before))
        self.path = (set(Path("/dev").glob("hidraw*")) - before).pop()

    def send(self, report: bytes) -> None:
        os.write(self._fd, struct.pack("<IH", 12, len(report)) + report.ljust(4096, b"\0"))

    def unplug(self) -> None:
        os.close(self._fd)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def supervised(tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(supervisor, "HANG", WAIT)  # an emulated processor looks at a picture for seconds
    running: list[Supervisor] = []

    def start(scanner: str = "none", keypad: str = "none") -> None:
        devices = Supervisor(scanner=scanner, keypad=keypad, printer="none", journal=tmp_path / "journal")
        running.append(devices)
        devices.start(told, keypad_listener=told, camera_listener=told)  # type: ignore[arg-type]

    yield start
    for devices in running:
        devices.stop()


def offline(event: Any) -> bool:
    return isinstance(event, ScannerChanged) and isinstance(event.state, ScannerOffline)


def test_a_wedge_is_read_and_grabbed_goes_and_comes_back(told: Told, supervised: Any) -> None:
    wedge = keyboard()
    path = wedge.device.path
    elsewhere = evdev.InputDevice(path)
    supervised(scanner=f"wedge:{path}")
    told.until_equal(ScannerChanged(ScannerReady()))
    press(wedge, [*typed(SLIP, "french"), *stroke(ENTER)])
    told.until_equal(ScannerRead(SLIP.encode()))
    assert elsewhere.read_one() is None  # nothing types into the screen
    with pytest.raises(OSError, match="busy"):
        elsewhere.grab()
    assert {(row.kind, row.address) for row in plugged()} >= {("scanner", f"wedge:{path}"), ("keypad", f"keys:{path}")}
    wedge.close()
    told.until_equal(ScannerChanged(ScannerOffline("it was unplugged")))
    again = keyboard()
    assert again.device.path == path
    told.until_equal(ScannerChanged(ScannerReady()))
    press(again, [*typed("AGAIN"), *stroke(ENTER)])
    told.until_equal(ScannerRead(b"AGAIN"))
    again.close()


def test_a_keyboard_that_another_program_holds_says_so(told: Told, supervised: Any) -> None:
    wedge = keyboard()
    holder = evdev.InputDevice(wedge.device.path)
    holder.grab()
    supervised(scanner=f"wedge:{wedge.device.path}")
    told.until_equal(ScannerChanged(ScannerOffline("another program has it")))
    holder.ungrab()
    told.until_equal(ScannerChanged(ScannerReady()))
    wedge.close()


def test_a_keypad_and_its_jack(told: Told, supervised: Any) -> None:
    pad = keyboard(ecodes.SW_HEADPHONE_INSERT)
    supervised(keypad=f"keys:{pad.device.path}")
    told.until(lambda event: event == JackChanged(False))  # type: ignore[comparison-overlap]
    told.until(lambda event: getattr(event, "state", None).__class__.__name__ == "KeypadReady")
    press(pad, stroke(103))
    told.until(lambda event: event == KeyPressed(Key.UP))  # type: ignore[comparison-overlap]
    pad.write(ecodes.EV_SW, ecodes.SW_HEADPHONE_INSERT, 1)
    pad.syn()
    told.until(lambda event: event == JackChanged(True))  # type: ignore[comparison-overlap]
    pad.close()


def test_a_hid_scanner_is_known_by_its_descriptor_and_read(told: Told, supervised: Any) -> None:
    scanner = Hid(POS_SCANNER)
    assert ("scanner", f"hid:{scanner.path}") in {(row.kind, row.address) for row in plugged()}
    supervised(scanner=f"hid:{scanner.path}")
    told.until_equal(ScannerChanged(ScannerReady()))
    for report in reports(SLIP.encode() * 3):
        scanner.send(report)
    told.until_equal(ScannerRead(SLIP.encode() * 3))
    scanner.unplug()
    told.until(offline)
    other = Hid(VENDOR_DEVICE)
    assert other.path == scanner.path
    told.until_equal(ScannerChanged(ScannerOffline("what is at its address is another kind of device")))
    other.unplug()


def test_a_camera_gives_pictures(told: Told, supervised: Any) -> None:
    camera = next(row for row in plugged() if row.address.startswith("camera:"))
    assert camera.driver == "vivid" or camera.name
    with Path(camera.address.removeprefix("camera:")).open("rb") as vivid:  # what never moves is held by nobody
        fcntl.ioctl(vivid, S_CTRL, struct.pack("<Ii", VIVID_HORIZONTAL_MOVEMENT, TO_THE_RIGHT_FAST))
    supervised(scanner=camera.address)
    told.until_equal(ScannerChanged(ScannerReady()))
    seen = told.until(lambda event: isinstance(event, CameraPreview))
    assert isinstance(seen, CameraPreview)
    assert len(seen.grey) == seen.width * seen.height
    assert len(set(seen.grey)) > 5, "nothing on it"
