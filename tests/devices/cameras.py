"""A camera for the tests: the kernel's side of Video4Linux, what it sees of a slip, and its driver with a line."""

import contextlib
import errno
import fcntl
import os
import socket
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from devices import qr, wire
from devices.driver import Host
from devices.scanner.driver import Reader
from devices.scanner.live import LiveCamera

SLIP = "HTTPS://FOLLOW.LABOUR.EXAMPLE/S#AE2QCAIBAEAQCAIBAEAQAE2QCAIBAEAQCAIBAEAQ"
SIZE = (1280, 720)
PAGE = 4096


def frame(
    side: int, *, paper: int = 170, creased: bool = False, blur: float = 0, at: tuple[int, int] = (400, 100)
) -> bytes:
    """What a camera sees of a slip: its code so many pixels wide, on grey."""
    picture = Image.new("L", SIZE, paper)
    code = qr.raster(SLIP, 6).to_image().convert("L").resize((side, side)).filter(ImageFilter.GaussianBlur(blur))
    if creased:
        code.paste(0, (0, side // 2 - side // 16, side, side // 2 + side // 16))
    picture.paste(code.point(lambda dot: dot * paper // 170), at)
    return picture.tobytes()


class Kernel:
    """The kernel's side of Video4Linux, as far as our requests go: structures as in linux/videodev2.h, on 64 bits."""

    def __init__(self, path: Path, fourcc: bytes, frames: list[bytes], *, padding: int = 0) -> None:
        self.path, self.fourcc, self.frames, self.padding = path, fourcc, frames, padding
        self.capabilities = 0x04000001
        self.size = 0
        self.queued: list[int] = []
        self.gone = False
        self._shown: bytes | None = None
        self._next = 0.0

    def shows(self, picture: bytes) -> None:
        """Give this picture again and again, as a camera does."""
        self._shown = picture

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
        now = time.monotonic()
        if not self.frames and self._shown is not None and now >= self._next:
            self.frames.append(self._shown)
            self._next = now + 1 / 30
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


class Driver:
    """The camera's driver on a thread, with a real line to whoever supervises it."""

    def __init__(self, path: Path, epoch: int = 7) -> None:
        self.line, self._its = socket.socketpair()
        self.line.settimeout(30)
        self._messages = wire.Messages()
        self._heard: list[tuple[wire.Head, bytes]] = []
        self.line.sendall(wire.pack({"do": "forget", "epoch": epoch, "watch": True}))
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
