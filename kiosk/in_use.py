"""One process at a time writes a terminal's vault: a lock on DATA/in-use, gone with the process that held it."""

import errno
import fcntl
import os
from pathlib import Path
from typing import Final

_FILE: Final = "in-use"


def hold(data: Path) -> int | None:
    """Take the data folder, until the returned descriptor is closed; None where another process has it.

    Raises OSError where the disk does not take the file.
    """
    try:
        descriptor = os.open(data / _FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
        descriptor = os.open(data / _FILE, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
