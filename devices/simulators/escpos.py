"""ESC/POS read as a printer reads it: bytes in, actions out, in pieces of any size.

Images may be longer than the printer's buffer, so their rows come out one by one as they arrive. What is not known is
skipped and reported; it never stops the printer.
"""

from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Initialize:
    """ESC @"""


@dataclass(frozen=True, slots=True)
class Feed:
    """units: of the motion unit set by GS P when `in_units`, else dots."""

    units: int
    in_units: bool = True


@dataclass(frozen=True, slots=True)
class ImageRow:
    """One row of GS v 0, packed, most significant bit leftmost; dots: how often it repeats downwards (1 or 2)."""

    data: bytes
    repeat: int = 1


@dataclass(frozen=True, slots=True)
class Cut:
    """feed: dots to feed after the paper has come to the cutter; None: cut where the paper is."""

    feed: int | None


@dataclass(frozen=True, slots=True)
class MotionUnit:
    """GS P: 1/horizontal and 1/vertical inch; 0 is the model's own."""

    horizontal: int
    vertical: int


@dataclass(frozen=True, slots=True)
class LeftMargin:
    """GS L, in horizontal motion units."""

    units: int


@dataclass(frozen=True, slots=True)
class AutomaticStatus:
    """GS a"""

    enabled: bool


@dataclass(frozen=True, slots=True)
class ProcessId:
    """GS ( H 48 48"""

    identity: bytes


@dataclass(frozen=True, slots=True)
class Identify:
    """GS I n"""

    what: int


@dataclass(frozen=True, slots=True)
class TransmitStatus:
    """GS r n"""

    what: int


@dataclass(frozen=True, slots=True)
class Text:
    """Bytes that a real printer would letter in its own font."""

    data: bytes


@dataclass(frozen=True, slots=True)
class NotKnown:
    """A command that this printer skips."""

    data: bytes


Action = (
    Initialize
    | Feed
    | ImageRow
    | Cut
    | MotionUnit
    | LeftMargin
    | AutomaticStatus
    | ProcessId
    | Identify
    | TransmitStatus
    | Text
    | NotKnown
)

LINE_FEED_DOTS = 34
"""Dots of a line feed: 1/6 inch at 203 dots an inch."""

_ESC_PARAMETERS = dict.fromkeys(b"!-Ut{ERVMaGr=3 T", 1) | dict.fromkeys(b"$\\", 2) | {ord("p"): 3}
_FS_PARAMETERS = dict.fromkeys(b"!-CW", 1) | dict.fromkeys(b"Sp", 2)
_GS_PARAMETERS = dict.fromkeys(b"!BHfhwbE/", 1) | dict.fromkeys(b"W$\\", 2)

Reading = Generator[None, int, None]


