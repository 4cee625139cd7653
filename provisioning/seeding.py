"""Fills a terminal from a snapshot and the office's content, so that it is useful before it has ever heard the office.

The content (services, workers' rights, desks) is a signed file of its own beside the snapshot: `istilam-content`.
"""

import io
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, assert_never

from central_api.contract.errors import Refused
from kiosk.identity import Identity
from kiosk.in_use import hold
from kiosk.office_content import MOST_BYTES as MOST_CONTENT
from kiosk.office_content import PATH as CONTENT_PATH
from kiosk.office_content import OfficeContent
from kiosk.sync import make_ours
from kiosk.vault import Alarm, Applied, DiskFull, NotPinned, PageRefused, Vault
from kiosk.vault_file import NoRoom

from .failures import EnrolmentFailed, Why, disk_and_office
from .office import WITHIN, OfficeClock, small

FILE_NAME: Final = "istilam-snapshot"
CONTENT_NAME: Final = "istilam-content"
_PART: Final = ".snapshot.part"
_MOUNTS: Final = Path("/proc/self/mounts")
_MEDIA: Final = ("/media/", "/mnt", "/run/media/")
# An hour for the network, and twice the largest register that was thought of.
_WITHIN: Final = 3600.0
_MOST_BYTES: Final = 1 << 32

Percent = Callable[[int, int], None]
"""Takes how much is done, and of how much."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What the terminal holds now: statuses taken, where its vault stands, and its content's number (0: none)."""

    entries: int
    cursor: int
    content: int


def seed_terminal(data: Path, file: Path | None, *, from_office: bool, progress: Percent) -> Seeded:
    """Take a snapshot into the vault, whole or not at all, and the content beside it. Raises EnrolmentFailed.

    `file` None: the one on a mounted USB stick, unless it comes from the office. A terminal that is not enrolled takes
    one only where its vault belongs to an office already. Without content beside the snapshot it keeps what it has.
    """
    with disk_and_office(data):
        identity = Identity.read(data)
        data.mkdir(parents=True, exist_ok=True)
        with _alone(data), _vault_of(data, identity) as vault:
            if not from_office:
                file = file or find_snapshot()
                return _seeded(data, vault, _load(vault, file, progress), _content_beside(file))
            if identity is None:
                raise EnrolmentFailed(Why.NOT_ENROLLED)
            part = data / _PART
            try:
                content = _fetch(vault, identity, part, progress)
                return _seeded(data, vault, _load(vault, part, progress), content)
            finally:
                part.unlink(missing_ok=True)


def find_snapshot(mounts: Path = _MOUNTS) -> Path:
    """Find a snapshot on mounted media: the newest file whose name begins with istilam-snapshot.

    A stick's times are as coarse as two seconds: of those of one time the last by name, which a date in it orders.
    Raises EnrolmentFailed where there is none.
    """
    points = (line.split()[1].encode().decode("unicode_escape") for line in mounts.read_text().splitlines())
    media = [Path(point) for point in points if point.startswith(_MEDIA)]
    found = [path for folder in media for path in folder.glob(f"{FILE_NAME}*") if path.is_file()]
    if not found:
        raise EnrolmentFailed(Why.NO_SNAPSHOT)
    return max(found, key=lambda path: (path.stat().st_mtime_ns, path.name))


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


def _fetch(vault: Vault, identity: Identity, part: Path, progress: Percent) -> bytes | None:
    """Put the office's snapshot into `part`; returns its content, None where it has published none."""
    from kiosk.link import OfficeLink

    clock = OfficeClock.of(part.parent, identity)
    link = OfficeLink(identity.office_url, identity, clock.time)
    try:
        clock.learn(link, identity.root_key)
        vault.keep_keys(small(link, "/v1/keys").body)
        with part.open("wb") as file:
            answer = link.get("/v1/snapshot", seconds=_WITHIN, most=_MOST_BYTES, into=file)
        if answer.status != 200:
            raise EnrolmentFailed(Why.OFFICE_FAULT, f"/v1/snapshot: {answer.status}")
        content = link.get(CONTENT_PATH, seconds=WITHIN, most=MOST_CONTENT)
    finally:
        link.close()
    if content.status not in {200, 404}:
        raise EnrolmentFailed(Why.OFFICE_FAULT, f"{CONTENT_PATH}: {content.status}")
    progress(0, 1)
    return content.body if content.status == 200 else None


def _content_beside(snapshot: Path) -> bytes | None:
    path = snapshot.with_name(CONTENT_NAME)
    try:
        with path.open("rb") as file:
            return file.read(MOST_CONTENT)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EnrolmentFailed(Why.CONTENT_REFUSED, f"{path}: {error.strerror}") from None


def _seeded(data: Path, vault: Vault, taken: Applied, body: bytes | None) -> Seeded:
    """Keep the content, if it is newer than what the terminal has: an old stick takes nothing away."""
    content = OfficeContent(data, vault.content_key)
    content.load()
    try:
        if body is not None and content.is_newer(body):
            content.take(body)
    except Refused as error:
        raise EnrolmentFailed(Why.CONTENT_REFUSED, f"{CONTENT_NAME}: {error}") from None
    return Seeded(taken.entries, taken.cursor, content.number)


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
