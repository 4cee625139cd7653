"""Statuses to which nothing happened are published anew: in bounded groups, as events, with others' acts between."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest

from central_api.contract.feed import Entry
from central_api.contract.keylist import Purpose
from central_api.contract.receipts import receipt_of
from central_api.contract.sealed import open_sealed
from central_api.contract.status import Status, decode_status
from central_api.publish import (
    Intact,
    audit_verify,
    feed_page,
    publish_all,
    publish_pending,
    publisher,
    renew_some,
    renewal,
    renewals_due,
)
from central_api.store import Event, Office, decode_event, open_office
from central_api.store.keyring import read_root_key, revoke, rotate, take_root_key_out
from central_api.store.register import Acted
from central_api.store.renewals import renewals
from central_api.workflow import Action
from tests.central_api.web.running import until

from .conftest import CHAIN

GROUP = 3


@pytest.fixture(autouse=True)
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publisher, "MOST_OF_ONE_EVENT", GROUP)


def submit(office: Office) -> str:
    return office.submit("work_permits", "renewal", region="beirut", phone=None).tracking


def some(office: Office, count: int = 10) -> list[str]:
    trackings = [submit(office) for _ in range(count)]
    publish_pending(office)
    return trackings


def revoke_receipt_key(office: Office, tmp_path: Path) -> int:
    """Revoke the receipt key in use, as `keys revoke` does; returns its number."""
    root = tmp_path / "root.pem"
    take_root_key_out(office.data, root)
    number = office.signing_key(Purpose.RECEIPT).key_id
    revoke(office.data, number, read_root_key(root), office.clock())
    office.keyring.refresh()
    return number


def opened(office: Office, tracking: str) -> tuple[int, Status]:
    """Open what lies at an application's slot. Refused, as at a terminal, if its receipt's key is revoked."""
    filed = office.known(tracking)
    sealed = office.sealed_at(filed.slot)
    assert isinstance(sealed, bytes)
    version, plain = open_sealed(sealed, office.slip_key(filed))
    receipt_of(plain, version, office.key_list.finder(Purpose.RECEIPT, office.clock()))
    return version, decode_status(plain)


def events(office: Office, action: Action) -> list[Event]:
    bodies = office.reader().execute("SELECT body FROM event ORDER BY seq").fetchall()
    return [event for (body,) in bodies if (event := decode_event(body)).act.action is action]


def holds(office: Office) -> bool:
    return isinstance(audit_verify(office), Intact)


def most_of_one_version(entries: tuple[Entry, ...]) -> int:
    return max(Counter(entry.version for entry in entries).values())


def test_what_a_revoked_key_signed_is_published_anew(office: Office, tmp_path: Path) -> None:
    trackings = some(office)
    before = {tracking: opened(office, tracking) for tracking in trackings}
    number = revoke_receipt_key(office, tmp_path)
    assert renewals_due(office, office.reader())
    told: list[int] = []
    assert publish_all(office, lambda renewal: told.append(renewal.left)).position == 14
    assert told == [7, 4, 1, 0]
    for tracking in trackings:
        version, status = opened(office, tracking)
        was, said = before[tracking]
        assert version > was
        assert status.receipt is not None
        assert status.receipt.key_id != number
        # Nothing happened to the application: only version and receipt are others.
        assert (status.changed, status.since, status.steps) == (said.changed, said.since, said.steps)
    renewed = events(office, Action.RENEW)
    assert [tracking for event in renewed for tracking in event.renewed] == trackings
    assert {event.revoked for event in renewed} == {number}
    assert most_of_one_version(feed_page(office, 0).entries) == GROUP
    assert holds(office)
    assert not renewals_due(office, office.reader())
    assert publish_all(office).count == 0


def test_between_two_groups_others_acts_are_published(office: Office, tmp_path: Path) -> None:
    trackings = some(office)
    revoke_receipt_key(office, tmp_path)
    for tracking in reversed(trackings[-4:]):
        assert renew_some(office)
        assert holds(office), "recorded, and still to be published"
        office.act(tracking, "accept", role="registry")
        position = publish_pending(office).position
        assert opened(office, tracking)[0] == position, "the act comes right behind the group"
        assert holds(office)
    assert publish_all(office).count == 0
    renewed = Counter(tracking for event in events(office, Action.RENEW) for tracking in event.renewed)
    assert set(renewed.values()) == {1}
    # What was published under the present key meanwhile needs no more.
    assert set(trackings) - set(renewed) == set(trackings[-2:])
    assert [opened(office, tracking)[1].current for tracking in trackings[-4:]] == [1] * 4


def acted_at_the_first(
    monkeypatch: pytest.MonkeyPatch,
    office: Office,
    function: tuple[object, str],
    act: Callable[[], "Future[Acted] | Future[int]"],
) -> list[tuple[int, set[int]]]:
    """Act in the moment in which a function is called first.

    Returns, once that is durable: how often it had been called by then, and the versions that terminals were told.
    """
    calls, told, called = list[int](), list[tuple[int, set[int]]](), getattr(*function)

    def spied(*values: object, **named: object) -> object:
        calls.append(1)
        if len(calls) == 1:
            act().add_done_callback(
                lambda _: told.append((len(calls), {entry.version for entry in feed_page(office, 0).entries}))
            )
        return called(*values, **named)

    monkeypatch.setattr(*function, spied)
    return told


def test_an_act_waits_for_one_seal_and_not_for_those_of_a_whole_group(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five hundred were one transaction: whoever came meanwhile waited for all of them."""
    first, second, third = some(office, GROUP)
    revoke_receipt_key(office, tmp_path)
    renew_some(office)
    told = acted_at_the_first(
        monkeypatch, office, (publisher, "seal_status"), lambda: office.queue_act(first, "accept", role="registry")
    )
    assert publish_pending(office).position == GROUP + 2
    assert told == [(1, {1, 2, 3})], "nothing of the group is told before all of it is"
    # What was acted upon meanwhile is told with that act.
    assert [opened(office, tracking)[0] for tracking in (first, second, third)] == [5, 4, 4]
    assert holds(office)


