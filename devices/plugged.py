"""What is plugged into this machine, as addresses for the settings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

USB_PRINTERS = Path("/dev/usb")


@dataclass(frozen=True, slots=True)
class Plugged:
    """kind: scanner or printer; address: for the settings; name: what the device calls itself, empty if nothing."""

    kind: str
    address: str
    name: str


def plugged() -> list[Plugged]:
    """USB serial devices, which scanners are, and USB printers; network printers do not announce themselves."""
    from serial.tools import list_ports

    ports: list[Any] = sorted(list_ports.comports(), key=lambda port: port.device)
    scanners = [
        Plugged("scanner", f"serial:{port.device}", port.description or "")
        for port in ports
        if port.vid is not None  # a bare UART of the board is no scanner
    ]
    printers = [Plugged("printer", f"file:{path}", "") for path in sorted(USB_PRINTERS.glob("lp*"))]
    return scanners + printers
