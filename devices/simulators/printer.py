"""A virtual receipt printer: a receive buffer of real size, a speed, paper that runs out, a cover, and faults.

It is a peer, not a mock: any ESC/POS client may print on it. What comes out is left as pictures in a folder.
"""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, assert_never

from devices.simulators import escpos
from devices.simulators.condition import Condition, automatic_status, paper_status, real_time_status
from devices.simulators.lines import Connection, Listener
from devices.simulators.paper import DOTS_PER_MM, Paper
from devices.simulators.settings import Fault, Settings

RECEIVE_BUFFER: Final = 4096
"""Bytes, as in the smaller setting of common printers: when it is full the socket is not read."""

FAULT_AFTER_MM: Final = 30
"""How much of a job comes out before a fault "in the middle"."""

SLOW_MM_S: Final = 40.0
HOT_SECONDS: Final = 0.4
"""How long a hot head pauses; the printer goes on by itself."""

BOOT_SECONDS: Final = 0.6
"""After a loss of power, until connections are accepted again."""

OWN_MOTION_UNIT: Final = 360
"""1/inch: what ESC J counts until GS P says otherwise, as on the TM-T88 family."""

OWN_WIDTH_UNIT: Final = 180
"""1/inch: what GS L counts until GS P says otherwise."""

PIECE: Final = 64
LATE: Final = 0.005
"""Seconds by which the paper may be behind before the lost time is lost."""

PAUSE_ROWS: Final = 16
"""Rows that a printer without a speed prints before it lets others run."""

HOLD_FROM: Final = RECEIVE_BUFFER * 3 // 4
HOLD_UNTIL: Final = RECEIVE_BUFFER // 4
"""Bytes in the buffer from which, and until which, a serial line is held."""

ANOTHER: Final = b"VIRTUAL-512"
"""What the model that was put in its place calls itself."""

FLOOD_BYTES: Final = 512
FLOOD_PAUSE: Final = 0.005
"""A printer that talks without end: so many bytes, so many seconds apart."""


