"""A slip held before the camera: what home says of it, and a picture that nobody keeps."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from devices.scanner.camera_events import CameraSees, Hint
from kiosk.camera import CameraView, PaperHeld, PaperHint, PaperSeen, Picture
from kiosk.card_events import CardPut
from kiosk.card_state import OnReader, ReadingCard
from kiosk.comfort import Comfort
from kiosk.flow.sitting import HOME_DIMS_AFTER
from kiosk.hardware import seen_of
from kiosk.samples import TERMINAL, screens
from kiosk.speech.narration import narrate
from kiosk.visit_events import FinishPressed, ScannerChanged
from kiosk.visit_state import Home, ShowStatus
from kiosk.words import words_of

from .visits import Visit
from .window import SIZE, flips, window

HALVES = Picture(160, 90, (b"\x20" * 80 + b"\xe0" * 80) * 90)


def held(visit: Visit) -> PaperHeld | None:
    assert isinstance(visit.shows, Home)
    return visit.shows.held


def test_home_says_what_can_be_changed_while_a_slip_is_held_there() -> None:
    visit = Visit()
    for seen in (PaperHeld(), PaperHeld(PaperHint.CREASED), None):
        visit.send(PaperSeen(seen))
        assert held(visit) == seen


def test_a_hand_wakes_a_dimmed_screen() -> None:
    visit = Visit()
    visit.waits(HOME_DIMS_AFTER)
    visit.send(PaperSeen(PaperHeld()))
    assert isinstance(visit.shows, Home)
    assert not visit.shows.dimmed
    visit.send(PaperSeen(None))
    visit.waits(HOME_DIMS_AFTER - 1)
    assert not visit.shows.dimmed


def test_in_a_visit_a_hand_before_the_camera_changes_nothing_and_makes_it_no_longer() -> None:
    visit = Visit()
    visit.reads()
    shown = visit.shows
    for _ in range(100):
        visit.send(PaperSeen(PaperHeld(PaperHint.FAR)))
        visit.waits(1.0)
    assert not isinstance(visit.shows, ShowStatus)
    assert isinstance(visit.shows, Home)
    assert visit.shows.held == PaperHeld(PaperHint.FAR)
    assert shown is not visit.shows


def test_a_card_is_taken_while_paper_is_held() -> None:
    visit = Visit()
    visit.send(PaperSeen(PaperHeld()), CardPut(OnReader.NUMBERED))
    assert isinstance(visit.shows, ReadingCard)
    visit.send(FinishPressed())


def test_without_its_scanner_nothing_is_seen() -> None:
    visit = Visit()
    visit.send(PaperSeen(PaperHeld()), ScannerChanged(ready=False))
    assert held(visit) is None


@pytest.mark.parametrize(
    ("said", "event"),
    [
        (CameraSees(held=False), PaperSeen(None)),
        (CameraSees(held=True), PaperSeen(PaperHeld())),
        *((CameraSees(held=True, hint=hint), PaperSeen(PaperHeld(PaperHint(hint.value)))) for hint in Hint),
    ],
)
def test_what_the_camera_says_in_the_visits_own_words(said: CameraSees, event: PaperSeen) -> None:
    assert seen_of(said) == event


@pytest.mark.parametrize("hint", PaperHint)
def test_the_hint_is_said_too(hint: PaperHint) -> None:
    home = screens("en")["home"]
    assert isinstance(home, Home)
    (said,) = narrate(replace(home, held=PaperHeld(hint)), "en", ())
    assert said.text == words_of("en")(f"home.hint.{hint.value}")
    assert not said.private


def test_of_a_picture_that_nobody_looks_at_nothing_is_kept() -> None:
    view = CameraView()
    view.put(HALVES)
    assert view.newest is None
    view.open()
    assert view.newest is None, "what came before is nobody's"
    view.put(HALVES)
    view.put(replace(HALVES, grey=bytes(160 * 90)))
    assert view.newest == replace(HALVES, grey=bytes(160 * 90))
    view.close()
    assert view.newest is None
    view.open()
    assert view.newest is None
    assert b"\xe0" not in repr(HALVES).encode()
    assert "grey" not in repr(HALVES)


@pytest.mark.usefixtures("the_window")
class TestOnTheScreen:
    @pytest.fixture
    def view(self) -> CameraView:
        return CameraView()

    @pytest.fixture
    def drawn(self, view: CameraView) -> Iterator[object]:
        window()
        from kiosk.screens import Screens

        drawn = Screens(SIZE, TERMINAL, camera=view)
        yield drawn
        drawn.close()

    def test_the_picture_is_live_and_gone_with_the_screen(self, view: CameraView, drawn: object) -> None:
        from kiosk.screens.camera import Preview
        from kiosk.window import read_frame

        home = screens("en")["home"]
        assert isinstance(home, Home)
        board = drawn.build(replace(home, held=PaperHeld(PaperHint.CREASED)), print)  # type: ignore[attr-defined]
        window().add_widget(board)
        (preview,) = [widget for widget in board.walk() if isinstance(widget, Preview)]
        seen: dict[str, int] = {}

        def look(*_: object) -> None:
            pixels, wide = read_frame(window()), window().width
            row = round(preview.center_y) * wide
            for name, share in (("left", 0.45), ("right", 0.9)):
                seen[name] = pixels[4 * (row + round(preview.x + share * preview.width))]

        window().bind(on_flip=look)
        for picture in (HALVES, replace(HALVES, grey=HALVES.grey[::-1])):
            view.put(picture)
            preview.look()
            flips()
            assert seen == {"left": picture.grey[0], "right": picture.grey[-1]}
        window().unbind(on_flip=look)
        texture = preview._texture
        window().remove_widget(board)
        drawn.build(home, print)  # type: ignore[attr-defined]
        assert view.newest is None
        view.put(HALVES)
        assert view.newest is None
        assert set(texture.pixels[0::4]) == {0}
        drawn.forget()  # type: ignore[attr-defined]

    def test_a_hint_follows_another_with_the_picture_going_on(self, view: CameraView, drawn: object) -> None:
        from kiosk.screens.camera import Preview

        home = screens("fr")["home"]
        assert isinstance(home, Home)
        for hint in PaperHint:
            board = drawn.build(replace(home, held=PaperHeld(hint)), print)  # type: ignore[attr-defined]
            (preview,) = [widget for widget in board.walk() if isinstance(widget, Preview)]
            assert (preview._texture is None) == (hint is next(iter(PaperHint))), "nobody sees it go black meanwhile"
            view.put(HALVES)
        drawn.suit(Comfort(choosing=True))  # type: ignore[attr-defined]
        drawn.build(replace(home, held=PaperHeld()), print)  # type: ignore[attr-defined]
        assert view.newest is None
        drawn.suit(Comfort())  # type: ignore[attr-defined]
