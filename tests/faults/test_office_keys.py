"""Killed between any two steps, the office's keys and certificates are whole, and the next try ends the work."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from central_api.contract.keylist import KeyList, Purpose
from central_api.contract.signed import Domain, open_signed, sign
from central_api.store import open_office
from central_api.store.authority import authority
from central_api.store.keyring import WrongRootKey, new_root_key, read_root_key, revoke, rotate, take_root_key_out

NOW = 1_795_000_000


class Killed(BaseException):
    """Stands for kill -9 at one step."""


@contextmanager
def killed_at(step: int) -> Iterator[list[str]]:
    """Die before the step of this number: each file made, synced, linked, renamed or deleted is one."""
    steps: list[str] = []
    patch = pytest.MonkeyPatch()

    def dying(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*values: object, **named: object) -> object:
            if len(steps) == step:
                raise Killed
            steps.append(name)
            return real(*values, **named)

        return call

    for name in ("fsync", "link", "open"):
        patch.setattr(os, name, dying(name, getattr(os, name)))
    for name in ("rename", "unlink", "mkdir"):
        patch.setattr(Path, name, dying(name, getattr(Path, name)))
    try:
        yield steps
    finally:
        patch.undo()


def every_kill(work: Callable[[], object], holds: Callable[[], None]) -> int:
    """Kill some work at its first step, its second, and so on until it is done; after each, what must hold, holds."""
    for step in range(1000):
        try:
            with killed_at(step):
                work()
        except Killed:
            holds()
            continue
        holds()
        return step
    raise AssertionError("it never ends")


def signs(data: Path) -> KeyList:
    """Every purpose has a key that signs, and that the list vouches for."""
    with open_office(data, create=False, clock=lambda: NOW) as office:
        for purpose in Purpose:
            signed = sign(Domain.FEED, b"x", office.signing_key(purpose))
            assert open_signed(Domain.FEED, signed, office.key_list.finder(purpose, NOW)) == b"x"
        return office.key_list


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "office"
    open_office(folder, clock=lambda: NOW).close()
    return folder


def test_killed_while_the_root_key_is_taken_out(data: Path, tmp_path: Path):
    root_file, public = tmp_path / "root.pem", (data / "keys" / "root.pub").read_bytes()

    def somewhere() -> None:
        inside = (data / "keys" / "root.key").exists()
        assert inside or read_root_key(root_file).public == public

    assert every_kill(lambda: take_root_key_out(data, root_file), somewhere) > 3
    assert not (data / "keys" / "root.key").exists()
    assert read_root_key(root_file).public == public
    assert root_file.stat().st_mode & 0o777 == 0o600
    assert take_root_key_out(data, root_file) is False


def test_killed_while_a_key_is_rotated_or_revoked(data: Path, tmp_path: Path):
    root_file = tmp_path / "root.pem"
    take_root_key_out(data, root_file)
    root = read_root_key(root_file)
    every_kill(lambda: rotate(data, Purpose.FEED, root, NOW), lambda: signs(data) and None)
    rotated = signs(data)
    number = max(key.key_id for key in rotated.keys if key.purpose is Purpose.FEED)
    every_kill(lambda: revoke(data, number, root, NOW), lambda: signs(data) and None)
    revoked = signs(data)
    assert revoked.number > rotated.number
    assert next(key for key in revoked.keys if key.key_id == number).revoked
    # A key that is revoked stays so, and is not revoked twice.
    assert revoke(data, number, root, NOW) == revoked


def test_killed_while_the_certificates_are_made(data: Path):
    hashes: set[bytes] = set()

    def whole() -> None:
        if (data / "tls").exists():
            hashes.add(authority(data, "labour", "https://office.example", NOW).ca_hash)

    every_kill(lambda: authority(data, "labour", "https://office.example", NOW), whole)
    # Terminals pin the first that there was.
    assert len(hashes) == 1


def test_killed_while_an_office_is_founded_with_its_root_key_outside(tmp_path: Path):
    root_file, data = tmp_path / "root.pem", tmp_path / "office"

    def founded() -> None:
        root = read_root_key(root_file) if root_file.exists() else new_root_key(root_file)
        open_office(data, root=root, clock=lambda: NOW).close()

    def one_root() -> None:
        if (data / "keys" / "root.pub").exists():
            assert (data / "keys" / "root.pub").read_bytes() == read_root_key(root_file).public

    every_kill(founded, one_root)
    signs(data)
    assert not (data / "keys" / "root.key").exists()


def test_another_offices_root_key_changes_nothing(data: Path, tmp_path: Path):
    before = (data / "keys" / "list.cbor").read_bytes()
    other = new_root_key(tmp_path / "other.pem")
    for change in (
        lambda: rotate(data, Purpose.FEED, other, NOW),
        lambda: revoke(data, 1, other, NOW),
        lambda: take_root_key_out(data, tmp_path / "other.pem"),
        lambda: take_root_key_out(data, data / "root.pem"),
    ):
        with pytest.raises(WrongRootKey):
            change()
    assert (data / "keys" / "list.cbor").read_bytes() == before


def test_what_is_no_root_key_is_told(data: Path, tmp_path: Path):
    (tmp_path / "text").write_text("no key")
    with pytest.raises(WrongRootKey):
        read_root_key(tmp_path / "text")
    root = tmp_path / "root.pem"
    take_root_key_out(data, root)
    with pytest.raises(WrongRootKey, match="taken out before"):
        take_root_key_out(data, tmp_path / "elsewhere.pem")
    with pytest.raises(WrongRootKey, match="no key 99"):
        revoke(data, 99, read_root_key(root), NOW)


def test_a_server_certificate_is_renewed_in_time_and_for_a_new_address(data: Path):
    first = authority(data, "labour", "https://office.example", NOW)
    server = first.server_file.read_bytes()
    assert authority(data, "labour", "https://office.example", NOW).server_file.read_bytes() == server
    assert authority(data, "labour", "https://10.0.0.7:8443", NOW).server_file.read_bytes() != server
    server = first.server_file.read_bytes()
    later = authority(data, "labour", "https://10.0.0.7:8443", NOW + 700 * 86_400)
    assert later.server_file.read_bytes() != server
    assert later.ca_hash == first.ca_hash
    assert {path.stat().st_mode & 0o777 for path in (data / "tls").iterdir()} == {0o600}
