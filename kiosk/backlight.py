"""The panel's light, where the machine has one that can be set: /sys/class/backlight."""

import os
from pathlib import Path

from .machine import SYSTEM


def brightness(system: Path = SYSTEM) -> int | None:
    """Return how bright the panel is, in percent; None where there is no light, or none that we may set."""
    light = _light(system)
    if light is None or not os.access(light / "brightness", os.W_OK):
        return None
    try:
        now, most = (int((light / name).read_text()) for name in ("brightness", "max_brightness"))
        return round(100 * now / most)
    except (OSError, ValueError, ZeroDivisionError):
        return None


def set_brightness(percent: int, system: Path = SYSTEM) -> bool:
    """Set it; tells whether the machine took it."""
    light = _light(system)
    if light is None:
        return False
    try:
        most = int((light / "max_brightness").read_text())
        (light / "brightness").write_text(str(max(1, most * percent // 100)))
    except (OSError, ValueError):
        return False
    return True


def _light(system: Path) -> Path | None:
    """Return the first one; a kiosk has one panel."""
    return min((system / "sys/class/backlight").glob("*"), default=None)
