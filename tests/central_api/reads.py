"""What is read of a register, and how much of that before anybody's turn to write."""

import sqlite3
from collections.abc import Callable

import pytest

from central_api.store import Office


def reads_before_turns(office: Office, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[list[str]]]:
    """Watch this thread's own reader; returns its statements, and for each chunk those until it was handed in."""
    write_chunk, read = office.write_chunk, list[str]()
    before = list[list[str]]()

    def write(work: Callable[[sqlite3.Connection], object]) -> object:
        before.append([*read])
        return write_chunk(work)

    monkeypatch.setattr(office, "write_chunk", write)
    office.own_reader.set_trace_callback(read.append)
    return read, before
