"""What a virtual printer hangs on: a TCP port, or a pty behind a name, as udev gives one to a serial printer."""

import asyncio
import contextlib
import os
import pty
import socket
import struct
import tty
from pathlib import Path
from typing import Final, Protocol

from devices.address import host_and_port

XON: Final = b"\x11"
XOFF: Final = b"\x13"


class Connection(Protocol):
    """One peer at the other end, for as long as it is there. Reading and writing raise OSError at its end."""

    async def read(self, most: int) -> bytes: ...
    async def write(self, data: bytes) -> None: ...
    async def hold(self, full: bool) -> None:
        """Ask the other side to stop sending, or to go on."""
        ...

    def lose_power(self) -> None:
        """What the other side notices of it at once."""
        ...

    def pull(self) -> None:
        """The cable is pulled."""
        ...

    def close(self) -> None: ...


class Listener(Protocol):
    @property
    def address(self) -> str: ...
    async def accept(self) -> Connection: ...
    def close(self) -> None: ...


class TcpConnection:
    def __init__(self, line: socket.socket) -> None:
        line.setblocking(False)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._line = line

    async def read(self, most: int) -> bytes:
        return await asyncio.get_running_loop().sock_recv(self._line, most)

    async def write(self, data: bytes) -> None:
        await asyncio.get_running_loop().sock_sendall(self._line, data)

    async def hold(self, full: bool) -> None:
        """TCP's own window does it: what is not read is not taken."""

    def lose_power(self) -> None:
        self.pull()

    def pull(self) -> None:
        with contextlib.suppress(OSError):
            self._line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._line.close()


class TcpListener:
    def __init__(self, address: str, receive_buffer: int) -> None:
        host, port = host_and_port(address)
        self._listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # The kernel's own buffer would hide the printer's small one; accepted connections inherit this.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._listener.bind((host, port))
        self._listener.listen(4)
        self._listener.setblocking(False)
        host, port = self._listener.getsockname()[:2]
        self.address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    async def accept(self) -> TcpConnection:
        line, _ = await asyncio.get_running_loop().sock_accept(self._listener)
        return TcpConnection(line)

    def close(self) -> None:
        self._listener.close()


class PtyConnection:
    """The printer's end of a serial line. Nobody notices at this end who opens the other; XOFF stops him."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self._held = False
        self._pulled = False
        self._readable = asyncio.Event()
        asyncio.get_running_loop().add_reader(self._master, self._readable.set)
        draft = path.with_name(path.name + ".part")
        draft.symlink_to(os.ttyname(self._slave))
        draft.replace(path)

    async def read(self, most: int) -> bytes:
        while not self._pulled:
            await self._readable.wait()
            self._readable.clear()
            with contextlib.suppress(BlockingIOError):
                if not self._pulled:
                    return os.read(self._master, most)
        return b""

    async def write(self, data: bytes) -> None:
        """What nobody reads is lost, as on a wire."""
        if not self._pulled:
            with contextlib.suppress(BlockingIOError):
                os.write(self._master, data)

    async def hold(self, full: bool) -> None:
        if full != self._held:
            self._held = full
            await self.write(XOFF if full else XON)

    def lose_power(self) -> None:
        """A wire stays a wire."""

    def pull(self) -> None:
        """As a USB adapter for serial lines: the device is gone, with its name."""
        if self._pulled:
            return
        self._pulled = True
        asyncio.get_running_loop().remove_reader(self._master)
        self._path.unlink(missing_ok=True)
        os.close(self._slave)
        os.close(self._master)
        self._readable.set()

    def close(self) -> None:
        self.pull()


class PtyListener:
    """path: the name that the line gets, new after each pull."""

    def __init__(self, path: Path) -> None:
        self.address = str(path)
        self._path = path
        self._first: PtyConnection | None = PtyConnection(path)

    async def accept(self) -> PtyConnection:
        first, self._first = self._first, None
        return first or PtyConnection(self._path)

    def close(self) -> None:
        self._path.unlink(missing_ok=True)


def listen(address: str, receive_buffer: int) -> Listener:
    """HOST:PORT or pty:PATH. Raises OSError or ValueError."""
    kind, _, path = address.partition(":")
    if kind == "pty" and path:
        if not Path(path).parent.is_dir():
            raise ValueError(f"there is no folder {Path(path).parent}")
        return PtyListener(Path(path).absolute())
    return TcpListener(address, receive_buffer)
