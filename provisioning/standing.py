"""What this machine is: whose terminal, by which key, since when, and how old its vault is."""

import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from kiosk.identity import Identity, IdentityWrong
from kiosk.marks_on_disk import REVOKED
from kiosk.vault import FILE
from kiosk.vault_file import open_to_read

from .draft import CODE, Draft

_MARK: Final = "SELECT cursor, time, (SELECT count(*) FROM statuses) FROM office"


def standing_of(data: Path) -> dict[str, Any]:
    """Tell it as plain values.

    `state`: bare, enrolling, enrolled, revoked or wrong; times are UTC; `vault_age` in seconds.
    """
    try:
        identity = Identity.read(data)
        if identity is not None:
            identity.sign(b"")  # a key that is lost, or another one, shows only when it is used
    except IdentityWrong as error:
        return {"state": "wrong", "why": str(error)} | _vault(data)
    if identity is None:
        draft = Draft(data)
        begun = draft.is_whole or draft.read(CODE) is not None
        return {"state": "enrolling" if begun else "bare"} | _vault(data)
    told = {
        "state": "revoked" if (data / REVOKED).exists() else "enrolled",
        "name": identity.name,
        "site": identity.site,
        "ministry": identity.ministry,
        "office": identity.office_url,
        "key": identity.key,
        "keyid": identity.keyid,
        "since": _moment(identity.enrolled),
    }
    return told | _vault(data)


def _vault(data: Path) -> dict[str, Any]:
    path = data / FILE
    if not path.exists():
        return {"statuses": 0}
    try:
        reader = open_to_read(path)
        row = reader.execute(_MARK).fetchone()
        reader.close()
    except sqlite3.DatabaseError as error:
        return {"vault": str(error)}
    if row is None or not row[1]:
        return {"statuses": 0}
    cursor, signed, count = row
    return {
        "statuses": count,
        "cursor": cursor,
        "vault_signed": _moment(signed),
        "vault_age": max(0, int(time.time()) - signed),
    }


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
