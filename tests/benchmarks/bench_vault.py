"""How fast the vault takes the feed, and what it weighs, against bare executemany of the same rows in the same run."""

import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central_api.contract.feed import Entry, FeedPage, PageKind, sign_page
from central_api.contract.keylist import KeyList, ListedKey, Purpose, sign_key_list
from central_api.contract.signed import SigningKey
from kiosk.vault import Applied, Pins, Vault

PAGE_ENTRIES = 5_000
# 256 padded bytes of plaintext behind format, version, nonce, and before the tag.
SEALED_BYTES = 1 + 8 + 12 + 256 + 16
NOW = 1_790_000_000


def run(entries: int = 1_000_000, updates: int = 100_000) -> dict[str, object]:
    """Fill a vault page by page, then update it at random.

    Rates are entries a second through `Vault.apply`: reading, verifying and storing signed pages of 5,000; making and
    signing the pages is not counted. Each floor stores the same number of equal rows with bare sqlite3.
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
        fill, floor_fill = _race(vault, folder / "floor.sqlite", slots, feed, after=0)
        full = _weight(folder / "vault")
        update, floor_update = _race(vault, folder / "floor.sqlite", again, feed, after=entries)
        vault.close()
        return {
            "entries": entries,
            "apply_per_second": round(entries / fill),
            "floor_per_second": round(entries / floor_fill),
            "apply_of_floor": round(floor_fill / fill, 2),
            "update_per_second": round(updates / update),
            "floor_update_per_second": round(updates / floor_update),
            "update_of_floor": round(floor_update / update, 2),
            "megabytes": round(full / 1e6, 1),
            "megabytes_after_updates": round(_weight(folder / "vault") / 1e6, 1),
        }
    finally:
        shutil.rmtree(folder)


def _race(vault: Vault, floor: Path, slots: list[bytes], feed: SigningKey, after: int) -> tuple[float, float]:
    """Give the same rows to the vault and to the floor, page by page in turn; returns the seconds of each."""
    bare = sqlite3.connect(floor, isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = NORMAL")
    bare.execute("CREATE TABLE IF NOT EXISTS statuses (slot BLOB PRIMARY KEY, version INTEGER, sealed BLOB)")
    mine = theirs = 0.0
    for page, rows in _pages(slots, feed, after):
        began = time.perf_counter()
        outcome = vault.apply(page)
        mine += time.perf_counter() - began
        if not isinstance(outcome, Applied):
            raise TypeError(outcome)
        began = time.perf_counter()
        bare.execute("BEGIN")
        bare.executemany("INSERT OR REPLACE INTO statuses VALUES (?, ?, ?)", rows)
        bare.execute("COMMIT")
        theirs += time.perf_counter() - began
    bare.close()
    return mine, theirs


def _pages(slots: list[bytes], feed: SigningKey, after: int) -> Iterator[tuple[bytes, list[tuple[bytes, int, bytes]]]]:
    for start in range(0, len(slots), PAGE_ENTRIES):
        rows = [
            (slot, after + number + 1, os.urandom(SEALED_BYTES))
            for number, slot in enumerate(slots[start : start + PAGE_ENTRIES], start)
        ]
        upto = rows[-1][1]
        entries = tuple(Entry(version, slot, sealed) for slot, version, sealed in rows)
        page = FeedPage("bench", PageKind.FEED, after + start, upto, NOW + upto, upto, os.urandom(32), entries)
        yield sign_page(page, feed), rows


def _weight(folder: Path) -> int:
    """Bytes of the vault's own file once its log is folded in, as SQLite does by itself."""
    with sqlite3.connect(folder / "vault.sqlite") as folding:
        folding.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    folding.close()
    return sum(file.stat().st_size for file in folder.iterdir())


if __name__ == "__main__":
    print(json.dumps(run(*map(int, sys.argv[1:])), indent=2))
