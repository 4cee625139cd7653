"""What the machine itself tells: how long it runs, how warm, how full, on which power. None where it does not tell."""

import fcntl
import os
import socket
import struct
from hashlib import sha256
from pathlib import Path
from typing import Final

from .frozen import frozen

SYSTEM: Final = Path("/")
MACHINE_NAME_BYTES: Final = 8
_MB: Final = 1_000_000
_SIOCGIFADDR: Final = 0x8915
"""Of netdevice(7)."""


@frozen
class Power:
    """`mains`: whether the machine is fed; `battery`: percent of the least charged."""

    mains: bool | None = None
    battery: int | None = None


def read_power(system: Path = SYSTEM) -> Power:
    """Read class power_supply. The battery of a mouse does not count."""
    fed: list[bool] = []
    charges: list[int] = []
    discharging = False
    for supply in (system / "sys/class/power_supply").glob("*"):
        if _text(supply / "scope") == "Device":
            continue
        if _text(supply / "type") == "Battery":
            charge = _number(supply / "capacity")
            charges += [] if charge is None else [charge]
            discharging |= _text(supply / "status") == "Discharging"
        elif online := _text(supply / "online"):
            fed.append(online != "0")
    battery = min(charges, default=None)
    if fed:
        return Power(any(fed), battery)
    return Power(not discharging if charges else None, battery)


def boot_id(system: Path = SYSTEM) -> str:
    """Name this run of the machine: another after each start; empty where it does not tell."""
    return _text(system / "proc/sys/kernel/random/boot_id")


def machine_name(keyid: str, system: Path = SYSTEM) -> bytes:
    """Name this machine to its office, and to nobody else: 8 bytes out of its id and its key's."""
    return sha256((_text(system / "etc/machine-id") + keyid).encode()).digest()[:MACHINE_NAME_BYTES]


def temperature(system: Path = SYSTEM) -> int | None:
    """Give the warmest place in the machine, in tenths of a degree."""
    zones = (_number(zone / "temp") for zone in (system / "sys/class/thermal").glob("thermal_zone*"))
    return max((degrees // 100 for degrees in zones if degrees is not None), default=None)


def disk_free(folder: Path) -> int | None:
    """Give the space that is left for files in a folder, in MB."""
    try:
        told = os.statvfs(folder)
    except OSError:
        return None
    return told.f_bavail * told.f_frsize // _MB


def addresses() -> tuple[tuple[str, str], ...]:
    """Give this machine's own IPv4 addresses by the names of its network lines, but for the one to itself."""
    found: list[tuple[str, str]] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        for _, name in socket.if_nameindex():
            try:
                told = fcntl.ioctl(asked, _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue  # a line without an address
            address = socket.inet_ntoa(told[20:24])
            if not address.startswith("127."):
                found.append((name, address))
    return tuple(found)


def _text(file: Path) -> str:
    try:
        return file.read_text().strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _number(file: Path) -> int | None:
    try:
        return int(_text(file))
    except ValueError:
        return None
