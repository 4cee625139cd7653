"""What whoever gets at an office's disk, or at a copy of its register, finds there."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_api.store import open_office


def secrets_of(data: Path) -> list[Path]:
    return [path for path in (data / "keys", data / "secrets") for path in path.iterdir() if path.suffix != ".pub"]


@pytest.fixture(autouse=True)
def careless_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def test_nobody_else_on_the_machine_reads_an_offices_secrets_or_register(tmp_path: Path) -> None:
    data = tmp_path / "office"
    with open_office(data):
        folders = [data, *(path for path in data.rglob("*") if path.is_dir())]
        assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}
        assert {path.stat().st_mode & 0o777 for path in (*secrets_of(data), data / "office.db")} == {0o600}


def test_a_copy_of_the_register_holds_none_of_the_secrets(tmp_path: Path) -> None:
    data = tmp_path / "office"
    with open_office(data):
        pass
    register = (data / "office.db").read_bytes()
    found = [path for path in secrets_of(data) if path.stat().st_size == 32]
    assert len(found) >= 5, "keys of feed, receipts, content and updates, and the office's secret"
    for path in found:
        secret = path.read_bytes()
        assert secret not in register and secret.hex().encode() not in register, path.name
