"""A camera with every fault: what the terminal knows of it, and what the visitor reads."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from devices import DeviceEvent, ScannerOffline, ScannerRead, ScannerReady, ScannerUnknown, Supervisor, qr
from devices.events import ScannerChanged
from devices.scanner.camera_events import CameraEvent, CameraPreview, CameraSees, Hint
from devices.scanner.states import ScannerState
from kiosk import visit_events
from kiosk.camera import instruction
from kiosk.hardware import event_of, seen_of
from tests.devices.cameras import SIZE, SLIP, PluggedCamera, frame
from tests.devices.peers import Told, wait_until
from tests.faults.test_scanner_rows import HOME, NOT_A_SLIP, NOTHING, OFFLINE, PREPARING, UNKNOWN, WORDS

CODE = SLIP.encode()
NOISE = random.Random(20261122)


class Lobby:
    """One terminal's camera, what it sees, and what the terminal was told of it; the driver in a process of its own."""

    def __init__(self, kernel: PluggedCamera, folder: Path) -> None:
        self.kernel = kernel
        self.told: Told[DeviceEvent] = Told()
        self.seen: Told[CameraEvent] = Told()
        self._supervisor = Supervisor(scanner=f"camera:{kernel.path}", printer="none", journal=folder / "journal")

    def starts(self) -> None:
        self._supervisor.start(self.told, camera_listener=self.seen)

    def plugged(self) -> None:
        self.sees(Image.new("L", SIZE, 170).tobytes())
        self.starts()
        self.becomes(ScannerReady())

    def sees(self, *frames: bytes) -> None:
        self.kernel.frames += frames

    def becomes(self, state: ScannerState) -> None:
        """Wait until it is so; the visitor may hold a slip up exactly when it is ready."""
        self.told.until_equal(ScannerChanged(state))
        assert event_of(ScannerChanged(state)) == visit_events.ScannerChanged(state == ScannerReady())

    def reads(self, code: bytes, picture: bytes) -> None:
        def read() -> bool:
            if not self.kernel.frames:
                self.sees(picture)
            return code in self.read

        wait_until(read)
        assert event_of(ScannerRead(code)) == visit_events.Scanned(code)

    def hints(self, hint: Hint | None, picture: bytes) -> None:
        def hinted() -> bool:
            if not self.kernel.frames:
                self.sees(picture)
            return CameraSees(True, hint) in self.seen.all

        wait_until(hinted)

    @property
    def read(self) -> list[bytes]:
        return [event.data for event in self.told.all if isinstance(event, ScannerRead)]

    def end(self) -> None:
        self._supervisor.stop()
        self.kernel.close()


