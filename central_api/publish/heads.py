"""Heads of the register, signed, to be kept where whoever rewrites the register cannot reach: its witnesses.

`serve` posts one each day to the folder that office.toml names. What a head was signed with must stand in the chain on
every later day: a tail that was cut ends before it, a forked or rewritten history has another head there.
"""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from central_api.contract.feed import FeedPage, sign_page
from central_api.contract.keylist import Purpose
from central_api.store import Office
from central_api.store.founding import sync
from central_api.workflow.calendar import BEIRUT

from .feed import feed_page
from .publisher import chain_end

SUFFIX: Final = ".head"


def signed_head(office: Office) -> tuple[FeedPage, bytes]:
    """Return the head of this moment, as a feed page without entries, and its signed bytes."""
    position, head = chain_end(office.own_reader)
    page = replace(feed_page(office, position), upto=position, position=position, head=head, entries=())
    return page, sign_page(page, office.signing_key(Purpose.FEED))


def in_words(page: FeedPage) -> str:
    """Say a head in one line, to print and post at the entrance."""
    groups = " ".join(page.head.hex()[at : at + 8] for at in range(0, 64, 8))
    return f"{datetime.fromtimestamp(page.time, BEIRUT):%Y-%m-%d}: event {page.position}, head {groups}"


def due(now: int, hour: int) -> str:
    """Return the day (in Beirut) whose head should be posted by a moment: today's from the hour on, before yesterday's.

    An office that did not serve at the hour posts when it serves again.
    """
    return f"{datetime.fromtimestamp(now, BEIRUT) - timedelta(hours=hour):%Y-%m-%d}"


def folder_of(office: Office) -> Path:
    """Return where heads are posted: `heads` in the data folder, unless office.toml says where."""
    return office.data / (office.settings.heads.folder or "heads")


def post_head(office: Office, day: str) -> bool:
    """Post a day's head, signed and in words, unless it is there; say whether it was not. Raises OSError."""
    folder = folder_of(office)
    path = folder / f"{day}{SUFFIX}"
    if path.exists():
        return False
    folder.mkdir(parents=True, exist_ok=True)
    page, signed = signed_head(office)
    path.with_suffix(".txt").write_text(in_words(page) + "\n", encoding="ascii")
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        file.write(signed)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    sync(folder)
    return True


def own_heads(office: Office) -> list[bytes]:
    """Return the signed heads that this office has posted; none where it has posted none yet."""
    folder = folder_of(office)
    return heads_in(folder) if folder.is_dir() else []


def heads_in(path: Path) -> list[bytes]:
    """Return the signed heads of a folder, by day, or the one in a file. Raises OSError."""
    files = sorted(path.glob(f"*{SUFFIX}")) if path.is_dir() else [path]
    return [file.read_bytes() for file in files]
