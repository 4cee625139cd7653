"""A camera as a scanner: its requests as the kernel lays them out, what it sees, and its hints to visitors."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from devices import v4l2, wire
from devices.driver import Host
from devices.scanner.camera import Camera
from devices.scanner.camera_events import Hint
from devices.scanner.driver import Reader
from devices.scanner.live import COVERED_AFTER, HINT_AFTER, LET_GO_AFTER, Darkness, Hints, Hold, moved, shrunk
from devices.scanner.picture import Seen, look_at
from tests.devices.cameras import SIZE, SLIP, Driver, Kernel, camera, frame

__all__ = ["camera"]


def test_a_slip_before_the_camera_is_read() -> None:
    assert look_at(frame(300), *SIZE) == Seen([SLIP.encode()], 0)
    assert look_at(frame(300, blur=1.5), *SIZE).codes == [SLIP.encode()]


def test_a_creased_code_is_found_and_measured() -> None:
    seen = look_at(frame(300, creased=True), *SIZE)
    assert seen.codes == []
    assert seen.unread > 200


def test_paper_that_is_too_far_away_is_found_and_measured_and_read_where_it_can_be() -> None:
    # In the middle half of the picture, where somebody holds it.
    assert look_at(frame(80, blur=0.7, at=(600, 300)), *SIZE).codes == [SLIP.encode()]
    assert 40 < look_at(frame(80, blur=1, at=(600, 300)), *SIZE).unread < 100
    assert look_at(frame(80, blur=1, at=(600, 300)), *SIZE, closer=False) == Seen([], 0)


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
    assert [hints.of(seen, brightness) for _ in range(HINT_AFTER)] == [None] * (HINT_AFTER - 1) + [hint]


def test_a_hint_holds_before_it_is_told_and_goes_as_soon_as_a_code_is_read() -> None:
    hints = Hints()
    creased, read = Seen([], 300), Seen([b"x"], 0)
    assert [hints.of(creased, 120) for _ in range(HINT_AFTER)][-1] is Hint.CREASED
    assert hints.of(Seen([], 0), 120) is Hint.CREASED, "one look at which the code was not found"
    assert hints.of(read, 120) is None


def test_what_moves_or_cannot_be_read_is_held_there_until_it_is_read_or_gone() -> None:
    nothing, creased, read = Seen([], 0), Seen([], 300), Seen([b"x"], 0)
    hold = Hold()
    assert not hold.of(nothing, moves=True), "a shadow"
    assert [hold.of(nothing, moves=True) for _ in range(2)] == [False, True]
    assert hold.of(nothing, moves=False), "a hand that rests"
    assert not hold.of(read, moves=True)
    assert [hold.of(creased, moves=False) for _ in range(HINT_AFTER)] == [False, False, True]
    assert [hold.of(nothing, moves=False) for _ in range(LET_GO_AFTER)] == [True] * (LET_GO_AFTER - 1) + [False]


def test_a_lens_that_stays_covered_is_nobody_s_hand_until_something_moves() -> None:
    darkness = Darkness()
    assert not darkness.is_of_a_hand(0.0, dark=False, moves=False)
    assert darkness.is_of_a_hand(100.0, dark=True, moves=True)
    assert darkness.is_of_a_hand(100.0 + COVERED_AFTER - 1, dark=True, moves=False)
    assert not darkness.is_of_a_hand(100.0 + COVERED_AFTER, dark=True, moves=False), "home is as it was"
    assert darkness.is_of_a_hand(200.0, dark=True, moves=True), "a hand comes"
    assert not darkness.is_of_a_hand(200.5, dark=False, moves=True)


def test_a_slip_that_still_lies_there_when_its_visit_ends_begins_no_other() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        reader = Reader(Host(theirs.fileno()))
        reader.tell(b"SLIP")
        reader.host.asked.append(({"do": "forget", "watch": True}, b""))
        assert reader.obey(lies_there=True)
        reader.tell(b"SLIP")
        reader.tell(b"ANOTHER")
        told = [(head["at"], body) for head, body in wire.Messages().feed(ours.recv(4096)) if head["is"] == "read"]
        (before, slip), (after, another) = told
        assert (slip, another) == (b"SLIP", b"ANOTHER")
        assert before < after, "what was looked at after the end says so"


def test_a_small_picture_tells_what_moved() -> None:
    empty, slip = shrunk(Image.new("L", SIZE, 170).tobytes(), *SIZE), shrunk(frame(300), *SIZE)
    assert len(slip) == 160 * 90
    assert Image.frombytes("L", (160, 90), slip).getpixel((5, 5)) == 170
    assert moved(empty, slip)
    assert not moved(slip, bytes(min(255, dot + 3) for dot in slip))
    assert moved(b"", slip)


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


def test_a_slip_is_read_seen_and_explained_and_the_camera_comes_back(camera: Callable[..., Kernel]) -> None:
    kernel = camera(b"GREY", [frame(300)])
    driver = Driver(kernel.path)
    driver.until(**{"is": "state", "state": "ready"})
    assert driver.until(**{"is": "read"}) == SLIP.encode()
    kernel.shows(frame(300, creased=True))
    driver.until(**{"is": "sees", "held": True, "hint": "creased"})
    assert len(driver.until(**{"is": "preview", "width": 160, "height": 90})) == 160 * 90
    kernel.shows(frame(300))
    driver.until(**{"is": "sees", "held": False, "hint": None})
    kernel.shows(frame(300, creased=True))
    driver.until(**{"is": "sees", "held": True, "hint": "creased"})
    kernel.gone = True
    driver.until(**{"is": "sees", "held": False, "hint": None})
    driver.until(**{"is": "state", "state": "offline", "why": "it was unplugged"})
    kernel.gone = False
    driver.until(**{"is": "state", "state": "ready"})
    driver.end()


def test_a_picture_that_is_finished_within_one_tick_of_the_disks_clock_is_looked_at_again(tmp_path: Path) -> None:
    drawn, picture = tmp_path / "drawn", tmp_path / "slip.png"
    Image.frombytes("L", SIZE, frame(300)).save(drawn, "PNG")
    whole = drawn.read_bytes()
    folder = Camera(tmp_path)
    for part, read in ((whole[:200], []), (whole, [SLIP.encode()]), (whole, [])):
        picture.write_bytes(part)
        os.utime(picture, ns=(1, 1))
        assert list(folder.look()) == read
