"""Which print jobs were begun and which ended, on disk before and after the fact, and nothing else about them.

A job that was begun and has no end left a cut-off paper: the driver that finds it voids that paper and never resumes
half a document.
"""

import fcntl
import os
from pathlib import Path

from devices.durable import flush_folder

_COMPACT_AT = 64 * 1024


class JournalInUse(OSError):
    """Another driver holds this journal: two of them must never share a printer."""


class Journal:
    """One line a fact, fsynced: `begun N`, `ended N`, `voided N`. A line torn by a power cut is ignored."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            os.close(self._fd)
            raise JournalInUse(f"{path} is held by another driver") from held
        content = os.pread(self._fd, os.fstat(self._fd).st_size, 0)
        self._unfinished = _unfinished(content)
        if content and not content.endswith(b"\n"):
            self._write(b"\n")
        flush_folder(path.parent)

    @property
    def unfinished(self) -> bool:
        """Whether some paper may hang out of the printer that is not whole."""
        return bool(self._unfinished)

    def begun(self, job: int) -> None:
        """Call before the first byte of the job goes out."""
        if not self._unfinished and os.fstat(self._fd).st_size > _COMPACT_AT:
            os.ftruncate(self._fd, 0)
        self._write(b"begun %d\n" % job)
        self._unfinished.add(job)

    def ended(self, job: int) -> None:
        """The paper is whole, as far as the printer can tell."""
        self._unfinished.discard(job)
        self._write(b"ended %d\n" % job)

    def voided(self) -> None:
        """What hung out of the printer was marked void and cut."""
        lines = b"".join(b"voided %d\n" % job for job in sorted(self._unfinished))
        self._unfinished.clear()
        self._write(lines)

    def close(self) -> None:
        os.close(self._fd)

    def _write(self, lines: bytes) -> None:
        os.write(self._fd, lines)
        os.fsync(self._fd)


def _unfinished(content: bytes) -> set[int]:
    jobs: set[int] = set()
    for line in content.split(b"\n"):
        match line.split():
            case [b"begun", number] if _is_job(number):
                jobs.add(int(number))
            case [b"ended" | b"voided", number] if _is_job(number):
                jobs.discard(int(number))
            case _:
                pass
    return jobs


def _is_job(number: bytes) -> bool:
    return number.isdigit() and len(number) < 20