def test_a_round_that_is_over_ends_with_the_group_at_hand(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sealed is not kept for the next round: where acts come on and on, none would get to the group's end."""
    some(office, GROUP)
    revoke_receipt_key(office, tmp_path)
    renew_some(office)
    acted_at_the_first(monkeypatch, office, (publisher, "seal_status"), lambda: office.execute_write(lambda _: 0))
    assert publish_pending(office, lambda: False).position == GROUP + 1


def test_what_was_sealed_before_a_key_was_revoked_is_sealed_anew(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trackings = some(office, GROUP)
    revoke_receipt_key(office, tmp_path)
    renew_some(office)
    acted_at_the_first(
        monkeypatch,
        office,
        (publisher, "seal_status"),
        lambda: office.execute_write(lambda _: revoke_receipt_key(office, tmp_path)),
    )
    publish_pending(office)
    # Each is refused where its receipt's key is revoked.
    assert {opened(office, tracking)[0] for tracking in trackings} == {GROUP + 1}
    assert holds(office)


def test_an_act_waits_for_one_look_and_not_for_those_of_a_whole_group(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trackings = some(office, GROUP)
    revoke_receipt_key(office, tmp_path)
    told = acted_at_the_first(
        monkeypatch,
        office,
        (renewal, "open_sealed"),
        lambda: office.queue_act(trackings[-1], "accept", role="registry"),
    )
    renew_some(office)
    until(lambda: bool(told))
    assert told[0][0] == 1
    publish_all(office)
    assert [event.renewed for event in events(office, Action.RENEW)] == [tuple(trackings[:1]), tuple(trackings[1:2])]
    assert all(opened(office, tracking) for tracking in trackings)
    assert holds(office)


def test_only_what_the_revoked_key_signed_is_published_anew(office: Office, tmp_path: Path) -> None:
    old = some(office, 2)
    office.reissue(old[0])
    publish_pending(office)
    number = office.signing_key(Purpose.RECEIPT).key_id
    root = tmp_path / "root.pem"
    take_root_key_out(office.data, root)
    rotate(office.data, Purpose.RECEIPT, read_root_key(root), office.clock())
    new = some(office, 2)
    versions = {tracking: opened(office, tracking)[0] for tracking in new}
    revoke(office.data, number, read_root_key(root), office.clock())
    publish_all(office)
    assert [event.renewed for event in events(office, Action.RENEW)] == [tuple(old)]
    assert {tracking: opened(office, tracking)[0] for tracking in new} == versions
    assert holds(office)


def test_revoked_again_before_the_first_pass_is_through(office: Office, tmp_path: Path) -> None:
    trackings = some(office)
    revoke_receipt_key(office, tmp_path)
    renew_some(office)
    publish_pending(office)
    revoke_receipt_key(office, tmp_path)
    publish_all(office)
    assert all(opened(office, tracking) for tracking in trackings)
    assert holds(office)
    assert [renewal.left for renewal in renewals(office.reader())] == [0, 0]


def test_an_office_open_since_before_signs_nothing_more_under_a_revoked_key(office: Office, tmp_path: Path) -> None:
    with open_office(office.data, clock=office.clock) as import_that_runs:
        submit(import_that_runs)
        publish_pending(import_that_runs)
        revoke_receipt_key(office, tmp_path)
        publish_all(office)
        late = submit(import_that_runs)
        publish_pending(import_that_runs)
        assert opened(office, late)
    assert not renewals_due(office, office.reader())


def test_a_status_that_was_changed_behind_our_back_is_left_for_the_audit_to_name(
    office: Office, tmp_path: Path
) -> None:
    tracking = some(office, 1)[0]
    slot = office.known(tracking).slot
    office.execute_write(lambda c: c.execute("UPDATE sealed SET sealed = zeroblob(293) WHERE slot = ?", (slot,)))
    revoke_receipt_key(office, tmp_path)
    publish_all(office)
    assert events(office, Action.RENEW) == []
    assert not holds(office)


def test_many_files_of_a_suspended_unit_share_no_version(office: Office) -> None:
    trackings = some(office)
    office.suspend_unit("registry", "beirut")
    publish_all(office)
    entries = feed_page(office, 0).entries
    assert (len(entries), most_of_one_version(entries)) == (10, GROUP)
    assert all(opened(office, tracking)[1].steps[0].suspended_since == office.clock() for tracking in trackings)
    assert len(events(office, Action.SUSPEND)) == 1
    assert holds(office)
    office.resume_unit("registry", "beirut")
    publish_all(office)
    assert all(opened(office, tracking)[1].steps[0].suspended_since is None for tracking in trackings)
    assert holds(office)


def test_a_page_never_holds_more_than_was_asked_for_and_one_events_statuses(office: Office) -> None:
    some(office, 25)
    office.suspend_unit("registry", "beirut")
    position, cursor = publish_all(office).position, 0
    while cursor < position:
        page = feed_page(office, cursor, limit=4)
        assert len(page.entries) < 4 + GROUP
        cursor = page.upto


def test_a_unit_that_works_again_before_all_were_told_that_it_does_not(office: Office) -> None:
    trackings = some(office)
    office.suspend_unit("registry", "beirut")
    publish_pending(office)
    assert holds(office), "suspended, and nobody told yet"
    for _ in range(2):
        renew_some(office)
        publish_pending(office)
        assert holds(office), "some are told, some not"
    office.act(trackings[-1], "accept", role="registry", acting=True)
    office.act(trackings[0], "return", role="registry", reasons=["document_missing"], acting=True)
    office.resume_unit("registry", "beirut")
    assert holds(office)
    publish_all(office)
    assert all(opened(office, tracking)[1].steps[0].suspended_since is None for tracking in trackings)
    assert holds(office)


def test_a_file_that_comes_while_the_others_are_told_is_told_with_its_own_event(office: Office) -> None:
    some(office)
    office.suspend_unit("registry", "beirut")
    publish_pending(office)
    renew_some(office)
    late = submit(office)
    publish_pending(office)
    assert opened(office, late)[1].steps[0].suspended_since is not None
    publish_all(office)
    assert holds(office)


def test_a_status_of_a_version_that_no_event_gave_it_is_found(office: Office) -> None:
    first, *_others = some(office, 2 * GROUP)
    for role in CHAIN[:1]:
        office.act(first, "approve", role=role)
    office.suspend_unit("registry", "beirut")
    publish_all(office)
    assert holds(office)
    body = office.reader().execute("SELECT max(position) FROM event").fetchone()[0]
    filed = office.known(first)
    head = office.reader().execute("SELECT head FROM event WHERE position = ?", (body,)).fetchone()[0]
    sealed = publisher.seal_status(office, filed, body, head, suspended={}, usual={})
    sql = "UPDATE sealed SET version = ?, sealed = ? WHERE slot = ?"
    office.execute_write(lambda c: c.execute(sql, (body, sealed, filed.slot))).result()
    assert not holds(office)
