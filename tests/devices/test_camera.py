"""A camera as a scanner: its requests as the kernel lays them out, what it sees, and its hints to visitors."""

import contextlib
import errno
import fcntl
import os
import socket
import struct
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from devices import qr, v4l2, wire
from devices.driver import Host
from devices.scanner.camera_events import Hint
from devices.scanner.driver import Reader
from devices.scanner.live import HINT_AFTER, Hints, LiveCamera, moved, shrunk
from devices.scanner.picture import Seen, look_at

SLIP = "HTTPS://FOLLOW.LABOUR.EXAMPLE/S#AE2QCAIBAEAQCAIBAEAQAE2QCAIBAEAQCAIBAEAQ"
SIZE = (1280, 720)
PAGE = 4096


def frame(side: int, *, paper: int = 170, creased: bool = False, blur: float = 0) -> bytes:
    """What a camera sees of a slip: its code so many pixels wide, on grey."""
    picture = Image.new("L", SIZE, paper)
    code = qr.raster(SLIP, 6).to_image().convert("L").resize((side, side)).filter(ImageFilter.GaussianBlur(blur))
    if creased:
        code.paste(0, (0, side // 2 - side // 16, side, side // 2 + side // 16))
    picture.paste(code.point(lambda dot: dot * paper // 170), (400, 100))
    return picture.tobytes()


def test_a_slip_before_the_camera_is_read() -> None:
    assert look_at(frame(300), *SIZE) == Seen([SLIP.encode()], 0)
    assert look_at(frame(300, blur=1.5), *SIZE).codes == [SLIP.encode()]


def test_a_creased_code_is_found_and_measured() -> None:
    seen = look_at(frame(300, creased=True), *SIZE)
    assert seen.codes == []
    assert seen.unread > 200


@pytest.mark.parametrize(
    ("seen", "brightness", "hint"),
    [
        (Seen([], 0), 12, Hint.DARK),
        (Seen([], 300), 120, Hint.CREASED),
        (Seen([], 60), 120, Hint.FAR),
        (Seen([], 0), 120, None),
        (Seen([b"x"], 300), 12, None),
    ],
)
def test_what_the_visitor_can_change(seen: Seen, brightness: float, hint: Hint | None) -> None:
    hints = Hints()
    assert [hints.of(seen, brightness)[1] for _ in range(2)] == [hint, hint]


def test_a_hint_holds_before_it_is_told_and_goes_as_soon_as_a_code_is_read() -> None:
    hints = Hints()
    creased, read = Seen([], 300), Seen([b"x"], 0)
    told = [hints.of(creased, 120) for _ in range(HINT_AFTER + 2)]
    assert [news for news, _ in told] == [at == HINT_AFTER - 1 for at in range(HINT_AFTER + 2)]
    assert hints.of(read, 120) == (True, None)
    assert hints.of(read, 120) == (False, None)


def test_a_small_picture_tells_what_moved() -> None:
    empty, slip = shrunk(Image.new("L", SIZE, 170).tobytes(), *SIZE), shrunk(frame(300), *SIZE)
    assert len(slip) == 160 * 90
    assert Image.frombytes("L", (160, 90), slip).getpixel((5, 5)) == 170
    assert moved(empty, slip)
    assert not moved(slip, bytes(min(255, dot + 3) for dot in slip))
    assert moved(b"", slip)


class Kernel:
    """The kernel's side of Video4Linux, as far as our requests go: structures as in linux/videodev2.h, on 64 bits."""

    def __init__(self, path: Path, fourcc: bytes, frames: list[bytes], *, padding: int = 0) -> None:
        self.path, self.fourcc, self.frames, self.padding = path, fourcc, frames, padding
        self.capabilities = 0x04000001
        self.size = 0
        self.queued: list[int] = []
        self.gone = False

    def __call__(self, fd: int, request: int, data: bytearray) -> int:
        if self.gone:
            raise OSError(errno.ENODEV, "gone")
        answer: dict[int, Callable[[int, bytearray], None]] = {
            0x80685600: self.querycap,
            0xC0D05605: self.s_fmt,
            0xC0145608: self.reqbufs,
            0xC0585609: self.querybuf,
            0xC058560F: self.qbuf,
            0xC0585611: self.dqbuf,
            0x40045612: lambda fd, data: None,
        }
        answer[request](fd, data)
        return 0

    def querycap(self, fd: int, data: bytearray) -> None:
        struct.pack_into("<II", data, 84, 0x84000001, self.capabilities)

    def s_fmt(self, fd: int, data: bytearray) -> None:
        width, height = struct.unpack_from("<II", data, 8)
        step = 2 if self.fourcc == b"YUYV" else 1
        line = width * step + self.padding
        self.size = line * height
        data[16:20] = self.fourcc
        struct.pack_into("<2I", data, 24, line, self.size)

    def reqbufs(self, fd: int, data: bytearray) -> None:
        self.span = -(-self.size // PAGE) * PAGE
        os.ftruncate(fd, 2 * self.span)

    def querybuf(self, fd: int, data: bytearray) -> None:
        struct.pack_into("<I4xI", data, 64, struct.unpack_from("<I", data)[0] * self.span, self.size)

    def qbuf(self, fd: int, data: bytearray) -> None:
        index, kind = struct.unpack_from("<II", data)
        assert (kind, struct.unpack_from("<I", data, 60)[0]) == (1, 1)
        self.queued.append(index)

    def dqbuf(self, fd: int, data: bytearray) -> None:
        if not self.frames:
            raise BlockingIOError(errno.EAGAIN, "none now")
        index, content = self.queued.pop(0), self.frames.pop(0)
        os.pwrite(fd, content, index * self.span)
        struct.pack_into("<I4xI", data, 0, index, len(content))


@pytest.fixture
def camera(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Kernel]:
    def plug(fourcc: bytes, frames: list[bytes], **how: int) -> Kernel:
        path = tmp_path / "video0"
        path.touch()
        kernel = Kernel(path, fourcc, frames, **how)
        monkeypatch.setattr(fcntl, "ioctl", kernel)
        return kernel

    return plug


def test_the_newest_grey_frame_is_taken(camera: Callable[..., Kernel]) -> None:
    old, new = bytes(64 * 48), bytes(range(256)) * 12
    kernel = camera(b"GREY", [old, new])
    capture = v4l2.Capture(kernel.path, 64, 48)
    assert (capture.width, capture.height) == (64, 48)
    assert capture.frame() == new
    assert capture.frame() is None
    kernel.frames.append(new[:100])
    assert capture.frame() is None, "torn"
    kernel.frames += [old] * 5
    assert capture.frame() == old
    assert sorted(kernel.queued) == [0, 1]
    capture.close()


def test_of_coloured_frames_the_grey_is_taken_and_padding_left(camera: Callable[..., Kernel]) -> None:
    grey = bytes(range(256)) * 12
    rows = [grey[at : at + 64] for at in range(0, len(grey), 64)]
    coloured = b"".join(b"".join(bytes((dot, 128)) for dot in row) + b"pads" for row in rows)
    capture = v4l2.Capture(camera(b"YUYV", [coloured], padding=4).path, 64, 48)
    assert capture.frame() == grey
    capture.close()


def test_what_is_no_camera_for_us_is_refused(camera: Callable[..., Kernel], tmp_path: Path) -> None:
    kernel = camera(b"MJPG", [])
    with pytest.raises(OSError, match="Invalid"):
        v4l2.Capture(kernel.path, 64, 48)
    kernel.capabilities = 0x04A00000  # the node that carries a camera's metadata
    with pytest.raises(OSError, match="Inappropriate"):
        v4l2.Capture(kernel.path, 64, 48)
    with pytest.raises(FileNotFoundError):
        v4l2.Capture(tmp_path / "none", 64, 48)


def test_a_camera_that_goes_away_says_so(camera: Callable[..., Kernel]) -> None:
    kernel = camera(b"GREY", [])
    capture = v4l2.Capture(kernel.path, 64, 48)
    kernel.gone = True
    with pytest.raises(OSError, match="gone"):
        capture.frame()
    capture.close()


class Driver:
    """The camera's driver on a thread, with a real line to whoever supervises it."""

    def __init__(self, path: Path) -> None:
        self.line, self._its = socket.socketpair()
        self.line.settimeout(30)
        self._messages = wire.Messages()
        self._heard: list[tuple[wire.Head, bytes]] = []
        self.line.sendall(wire.pack({"do": "forget", "epoch": 7, "watch": True}))
        self._thread = threading.Thread(target=self._run, args=(path,))
        self._thread.start()

    def _run(self, path: Path) -> None:
        with contextlib.suppress(SystemExit):  # its supervisor is gone: the end of the test
            LiveCamera(Reader(Host(self._its.fileno())), path).run()

    def until(self, **wanted: object) -> bytes:
        """Wait until a message says so; returns its body."""
        while True:
            for message in self._heard:
                if wanted.items() <= message[0].items():
                    self._heard.remove(message)
                    return message[1]
            self._heard += self._messages.feed(self.line.recv(65536))

    def end(self) -> None:
        self.line.close()
        self._thread.join()
        self._its.close()


def test_a_slip_is_read_seen_and_explained_and_the_camera_comes_back(camera: Callable[..., Kernel]) -> None:
    kernel = camera(b"GREY", [frame(300)])
    driver = Driver(kernel.path)
    driver.until(**{"is": "state", "state": "ready"})
    assert driver.until(**{"is": "read", "epoch": 7}) == SLIP.encode()
    assert len(driver.until(**{"is": "preview", "width": 160, "height": 90})) == 160 * 90
    kernel.frames += [frame(300, creased=True)]
    for _ in range(HINT_AFTER + 1):
        driver.until(**{"is": "preview"})
        kernel.frames += [frame(300, creased=True)]
    driver.until(**{"is": "hint", "hint": "creased"})
    kernel.gone = True
    driver.until(**{"is": "state", "state": "offline", "why": "it was unplugged"})
    kernel.gone = False
    kernel.frames.append(frame(300))
    driver.until(**{"is": "hint", "hint": None})
    driver.end()
