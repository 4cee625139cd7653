"""The relay between terminal and office."""

import asyncio

from devices.dock.network import Relay


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(100):
        writer.write(data)
    writer.close()


async def talk(port: int, said: bytes = b"hello") -> bytes:
    """What comes back within a while; nothing when the wire is dead."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(said)
        return await asyncio.wait_for(reader.readexactly(len(said)), 20)
    except (OSError, asyncio.IncompleteReadError):
        return b""
    finally:
        writer.close()


def test_what_goes_through_is_cut_silent_slow_and_well_again() -> None:
    async def story() -> None:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        relay = Relay("127.0.0.1", server.sockets[0].getsockname()[1])
        port = await relay.open()
        assert await talk(port) == b"hello"
        relay.change("slow")
        assert await talk(port) == b"hello"
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        relay.change("silent")
        writer.write(b"lost")
        waiting = asyncio.ensure_future(reader.read())
        _, pending = await asyncio.wait([waiting], timeout=0.2)
        assert pending
        relay.change("cut")
        assert isinstance(await asyncio.gather(waiting, return_exceptions=True), list)
        assert await talk(port) == b""
        relay.change("none")
        assert await talk(port) == b"hello"
        writer.close()
        server.close()
        assert await talk(port) == b""

    asyncio.run(story())
