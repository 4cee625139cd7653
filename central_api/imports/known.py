"""The applications that an import works on, kept from one chunk to the next as long as nobody else writes."""

import sqlite3
from collections.abc import Iterable
from typing import Final

import msgspec

from central_api.store import Filed
from central_api.workflow import Kind, Standing
from central_api.workflow.standing import Completed

Name = tuple[int, str]
"""An older system and its number, or 0 and a tracking number."""
MOST: Final = 10_000
"""Applications: some 10 MB."""


class File(msgspec.Struct, gc=False):
    """An application as an import has it: new or not, where it stands by now, and what was applied to it before."""

    filed: Filed
    kind: Kind
    standing: Standing
    new: bool
    applied: set[int]

    @property
    def names(self) -> list[Name]:
        """What rows may call it."""
        filed = self.filed
        if filed.system is None or filed.legacy_number is None:
            return [(0, filed.tracking)]
        return [(0, filed.tracking), (filed.system, filed.legacy_number)]


class Known:
    """What the chunks before have left. A history goes on with the next chunk; a journal comes back to it much later.

    To read an application again costs as much as to move it.
    """

    def __init__(self) -> None:
        self._files: dict[Name, File] = {}
        self._by_use: dict[int, File] = {}
        self._written: tuple[int, int] | None = None

    def files(self, connection: sqlite3.Connection) -> dict[Name, File]:
        """Return what still holds, inside the transaction of a chunk: nothing once anybody else has written."""
        if self._written != _written(connection):
            self._files.clear()
            self._by_use.clear()
        # A chunk that fails, and is undone, has moved them all the same.
        self._written = None
        return self._files

    def keep(self, connection: sqlite3.Connection, used: Iterable[File]) -> None:
        """Keep what a chunk has used, and written, for the next one. What is completed has no more to come."""
        for file in used:
            self._by_use.pop(file.filed.row, None)
            if isinstance(file.standing.stage, Completed):
                self._forget(file)
            else:
                self._by_use[file.filed.row] = file
                if file.new:
                    file.new = False
                    self._files.update(dict.fromkeys(file.names, file))
        while len(self._by_use) > MOST:
            self._forget(self._by_use.pop(next(iter(self._by_use))))
        self._written = _written(connection)

    def _forget(self, file: File) -> None:
        for name in file.names:
            self._files.pop(name, None)


def _written(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return what changes with whatever is written: by others, and by this connection."""
    return connection.execute("PRAGMA data_version").fetchone()[0], connection.total_changes
