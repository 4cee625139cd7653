"""Killed at any point, the office loses nothing acknowledged, does nothing twice, and its chain is whole."""

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from central_api.contract.feed import Tombstone
from central_api.imports import import_file
from central_api.imports.importer import SHORT
from central_api.publish import Intact, audit_verify, publish_pending
from central_api.store import decode_event, open_office
from central_api.workflow import Action

from .office_worker import CHAIN

ROUNDS = 6


def start(data: Path, *work: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.faults.office_worker", str(data), *work]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def kill_after(process: subprocess.Popen[bytes], lines: int) -> list[list[str]]:
    """Read so many lines, kill -9, and return every whole line that came out."""
    assert process.stdout is not None
    said: list[bytes] = []
    for _ in range(lines):
        line = process.stdout.readline()
        if not line:
            break
        said.append(line)
    process.kill()
    said += process.stdout.readlines()
    process.wait()
    return [line.decode().split() for line in said if line.endswith(b"\n")]


def of(said: Sequence[Sequence[str]], word: str) -> list[Sequence[str]]:
    return [line[1:] for line in said if line[0] == word]


def test_killed_while_it_acts(tmp_path: Path) -> None:
    chance = random.Random(2)
    said: list[list[str]] = []
    for _ in range(ROUNDS):
        said += kill_after(start(tmp_path, "acts"), chance.randrange(3, 60))
    with open_office(tmp_path, create=False) as office:
        events = [decode_event(row[0]) for row in office.reader().execute("SELECT body FROM event ORDER BY seq")]
        assert len({secret for (secret,) in of(said, "founded")}) == 1
        taken_in = Counter(event.tracking for event in events if event.act.action is Action.SUBMIT)
        assert set(taken_in.values()) == {1}
        assert {tracking for (tracking,) in of(said, "submitted")} <= set(taken_in)
        acted = Counter(
            (event.tracking, event.act.role.word) for event in events if event.act.action is not Action.SUBMIT
        )
        assert set(acted.values()) <= {1}
        assert {(tracking, role) for tracking, role in of(said, "acted")} <= set(acted)
        assert publish_pending(office).position == len(events)
        assert isinstance(audit_verify(office), Intact)


def test_killed_while_it_publishes(tmp_path: Path) -> None:
    chance = random.Random(3)
    with open_office(tmp_path) as office:
        for _ in range(ROUNDS):
            publisher = start(tmp_path, "publishes")
            with office.batch():
                trackings = [
                    office.submit("recruitment", "permit", region="south", phone=None).tracking for _ in range(60)
                ]
                for tracking in trackings:
                    for role in CHAIN[: chance.randrange(6)]:
                        office.act(tracking, "approve", role=role)
            office.reissue(trackings[0])
            positions = [
                int(position) for (position,) in of(kill_after(publisher, chance.randrange(3, 8)), "published")
            ]
            assert positions == sorted(positions)
            assert isinstance(audit_verify(office), Intact)
        published = publish_pending(office)
        count = (
            office.reader().execute("SELECT count(*), count(DISTINCT position), max(position) FROM event").fetchone()
        )
        assert count == (published.position,) * 3
        assert isinstance(audit_verify(office), Intact)
        withdrawn = office.reader().execute("SELECT count(*) FROM sealed WHERE reason = ?", (int(Tombstone.REISSUED),))
        assert withdrawn.fetchone() == (ROUNDS,)


def test_killed_while_it_imports(tmp_path: Path) -> None:
    chance = random.Random(4)
    old, data = tmp_path / "old.csv", tmp_path / "office"
    rows = ["system,legacy_number,action,role,at,family,kind,region"]
    for number in range(400):
        day = "2026-02-01T09:00:00Z"
        rows.append(f"legacy_companies,C-{number},submit,,{day},companies,renewal,bekaa")
        rows += [f"legacy_companies,C-{number},approve,{role},{day},,," for role in CHAIN]
    old.write_text("\n".join(rows) + "\n")
    with open_office(data) as office:
        reader = office.reader()
        for _ in range(ROUNDS):
            process = start(data, "imports", str(old))
            wanted = reader.execute("SELECT count(*) FROM event").fetchone()[0] + chance.choice([0, 1])
            while process.poll() is None:
                if reader.execute("SELECT count(*) FROM event").fetchone()[0] >= wanted:
                    break
            process.kill()
            process.wait()
            # Whole chunks, or nothing.
            assert reader.execute("SELECT count(*) FROM event").fetchone()[0] % SHORT == 0
        done = import_file(office, old)
        assert (done.read, done.refused, done.applied + done.unchanged) == (2400, 0, 2400)
        assert reader.execute("SELECT count(*) FROM event").fetchone() == (2400,)
        publish_pending(office)
        assert isinstance(audit_verify(office), Intact)


def test_killed_while_it_is_founded(tmp_path: Path) -> None:
    whole = 0
    for number in range(ROUNDS):
        data = tmp_path / f"office {number}"
        process = start(data, "founds")
        assert process.stdout is not None
        process.stdout.readline()
        chance = random.Random(number)
        while process.poll() is None and not data.exists():
            pass
        for _ in range(chance.randrange(4000)):
            if process.poll() is not None:
                break
            (data / ".creating").exists()
        process.kill()
        process.wait()
        whole += (data / "office.toml").exists()
        with open_office(data) as office:
            office.submit("work_permits", "renewal", region="beirut", phone=None)
            publish_pending(office)
            assert isinstance(audit_verify(office), Intact)
        assert not (data / ".creating").exists()
        assert not (data / ".created").exists()
