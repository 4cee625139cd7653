"""The kernel's side of Video4Linux for the tests. Light: it is imported in a driver's own process too."""

import errno
import json
import os
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path

PAGE = 4096
SOCKET = "ISTILAM_TEST_CAMERA"
"""The environment variable that names the socket at which a driver's process asks what the camera gives."""


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


class RemoteKernel(Kernel):
    """In a driver's process: what the camera gives is asked of the test."""

    def __init__(self, where: str) -> None:
        super().__init__(Path(), b"GREY", [])
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(where)
        self._told = self._line.makefile("rb")

    def __call__(self, fd: int, request: int, data: bytearray) -> int:
        self._ask(b"f" if request == 0xC0585611 else b"?")
        return super().__call__(fd, request, data)

    def _ask(self, what: bytes) -> None:
        self._line.sendall(what)
        told = json.loads(self._told.readline())
        self.gone, self.fourcc = told["gone"], told["fourcc"].encode()
        if told["frame"] is not None:
            self.frames.append(self._told.read(told["frame"]))