def of_codes(*codes: str, side: int = 160) -> bytes:
    """A frame with so many codes."""
    picture = Image.new("L", SIZE, 170)
    for at, code in enumerate(codes):
        across = SIZE[0] // side
        picture.paste(qr.raster(code, 4).to_image().convert("L"), (at % across * side, at // across * side))
    return picture.tobytes()


def absent(lobby: Lobby) -> None:
    lobby.kernel.path.unlink()
    lobby.starts()
    lobby.becomes(ScannerOffline(NOTHING))
    assert lobby.read == []


def slow(lobby: Lobby) -> None:
    """Three frames a second, each torn once before it is whole."""
    lobby.starts()
    for _ in range(3):
        lobby.sees(frame(300)[:5000])
        wait_until(lambda: not lobby.kernel.frames)
        lobby.sees(frame(300))
        wait_until(lambda: not lobby.kernel.frames)
    lobby.reads(CODE, frame(300))
    lobby.becomes(ScannerReady())
    assert set(lobby.read) == {CODE}


def silent(lobby: Lobby) -> None:
    lobby.plugged()
    lobby.becomes(ScannerOffline("it gives no pictures"))
    lobby.reads(CODE, frame(300))
    lobby.becomes(ScannerReady())


def wrong_answers(lobby: Lobby) -> None:
    lobby.starts()
    lobby.reads(b"4006381333931", of_codes("4006381333931"))
    lobby.reads(CODE, frame(300))


def garbage(lobby: Lobby) -> None:
    lobby.starts()
    lobby.sees(NOISE.randbytes(1000), b"", NOISE.randbytes(SIZE[0] * SIZE[1]))
    lobby.becomes(ScannerReady())
    wait_until(lambda: not lobby.kernel.frames)
    assert lobby.read == []
    lobby.reads(CODE, frame(300))


def flood(lobby: Lobby) -> None:
    lobby.starts()
    lobby.sees(of_codes(*(f"CODE {number}" for number in range(32))))
    lobby.becomes(ScannerUnknown("it sends more codes than a hand can show"))
    assert len(lobby.read) <= 20
    blank = Image.new("L", SIZE, 170).tobytes()
    wait_until(lambda: lobby.sees(blank) or lobby.told.all[-1] == ScannerChanged(ScannerReady()))
    lobby.kernel.frames.clear()
    lobby.reads(CODE, frame(300))


def dark(lobby: Lobby) -> None:
    hinted(lobby, Hint.DARK, Image.new("L", SIZE, 12).tobytes())


def creased(lobby: Lobby) -> None:
    hinted(lobby, Hint.CREASED, frame(300, creased=True))


def far(lobby: Lobby) -> None:
    hinted(lobby, Hint.FAR, frame(80, blur=1, at=(600, 300)))


def hinted(lobby: Lobby, hint: Hint, picture: bytes) -> None:
    """Told what to change, until it is changed; and he sees all the while what the camera sees."""
    lobby.starts()
    lobby.hints(hint, picture)
    held = seen_of(CameraSees(held=True, hint=hint)).held
    assert held is not None
    assert KINDS[_ROW_OF[hint]][2] == WORDS(instruction(held))
    lobby.reads(CODE, frame(300))
    lobby.seen.until_equal(CameraSees(False))
    assert any(isinstance(event, CameraPreview) for event in lobby.seen.all)


def gone_in_the_middle(lobby: Lobby) -> None:
    lobby.plugged()
    lobby.kernel.gone = True
    lobby.becomes(ScannerOffline("it was unplugged"))
    lobby.kernel.path.unlink()
    lobby.becomes(ScannerOffline(NOTHING))


def back_again(lobby: Lobby) -> None:
    gone_in_the_middle(lobby)
    lobby.kernel.path.touch()
    lobby.kernel.gone = False
    lobby.reads(CODE, frame(300))
    lobby.becomes(ScannerReady())


def swapped(lobby: Lobby) -> None:
    gone_in_the_middle(lobby)
    lobby.kernel.path.touch()
    lobby.kernel.gone, lobby.kernel.fourcc = False, "MJPG"
    lobby.becomes(ScannerOffline("what is at its address is another kind of device"))


KINDS: dict[str, tuple[Callable[[Lobby], None], str, str, str]] = {
    "absent": (absent, OFFLINE, PREPARING, "begins once it is plugged in"),
    "slow": (slow, "ready", HOME, "goes on"),
    "silent": (
        silent,
        "off line: it gives no pictures; opened again and again",
        PREPARING,
        "begins once it does",
    ),
    "wrong answers": (wrong_answers, "ready", NOT_A_SLIP, "goes on"),
    "garbage": (garbage, "ready", HOME, "goes on"),
    "flood": (flood, UNKNOWN, PREPARING, "goes on; no code of it is taken"),
    "too dark": (dark, "ready; hint: dark", WORDS("home.hint.dark"), "goes on"),
    "creased paper": (creased, "ready; hint: creased", WORDS("home.hint.creased"), "goes on"),
    "paper too far away": (far, "ready; hint: far", WORDS("home.hint.far"), "goes on"),
    "gone in the middle": (gone_in_the_middle, OFFLINE, PREPARING, "goes on"),
    "back again": (back_again, "ready", HOME, "goes on"),
    "swapped for another model": (swapped, OFFLINE, PREPARING, "begins once its address is set"),
}
_ROW_OF = {Hint.DARK: "too dark", Hint.CREASED: "creased paper", Hint.FAR: "paper too far away"}
ROWS = [
    pytest.param(
        kind, id=kind, marks=pytest.mark.fault(device="camera", kind=kind, state=state, reads=reads, visit=visit)
    )
    for kind, (_, state, reads, visit) in KINDS.items()
]


@pytest.fixture
def lobby(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lobby]:
    lobby = Lobby(PluggedCamera(tmp_path, monkeypatch), tmp_path)
    yield lobby
    lobby.end()


@pytest.mark.parametrize("kind", ROWS)
def test_a_camera_with_a_fault(lobby: Lobby, kind: str) -> None:
    KINDS[kind][0](lobby)
