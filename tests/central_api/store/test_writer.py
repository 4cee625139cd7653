"""The writing thread by itself: what it cannot do it says, and goes on."""

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from central_api.store.errors import StoreFailed
from central_api.store.turn import Turn
from central_api.store.writer import Writer


class TurnWithoutFiles(Turn):
    """A turn for which the system has no file left, as often as it is told."""

    refused = 0

    def begin(self, connection: sqlite3.Connection, *urgent: object) -> None:
        if self.refused:
            self.refused -= 1
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        connection.execute("BEGIN IMMEDIATE")


def test_a_system_without_files_left_is_told_and_the_next_act_is_written(tmp_path: Path) -> None:
    """The thread ended there, and everybody after waited for ever."""
    turn = TurnWithoutFiles(tmp_path, 1.0)
    writer = Writer(lambda: sqlite3.connect(tmp_path / "db", isolation_level=None, check_same_thread=False), turn)
    turn.refused = 1
    with pytest.raises(StoreFailed, match="Too many open files"):
        writer.submit(lambda register: register.execute("CREATE TABLE lost (one)")).result(timeout=30)
    writer.submit(lambda register: register.execute("CREATE TABLE kept (one)")).result(timeout=30)
    assert writer.submit(lambda register: register.execute("SELECT name FROM sqlite_master").fetchall()).result(30) == [
        ("kept",)
    ]
    writer.close()
