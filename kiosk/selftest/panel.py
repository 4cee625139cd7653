"""The panel: what it shows and how large it is, against the settings; and whether something to touch is plugged in."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from central_api.contract.readiness import Part
from kiosk.machine import SYSTEM
from kiosk.settings import Settings
from kiosk.theme import REFERENCE_PIXELS_PER_MM, REFERENCE_SHORT_SIDE

from ..frozen import frozen
from .findings import Finding

_ASK_SECONDS: Final = 3.0
_ALLOWED: Final = 0.1
"""By so much a panel may differ from the settings: what should be 20 mm is 18 mm at least."""

_XRANDR: Final = re.compile(r" connected (?:primary )?(\d+)x(\d+)\+\d+\+\d+ .*?(?:(\d+)mm x (\d+)mm)?$", re.MULTILINE)
_INPUT_PROP_DIRECT: Final = 1 << 1

Size = tuple[int, int]


@frozen
class Display:
    """A display that is connected: its pixels, and its size in millimetres, None where it does not say."""

    pixels: Size
    millimetres: Size | None


def check_panel(settings: Settings, shown: Size | None = None, system: Path = SYSTEM) -> Finding:
    """Compare the display with the settings. `shown`: pixels of the window, where there is one.

    The dots are for the eye: what is right in all else is `not_seen`.
    """
    displays = displays_of_x() if os.environ.get("DISPLAY") else displays_of_kernel(system)
    if displays == [] and shown is None:
        return Finding(Part.PANEL, "no_display")
    if displays is None and shown is None:
        return Finding(Part.PANEL, "unknown")
    display = displays[0] if displays else None
    pixels = shown or (display.pixels if display else settings.screen)
    values = {"found": _times(pixels), "expected": _times(settings.screen)}
    # The kernel tells of the panel before it is turned.
    if pixels != settings.screen and (shown or pixels[::-1] != settings.screen):
        return Finding(Part.PANEL, "wrong_size", values)
    assumed = settings.panel_mm or _reference_panel(settings.screen)
    found = display.millimetres if display else None
    if found is not None and any(
        abs(one / other - 1) > _ALLOWED for one, other in zip(sorted(found), sorted(assumed), strict=True)
    ):
        return Finding(Part.PANEL, "wrong_mm", {"found": _times(found), "expected": _times(assumed)})
    return Finding(Part.PANEL, "not_seen", values)


def check_touch_present(system: Path = SYSTEM) -> Finding:
    """Look for a device whose place is the picture's: a touch panel (INPUT_PROP_DIRECT)."""
    inputs = list((system / "sys/class/input").glob("input*/properties"))
    if not inputs:
        return Finding(Part.TOUCH, "unknown")
    for properties in inputs:
        try:
            if int(properties.read_text().split()[-1], 16) & _INPUT_PROP_DIRECT:
                return Finding(Part.TOUCH, "not_tried")
        except (OSError, ValueError, IndexError):  # unplugged as we looked
            continue
    return Finding(Part.TOUCH, "absent")


def displays_of_x() -> list[Display] | None:
    """Ask the display server; None where it does not answer."""
    tool = shutil.which("xrandr")
    if tool is None:
        return None
    try:
        told = subprocess.run([tool, "--query"], capture_output=True, text=True, timeout=_ASK_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return [
        Display((int(width), int(height)), (int(across), int(down)) if across and int(across) else None)
        for width, height, across, down in _XRANDR.findall(told.stdout)
    ]


def displays_of_kernel(system: Path) -> list[Display] | None:
    """Read what the kernel knows of connectors; None where it has no graphics at all."""
    connectors = sorted((system / "sys/class/drm").glob("card*-*"))
    if not connectors:
        return None
    displays: list[Display] = []
    for connector in connectors:
        try:
            if (connector / "status").read_text().strip() != "connected":
                continue
            best = re.match(r"(\d+)x(\d+)", (connector / "modes").read_text())
            edid = (connector / "edid").read_bytes()
        except OSError:  # unplugged as we looked
            continue
        if best:
            displays.append(Display((int(best[1]), int(best[2])), millimetres_in(edid)))
    return displays


def millimetres_in(edid: bytes) -> Size | None:
    """Read the picture's size out of the first detailed timing of an EDID (VESA E-EDID 1.4, 3.10.2)."""
    if len(edid) < 128 or edid[:8] != bytes.fromhex("00ffffffffffff00") or edid[54:56] == b"\0\0":
        return None
    width = edid[66] | (edid[68] & 0xF0) << 4
    height = edid[67] | (edid[68] & 0x0F) << 8
    return (width, height) if width and height else None


def _reference_panel(screen: Size) -> Size:
    """Return the size that a panel of so many pixels is taken to have where the settings do not say it."""
    density = REFERENCE_PIXELS_PER_MM * min(screen) / REFERENCE_SHORT_SIDE
    return round(screen[0] / density), round(screen[1] / density)


def _times(size: Size) -> str:
    return f"{size[0]} × {size[1]}"
