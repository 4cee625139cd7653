"""A small HTTP/1.1 client that keeps a server busy: `python -m tests.benchmarks.load HOST PORT SECONDS < paths`.

Prints answers per second as JSON. It reads whole answers by their Content-Length and checks that each is a 200.
"""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator
from typing import cast

import uvloop

CONNECTIONS = 16


class Caller(asyncio.Protocol):
    """One connection: asks for the next path as soon as the last answer is whole."""

    def __init__(self, host: str, paths: Iterator[str], until: float) -> None:
        self.answers = 0
        self.done = asyncio.get_running_loop().create_future()
        self._host = host
        self._paths = paths
        self._until = until
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if not blank:
            return
        _, _, after = head.lower().partition(b"content-length:")
        if len(body) < int(after.split(b"\r\n", 1)[0]):
            return
        if not head.startswith(b"HTTP/1.1 200"):
            self.done.set_exception(RuntimeError(head.decode()))
            return
        self.answers += 1
        self._received = b""
        if time.monotonic() < self._until:
            self._ask()
        else:
            self._transport.close()
            self.done.set_result(None)

    def _ask(self) -> None:
        self._transport.write(f"GET {next(self._paths)} HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())


async def load(host: str, port: int, seconds: float, paths: list[str]) -> float:
    """Return whole answers per second over some connections."""
    loop = asyncio.get_running_loop()
    everything = itertools.cycle(paths)
    started = time.monotonic()
    callers = [
        (await loop.create_connection(lambda: Caller(host, everything, started + seconds), host, port))[1]
        for _ in range(CONNECTIONS)
    ]
    await asyncio.gather(*(caller.done for caller in callers))
    return sum(caller.answers for caller in callers) / (time.monotonic() - started)


if __name__ == "__main__":
    rate = uvloop.run(load(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.stdin.read().split()))
    print(json.dumps({"per_second": rate}))
