"""One scan, for an installer. It tells how long the code was, never what it said: the slip may be somebody's."""

import time
from typing import assert_never

from devices.address import Absent, Frames, Serial, scanner_address
from devices.printer.connection import wait_alone
from devices.scanner import camera, serial


def scanner_present(address: str) -> bool:
    """Whether the scanner is there. Raises ValueError for what is no address of a scanner."""
    match where := scanner_address(address):
        case Serial(path):
            return path.exists()
        case Frames(folder):
            return folder.is_dir()
        case Absent():
            raise ValueError("no scanner is set")
        case _:
            assert_never(where)


def wait_for_scan(address: str, seconds: float) -> int | None:
    """The length in bytes of the first code, None if none came in time. Raises ValueError for a wrong address."""
    if not scanner_present(address):
        return None
    where = scanner_address(address)
    until = time.monotonic() + seconds
    if isinstance(where, Frames):
        return _from_frames(camera.Camera(where.folder), until)
    assert isinstance(where, Serial)
    try:
        device = serial.Tty(where.path)
    except OSError:
        return None
    try:
        return _from_tty(device, until)
    except OSError:
        return None  # unplugged while we waited
    finally:
        device.close()


def _from_tty(device: serial.Tty, until: float) -> int | None:
    frames = serial.Frames()
    while (left := until - time.monotonic()) > 0:
        ready = wait_alone(device.fd, False, min(left, serial.GAP if frames.open else left))
        for code in frames.feed(device.read()) if ready else frames.gap():
            return code.length if isinstance(code, serial.Overlong) else len(code)
    return None


def _from_frames(frames: camera.Camera, until: float) -> int | None:
    while time.monotonic() < until:
        for code in frames.look():
            return len(code)
        time.sleep(camera.LOOK)
    return None
