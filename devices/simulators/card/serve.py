"""A virtual card as a program: it lies in the reader of a running pcscd through vpcd (package vsmartcard-vpcd).

vpcd listens; a card connects, and so is inserted. Messages are two bytes of length and that many bytes: one byte 0, 1,
2 or 4 is power off, power on, reset, and the question for the ATR; anything else is a command.
"""

import asyncio
import contextlib
import json
import signal
import socket
from typing import Any, Final, Protocol

from devices.address import host_and_port
from devices.simulators.card.faults import CARD_FAULT_NAMES, SLOW, CardFaultName, spoil

RECONNECT: Final = 0.1
"""Seconds between attempts while no pcscd runs: the card lies in the reader all the while."""

_ATR: Final = 4


class VirtualCard(Protocol):
    @property
    def atr(self) -> bytes: ...

    def reset(self) -> None: ...

    def answer(self, encoded: bytes) -> bytes | None:
        """None: the card says nothing."""
        ...


class Slot:
    """The card and whether it is in. pull_after: commands after which it is torn out, before it answers the next."""

    def __init__(self, card: VirtualCard, where: tuple[str, int], pull_after: int | None) -> None:
        self._card = card
        self._where = where
        self._left = pull_after
        self.fault: CardFaultName = "none"
        self._inside: asyncio.Task[None] | None = None
        self._connected = False
        self._commands = 0

    def state(self) -> dict[str, Any]:
        """commands: how many the card has been given since the program began."""
        inserted = self._inside is not None and not self._inside.done()
        return {"fault": self.fault, "inserted": inserted, "connected": self._connected, "commands": self._commands}

    def insert(self) -> None:
        if self._inside is None or self._inside.done():
            self._inside = asyncio.create_task(self._lie_in_reader())

    async def remove(self) -> None:
        if self._inside is not None:
            self._inside.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._inside

    def pull_after(self, commands: int) -> None:
        self._left = commands

    async def _lie_in_reader(self) -> None:
        while True:
            try:
                reader, writer = await asyncio.open_connection(*self._where)
            except OSError:
                await asyncio.sleep(RECONNECT)
                continue
            self._connected = True
            try:
                if await self._talk(reader, writer):
                    return
            except (OSError, asyncio.IncompleteReadError):
                await asyncio.sleep(RECONNECT)  # pcscd went away
            finally:
                self._connected = False
                writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Until pcscd goes away; True when the card was torn out."""
        line: socket.socket = writer.get_extra_info("socket")
        while True:
            # The kernel forgets this after each answer; without it pcscd's next byte waits 40 ms for our ACK.
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            said = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
            if len(said) == 1:
                if said[0] != _ATR:
                    self._card.reset()
                    continue
                answer: bytes | None = self._card.atr
            else:
                self._commands += 1
                if self._left is not None:
                    self._left -= 1
                    if self._left < 0:
                        self._left = None
                        return True
                answer = spoil(self._card.answer(said), self.fault)
                if self.fault == "slow":
                    await asyncio.sleep(SLOW)
            if answer is not None:
                writer.write(len(answer).to_bytes(2, "big") + answer)
                await writer.drain()


def serve(card: VirtualCard, vpcd: str, control: str | None, *, out: bool, pull_after: int | None) -> None:
    """Until SIGINT or SIGTERM. The first line on stdout is JSON with the control port's real address.

    vpcd: HOST:PORT of the slot; out: begin without the card in. control: HOST:PORT for lines `insert`, `remove`,
    `pull-after N`, `fault NAME`, `state`, each answered with the state as one JSON line. Raises OSError, ValueError.
    """
    asyncio.run(_serve(Slot(card, host_and_port(vpcd), pull_after), control, out))


async def _serve(slot: Slot, control: str | None, out: bool) -> None:
    first: dict[str, Any] = {}
    if control is not None:
        server = await asyncio.start_server(_controller(slot), *host_and_port(control))
        host, port = server.sockets[0].getsockname()[:2]
        first["control"] = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if not out:
        slot.insert()
    print(json.dumps({**first, **slot.state()}), flush=True)
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    await stop.wait()
    await slot.remove()


def _controller(slot: Slot) -> Any:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async for line in reader:
            answer = await _command(slot, line.decode("utf-8", "replace").split())
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        writer.close()

    return talk


async def _command(slot: Slot, words: list[str]) -> dict[str, Any]:
    match words:
        case ["insert"]:
            slot.insert()
        case ["remove"]:
            await slot.remove()
        case ["pull-after", commands] if commands.isdecimal():
            slot.pull_after(int(commands))
        case ["fault", name] if name in CARD_FAULT_NAMES:
            slot.fault = CARD_FAULT_NAMES[CARD_FAULT_NAMES.index(name)]
        case ["state"]:
            pass
        case _:
            return {"error": f"not one of: insert, remove, pull-after N, state, fault {'|'.join(CARD_FAULT_NAMES)}"}
    return slot.state()
