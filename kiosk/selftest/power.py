"""Mains and battery, where the machine tells of them."""

from pathlib import Path

from central_api.contract.readiness import Part
from kiosk.machine import SYSTEM, read_power

from .findings import Finding


def check_power(system: Path = SYSTEM) -> Finding:
    """Say which power the machine runs on."""
    power = read_power(system)
    if power.mains is None:
        return Finding(Part.POWER, "untold")
    if not power.mains:
        return Finding(Part.POWER, "on_battery", {"percent": power.battery or 0})
    if power.battery is None:
        return Finding(Part.POWER, "mains")
    return Finding(Part.POWER, "mains_battery", {"percent": power.battery})
