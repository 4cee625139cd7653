"""Whoever writes much runs ahead of who publishes by so much, and by as much as he likes where nobody does."""

import threading
import time

import pytest

from central_api.publish import publish_pending
from central_api.store import Office, pace
from central_api.store.pace import MOST_AHEAD, keep_pace, publishing


def ahead(office: Office) -> None:
    """Leave more events unpublished than anybody may run ahead."""
    with office.batch():
        for _ in range(MOST_AHEAD + 1):
            office.submit("work_permits", "renewal", region="beirut", phone=None)


def test_an_import_waits_for_who_publishes_and_then_goes_on(office: Office):
    ahead(office)
    waiting = threading.Thread(target=lambda: keep_pace(office.data, office.own_reader))
    with publishing(office.data):
        waiting.start()
        waiting.join(0.1)
        assert waiting.is_alive()
        publish_pending(office)
        waiting.join(20)
    assert not waiting.is_alive()


def test_an_import_beside_no_server_waits_for_nobody(office: Office, monkeypatch: pytest.MonkeyPatch):
    ahead(office)
    with publishing(office.data):
        pass
    monkeypatch.setattr(time, "sleep", lambda _: pytest.fail("it waited"))
    keep_pace(office.data, office.own_reader)


def test_who_publishes_and_does_not_get_on_holds_nobody_up_for_good(office: Office, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pace, "_PATIENCE", 0.05)
    ahead(office)
    with publishing(office.data):
        keep_pace(office.data, office.own_reader)
    # It came back by itself: nothing was published.
    assert office.own_reader.execute("SELECT count(*) FROM event WHERE position IS NULL").fetchone()[0] > MOST_AHEAD


def test_publishing_is_left_where_it_is_and_taken_up_there(office: Office):
    ahead(office)
    asked = iter([True, False])
    first = publish_pending(office, lambda: next(asked))
    assert 0 < first.count <= MOST_AHEAD
    second = publish_pending(office)
    assert (
        first.count + second.count
        == second.position
        == office.own_reader.execute("SELECT max(seq) FROM event").fetchone()[0]
    )
