"""Readiness on its way to the office: kept on the disk until the office took it."""

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from central_api.contract.readiness import Readiness, encode_readiness
from devices.durable import write_whole

if TYPE_CHECKING:
    from kiosk.link import OfficeLink

PATH: Final = "/v1/readiness"
KEPT: Final = 16
"""Reports kept for the office; beyond, the oldest goes: the newest tells how the terminal is."""

_FOLDER: Final = "readiness"
_SECONDS: Final = 5.0
_MOST_ANSWER: Final = 4096
_NEVER_TAKEN: Final = frozenset({400, 413, 415, 422})


def keep(data: Path, readiness: Readiness) -> None:
    """Put a report on the disk, whole or not at all. Raises OSError."""
    folder = data / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    names = (f"{readiness.taken:012d}-{number:02d}.cbor" for number in count())
    free = next(name for name in names if not (folder / name).exists())  # two may be taken within a second
    write_whole(folder / free, encode_readiness(readiness))
    for old in waiting(data)[:-KEPT]:
        old.unlink(missing_ok=True)


def waiting(data: Path) -> list[Path]:
    """Return the reports that the office has not taken, oldest first."""
    return sorted((data / _FOLDER).glob("[0-9]*.cbor"))


def send_waiting(data: Path, link: "OfficeLink") -> bool:
    """Send what waits, oldest first; says whether the office took all of it. What it will never take is dropped."""
    from kiosk.link import OfficeUnreachable

    for report in waiting(data):
        try:
            answer = link.send(
                "POST", PATH, report.read_bytes(), "application/cbor", seconds=_SECONDS, most=_MOST_ANSWER
            )
        except (OfficeUnreachable, FileNotFoundError):  # another process may have sent it
            return not report.exists() and not waiting(data)
        if answer.status != 204 and answer.status not in _NEVER_TAKEN:
            return False
        report.unlink(missing_ok=True)
    return True
