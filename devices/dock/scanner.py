"""The dock's scanner, of each kind: the terminal's own driver reads from it what it reads from a real one.

A serial scanner is a pseudo terminal. One that plays a keyboard, or is of USB's own class, is a pipe with the bytes
that the kernel gives of a real one: this needs no uinput and no uhid, which few machines have. A camera is a folder
with its pictures.
"""

import io
import os
import secrets
import tty
from abc import abstractmethod
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final, Literal, get_args

from devices import qr
from devices.keyboard import pack
from devices.scanner.codes import MOST_CODES
from devices.scanner.hidpos import DATA_BYTES, SCANNED_DATA
from devices.simulators.keys import ENTER, stroke, typed

from .fifo import Fifo
from .plug import Plug

ScannerKind = Literal["serial", "wedge", "hid", "frames"]
"""As in the terminal's settings: the kind of its address."""

SCANNER_KINDS: Final[tuple[ScannerKind, ...]] = get_args(ScannerKind)

FLOOD_BYTES: Final = 512
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


class VirtualScanner(Plug):
    """`path` is the name that it gets, as udev gives one."""

    flood_pause = 0.05

    def shows(self, picture: Path, code: bytes) -> bool:
        """Hold a picture under it, in which that code is. False when it is unplugged."""
        return self.reads(code)

    @abstractmethod
    def reads(self, code: bytes) -> bool:
        """Do as a scanner that reads a code. False when it is unplugged."""


class SerialScanner(VirtualScanner):
    """Its bytes and a carriage return, as from /dev/ttyACM0."""

    def __init__(self, path: Path) -> None:
        self._ends: tuple[int, int] | None = None
        super().__init__(path)

    def reads(self, code: bytes) -> bool:
        return self._send((secrets.token_bytes(len(code)) if self._fault == "garbage" else code) + b"\r")

    def _send(self, data: bytes) -> bool:
        with self._lock:
            if self._ends is None:
                return False
            try:
                os.write(self._ends[0], data)
            except BlockingIOError:
                return False  # nobody reads: as on a wire, it is lost
            return True

    def _plug_in(self) -> None:
        with self._lock:
            if self._ends is not None:
                return
            master, slave = os.openpty()
            tty.setraw(slave)
            os.set_blocking(master, False)
            self._ends = master, slave
            draft = self._path.with_name(self._path.name + ".part")
            draft.symlink_to(os.ttyname(slave))
            draft.replace(self._path)

    def _unplug(self) -> None:
        with self._lock:
            ends, self._ends = self._ends, None
            self._path.unlink(missing_ok=True)
            for end in ends or ():
                os.close(end)

    def _chatter(self) -> None:
        self._send(secrets.token_bytes(FLOOD_BYTES))


class KeyboardScanner(Fifo, VirtualScanner):
    """It types the code and Enter."""

    def reads(self, code: bytes) -> bool:
        text = code.decode("ascii", "ignore")  # as such scanners do: what no key types is left out
        return self._types(_some_letters(len(text)) if self._fault == "garbage" else text)

    def _types(self, text: str) -> bool:
        return self._send(b"".join(map(pack, (*typed(text), *stroke(ENTER)))))

    def _chatter(self) -> None:
        for _ in range(4):
            self._types(_some_letters(4))


class HidScanner(Fifo, VirtualScanner):
    """Reports of scanned data, each of 64 bytes."""

    def reads(self, code: bytes) -> bool:
        return self._send(_reports(secrets.token_bytes(len(code)) if self._fault == "garbage" else code))

    def _chatter(self) -> None:
        for _ in range(4):
            self._send(_reports(secrets.token_bytes(DATA_BYTES)))


class CameraFolder(VirtualScanner):
    """A folder in which each picture appears that is held before the camera; none of them lies on a disk."""

    flood_pause = 0.5

    def __init__(self, path: Path) -> None:
        self._numbers = count()
        self._shown: tuple[Path, int] | None = None
        super().__init__(path)

    def shows(self, picture: Path, code: bytes) -> bool:
        return self._takes(secrets.token_bytes(10_000) if self._fault == "garbage" else picture.read_bytes())

    def reads(self, code: bytes) -> bool:
        """It reads no printed lines: there is no picture of them."""
        return False

    def _takes(self, picture: bytes) -> bool:
        with self._lock:
            if not self._path.is_dir():
                return False
            self._clear()
            memory = os.memfd_create("frame")
            with os.fdopen(os.dup(memory), "wb") as file:
                file.write(picture)
            frame = self._path / f"{next(self._numbers):06}.png"
            frame.symlink_to(f"/proc/{os.getpid()}/fd/{memory}")
            self._shown = frame, memory
            return True

    def _clear(self) -> None:
        shown, self._shown = self._shown, None
        if shown is not None:
            frame, memory = shown
            frame.unlink()
            os.close(memory)

    def _plug_in(self) -> None:
        with self._lock:
            self._path.mkdir(exist_ok=True)

    def _unplug(self) -> None:
        with self._lock:
            if self._path.is_dir():
                self._clear()
                self._path.rmdir()

    def _chatter(self) -> None:
        self._takes(_many_codes())


def new_scanner(kind: ScannerKind, path: Path) -> VirtualScanner:
    """Plugged in, at that path."""
    match kind:
        case "serial":
            return SerialScanner(path)
        case "wedge":
            return KeyboardScanner(path)
        case "hid":
            return HidScanner(path)
        case "frames":
            return CameraFolder(path)


def _some_letters(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def _reports(code: bytes) -> bytes:
    """A code as a scanner of USB's own class sends it: so much of it in each report, the last says that it is."""
    pieces = [code[at : at + DATA_BYTES] for at in range(0, len(code), DATA_BYTES)]
    return b"".join(
        bytes((SCANNED_DATA, len(piece)))
        + b"]Q1"
        + piece.ljust(DATA_BYTES, b"\0")
        + bytes((0, 0, number < len(pieces)))
        for number, piece in enumerate(pieces, 1)
    )


@cache
def _many_codes() -> bytes:
    """A picture with more codes than a hand can show."""
    from PIL import Image

    side, across = 160, 6
    picture = Image.new("L", (across * side, 4 * side), 255)
    for at in range(MOST_CODES + 4):
        code = qr.raster(_some_letters(4), 4).to_image().convert("L")
        picture.paste(code, (at % across * side, at // across * side))
    file = io.BytesIO()
    picture.save(file, format="PNG")
    return file.getvalue()
