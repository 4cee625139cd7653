"""The virtual printer as a program: its port, its control port, its pictures."""

import asyncio
import json
import signal
from typing import Any

from devices.address import host_and_port
from devices.simulators.lines import listen as open_listener
from devices.simulators.printer import RECEIVE_BUFFER, VirtualPrinter
from devices.simulators.settings import FAULTS, Settings


def serve(settings: Settings, listen: str, control: str | None, *, every_event: bool) -> None:
    """Until SIGINT or SIGTERM. The first line on stdout is JSON with the real addresses, for whoever asked for port 0.

    control: HOST:PORT of a second port that takes lines: `fault NAME`, `clear`, `roll MM`, `state`; each is answered
    with the printer's state as one JSON line. Raises OSError when an address cannot be bound.
    """
    asyncio.run(_serve(settings, listen, control, every_event))


async def _serve(settings: Settings, listen: str, control: str | None, every_event: bool) -> None:
    def report(event: dict[str, Any]) -> None:
        if every_event:
            print(json.dumps(event), flush=True)

    printer = VirtualPrinter(settings, report)
    listener = open_listener(listen, RECEIVE_BUFFER)
    first = {"listening": listener.address}
    if control is not None:
        server = await asyncio.start_server(_controller(printer), *host_and_port(control))
        first["control"] = _address(server.sockets[0])
    print(json.dumps(first), flush=True)

    work = asyncio.create_task(printer.run(listener))
    for stop in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(stop, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        hanging = printer.paper.leave()
        if hanging is not None:
            report({"paper": str(hanging)})
    finally:
        listener.close()


def _address(listening: Any) -> str:
    host, port = listening.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _controller(printer: VirtualPrinter) -> Any:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async for line in reader:
            writer.write(json.dumps(await _command(printer, line.decode("utf-8", "replace").split())).encode() + b"\n")
            await writer.drain()
        writer.close()

    return talk


async def _command(printer: VirtualPrinter, words: list[str]) -> dict[str, Any]:
    match words:
        case ["fault", name] if name in FAULTS:
            await printer.change(FAULTS[FAULTS.index(name)])
        case ["clear"]:
            await printer.change("none")
        case ["roll", millimetres] if millimetres.isdecimal():
            await printer.change("none", int(millimetres))
        case ["state"]:
            pass
        case _:
            return {"error": f"not one of: state, clear, roll MM, fault {'|'.join(FAULTS)}"}
    return printer.state()
