"""The office's data folder, and how it comes into being: at once and whole, or not at all.

Everything is first written and synced in `.creating`; renaming that to `.created` is the moment the office exists. What
is left is moving the pieces to their places, which the next opening finishes if this one is killed.
"""

import fcntl
import os
import secrets
import shutil
import sqlite3
import tomllib
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Annotated, Final, cast

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from structlog import get_logger
from structlog.typing import FilteringBoundLogger

from central_api.contract.enrolment import origin_of
from central_api.contract.errors import NotAnEnrolment
from central_api.contract.keylist import KeyList, ListedKey, Purpose, sign_key_list
from central_api.contract.keys import OFFICE_SECRET_BYTES
from central_api.contract.signed import ROOT_KEY_ID, SigningKey
from central_api.workflow import decode_standing

from .errors import NoOffice

DEFAULT_HOST: Final = "FOLLOW.LABOUR.EXAMPLE"
_log = cast(FilteringBoundLogger, get_logger())
_DAY: Final = 86_400
# A clock that was wrong on the day the keys were made must not make them invalid everywhere else.
VALID_BEFORE: Final = 400 * _DAY
_VALID_AFTER: Final = 5 * 366 * _DAY
# The scripts that came after the first edition, each by the last that it makes.
_LATER: Final = {
    "readiness": "terminals.sql",
    "renewal": "renewals.sql",
    "reader": "content.sql",
    "personal_cards": "cards.sql",
    "message": "outbox.sql",
    "account": "people.sql",
    "night": "expected.sql",
    "assignment": "assigned.sql",
    "book_written": "books.sql",
    "feed_profile": "profiles.sql",
    "decree": "decrees.sql",
}
_SETTINGS: Final = """# This office. Changes are read at the next start.
ministry = "labour"
# The host in the address of every slip and receipt.
host = "{host}"
# Which office secret new slips are made from: secrets/office-secret-<number>. Old ones stay, their slips live on.
secret = 1
# Where terminals reach this office, for example "https://office.labour.example:8443". Without it: where it is served
# on this machine.
origin = ""

# The register's head is posted to this folder each day at this hour: best on another machine's disk. Empty: `heads`.
# A second witness may be named: a server of somebody else, to which each head is sent by PUT, as <witness>/<day>.head.
[heads]
folder = ""
hour = 18
witness = ""

[names]
ar = "وزارة العمل"
fr = "Ministère du Travail"
en = "Ministry of Labour"
"""


