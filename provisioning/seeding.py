"""Fills a terminal's vault from a snapshot, so that it is useful before it has ever followed the feed."""

import io
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, assert_never

from kiosk.identity import Identity
from kiosk.in_use import hold
from kiosk.sync import make_ours
from kiosk.vault import Alarm, Applied, DiskFull, NotPinned, PageRefused, Vault
from kiosk.vault_file import NoRoom

from .failures import EnrolmentFailed, Why, disk_and_office
from .office import OfficeClock, small

FILE_NAME: Final = "istilam-snapshot"
_PART: Final = ".snapshot.part"
_MOUNTS: Final = Path("/proc/self/mounts")
_MEDIA: Final = ("/media/", "/mnt", "/run/media/")
# An hour for the network, and twice the largest register that was thought of.
_WITHIN: Final = 3600.0
_MOST_BYTES: Final = 1 << 32

Percent = Callable[[int, int], None]
"""Takes how much is done, and of how much."""


def seed_vault(data: Path, file: Path | None, *, from_office: bool, progress: Percent) -> Applied:
    """Take a snapshot into the vault, whole or not at all. Raises EnrolmentFailed.

    `file` None: the one on a mounted USB stick, unless it comes from the office. A terminal that is not enrolled takes
    one only where its vault belongs to an office already.
    """
    with disk_and_office(data):
        identity = Identity.read(data)
        data.mkdir(parents=True, exist_ok=True)
        with _alone(data), _vault_of(data, identity) as vault:
            if not from_office:
                return _load(vault, file or find_snapshot(), progress)
            if identity is None:
                raise EnrolmentFailed(Why.NOT_ENROLLED)
            part = data / _PART
            try:
                _fetch(vault, identity, part, progress)
                return _load(vault, part, progress)
            finally:
                part.unlink(missing_ok=True)


def find_snapshot(mounts: Path = _MOUNTS) -> Path:
    """Find a snapshot on mounted media: the newest file whose name begins with istilam-snapshot."""
    points = (line.split()[1].encode().decode("unicode_escape") for line in mounts.read_text().splitlines())
    media = [Path(point) for point in points if point.startswith(_MEDIA)]
    found = [path for folder in media for path in folder.glob(f"{FILE_NAME}*") if path.is_file()]
    if not found:
        raise EnrolmentFailed(Why.NO_SNAPSHOT)
    return max(found, key=lambda path: path.stat().st_mtime)


@contextmanager
def _alone(data: Path) -> Generator[None]:
    held = hold(data)
    if held is None:
        raise EnrolmentFailed(Why.IN_USE)
    try:
        yield
    finally:
        os.close(held)


@contextmanager
def _vault_of(data: Path, identity: Identity | None) -> Generator[Vault]:
    vault = Vault(data)
    try:
        if identity is not None:
            make_ours(vault, identity)
        elif vault.pins is None:
            raise EnrolmentFailed(Why.NOT_ENROLLED)
        yield vault
    except NotPinned as error:
        raise EnrolmentFailed(Why.SNAPSHOT_REFUSED, str(error)) from None
    except NoRoom:
        raise EnrolmentFailed(Why.DISK_FULL, str(data)) from None
    finally:
        vault.close()


def _fetch(vault: Vault, identity: Identity, part: Path, progress: Percent) -> None:
    from kiosk.link import OfficeLink

    clock = OfficeClock.of(part.parent, identity)
    link = OfficeLink(identity.office_url, identity, clock.time)
    try:
        clock.learn(link, identity.root_key)
        vault.keep_keys(small(link, "/v1/keys").body)
        with part.open("wb") as file:
            answer = link.get("/v1/snapshot", seconds=_WITHIN, most=_MOST_BYTES, into=file)
    finally:
        link.close()
    if answer.status != 200:
        raise EnrolmentFailed(Why.OFFICE_FAULT, f"/v1/snapshot: {answer.status}")
    progress(0, 1)


def _load(vault: Vault, path: Path, progress: Percent) -> Applied:
    try:
        raw = io.FileIO(path)
    except OSError as error:
        raise EnrolmentFailed(Why.SNAPSHOT_REFUSED, f"{path}: {error.strerror}") from None
    with _Counted(raw, path.stat().st_size, progress) as file:
        outcome = vault.load_snapshot(file)
    match outcome:
        case Applied():
            return outcome
        case DiskFull():
            raise EnrolmentFailed(Why.DISK_FULL, str(path))
        case PageRefused(why) | Alarm(why):
            raise EnrolmentFailed(Why.SNAPSHOT_REFUSED, f"{path.name}: {why}")
        case _:
            assert_never(outcome)


class _Counted(io.BufferedReader):
    """Tells how much of a file was read."""

    def __init__(self, raw: io.FileIO, size: int, progress: Percent) -> None:
        super().__init__(raw)
        self._size = size
        self._progress = progress
        self._done = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self._done += len(data)
        self._progress(self._done, self._size)
        return data
