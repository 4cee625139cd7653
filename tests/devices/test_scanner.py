"""The scanner as its supervisor runs it, with its driver's own part at the other end of a line."""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from devices import wire
from devices.driver import Host
from devices.events import DeviceEvent, ScannerRead
from devices.keyboard import InputEvent
from devices.scanner.codes import Overlong
from devices.scanner.driver import Listening, Reader
from devices.scanner.scanner import Scanner
from devices.scanner.wedge import Typing
from tests.devices.keys import ENTER, stroke, typed

NEXT = "https://its.example/next"


class Scanned:
    """`reader` is the driver's, `scanner` the supervisor's; nothing of the one is heard before `hears`."""

    def __init__(self, ours: socket.socket, theirs: socket.socket) -> None:
        self._line = ours
        self.reader = Reader(Host(theirs.fileno()))
        self.scanner = Scanner("serial:/dev/ttyACM0")
        self.told: list[DeviceEvent] = []
        self.scanner.listener = self.told.append

    def visit_ends(self) -> None:
        self.scanner.forget()
        self._line.send(wire.pack({"do": "forget", "watch": False}, b""))

    def hears(self) -> None:
        for head, body in wire.Messages().feed(self._line.recv(4096)):
            self.scanner.hear(head, body)


@pytest.fixture
def scanned() -> Iterator[Scanned]:
    with ExitStack() as both:
        yield Scanned(*(both.enter_context(line) for line in socket.socketpair()))


def test_what_was_read_before_a_visit_ended_is_never_told_after_it(scanned: Scanned) -> None:
    scanned.reader.obey()
    scanned.reader.tell(b"before")
    scanned.scanner.forget()
    scanned.hears()
    assert scanned.told == []


def test_a_slip_shown_before_the_driver_heard_of_the_end_is_the_next_visit_s(scanned: Scanned) -> None:
    """It was dropped as the last visit's: one slip in some six hundred that were shown as soon as home stood there."""
    scanned.reader.tell(b"before")
    scanned.hears()
    scanned.scanner.forget()
    scanned.reader.obey()  # the scan wakes the driver; nobody has told it anything yet
    scanned.reader.tell(b"next")
    scanned.hears()
    assert scanned.told == [ScannerRead(b"before"), ScannerRead(b"next")]


class Wedge:
    """A scanner that types: what `types` is given is there to be read at once."""

    gap = 0.01

    def __init__(self, keys: int, pressed: int) -> None:
        self.fd, self._pressed = keys, pressed
        self._typing = Typing()
        self._events: list[InputEvent] = []

    def types(self, text: str, *, ended: bool = False) -> None:
        self._events += [*typed(text), *(stroke(ENTER) if ended else [])]
        os.write(self._pressed, b".")

    @property
    def begun(self) -> bool:
        return self._typing.begun

    def read(self) -> Iterator[bytes | Overlong]:
        os.read(self.fd, 1)
        events, self._events = self._events, []
        return self._typing.feed(iter(events))

    def ended(self) -> Iterator[bytes | Overlong]:
        return self._typing.silent()

    def clear(self) -> None:
        self._typing.clear()

    def close(self) -> None:
        """Who opened the pipe closes it."""


@pytest.fixture
def wedge() -> Iterator[Wedge]:
    keys, pressed = os.pipe()
    yield Wedge(keys, pressed)
    os.close(keys)
    os.close(pressed)


@pytest.fixture
def halved(scanned: Scanned, wedge: Wedge) -> Listening:
    """A driver that heard the first half of a code."""
    listening = Listening(scanned.reader, wedge)
    wedge.types("https://its.exam")
    listening.turn()
    return listening


def ends_it_and_types_another(wedge: Wedge, listening: Listening) -> None:
    for text in ("ple/first", NEXT):
        wedge.types(text, ended=True)
        listening.turn()


def test_the_rest_of_a_code_that_began_before_a_visit_s_end_is_told_to_nobody(
    scanned: Scanned, wedge: Wedge, halved: Listening
) -> None:
    """It was told to the next visitor, as what is no slip."""
    scanned.visit_ends()
    halved.turn()
    ends_it_and_types_another(wedge, halved)
    scanned.hears()
    assert scanned.told == [ScannerRead(NEXT.encode())]


def test_a_code_that_began_before_a_visit_s_end_is_no_other_s_though_nobody_told_the_driver(
    scanned: Scanned, wedge: Wedge, halved: Listening
) -> None:
    scanned.scanner.forget()
    ends_it_and_types_another(wedge, halved)
    scanned.hears()
    assert scanned.told == [ScannerRead(NEXT.encode())]


def test_a_slip_after_a_code_that_stopped_half_way_at_a_visit_s_end_is_told(
    scanned: Scanned, wedge: Wedge, halved: Listening
) -> None:
    scanned.visit_ends()
    halved.turn()
    halved.turn()  # nothing comes
    wedge.types(NEXT, ended=True)
    halved.turn()
    scanned.hears()
    assert scanned.told == [ScannerRead(NEXT.encode())]