class Heads(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the register's head is posted each day (relative to the data folder), and at which hour (Beirut).

    `witness` is the address (http, https) that each is sent to besides; empty for none.
    """

    folder: str = ""
    hour: Annotated[int, msgspec.Meta(ge=0, le=23)] = 18
    witness: Annotated[str, msgspec.Meta(pattern=r"^(https?://[^\s/]+.*[^/])?$")] = ""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """office.toml: the ministry's id, the host of its addresses, its names by language, the secret in use.

    `origin` is where terminals reach the office, empty for where it is served on this machine.
    """

    ministry: str
    host: str
    secret: int
    names: Mapping[str, str]
    origin: str = ""
    heads: Heads = Heads()


def settings_of(data: Path) -> Settings:
    """Read office.toml. Raises NoOffice for a file that cannot be used, naming the key."""
    path = data / "office.toml"
    try:
        settings = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), Settings)
        if settings.origin:
            settings = msgspec.structs.replace(settings, origin=origin_of(settings.origin))
        return settings
    except NotAnEnrolment as error:
        raise NoOffice(f"office.toml cannot be used: {error} - at `$.origin`") from None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise NoOffice(f"office.toml cannot be used: {error}") from None


def found(data: Path, created: int, host: str | None, *, create: bool, root: SigningKey | None = None) -> None:
    """Make sure that `data` holds a whole office; `created` is now (seconds since 1970, UTC).

    `root` is a root key that is kept elsewhere; without one, a new one is kept with the other keys. Raises NoOffice
    where there is none and `create` is false, or where a part of one lies without its office.toml.
    """
    if (data / "office.toml").exists() and not (data / ".created").exists():
        return
    if not create and not data.is_dir():
        raise NoOffice("there is no office in this folder")
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(data):
        creating, made = data / ".creating", data / ".created"
        if not made.exists():
            if (data / "office.toml").exists():
                return
            if not create:
                raise NoOffice("there is no office in this folder")
            if (data / "office.db").exists() or (data / "secrets").exists():
                raise NoOffice("this folder holds an office without its office.toml: restore that file")
            shutil.rmtree(creating, ignore_errors=True)
            _write_office(creating, created, host or DEFAULT_HOST, root)
            creating.rename(made)
            sync(data)
        for name in ("secrets", "keys", "office.db", "office.toml"):
            if (made / name).exists():
                (made / name).rename(data / name)
        made.rmdir()
        sync(data)
        _log.info("office_founded")


@contextmanager
def alone(data: Path) -> Generator[None]:
    """Let one process at a time change the folder's files."""
    with (data / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write_office(folder: Path, created: int, host: str, root: SigningKey | None) -> None:
    for name in ("secrets", "keys"):
        (folder / name).mkdir(mode=0o700, parents=True)
    write_secret(folder / "secrets" / "office-secret-1", secrets.token_bytes(OFFICE_SECRET_BYTES))
    if root is None:
        root = SigningKey(ROOT_KEY_ID, Ed25519PrivateKey.generate())
        write_secret(folder / "keys" / "root.key", root.private.private_bytes_raw())
    write_secret(folder / "keys" / "root.pub", root.public)
    listed: list[ListedKey] = []
    for number, purpose in enumerate(Purpose, 1):
        key = SigningKey(number, Ed25519PrivateKey.generate())
        write_secret(folder / "keys" / f"{purpose.name.lower()}.key", key.private.private_bytes_raw())
        listed.append(listed_key(key, purpose, created))
    write_secret(folder / "keys" / "list.cbor", sign_key_list(KeyList(1, tuple(listed)), root))
    write_secret(folder / "office.db", b"")
    connection = sqlite3.connect(folder / "office.db")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(schema())
    connection.close()
    with (folder / "office.db").open("rb") as database:
        os.fsync(database.fileno())
    write_secret(folder / "office.toml", _SETTINGS.format(host=host).encode())
    for inner in (folder / "secrets", folder / "keys", folder):
        sync(inner)


def listed_key(key: SigningKey, purpose: Purpose, created: int) -> ListedKey:
    """Return the row of the key list for a new key."""
    return ListedKey(key.key_id, purpose, key.public, max(0, created - VALID_BEFORE), created + _VALID_AFTER)


def schema() -> str:
    """Return the SQL that makes an empty register."""
    return "".join(map(_sql, ("schema.sql", *_LATER.values())))


def complete_schema(connection: sqlite3.Connection) -> None:
    """Add the tables that an office of an earlier edition has not."""
    for table, script in _LATER.items():
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
            connection.executescript(_sql(script))
    if "since" not in _columns(connection):
        connection.execute("BEGIN IMMEDIATE")
        if "since" not in _columns(connection):
            connection.execute("ALTER TABLE application ADD COLUMN since BIGINT")
            rows = connection.execute("SELECT id, standing FROM application").fetchall()
            since = [(decode_standing(standing).since, row) for row, standing in rows]
            connection.executemany("UPDATE application SET since = ? WHERE id = ?", since)
            connection.execute("CREATE INDEX application_queue ON application (unit, since) WHERE unit IS NOT NULL")
            connection.execute("DROP INDEX application_unit")
        connection.execute("COMMIT")


def _columns(connection: sqlite3.Connection) -> set[str]:
    return {row[1] for row in connection.execute("PRAGMA table_info(application)")}


def _sql(name: str) -> str:
    return (resources.files(__package__ or "") / name).read_text(encoding="utf-8")


def write_secret(path: Path, content: bytes) -> None:
    """Write a new file of mode 0600, through to the disk. Raises FileExistsError."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """Write a folder's list of names through to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
