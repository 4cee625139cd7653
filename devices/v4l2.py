"""The few requests of Video4Linux that a camera needs: format, buffers, frames (linux/videodev2.h).

Grey is asked for; a camera that has none gives YUYV, whose every other byte is the same grey. One that only compresses
its frames is refused: unpacking them would cost more than reading the code.
"""

import errno
import fcntl
import mmap
import os
import struct
from pathlib import Path
from typing import Final

BUFFERS: Final = 2
"""Frames in flight; more would only be older."""

_CAPTURE: Final = 1
_MMAP: Final = 1
_VIDEO_CAPTURE: Final = 0x1
_STREAMING: Final = 0x04000000
_DEVICE_CAPS: Final = 0x80000000
_GREY: Final = int.from_bytes(b"GREY", "little")
_YUYV: Final = int.from_bytes(b"YUYV", "little")

_QUERYCAP: Final = 0x80685600
_S_FMT: Final = 0xC0D05605
_REQBUFS: Final = 0xC0145608
_QUERYBUF: Final = 0xC0585609
_QBUF: Final = 0xC058560F
_DQBUF: Final = 0xC0585611
_STREAMON: Final = 0x40045612

_FORMAT = struct.Struct("<I4x8I168x")
"""struct v4l2_format of 208 bytes: type, then width, height, pixelformat, field, bytesperline and more."""

_BUFFER_SIZE: Final = 88
"""struct v4l2_buffer: index at 0, type 4, bytesused 8, memory 60, offset 64, length 72 (on 64 bits)."""


class Capture:
    """An open camera. Raises OSError when it is not there, is no camera, has no grey picture, or no more.

    width, height: as the camera took them, nearest to what was asked. fd is readable when a frame is there.
    """

    def __init__(self, path: Path, width: int, height: int) -> None:
        self.fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        self._frames: list[mmap.mmap] = []
        try:
            self._check()
            self.width, self.height, self._step, self._line = self._format(width, height)
            self._start()
        except OSError:
            self.close()
            raise

    def frame(self) -> bytes | None:
        """The newest grey frame, width * height bytes, rows from the top; None when there is none now."""
        newest: bytes | None = None
        while (taken := self._taken()) is not None:
            newest = taken
        return None if newest is None else self._grey(newest)

    def close(self) -> None:
        """Let the camera go; its frames are unmapped."""
        for frame in self._frames:
            frame.close()
        os.close(self.fd)

    def _check(self) -> None:
        said = bytearray(104)
        fcntl.ioctl(self.fd, _QUERYCAP, said)
        all_nodes, this_node = struct.unpack_from("<II", said, 84)
        can = this_node if all_nodes & _DEVICE_CAPS else all_nodes
        if not (can & _VIDEO_CAPTURE and can & _STREAMING):
            raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))

    def _format(self, width: int, height: int) -> tuple[int, int, int, int]:
        for wanted, step in ((_GREY, 1), (_YUYV, 2)):
            asked = bytearray(_FORMAT.pack(_CAPTURE, width, height, wanted, 1, 0, 0, 0, 0))
            fcntl.ioctl(self.fd, _S_FMT, asked)
            _, got_width, got_height, got, _, line, _, _, _ = _FORMAT.unpack(asked)
            if got == wanted:
                return got_width, got_height, step, line or got_width * step
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    def _start(self) -> None:
        asked = bytearray(struct.pack("<5I", BUFFERS, _CAPTURE, _MMAP, 0, 0))
        fcntl.ioctl(self.fd, _REQBUFS, asked)
        for index in range(struct.unpack_from("<I", asked)[0]):
            buffer = self._buffer(index)
            fcntl.ioctl(self.fd, _QUERYBUF, buffer)
            (offset,), (length,) = struct.unpack_from("<I", buffer, 64), struct.unpack_from("<I", buffer, 72)
            self._frames.append(mmap.mmap(self.fd, length, mmap.MAP_SHARED, mmap.PROT_READ, offset=offset))
            fcntl.ioctl(self.fd, _QBUF, self._buffer(index))
        fcntl.ioctl(self.fd, _STREAMON, struct.pack("<I", _CAPTURE))

    def _taken(self) -> bytes | None:
        buffer = self._buffer(0)
        try:
            fcntl.ioctl(self.fd, _DQBUF, buffer)
        except BlockingIOError:
            return None
        index, _, used = struct.unpack_from("<3I", buffer)
        taken = self._frames[index][:used]
        fcntl.ioctl(self.fd, _QBUF, self._buffer(index))
        return taken

    def _grey(self, frame: bytes) -> bytes | None:
        if len(frame) < self._line * self.height:
            return None  # torn: the next one is milliseconds away
        if self._line == self.width * self._step:
            return frame[: self._line * self.height : self._step]
        rows = (frame[at : at + self.width * self._step : self._step] for at in range(0, len(frame), self._line))
        return b"".join(rows)[: self.width * self.height]

    def _buffer(self, index: int) -> bytearray:
        buffer = bytearray(_BUFFER_SIZE)
        struct.pack_into("<II", buffer, 0, index, _CAPTURE)
        struct.pack_into("<I", buffer, 60, _MMAP)
        return buffer
