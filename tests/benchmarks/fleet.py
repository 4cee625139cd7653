"""Many terminals that ask one office at their own pace: `python -m tests.benchmarks.fleet HOST PORT WARM < requests`.

Standard input holds MessagePack: (seconds from the start, terminal, whole HTTP request) by time, signed in advance.
Each terminal keeps one connection. What is due before WARM seconds is not measured: prints "warm" then, and at the end
as JSON how long each answer took from the moment its request was due.
"""

import asyncio
import json
import resource
import sys
import time
from typing import cast

import msgspec
import uvloop

CONNECTING_AT_ONCE = 50


class Terminal(asyncio.Protocol):
    """One connection: one request at a time, in order; reads whole answers by their Content-Length."""

    def __init__(self, took: list[float], wrong: list[str]) -> None:
        self._took, self._wrong = took, wrong
        self._due: list[tuple[float, bytes]] = []
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def ask(self, due: float, request: bytes) -> None:
        self._due.append((due, request))
        if len(self._due) == 1:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if not blank:
            return
        _, _, after = head.lower().partition(b"content-length:")
        if len(body) < int(after.split(b"\r\n", 1)[0]):
            return
        self._received = b""
        self._took.append(time.monotonic() - self._due.pop(0)[0])
        if not head.startswith(b"HTTP/1.1 200"):
            self._wrong.append(head.split(b"\r\n", 1)[0].decode() + body.decode(errors="replace"))
        if self._due:
            self._transport.write(self._due[0][1])


async def fleet(host: str, port: int, warm: float, requests: list[tuple[float, int, bytes]]) -> dict[str, object]:
    """Ask all that is due, when it is due; returns the times in seconds, and the heads of what was no 200."""
    loop = asyncio.get_running_loop()
    took: list[float] = []
    wrong: list[str] = []
    terminals: dict[int, Terminal] = {}
    numbers = list(dict.fromkeys(number for _, number, _ in requests))
    for first in range(0, len(numbers), CONNECTING_AT_ONCE):
        some = numbers[first : first + CONNECTING_AT_ONCE]
        made = await asyncio.gather(*(loop.create_connection(lambda: Terminal(took, wrong), host, port) for _ in some))
        terminals |= {number: protocol for number, (_, protocol) in zip(some, made, strict=True)}
    started = time.monotonic()
    cold = sum(at < warm for at, _, _ in requests)
    for count, (at, number, request) in enumerate(requests):
        if count == cold:
            print("warm", flush=True)
        if (left := started + at - time.monotonic()) > 0:
            await asyncio.sleep(left)
        terminals[number].ask(started + at, request)
    while len(took) < len(requests):
        await asyncio.sleep(0.05)
    return {"took": took[cold:], "wrong": wrong, "seconds": time.monotonic() - started - warm}


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    given = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=list[tuple[float, int, bytes]])
    print(json.dumps(uvloop.run(fleet(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), given))))
