"""How fast the vault takes the feed, and what it weighs, against bare executemany of the same rows in the same run."""

import os
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central_api.contract.feed import Entry, FeedPage, PageKind, sign_page
from central_api.contract.keylist import KeyList, ListedKey, Purpose, sign_key_list
from central_api.contract.signed import SigningKey
from kiosk.sync import PAGES_A_COMMIT
from kiosk.vault import Applied, Pins, Vault

from .figures import Figure

PAGE_ENTRIES = 5_000
# 256 padded bytes of plaintext behind format, version, nonce, and before the tag.
SEALED_BYTES = 1 + 8 + 12 + 256 + 16
NOW = 1_790_000_000


def run(entries: int = 1_000_000, updates: int = 100_000) -> list[Figure]:
    """Fill a vault page by page, then update it at random.

    Rates are entries a second through `Vault.apply`, in the way that sync calls it, from the first page to the last
    fold of the log. The pages were made and signed beforehand, and lie in files. Each floor stores as many rows of the
    same slots and sizes with bare executemany, one transaction a page, and reads or verifies nothing.
    """
    folder = Path(tempfile.mkdtemp(prefix="bench-vault-"))
    try:
        root, feed = SigningKey(0, Ed25519PrivateKey.generate()), SigningKey(1, Ed25519PrivateKey.generate())
        vault = Vault(folder / "vault")
        vault.pin(Pins("bench", "bench.example", root.public))
        listed = ListedKey(1, Purpose.FEED, feed.public, 0, 2**32)
        vault.keep_keys(sign_key_list(KeyList(1, (listed,)), root))
        slots = [os.urandom(16) for _ in range(entries)]
        again = random.Random(7).sample(slots, updates)
        fill = _apply(vault, _signed(folder / "fill", slots, feed, after=0))
        full = _weight(folder / "vault")
        update = _apply(vault, _signed(folder / "update", again, feed, after=entries))
        vault.close()
        floor_fill, floor_update = (_bare(folder / "floor.sqlite", rows) for rows in (slots, again))
    finally:
        shutil.rmtree(folder)
    paged = f"reading, verifying and storing signed pages of {PAGE_ENTRIES:,}, {PAGES_A_COMMIT} to a commit"
    return [
        Figure(
            "vault, filled",
            entries / fill,
            "1/s",
            f"{paged}, averaged over {entries:,}; the floor is bare executemany of the same rows, nothing verified",
            limit=40_000,
            higher=True,
            floor=entries / floor_fill,
        ),
        Figure(
            "vault, updated when full",
            updates / update,
            "1/s",
            f"{paged}, {updates:,} random slots of a full vault",
            limit=30_000,
            higher=True,
            floor=updates / floor_update,
        ),
        Figure("vault on disk", full / 1e6, "MB", f"{entries:,} of {SEALED_BYTES} bytes, once caught up", limit=400),
    ]


def _apply(vault: Vault, pages: list[Path]) -> float:
    """Return the seconds that applying all of it took, the last commit and fold included."""
    began = time.perf_counter()
    for number, page in enumerate(pages, 1):
        outcome = vault.apply(page.read_bytes(), hold=number % PAGES_A_COMMIT != 0)
        if not isinstance(outcome, Applied):
            raise TypeError(outcome)
    vault.commit()
    return time.perf_counter() - began


def _bare(path: Path, slots: list[bytes]) -> float:
    bare = sqlite3.connect(path, isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = NORMAL")
    bare.execute("CREATE TABLE IF NOT EXISTS statuses (slot BLOB NOT NULL, version INTEGER, sealed BLOB)")
    bare.execute("CREATE UNIQUE INDEX IF NOT EXISTS by_slot ON statuses (slot)")
    seconds = 0.0
    for start in range(0, len(slots), PAGE_ENTRIES):
        rows = [(slot, start, os.urandom(SEALED_BYTES)) for slot in slots[start : start + PAGE_ENTRIES]]
        began = time.perf_counter()
        bare.execute("BEGIN")
        bare.executemany("INSERT OR REPLACE INTO statuses VALUES (?, ?, ?)", rows)
        bare.execute("COMMIT")
        seconds += time.perf_counter() - began
    bare.close()
    return seconds


def _signed(folder: Path, slots: list[bytes], feed: SigningKey, after: int) -> list[Path]:
    """Write signed pages into files, which the disk has when this returns: what follows does not wait for them."""
    folder.mkdir()
    files: list[Path] = []
    for number, page in enumerate(_pages(slots, feed, after)):
        files.append(folder / f"{number:04}")
        files[-1].write_bytes(page)
    os.sync()
    return files


def _pages(slots: list[bytes], feed: SigningKey, after: int) -> Iterator[bytes]:
    for start in range(0, len(slots), PAGE_ENTRIES):
        page = slots[start : start + PAGE_ENTRIES]
        first = after + start
        entries = tuple(Entry(first + n, slot, os.urandom(SEALED_BYTES)) for n, slot in enumerate(page, 1))
        upto = first + len(page)
        yield sign_page(FeedPage("bench", PageKind.FEED, first, upto, NOW + upto, upto, os.urandom(32), entries), feed)


def _weight(folder: Path) -> int:
    """Bytes of everything in the vault's folder."""
    return sum(file.stat().st_size for file in folder.iterdir())
