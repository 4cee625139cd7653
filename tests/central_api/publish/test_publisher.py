"""From events to the chain and to what lies at each slot: in commit order, once each, whoever publishes."""

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central_api.contract.audit import GENESIS, next_head
from central_api.contract.feed import Tombstone, open_page, sign_page
from central_api.contract.keylist import Purpose
from central_api.contract.receipts import receipt_of
from central_api.contract.sealed import open_sealed
from central_api.contract.status import Status, decode_status
from central_api.publish import chain_end, feed_page, publish_pending, publisher, snapshot_parts
from central_api.store import Office, open_office
from tests.central_api.reads import reads_before_turns

from .conftest import CHAIN, Clock


def submit(office: Office, **more: str) -> str:
    given = {"family": "work_permits", "kind": "renewal", "region": "beirut", "phone": "71123456", **more}
    return office.submit(**given).tracking  # type: ignore[arg-type]


def opened(office: Office, tracking: str) -> tuple[int, Status]:
    """Open what lies at an application's slot, as its slip does, receipt and all."""
    filed = office.find(tracking)
    assert filed is not None
    sealed = office.sealed_at(filed.slot)
    assert isinstance(sealed, bytes)
    version, plain = open_sealed(sealed, office.slip_key(filed))
    receipt = receipt_of(plain, version, office.key_list.finder(Purpose.RECEIPT, office.clock()))
    head = office.reader().execute("SELECT head FROM event WHERE position = ?", (version,)).fetchone()[0]
    assert receipt.head == head[:16]
    assert receipt.tracking == tracking
    return version, decode_status(plain)


def positions(office: Office) -> list[int]:
    return [row[0] for row in office.reader().execute("SELECT position FROM event ORDER BY seq")]


def test_what_was_done_lies_at_the_slot_with_its_receipt(office: Office) -> None:
    tracking = submit(office)
    assert (publish_pending(office).position, publish_pending(office).count) == (1, 0)
    assert opened(office, tracking)[0] == 1
    for number, role in enumerate(CHAIN, 2):
        office.act(tracking, "approve", role=role)
        assert publish_pending(office).position == number
        version, status = opened(office, tracking)
        assert (version, status.current) == (number, number - 1)


def test_a_slot_is_looked_up_before_the_turn_that_writes_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    submit(office)
    _, before = reads_before_turns(office, monkeypatch)
    assert publish_pending(office).count == 1
    assert any("sealed.slot" in one for one in before[0])


def test_the_chain_binds_the_bytes_that_are_kept(office: Office) -> None:
    for _ in range(3):
        submit(office)
    published = publish_pending(office)
    head = GENESIS
    for (body,) in office.reader().execute("SELECT body FROM event ORDER BY seq"):
        head = next_head(head, body)
    assert (published.position, published.head) == (3, head) == chain_end(office.reader())


def test_more_than_a_chunk_is_published_whole(office: Office, monkeypatch) -> None:
    monkeypatch.setattr(publisher, "CHUNK", 4)
    trackings = [submit(office) for _ in range(5)]
    for role in CHAIN[:3]:
        for tracking in trackings:
            office.act(tracking, "approve", role=role)
    assert publish_pending(office).count == 20
    assert positions(office) == list(range(1, 21))
    assert [opened(office, tracking)[0] for tracking in trackings] == list(range(16, 21))


def test_two_publishers_never_give_a_position_twice(office: Office) -> None:
    trackings = [submit(office) for _ in range(12)]
    start = threading.Barrier(3)
    counts: list[int] = []

    def publish() -> None:
        with open_office(office.data) as other:
            start.wait()
            counts.extend(publish_pending(other).count for _ in range(10))

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    start.wait()
    for tracking in trackings:
        office.act(tracking, "accept", role="registry")
    for thread in threads:
        thread.join()
    counts.append(publish_pending(office).count)
    assert sum(counts) == 24
    assert positions(office) == list(range(1, 25))


def test_a_reissue_leaves_a_tombstone_and_a_new_status(office: Office) -> None:
    tracking = submit(office)
    publish_pending(office)
    before = office.find(tracking)
    assert before is not None
    office.reissue(tracking)
    assert office.sealed_at(before.slot) is Tombstone.REISSUED
    office.reissue(tracking)
    publish_pending(office)
    entries = feed_page(office, 0).entries
    kinds = sorted((entry.version, isinstance(entry.sealed, Tombstone)) for entry in entries)
    assert kinds == [(2, True), (3, False), (3, True)]
    assert opened(office, tracking)[0] == 3


def test_a_suspension_is_told_to_all_whose_file_lies_there(office: Office) -> None:
    here, there = submit(office), submit(office, region="north")
    publish_pending(office)
    office.suspend_unit("registry", "beirut")
    publish_pending(office)
    version, status = opened(office, here)
    assert (version, status.steps[0].suspended_since) == (3, office.clock())
    assert opened(office, there)[0] == 2
    office.resume_unit("registry", "beirut")
    publish_pending(office)
    assert opened(office, here)[1].steps[0].suspended_since is None


def test_one_version_is_never_cut_in_two_pages(office: Office) -> None:
    for _ in range(7):
        submit(office)
    publish_pending(office)
    office.suspend_unit("registry", "beirut")
    publish_pending(office)
    page = feed_page(office, 0, limit=2)
    assert (page.upto, len(page.entries), page.position) == (8, 7, 8)
    assert feed_page(office, 8).entries == ()
    assert feed_page(office, 8).upto == 8


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limit=st.integers(1, 9))
def test_pages_of_any_size_give_the_same_register(office: Office, limit: int) -> None:
    for _ in range(3):
        office.act(submit(office), "accept", role="registry")
    position = publish_pending(office).position
    cursor, seen = 0, {}
    keys = office.key_list.finder(Purpose.FEED, office.clock())
    while cursor < position:
        page = open_page(sign_page(feed_page(office, cursor, limit), office.signing_key(Purpose.FEED)), keys)
        assert page.after == cursor < page.upto
        seen.update({entry.slot: entry for entry in page.entries})
        cursor = page.upto
    parts = list(snapshot_parts(office, 4))
    slots = [entry.slot for part in parts for entry in part.entries]
    assert slots == sorted(slots)
    assert {entry.slot: entry for part in parts for entry in part.entries} == seen
    assert [part.part for part in parts] == list(range(parts[0].parts))


def test_an_empty_office_has_an_empty_page_and_snapshot(office: Office, clock: Clock) -> None:
    page = feed_page(office, 0)
    assert (page.upto, page.position, page.head, page.time) == (0, 0, GENESIS, clock.now)
    assert [part.entries for part in snapshot_parts(office)] == [()]
