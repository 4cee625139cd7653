"""Mains and battery, where the machine tells of them (sysfs, class power_supply)."""

from pathlib import Path

from central_api.contract.readiness import Part

from .findings import Finding


def check_power(system: Path = Path("/sys")) -> Finding:
    """Mains: any supply that is no battery and is on line. The battery of a mouse does not count."""
    mains: list[bool] = []
    charges: list[int] = []
    discharging = False
    for supply in sorted((system / "class/power_supply").glob("*")):
        if _read(supply / "scope") == "Device":
            continue
        if _read(supply / "type") == "Battery":
            charge = _read(supply / "capacity")
            if charge.isdigit():
                charges.append(int(charge))
            discharging |= _read(supply / "status") == "Discharging"
        elif online := _read(supply / "online"):
            mains.append(online != "0")
    if any(mains) and charges:
        return Finding(Part.POWER, "mains_battery", {"percent": min(charges)})
    if any(mains):
        return Finding(Part.POWER, "mains")
    if mains or discharging:
        return Finding(Part.POWER, "on_battery", {"percent": min(charges, default=0)})
    if charges:
        return Finding(Part.POWER, "mains_battery", {"percent": min(charges)})
    return Finding(Part.POWER, "untold")


def _read(file: Path) -> str:
    """Return what a file of sysfs says, empty where it is not there."""
    try:
        return file.read_text().strip()
    except OSError:
        return ""
