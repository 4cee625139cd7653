"""A small SQLite file of the terminal that loses nothing it was given, and that a failing disk does not stop."""

import sqlite3
from collections.abc import Callable
from pathlib import Path


def opened(path: Path, lay_out: Callable[[sqlite3.Connection], object]) -> sqlite3.Connection:
    """Open the file and lay it out; one that a failing disk left unreadable is put aside, and another begins.

    Each commit is on the disk when it returns: a number that was sent must not be given again after a power cut.
    Raises sqlite3.OperationalError where the disk takes nothing.
    """
    try:
        return _connect(path, lay_out)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        for part in path.parent.glob(f"{path.name}*"):
            part.rename(part.with_name(f"damaged-{part.name}"))
        return _connect(path, lay_out)


def _connect(path: Path, lay_out: Callable[[sqlite3.Connection], object]) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -64", "journal_size_limit = 65536"):
        connection.execute(f"PRAGMA {pragma}")
    lay_out(connection)
    return connection