class VirtualPrinter:
    """`run` serves one connection at a time, as printers do; `report` is told of each paper that comes out."""

    def __init__(self, settings: Settings, report: Callable[[dict[str, Any]], None]) -> None:
        self.paper = Paper(settings.paper, settings.width_dots, settings.roll_mm)
        self.not_known: Counter[str] = Counter()
        self.text_bytes = 0
        self.received = 0
        self.hidden_commands = 0
        self._dpi = settings.dpi
        model = b"VIRTUAL-80" if settings.width_dots == 576 else b"VIRTUAL-%d" % settings.width_dots
        self._names = {65: b"1.00", 66: b"ISTILAM", 67: model, 68: b"0000001"}
        self._speed = settings.speed
        self._report = report
        self._interpreter = escpos.Interpreter()
        self._buffer = bytearray()
        self._tail = b""
        self._connection: Connection | None = None
        self._changed = asyncio.Condition()
        self._reset_modes()
        self._head_at = 0.0
        self._noise = random.Random(7)
        self._booting = False
        self._hot = False
        self._fault: Fault = "none"
        self._trip_row = 0
        self.set_fault(settings.fault)

    @property
    def cover_open(self) -> bool:
        return self._fault == "cover-open"

    @property
    def paper_out(self) -> bool:
        return self._fault == "paper-out" or self.paper.out

    @property
    def near_end(self) -> bool:
        return self._fault == "near-end" or self.paper.near_end

    @property
    def cutter_jammed(self) -> bool:
        return self._fault == "cutter-jammed"

    def set_fault(self, fault: Fault) -> None:
        self._fault = fault
        self._trip_row = self.paper.rows_moved + FAULT_AFTER_MM * DOTS_PER_MM

    async def change(self, fault: Fault, roll_mm: int | None = None) -> None:
        """From outside, while it runs: a fault begins, or "none" ends it and puts a roll in."""
        if self._connection is not None and (fault == "another-model") != (self._fault == "another-model"):
            self._connection.pull()  # whoever puts another printer there takes the cable along
        async with self._changed:
            self.set_fault(fault)
            if fault == "none":
                self.paper.left = None if roll_mm is None else roll_mm * DOTS_PER_MM
            self._head_at = 0.0
            self._changed.notify_all()
        await self._tell_status()

    def state(self) -> dict[str, Any]:
        return {
            "fault": self._fault,
            "cover_open": self.cover_open,
            "paper_out": self.paper_out,
            "near_end": self.near_end,
            "connected": self._connection is not None,
            "buffered": len(self._buffer),
            "received": self.received,
            "rows": self.paper.rows_moved,
            "not_known": dict(self.not_known),
            "text_bytes": self.text_bytes,
            "hidden_commands": self.hidden_commands,
        }

    async def run(self, listener: Listener) -> None:
        """Until cancelled; then the paper that hangs out is saved."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._serve(listener))
            tasks.create_task(self._print())
            tasks.create_task(self._flood())

    async def _serve(self, listener: Listener) -> None:
        while True:
            connection = await listener.accept()
            while self._booting:
                await asyncio.sleep(0.02)
            self._connection, self._tail = connection, b""
            try:
                await self._receive(connection)
            except OSError:
                pass  # the other side, or a fault, reset the connection
            finally:
                self._connection = None
                connection.close()

    async def _receive(self, connection: Connection) -> None:
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: len(self._buffer) < RECEIVE_BUFFER)
                room = RECEIVE_BUFFER - len(self._buffer)
            data = await connection.read(min(room, 1024))
            if not data:
                return
            if self._booting:
                continue
            self.received += len(data)
            await self._answer_real_time(data)
            async with self._changed:
                self._buffer += data
                self._changed.notify_all()
            if len(self._buffer) >= HOLD_FROM:
                await connection.hold(True)

    async def _answer_real_time(self, data: bytes) -> None:
        """DLE EOT n is answered when it is received, wherever it stands, even inside an image."""
        seen = self._tail + data
        start = 0
        while (at := seen.find(b"\x10\x04", start)) >= 0 and at + 2 < len(seen):
            if seen[at + 2] in (1, 2, 3, 4):
                await self._say(real_time_status(self._condition(), seen[at + 2]))
            else:
                self.hidden_commands += 1
            start = at + 3
        self._tail = seen[max(start, len(seen) - 2) :]

    async def _tell_status(self) -> None:
        if not self._automatic_status:
            return
        await self._say(automatic_status(self._condition()))

    def _condition(self) -> Condition:
        return Condition(self.cover_open, self.paper_out, self.near_end, self._hot, self.cutter_jammed)

    async def _say(self, data: bytes) -> None:
        if self._connection is None or self._fault == "silent" or self._booting:
            return
        if self._fault == "garbage":
            data = self._noise.randbytes(self._noise.randint(0, 9)) + data + self._noise.randbytes(2)
        with contextlib.suppress(OSError):  # nobody listens any more; the receiving side sees it too
            await self._connection.write(data)

    async def _flood(self) -> None:
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self._fault == "flood")
            await self._say(self._noise.randbytes(FLOOD_BYTES))
            await asyncio.sleep(FLOOD_PAUSE)

    async def _print(self) -> None:
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self._buffer and self._works())
                piece = bytes(self._buffer[:PIECE])
                del self._buffer[:PIECE]
                self._changed.notify_all()
            if self._connection is not None and len(self._buffer) <= HOLD_UNTIL:
                with contextlib.suppress(OSError):
                    await self._connection.hold(False)
            for action in self._interpreter.feed(piece):
                if not await self._act(action):
                    break

    def _works(self) -> bool:
        return not (self.cover_open or self.paper_out or self.cutter_jammed or self._booting)

    async def _act(self, action: escpos.Action) -> bool:  # noqa: PLR0912 - one case a command
        """Do it, in its time; False when the power was lost meanwhile."""
        match action:
            case escpos.Initialize():
                self._reset_modes()
            case escpos.Feed(units, in_units):
                return await self._feed(units * self._dpi / self._motion_unit if in_units else units)
            case escpos.ImageRow(data, repeat):
                row = _shifted(data, round(self._margin * self._dpi / self._width_unit))
                for _ in range(repeat):
                    if not await self._move(row):
                        return False
            case escpos.Cut(feed):
                if feed is not None and not await self._feed(96 + feed):
                    return False
                self._cut()
            case escpos.MotionUnit(horizontal, vertical):
                self._width_unit, self._motion_unit = horizontal or OWN_WIDTH_UNIT, vertical or OWN_MOTION_UNIT
            case escpos.LeftMargin(units):
                self._margin = units
            case escpos.AutomaticStatus(enabled):
                self._automatic_status = enabled
                await self._tell_status()
            case escpos.ProcessId(identity):
                if self._fault != "no-confirm":
                    named = b"XXXX" if self._fault == "wrong-answers" else identity
                    await self._say(b"\x37\x22" + named + b"\0")
            case escpos.Identify(what):
                name = ANOTHER if (what, self._fault) == (67, "another-model") else self._names.get(what)
                await self._say(b"\x20" if name is None else b"_" + name + b"\0")
            case escpos.TransmitStatus():
                await self._say(paper_status(self._condition()))
            case escpos.Text(data):
                self.text_bytes += len(data)
            case escpos.NotKnown(data):
                self.not_known[data.hex(" ")] += 1
            case _:
                assert_never(action)
        return True

    def _cut(self) -> None:
        picture = self.paper.cut()
        if picture is not None:
            self._report({"paper": str(picture)})

    async def _feed(self, dots: float) -> bool:
        self._feed_remainder += dots
        whole = int(self._feed_remainder + 1e-6)
        self._feed_remainder -= whole
        for _ in range(whole):
            if not await self._move(None):
                return False
        return True

    async def _move(self, row: bytes | None) -> bool:
        """One row of paper, when there is paper and the cover is shut; False when the power was lost."""
        if self.paper.rows_moved >= self._trip_row and not await self._trip():
            return False
        near_end = self.near_end
        self.paper.add(row)
        if self.near_end != near_end or self.paper.out:
            await self._tell_status()
        if not self._works():
            async with self._changed:
                await self._changed.wait_for(self._works)
        await self._keep_time()
        return True

    async def _trip(self) -> bool:
        match self._fault:
            case "paper-out-mid":
                await self.change("paper-out")
            case "cover-open-mid":
                await self.change("cover-open")
            case "cut-connection":
                self._fault = "none"
                if self._connection is not None:
                    self._connection.pull()
            case "reset":
                await self._lose_power()
                return False
            case "hot-mid":
                self._fault, self._hot = "none", True
                await self._tell_status()
                await asyncio.sleep(HOT_SECONDS)
                self._hot = False
                await self._tell_status()
            case "stuck":
                async with self._changed:
                    await self._changed.wait_for(lambda: self._fault != "stuck")
            case _:
                self._trip_row = self.paper.rows_moved + 1_000_000
        if not self._works():
            async with self._changed:
                await self._changed.wait_for(self._works)
        return True

    def _reset_modes(self) -> None:
        self._automatic_status = False
        self._motion_unit, self._width_unit = OWN_MOTION_UNIT, OWN_WIDTH_UNIT
        self._margin = 0
        self._feed_remainder = 0.0

    async def _lose_power(self) -> None:
        self._fault, self._booting = "none", True
        self._reset_modes()
        self._interpreter.reset()
        if self._connection is not None:
            self._connection.lose_power()
        async with self._changed:
            self._buffer.clear()
            self._changed.notify_all()
        await asyncio.sleep(BOOT_SECONDS)
        async with self._changed:
            self._buffer.clear()
            self._booting = False
            self._changed.notify_all()
        if self._connection is not None:
            await self._connection.hold(False)

    async def _keep_time(self) -> None:
        speed = SLOW_MM_S if self._fault == "slow" else self._speed
        if not speed:
            if self.paper.rows_moved % PAUSE_ROWS == 0:
                await asyncio.sleep(0)
            return
        now = asyncio.get_running_loop().time()
        self._head_at = max(self._head_at, now - LATE) + 1 / (speed * DOTS_PER_MM)
        if self._head_at - now > 0.004:
            await asyncio.sleep(self._head_at - now)


def _shifted(row: bytes, dots: int) -> bytes:
    """A packed row moved to the right by so many dots."""
    whole, bits = divmod(dots, 8)
    if bits:
        row = (int.from_bytes(row, "big") << (8 - bits)).to_bytes(len(row) + 1, "big")
    return bytes(whole) + row
