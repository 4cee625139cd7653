"""The office is killed while people work in its console: no acknowledged act is lost, none counts twice, the feed has
no gap. ISTILAM_OFFICE_KILLS says how often it is killed (`make soak`: 200)."""

import json
import os
import random
import re
import secrets
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from central_api.contract.feed import open_page
from central_api.contract.keylist import Purpose
from central_api.publish import Intact, audit_verify, publish_pending
from central_api.store import Office, decode_event, open_office
from central_api.store.deeds import seen_of
from central_api.workflow import Action
from tests import forked
from tests.central_api.console.staff import Person, hire, sign_in
from tests.central_api.web.running import until

KILLS = int(os.environ.get("ISTILAM_OFFICE_KILLS", "4"))
BULK_KILLS = max(2, KILLS // 20)
BULK = 500
CHAIN = (("nada", "registry/beirut"), ("rami", "head_of_department/beirut"), ("maya", "head_of_service"))


class Served:
    """An office on a port of its own that can be killed and started again."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = ("central_api", "serve", "--data", str(data), "--port", str(self.port))
        self._log = data.with_name("log").open("a")
        self.start()

    def start(self) -> None:
        self._process = forked.Program(*self._command, "--loopback-terminals", stderr=self._log)
        assert self._process.stdout is not None
        assert json.loads(self._process.stdout.readline())["listening"] == self.url

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as office:
        yield office


@pytest.fixture
def served(office: Office) -> Iterator[Served]:
    served = Served(office.data)
    yield served
    served.kill()


def hired(office: Office, served: Served, login: str, unit: str) -> tuple[Person, str]:
    """An officer who is signed in, and the mark of his session's forms."""
    person = hire(office, login, unit)
    assert sign_in(office, person, served.url).status_code == 200
    return person, re.findall(r'name="csrf" value="([^"]*)"', person.get("/").text)[0]


@dataclass
class Work:
    """What officers do: each has files to take forward, and hands on what was acknowledged."""

    office: Office
    queues: list[deque[str]] = field(default_factory=lambda: [deque() for _ in range(len(CHAIN) + 1)])
    acknowledged: list[tuple[str, int]] = field(default_factory=list)
    forms: int = 0
    resent: int = 0
    wrong: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def officer(self, step: int, person: Person, csrf: str) -> None:
        while not self.over.is_set():
            if not self.queues[step]:
                time.sleep(0.01)
                continue
            tracking = self.queues[step].popleft()
            seen = seen_of(self.office.known(tracking).standing)
            self._send(step, person, tracking, {"csrf": csrf, "form": secrets.token_hex(8), "seen": seen})

    def _send(self, step: int, person: Person, tracking: str, form: dict[str, str]) -> None:
        """Send a form until it is answered; whoever got no answer sends the same one again."""
        while not self.over.is_set():
            try:
                answer = person.post(f"/files/{tracking}/{'accept' if step == 0 else 'approve'}", **form)
            except requests.RequestException:
                self.resent += 1
                time.sleep(0.02)
                continue
            if answer.status_code == 200:
                self.acknowledged.append((tracking, step))
                self.queues[step + 1].append(tracking)
            else:
                self.wrong.append(f"{answer.status_code} at step {step}")
            return


class Follower:
    """A terminal that reads the feed, whatever happens to the office: each page goes on where the last one ended."""

    def __init__(self, office: Office, served: Served) -> None:
        self.keys = office.key_list.finder(Purpose.FEED, office.clock())
        self.url, self.cursor, self.versions = served.url, 0, set[int]()

    def read(self) -> bool:
        answer = requests.get(f"{self.url}/v1/feed?after={self.cursor}", timeout=20)
        if answer.status_code != 200:
            return False
        page = open_page(answer.content, self.keys)
        assert page.after == self.cursor
        assert page.upto >= self.cursor
        assert all(self.cursor < entry.version <= page.upto for entry in page.entries)
        self.versions |= {entry.version for entry in page.entries}
        more, self.cursor = page.upto > self.cursor, page.upto
        return more


def test_killed_under_load_it_loses_no_act_does_none_twice_and_its_feed_has_no_gap(office: Office, served: Served):
    chance = random.Random(2026)
    work, follower = Work(office), Follower(office, served)
    people = [hired(office, served, *one) for one in CHAIN]
    threads = [threading.Thread(target=work.officer, args=(step, *one)) for step, one in enumerate(people)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(KILLS):
            with office.batch():
                taken = [office.submit("work_permits", "renewal", region="beirut", phone=None) for _ in range(8)]
            work.queues[0].extend(one.tracking for one in taken)
            wanted = len(work.acknowledged) + chance.randrange(1, 12)
            until(lambda wanted=wanted: len(work.acknowledged) >= wanted or bool(work.wrong), 60)
            time.sleep(chance.random() * 0.05)
            served.kill()
            assert all(len(office.known(tracking).standing.done) > step for tracking, step in [*work.acknowledged])
            served.start()
            follower.read()
        until(lambda: not any(work.queues[:-1]) or bool(work.wrong), max(120, 5 * KILLS))
    finally:
        work.over.set()
        for thread in threads:
            thread.join()
    assert work.wrong == []
    assert work.resent > 0
    events = [decode_event(row[0]) for row in office.own_reader.execute("SELECT body FROM event ORDER BY seq")]
    acts = Counter((one.tracking, one.act.role) for one in events if one.act.action in {Action.ACCEPT, Action.APPROVE})
    assert set(acts.values()) == {1}
    assert len(acts) >= len(set(work.acknowledged))
    publish_pending(office)
    while follower.read():
        pass
    assert follower.cursor == len(events)
    newest = {row[0] for row in office.own_reader.execute("SELECT DISTINCT version FROM sealed")}
    assert newest <= follower.versions
    assert isinstance(audit_verify(office), Intact)


def test_killed_in_a_bulk_approval_each_file_counts_or_not_and_the_same_form_goes_on(office: Office, served: Served):
    chance = random.Random(500)
    rami, csrf = hired(office, served, "rami", "head_of_department/beirut")
    cut = 0
    for number in range(BULK_KILLS):
        with office.batch():
            files = [
                office.submit("work_permits", "renewal", region="beirut", phone=None).tracking for _ in range(BULK)
            ]
            for tracking in files:
                office.act(tracking, "accept", role="registry")
        chosen = [f"{tracking}:{seen_of(office.known(tracking).standing)}" for tracking in files]
        form = {"csrf": csrf, "form": f"bulk-{number}", "file": chosen}
        before = approvals(office)
        wanted = before + chance.randrange(1, BULK)
        sending = threading.Thread(target=sent, args=(rami, form))
        sending.start()
        until(lambda wanted=wanted: approvals(office) >= wanted, 60)
        served.kill()
        sending.join()
        done = [len(office.known(tracking).standing.done) for tracking in files]
        assert set(done) <= {1, 2}
        assert approvals(office) - before == done.count(2)
        cut += 1 in done
        served.start()
        answer = rami.post("/bulk", **form)
        assert f"\u2068{BULK}\u2069 approved" in answer.text
        assert {len(office.known(tracking).standing.done) for tracking in files} == {2}
        assert approvals(office) - before == BULK
    assert cut > 0
    publish_pending(office)
    assert isinstance(audit_verify(office), Intact)


def sent(person: Person, form: dict[str, object]) -> None:
    with suppress(requests.RequestException):
        person.post("/bulk", **form)


def approvals(office: Office) -> int:
    return office.own_reader.execute("SELECT count(*) FROM answered WHERE form LIKE 'bulk-%'").fetchone()[0]
