"""The wire between terminal and office: a relay on loopback that can be cut, slowed down, or made to say nothing."""

import asyncio
import contextlib
from typing import Final, Literal, get_args

NetworkFault = Literal["none", "cut", "silent", "slow"]
NETWORK_FAULTS: Final[tuple[NetworkFault, ...]] = get_args(NetworkFault)

SLOW: Final = 0.7
"""Seconds by which a slow network delays each piece, in each direction."""


class Relay:
    """For one asyncio loop. `host`, `port`: of the office."""

    def __init__(self, host: str, port: int) -> None:
        self._office = host, port
        self._fault: NetworkFault = "none"
        self._lines: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> int:
        """Listen on a free port of loopback, and return it."""
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        return self._server.sockets[0].getsockname()[1]

    def change(self, fault: NetworkFault) -> None:
        """A cut ends what is connected at once; a network that is well again lets go of what it had swallowed."""
        if fault in ("cut", "none") and self._fault != fault:
            for line in self._lines:
                line.transport.abort()
        self._fault = fault

    async def _connect(self, terminal: asyncio.StreamReader, to_terminal: asyncio.StreamWriter) -> None:
        if self._fault == "cut":
            to_terminal.transport.abort()
            return
        try:
            office, to_office = await asyncio.open_connection(*self._office)
        except OSError:
            to_terminal.transport.abort()
            return
        both = {to_terminal, to_office}
        self._lines |= both
        try:
            async with asyncio.TaskGroup() as ways:
                ways.create_task(self._carry(terminal, to_office))
                ways.create_task(self._carry(office, to_terminal))
        finally:
            self._lines -= both
            for line in both:
                line.close()

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                if self._fault == "silent":
                    continue
                if self._fault == "slow":
                    await asyncio.sleep(SLOW)
                target.write(data)
                await target.drain()
            if target.can_write_eof():
                target.write_eof()
