"""The disk under the terminal's data: room, whether it can be written, and how worn it says it is."""

import errno
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final, cast

from central_api.contract.readiness import Part
from kiosk.machine import SYSTEM

from .findings import Finding

LEAST_FREE_MB: Final = 256
"""A vault of a million statuses takes 370 MB once; updates and the journal must still find room beside it."""

WORN_PERCENT: Final = 90
_PROBE_BYTES: Final = 1 << 16
_SMART_SECONDS: Final = 4.0
_READ_ONLY: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


def check_disk(data: Path, system: Path = SYSTEM) -> Finding:
    """Write and flush a probe file in the data folder, then look at room and wear."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        _probe(data)
        space = os.statvfs(data)
    except OSError as error:
        if error.errno in _FULL:
            return Finding(Part.DISK, "full", {"free": 0})
        return Finding(Part.DISK, "read_only" if error.errno in _READ_ONLY else "failing")
    free = space.f_bavail * space.f_frsize // 1_000_000
    if free < LEAST_FREE_MB:
        return Finding(Part.DISK, "full", {"free": free})
    device = _device_of(data, system)
    return Finding(Part.DISK, "good", {"free": free}) if device is None else _wear(device, free)


def _wear(device: Path, free: int) -> Finding:
    used, sound = _life_time(device), True
    if used is None:
        used, sound = _smart(device.name)
    if not sound:
        return Finding(Part.DISK, "failing")
    if used is None:
        return Finding(Part.DISK, "good", {"free": free})
    return Finding(Part.DISK, "worn" if used >= WORN_PERCENT else "good_wear", {"free": free, "wear": used})


def _probe(data: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=data, prefix=".selftest-") as probe:
        probe.write(os.urandom(_PROBE_BYTES))
        probe.flush()
        os.fsync(probe.fileno())


def _device_of(path: Path, system: Path) -> Path | None:
    """Return the whole disk's folder in sysfs; None for what is no disk of this machine, such as memory."""
    number = path.stat().st_dev
    partition = (system / "sys/dev/block" / f"{os.major(number)}:{os.minor(number)}").resolve()
    for folder in (partition, partition.parent):
        if (folder / "device").is_dir():
            return folder
    return None


def _life_time(device: Path) -> int | None:
    """Return the percentage of an eMMC's life that is used: JEDEC tells tenths, 1 to 11, of two kinds of cells."""
    try:
        tenths = [int(word, 16) for word in (device / "device/life_time").read_text().split()]
    except (OSError, ValueError):
        return None
    return min(100, 10 * max(tenths)) if tenths and max(tenths) else None


def _smart(name: str) -> tuple[int | None, bool]:
    """Ask smartctl, where it is installed: percent used (NVMe tells it), and whether the disk calls itself sound."""
    tool = shutil.which("smartctl")
    if tool is None or not re.fullmatch(r"[a-z0-9]+", name):
        return None, True
    try:
        told = subprocess.run(
            [tool, "--json", "--health", "--attributes", f"/dev/{name}"],
            capture_output=True,
            timeout=_SMART_SECONDS,
            check=False,  # its exit code is a bit mask of warnings
        )
        report = cast(dict[str, Any], json.loads(told.stdout))
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None, True
    used: object = report.get("nvme_smart_health_information_log", {}).get("percentage_used")
    sound: object = report.get("smart_status", {}).get("passed")
    return (used if isinstance(used, int) else None), sound is not False
