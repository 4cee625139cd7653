"""A disk of its own that is soon full, or read-only at will: a file system in memory, which only root can mount."""

import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk_at(disk: Path, size: str) -> Generator[Path]:
    """Make a folder that is a disk of such a `size` ("1m", "1536k"); the test is skipped where none can be mounted."""
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)], check=False)
    if mounted.returncode:
        pytest.skip("file systems can only be mounted as root")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
