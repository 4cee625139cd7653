"""A camera for the tests: the kernel's side of Video4Linux, what it sees of a slip, and its driver with a line."""

import contextlib
import fcntl
import json
import os
import socket
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
from tests.devices.kernel import SOCKET, Kernel

SLIP = "HTTPS://FOLLOW.LABOUR.EXAMPLE/S#AE2QCAIBAEAQCAIBAEAQAE2QCAIBAEAQCAIBAEAQ"
SIZE = (1280, 720)
SITE = Path(__file__).parent / "camera_site"


def frame(
    side: int,
    *,
    paper: int = 170,
    creased: bool = False,
    blur: float = 0,
    at: tuple[int, int] = (400, 100),
    text: str = SLIP,
) -> bytes:
    """What a camera sees of a slip: its code so many pixels wide, on grey."""
    picture = Image.new("L", SIZE, paper)
    code = qr.raster(text, 6).to_image().convert("L").resize((side, side)).filter(ImageFilter.GaussianBlur(blur))
    if creased:
        code.paste(0, (0, side // 2 - side // 16, side, side // 2 + side // 16))
    picture.paste(code.point(lambda dot: dot * paper // 170), at)
    return picture.tobytes()


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

    def __init__(self, path: Path) -> None:
        self.line, self._its = socket.socketpair()
        self.line.settimeout(30)
        self._messages = wire.Messages()
        self._heard: list[tuple[wire.Head, bytes]] = []
        self.line.sendall(wire.pack({"do": "forget", "watch": True}))
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


class PluggedCamera:
    """A camera for a driver in a process of its own: a `Kernel` there takes its requests, and asks us what it gives."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = folder / "video0"
        self.path.touch()
        self.frames: list[bytes] = []
        self.fourcc, self.gone = "GREY", False
        self.given = 0
        self._shown: bytes | None = None
        self._next = 0.0
        where = folder / "camera"
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(where))
        self._door.listen()
        monkeypatch.setenv(SOCKET, str(where))
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(SITE), os.environ.get("PYTHONPATH")))))
        threading.Thread(target=self._serve, daemon=True).start()

    def shows(self, picture: bytes) -> None:
        """Give this picture again and again, as a camera does."""
        self._shown = picture

    def close(self) -> None:
        self._door.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # closed: the end of the test
            while True:
                line, _ = self._door.accept()
                threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        with line, contextlib.suppress(OSError):
            while asked := line.recv(1):
                if self._shown is not None and not self.frames and time.monotonic() >= self._next:
                    self.frames.append(self._shown)
                    self._next = time.monotonic() + 1 / 30
                frame = self.frames.pop(0) if asked == b"f" and self.frames else None
                self.given += frame is not None
                told = {"gone": self.gone, "fourcc": self.fourcc, "frame": None if frame is None else len(frame)}
                line.sendall(json.dumps(told).encode() + b"\n" + (frame or b""))
