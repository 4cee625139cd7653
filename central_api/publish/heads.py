"""Heads of the register, signed, to be kept where whoever rewrites the register cannot reach: its witnesses.

`serve` posts one each day to the folder that office.toml names, and sends it to a second witness where one is named.
What a head was signed with must stand in the chain on every later day: a tail that was cut ends before it, a forked or
rewritten history has another head there.
"""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.request import Request, urlopen

from central_api.contract.feed import FeedPage, sign_page
from central_api.contract.keylist import Purpose
from central_api.store import Office
from central_api.store.founding import sync
from central_api.workflow.calendar import BEIRUT

from .feed import feed_page
from .publisher import chain_end

SUFFIX, SENT = ".head", ".sent"
ANSWER_SECONDS: Final = 15.0


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


def send_heads(office: Office) -> list[str]:
    """Send what was posted and is not with the second witness yet, the oldest first; returns the days. Raises OSError.

    By PUT, which does no harm twice: what was sent is marked beside it, after the answer.
    """
    sent: list[str] = []
    witness = office.settings.heads.witness
    for file in sorted(folder_of(office).glob(f"*{SUFFIX}") if witness else ()):
        if not file.with_suffix(SENT).exists():
            request = Request(f"{witness}/{file.name}", data=file.read_bytes(), method="PUT")
            request.add_header("Content-Type", "application/octet-stream")
            with urlopen(request, timeout=ANSWER_SECONDS):
                file.with_suffix(SENT).touch()
            sent.append(file.stem)
    return sent


def heads_in(path: Path) -> dict[str, bytes]:
    """Return the signed heads of a folder, or the one in a file, by name; none where nothing lies. Raises OSError."""
    files = [path] if path.is_file() else path.glob(f"*{SUFFIX}")
    return {file.stem: file.read_bytes() for file in files}
