"""Rounds of insert, read, remove, with pcscd killed in between: none is lost once it is back, and nothing grows.

Ten rounds with every run; `ISTILAM_CARD_ROUNDS=200` is the long one (`make soak`).
"""

import os
import random
from pathlib import Path

from devices.card.outcome import PassportRead
from devices.card.states import ReaderEmpty
from tests.devices.card.peers import FIELDS, new_card, pcscd, pki, terminal

__all__ = ["new_card", "pcscd", "pki", "terminal"]

ROUNDS = int(os.environ.get("ISTILAM_CARD_ROUNDS", "10"))
KILLS = 2 if ROUNDS <= 20 else ROUNDS // 10


def _descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def _resident(pid: int) -> int:
    """Kilobytes that are this process's alone."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


def test_no_round_is_lost_and_nothing_grows(terminal, new_card, pcscd):
    passport = new_card("passport", "--out")
    terminal.sees(ReaderEmpty())
    kills = set(random.Random(9303).sample(range(2, ROUNDS), KILLS))
    measured = []
    for at in range(ROUNDS):
        passport.insert()
        terminal.meets("passport")
        if at in kills:
            pcscd.kill()
            terminal.misses()
            pcscd.start()
            terminal.meets("passport")
        read = terminal.reads(FIELDS, bytes(8))
        assert isinstance(read, PassportRead), (at, read)
        passport.remove()
        terminal.misses()
        measured.append((_descriptors(terminal.driver), _resident(terminal.driver)))
    warm, last = measured[1], measured[-1]
    print(f"{ROUNDS} rounds, {KILLS} kills: descriptors {warm[0]} -> {last[0]}, private kB {warm[1]} -> {last[1]}")
    assert max(descriptors for descriptors, _ in measured) <= warm[0] + 1
    assert last[1] <= warm[1] + 2048