class Interpreter:
    """`feed` the received bytes; the actions come out in order."""

    def __init__(self) -> None:
        self._done: deque[Action] = deque()
        self.reset()

    def feed(self, data: bytes) -> Iterator[Action]:
        for byte in data:
            self._reading.send(byte)
            while self._done:
                yield self._done.popleft()

    def reset(self) -> None:
        """Forget a command begun and not ended, as a loss of power does."""
        self._reading = self._commands()
        next(self._reading)

    def _commands(self) -> Reading:
        while True:
            byte = yield
            match byte:
                case 0x1B:
                    yield from self._escape()
                case 0x1D:
                    yield from self._group()
                case 0x10:
                    yield from self._real_time()
                case 0x1C:
                    yield from self._kanji()
                case 0x0A:
                    self._done.append(Feed(LINE_FEED_DOTS, in_units=False))
                case _ if byte < 0x20:
                    pass
                case _:
                    self._done.append(Text(bytes((byte,))))

    def _escape(self) -> Reading:
        command = (yield from _take(1))[0]
        match command:
            case 0x40:  # @
                self._done.append(Initialize())
            case 0x4A:  # J n
                self._done.append(Feed((yield from _take(1))[0]))
            case 0x64:  # d n
                self._done.append(Feed((yield from _take(1))[0] * LINE_FEED_DOTS, in_units=False))
            case 0x69 | 0x6D:  # i, m
                self._done.append(Cut(None))
            case 0x2A:  # * m nL nH: a bit image in the old column format
                _, low, high = yield from _take(3)
                yield from _take((low + 256 * high) * 3)
                self._done.append(NotKnown(b"\x1b*"))
            case _:
                parameters = yield from _take(_ESC_PARAMETERS.get(command, 0))
                self._done.append(NotKnown(bytes((0x1B, command)) + parameters))

    def _kanji(self) -> Reading:
        """FS: characters of East Asia, for which this printer has no font."""
        command = (yield from _take(1))[0]
        if command == 0x28:
            yield from self._extended(b"\x1c(")
            return
        parameters = yield from _take(_FS_PARAMETERS.get(command, 0))
        self._done.append(NotKnown(bytes((0x1C, command)) + parameters))

    def _group(self) -> Reading:
        command = (yield from _take(1))[0]
        match command:
            case 0x76:  # v 0
                yield from self._image()
            case 0x56:  # V m [n]
                mode = (yield from _take(1))[0]
                self._done.append(Cut((yield from _take(1))[0] if mode in (65, 66, 97, 98, 103, 104) else None))
            case 0x61:  # a n
                self._done.append(AutomaticStatus((yield from _take(1))[0] != 0))
            case 0x50:  # P x y
                self._done.append(MotionUnit(*(yield from _take(2))))
            case 0x4C:  # L nL nH
                self._done.append(LeftMargin(int.from_bytes((yield from _take(2)), "little")))
            case 0x49:  # I n
                self._done.append(Identify((yield from _take(1))[0]))
            case 0x72:  # r n
                self._done.append(TransmitStatus((yield from _take(1))[0]))
            case 0x28:  # ( X pL pH ...
                yield from self._extended(b"\x1d(")
            case 0x6B:  # k m: a barcode
                yield from self._barcode()
            case 0x38:  # 8 L p1 p2 p3 p4 ...: a long graphics command
                head = yield from _take(5)
                yield from _take(int.from_bytes(head[1:], "little"))
                self._done.append(NotKnown(b"\x1d8" + head[:1]))
            case _:
                parameters = yield from _take(_GS_PARAMETERS.get(command, 0))
                self._done.append(NotKnown(bytes((0x1D, command)) + parameters))

    def _image(self) -> Reading:
        _, mode, *size = yield from _take(6)
        width, rows = int.from_bytes(size[:2], "little"), int.from_bytes(size[2:], "little")
        repeat = 2 if mode & 2 else 1
        for _ in range(rows):
            self._done.append(ImageRow((yield from _take(width)), repeat))

    def _barcode(self) -> Reading:
        """GS k m: from m = 65 on with a length, before that ended by a zero."""
        kind = (yield from _take(1))[0]
        if kind >= 65:
            yield from _take((yield from _take(1))[0])
        else:
            while (yield from _take(1))[0]:
                pass
        self._done.append(NotKnown(b"\x1dk"))

    def _extended(self, head: bytes) -> Reading:
        function, low, high = yield from _take(3)
        parameters = yield from _take(low + 256 * high)
        if (head, function, parameters[:2], len(parameters)) == (b"\x1d(", 0x48, b"00", 6):
            self._done.append(ProcessId(parameters[2:]))
        else:
            self._done.append(NotKnown(head + bytes((function,))))

    def _real_time(self) -> Reading:
        """Already answered when it was received: here it is only passed over."""
        if (yield from _take(1))[0] in (0x04, 0x05):
            yield from _take(1)


def _take(count: int) -> Generator[None, int, bytes]:
    taken = bytearray()
    while len(taken) < count:
        taken.append((yield))
    return bytes(taken)
