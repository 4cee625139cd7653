"""What a run of the office asked of SQLite, statement by statement, so that a floor can do the very same again."""

import shutil
import sqlite3
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Statement = tuple[str, Any]


class Recorder(sqlite3.Connection):
    """A connection that writes down every statement with its values, in `single` or `many`, in the order they came."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.single: list[Statement] = []
        self.many: list[Statement] = []

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        self.single.append((sql, parameters))
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        rows = list(parameters)
        self.many.append((sql, rows))
        return super().executemany(sql, rows)


def recording(data: Path) -> Recorder:
    """Open the register of an office to record what is asked of it."""
    connection = sqlite3.connect(data / "office.db", isolation_level=None, check_same_thread=False, factory=Recorder)
    connection.executescript("PRAGMA synchronous = OFF")
    return connection


def bare(data: Path) -> sqlite3.Connection:
    """Open the register of an office without the office, as durable as the office does."""
    connection = sqlite3.connect(data / "office.db", isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous = FULL")
    return connection


@contextmanager
def copied(data: Path) -> Generator[Callable[[str], Path]]:
    """Give copies of a closed office's folder, each beside it under a name of its own."""
    made: list[Path] = []

    def copy(name: str) -> Path:
        made.append(shutil.copytree(data, data.with_name(name)))
        return made[-1]

    try:
        yield copy
    finally:
        for folder in made:
            shutil.rmtree(folder)
