"""What a terminal opens as it starts: its identity, and its vault, which one process has at a time."""

from pathlib import Path
from typing import TYPE_CHECKING

from .identity import Identity, IdentityWrong
from .journal import log

if TYPE_CHECKING:
    from .vault import Vault


def held_alone(data: Path) -> int | None:
    """Take the data folder for this process; None where another has it, or the disk does not let us."""
    from .in_use import hold

    try:
        held = hold(data)
    except OSError as error:
        log("vault", what="cannot be opened now", why=error.strerror)
        return None
    if held is None:
        log("vault", what="cannot be opened now", why="another process has it")
    return held


def identity_in(data: Path) -> tuple[Identity | None, str]:
    """Read who this terminal is; an identity that cannot be used is said, and is none."""
    try:
        return Identity.read(data), ""
    except IdentityWrong as error:
        log("identity", why=str(error))
        return None, str(error)


def open_vault(folder: Path, identity: Identity | None) -> "Vault | None":
    """Open the vault, or return None where the disk does not let us now.

    One that a failing disk left unreadable is put aside, and filled again from the office; one that is whole, on a disk
    that is full or in somebody's hands, never is. One of an office that this terminal no longer belongs to is deleted.
    """
    import sqlite3

    from central_api.contract.errors import ContractError

    from .sync import pins_of
    from .vault import FILE, Vault
    from .vault_file import NoRoom

    not_now = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
    not_now |= {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM}
    try:
        vault = Vault(folder)
        if identity is None or vault.pins in {None, pins_of(identity)}:
            return vault
        vault.close()
        log("vault", what="of another office, deleted")
        for path in folder.glob(f"{FILE}*"):
            path.unlink()
        return Vault(folder)
    except (NoRoom, OSError) as error:
        log("vault", what="cannot be opened now", why=str(error))
        return None
    except (sqlite3.DatabaseError, ContractError) as error:
        if isinstance(error, sqlite3.DatabaseError) and error.sqlite_errorcode & 0xFF in not_now:
            log("vault", what="cannot be opened now", why=str(error))
            return None
        log("vault", what="unreadable, put aside", why=str(error))
        for path in folder.glob(f"{FILE}*"):
            path.rename(path.with_name(f"damaged-{path.name}"))
        return Vault(folder)
