"""A terminal that does nothing but take pages into its vault; to be killed, or starved of disk, from outside.

Reads the pages `0000`, `0001`, ... of a folder from where the vault is; says each cursor on a line of its own.
"""

import resource
import sys
from pathlib import Path

from central_api.contract import keys
from kiosk.vault import Applied, DiskFull, Vault
from tests.kiosk.feed_office import slip_of


def take_all(vault: Vault, pages: Path, page_entries: int) -> object:
    """Apply what is left, three held for each committed; returns the first outcome that is not Applied, or None."""
    for file in sorted(pages.iterdir())[vault.next_cursor // page_entries :]:
        outcome = vault.apply(file.read_bytes(), hold=int(file.name) % 4 != 3)
        if not isinstance(outcome, Applied):
            return outcome
        print(outcome.cursor, flush=True)
    return vault.commit()


def starve(vault: Vault, pages: Path, page_entries: int, most_bytes: int) -> None:
    """Fill the vault on a disk of `most_bytes`; then go on when there is room again."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))
    assert isinstance(take_all(vault, pages, page_entries), DiskFull)
    assert vault.next_cursor == vault.mark.cursor
    held = vault.find(keys.slot(slip_of(1).key))
    assert held is not None, "the terminal keeps serving"
    assert isinstance(take_all(vault, pages, page_entries), DiskFull), "and stays as it is while there is no room"
    assert vault.count() == vault.mark.cursor
    print("starved at", vault.mark.cursor, flush=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert take_all(vault, pages, page_entries) is None


if __name__ == "__main__":
    folder, pages_folder, entries, *limit = sys.argv[1:]
    opened = Vault(Path(folder))
    if limit:
        starve(opened, Path(pages_folder), int(entries), int(limit[0]))
    else:
        take_all(opened, Path(pages_folder), int(entries))
    opened.close()
