"""What the devices tell, handed on: to the visit as its events, to the window as keys, and to the heartbeat's gauges.

Knows the words of every driver, which home does not need: import this after the first picture.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from devices.keypad.events import JackChanged, Key, KeypadEvent, KeyPressed, KeyReleased
from devices.scanner.camera_events import CameraEvent, CameraPreview

from .camera import CameraView, Picture
from .hardware import event_of, seen_of
from .visit_events import Event, HeadphonesChanged, ScannerChanged
from .ways import SlipsIn

if TYPE_CHECKING:
    from devices.card.events import CardEvent
    from devices.events import DeviceEvent

    from .cards import CardDesk
    from .gauges import Gauges


class DeviceNews:
    """Hears all drivers, on the supervisor's thread. `post` takes events and `press` the keypad's keys.

    `cards` is None until there is a desk, which in its turn asks the devices: before they are opened.
    """

    def __init__(
        self,
        gauges: "Gauges",
        slips: SlipsIn,
        camera: CameraView,
        *,
        post: Callable[[Event], None],
        press: Callable[[Key, bool], None],
    ) -> None:
        self.cards: CardDesk | None = None
        self._gauges = gauges
        self._slips = slips
        self._camera = camera
        self._post = post
        self._press = press

    def of_scanner_or_printer(self, said: "DeviceEvent") -> None:
        self._gauges.heard(said)
        event = event_of(said)
        if isinstance(event, ScannerChanged):
            self._slips.scanner_is(ready=event.ready)
        else:
            self._post(event)

    def of_card_reader(self, said: "CardEvent") -> None:
        self._gauges.heard_of_card_reader(said)
        if self.cards is not None:
            self.cards.heard(said)

    def of_keypad(self, said: KeypadEvent) -> None:
        self._gauges.heard_of_keypad(said)
        match said:
            case KeyPressed(key):
                self._press(key, True)
            case KeyReleased(key):
                self._press(key, False)
            case JackChanged(inserted):
                self._post(HeadphonesChanged(inserted))
            case _:
                pass  # without a keypad everything goes on by touch

    def of_camera(self, said: CameraEvent) -> None:
        if isinstance(said, CameraPreview):
            self._camera.put(Picture(said.width, said.height, said.grey))
        else:
            self._post(seen_of(said))
