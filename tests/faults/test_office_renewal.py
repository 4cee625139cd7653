"""Publishing anew, on the whole way: killed at any point, and taken by a real terminal from a real office."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests

from central_api.__main__ import main
from central_api.contract.keylist import Purpose
from central_api.publish import Intact, audit_verify, publish_pending
from central_api.store import Office, Submitted, decode_event, open_office
from central_api.store.keyring import read_root_key, revoke, take_root_key_out
from central_api.store.renewals import renewals
from central_api.workflow import Action
from kiosk import sync
from kiosk.visit_state import Found
from tests.central_api.web.running import Running, running, until
from tests.kiosk.terminal import Terminal, terminal_at

from .test_office_killed import kill_after, of, start

FILES = 1_200


def submit_many(office: Office, count: int) -> list[Submitted]:
    with office.batch():
        return [office.submit("work_permits", "renewal", region="north", phone=None) for _ in range(count)]


def test_killed_while_it_publishes_anew(tmp_path: Path) -> None:
    chance, data, root = random.Random(5), tmp_path / "office", tmp_path / "root.pem"
    with open_office(data) as office:
        given = submit_many(office, 120)
        publish_pending(office)
        take_root_key_out(data, root)
        revoke(data, office.signing_key(Purpose.RECEIPT).key_id, read_root_key(root), office.clock())
        said: list[list[str]] = []
        while not of(said, "through"):
            said += kill_after(start(data, "renews"), chance.randrange(3, 8))
            office.keyring.refresh()
            assert isinstance(audit_verify(office), Intact)
        assert len(of(said, "begins")) > 2, "it was killed on the way"
        publish_pending(office)
        bodies = office.reader().execute("SELECT body FROM event WHERE application IS NULL").fetchall()
        events = [decode_event(body) for (body,) in bodies]
        assert all(event.act.action is Action.RENEW for event in events)
        assert Counter(tracking for event in events for tracking in event.renewed) == {
            one.tracking: 1 for one in given
        }, "each once, whatever happened in between"
        assert [renewal.renewed for renewal in renewals(office.reader())] == [120]
        assert isinstance(audit_verify(office), Intact)


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, list[Submitted]]]:
    """An office with more files at one unit than one event may tell, and what was given out for them."""
    data = tmp_path_factory.mktemp("crowded") / "office"
    with running(data, "--loopback-terminals") as served:
        given = submit_many(served.office, FILES)
        until(lambda: served.status_of(given[-1]).status_code == 200)
        yield served, given


@pytest.fixture
def terminal(crowded: tuple[Running, list[Submitted]], tmp_path: Path) -> Iterator[Terminal]:
    with closing(terminal_at(tmp_path / "terminal", crowded[0].url)) as terminal:
        yield terminal


def quiet(served: Running) -> bool:
    # In this order: the last group is recorded before it is published.
    if served.get("/v1/health").json()["to_renew"]:
        return False
    pending = served.office.own_reader.execute("SELECT EXISTS (SELECT 1 FROM event WHERE position IS NULL)")
    return pending.fetchone() == (0,)


def test_a_terminal_takes_the_suspension_of_a_crowded_unit(
    crowded: tuple[Running, list[Submitted]], terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    served, given = crowded
    # What a terminal takes, made small: all files of the unit at once are more than that, by far.
    monkeypatch.setattr(sync, "PAGE_ENTRIES", 100)
    monkeypatch.setattr(sync, "MAX_PAGE_BYTES", 250_000)
    assert terminal.rounds()
    assert terminal.vault.count() == FILES
    served.office.suspend_unit("registry", "north")
    until(lambda: served.get("/v1/health").json()["to_renew"] > 0 or '"published anew"' in served.logged())
    until(lambda: quiet(served))
    assert '"published anew"' in served.logged()
    whole = requests.get(served.url + "/v1/feed", params={"after": FILES, "limit": 50_000}, timeout=10)
    assert len(whole.content) > sync.MAX_PAGE_BYTES
    assert terminal.rounds(), terminal.last_word_on_the_link
    for one in (given[0], given[FILES // 2], given[-1]):
        shown = terminal.lookup.find(one.slip)
        assert isinstance(shown, Found)
        assert shown.sheet.status.steps[0].suspended_since is not None
    assert isinstance(audit_verify(served.office), Intact)


def test_a_terminal_shows_what_was_published_anew_after_a_key_was_revoked(
    crowded: tuple[Running, list[Submitted]], terminal: Terminal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    served, given = crowded
    assert terminal.rounds()
    before = terminal.lookup.find(given[0].slip)
    assert isinstance(before, Found)
    root = tmp_path / "root.pem"
    take_root_key_out(served.data, root)
    number = served.office.signing_key(Purpose.RECEIPT).key_id
    assert main(["keys", "revoke", str(number), "--root", str(root), "--data", str(served.data)]) == 0
    assert f"{FILES} statuses were published anew" in capsys.readouterr().out
    until(lambda: quiet(served))
    assert terminal.rounds()
    for one in given[:: FILES // 20]:
        shown = terminal.lookup.find(one.slip)
        assert isinstance(shown, Found)
        assert shown.sheet.status.receipt is not None
        assert shown.sheet.status.receipt.key_id != number
    # The paper of before still has the office's word: nothing happened to the application.
    old = requests.post(served.url + "/v1/receipts/check", json={"receipt": before.sheet.receipt_url}, timeout=10)
    assert old.json() == {"verdict": "holds"}
    served.office.keyring.refresh()
    assert isinstance(audit_verify(served.office, before.sheet.receipt_url), Intact)
    assert main(["keys", "list", "--data", str(served.data)]) == 0
    assert f"revoked, {FILES} statuses published anew\n" in capsys.readouterr().out
