"""What is plugged into this machine, as addresses for the settings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

USB_PRINTERS = Path("/dev/usb")


@dataclass(frozen=True, slots=True)
class Plugged:
    """kind: scanner, printer or card; address: for the settings; name: what the device calls itself, or empty."""

    kind: str
    address: str
    name: str


def plugged() -> list[Plugged]:
    """USB serial devices, which scanners are, USB printers, and readers that pcscd knows.

    Network printers do not announce themselves.
    """
    from serial.tools import list_ports

    ports: list[Any] = sorted(list_ports.comports(), key=lambda port: port.device)
    scanners = [
        Plugged("scanner", f"serial:{port.device}", port.description or "")
        for port in ports
        if port.vid is not None  # a bare UART of the board is no scanner
    ]
    printers = [Plugged("printer", f"file:{path}", "") for path in sorted(USB_PRINTERS.glob("lp*"))]
    return scanners + printers + _card_readers()


def _card_readers() -> list[Plugged]:
    from devices.card.errors import ServiceGone
    from devices.card.pcsc import Context

    try:
        with Context() as context:
            return [Plugged("card", f"pcsc:{name}", name) for name in context.readers()]
    except ServiceGone:
        return []
