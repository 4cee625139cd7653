"""The scanner as its supervisor runs it, with its driver's own part at the other end of a line."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from devices import wire
from devices.driver import Host
from devices.events import DeviceEvent, ScannerRead
from devices.scanner.driver import Reader
from devices.scanner.scanner import Scanner


class Scanned:
    """`reader` is the driver's, `scanner` the supervisor's; nothing of the one is heard before `hears`."""

    def __init__(self, ours: socket.socket, theirs: socket.socket) -> None:
        self._line = ours
        self.reader = Reader(Host(theirs.fileno()))
        self.scanner = Scanner("serial:/dev/ttyACM0")
        self.told: list[DeviceEvent] = []
        self.scanner.listener = self.told.append

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
