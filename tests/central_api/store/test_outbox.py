"""The outbox by itself: one message for each event that asks for one, and what leases, reports and clocks do to it."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central_api.imports import import_file
from central_api.store import ActionRefused, Office, open_office, outbox
from central_api.store.outbox import LEASE_SECONDS, Claimed, Delivery, Kept, Kind
from tests.central_api.notify.offices import CHAIN, completed, how_many, rejected, submitted

PHONE = "+96171123456"


class Clock:
    def __init__(self) -> None:
        self.now = 1_790_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock):
    with open_office(tmp_path / "office", clock=clock) as opened:
        yield opened


def claim(office: Office) -> Claimed | None:
    return office.execute_write(lambda c: outbox.claim(c, office.clock())).result()


def accept(office: Office, claimed: Claimed) -> None:
    office.execute_write(lambda c: outbox.accepted(c, claimed.row, claimed.attempt, office.clock())).result()


def report(office: Office, claimed: Claimed, attempt: int, state: Delivery) -> bool:
    work = office.execute_write(lambda c: outbox.reported(c, claimed.report, attempt, state, office.clock()))
    return work.result()


def put_off(office: Office, claimed: Claimed, waits: tuple[int, ...]) -> None:
    office.execute_write(
        lambda c: outbox.put_off(c, claimed.row, claimed.attempt, why="why", waits=waits, now=office.clock())
    ).result()


def only(office: Office) -> Kept:
    (kept,) = outbox.messages(office.own_reader)
    return kept


def test_only_what_ends_an_application_is_told_and_once(office: Office):
    given = submitted(office)
    for role in CHAIN[:-1]:
        office.act(given.tracking, "approve", role=role)
    assert outbox.messages(office.own_reader) == []
    office.act(given.tracking, "sign", role="minister")
    assert (only(office).kind, only(office).tracking) == (Kind.COMPLETED, given.tracking)
    with pytest.raises(ActionRefused):
        office.act(given.tracking, "sign", role="minister")
    office.reissue(given.tracking)
    assert len(outbox.messages(office.own_reader)) == 1
    rejected(office)
    assert outbox.messages(office.own_reader)[0].kind is Kind.REJECTED


def test_an_act_that_fails_leaves_no_message(office: Office):
    given = submitted(office)
    for role in CHAIN[:-1]:
        office.act(given.tracking, "approve", role=role)
    with pytest.raises(RuntimeError), office.batch():
        office.act(given.tracking, "sign", role="minister")
        raise RuntimeError
    assert outbox.messages(office.own_reader) == []


def test_what_older_systems_report_is_told_unless_it_is_old(office: Office, clock: Clock, tmp_path: Path):
    def row(number: str, action: str, role: str, at: int, **more: object) -> str:
        told = {"system": "legacy_permits", "legacy_number": number, "action": action, "role": role, "region": "beirut"}
        return json.dumps(told | {"at": datetime.fromtimestamp(at, UTC).isoformat(), **more})

    intake = {"family": "work_permits", "kind": "renewal", "phone": PHONE, "language": "fr"}
    rows: list[str] = []
    for number, ended in (("old", clock.now - outbox.ENDING_SECONDS - 1), ("new", clock.now - 60)):
        rows.append(row(number, "submit", "intake", ended - 10, **intake))
        rows.append(row(number, "reject", "registry", ended, reasons=["fees_unpaid"]))
    file = tmp_path / "changes.jsonl"
    file.write_text("\n".join(rows))
    counts = import_file(office, file)
    assert (counts.applied, counts.refused) == (4, 0), (tmp_path / "changes.refused.jsonl").read_text()
    assert only(office).kind is Kind.REJECTED
    assert claim(office).language.name == "FR"
    # The same file again: the same rows, and no second message.
    assert import_file(office, file).unchanged == 4
    assert len(outbox.messages(office.own_reader)) == 1


def test_a_message_is_one_senders_while_its_lease_lasts(office: Office, clock: Clock):
    completed(office)
    first = claim(office)
    assert (first.phone, first.attempt) == (PHONE, 1)
    assert claim(office) is None
    clock.now += LEASE_SECONDS - 1
    assert claim(office) is None
    clock.now += 1
    second = claim(office)
    assert (second.row, second.attempt, second.report) == (first.row, 2, first.report)
    # The one that was thought dead wakes up: what it says of its own attempt counts, and nothing else.
    put_off(office, first, ())
    assert only(office).state is Delivery.QUEUED
    accept(office, first)
    accept(office, second)
    assert (only(office).state, only(office).copies) == (Delivery.SENT, 2)


def test_a_report_ends_what_a_killed_sender_left_behind(office: Office, clock: Clock):
    completed(office)
    killed = claim(office)
    assert report(office, killed, 1, Delivery.SENT)
    clock.now += LEASE_SECONDS
    assert claim(office) is None
    assert (only(office).state, only(office).copies) == (Delivery.SENT, 1)


@pytest.mark.parametrize(
    ("reports", "state"),
    [
        ((Delivery.SENT, Delivery.DELIVERED), Delivery.DELIVERED),
        ((Delivery.DELIVERED, Delivery.SENT), Delivery.DELIVERED),
        ((Delivery.SENT, Delivery.FAILED), Delivery.FAILED),
        ((Delivery.FAILED, Delivery.SENT), Delivery.FAILED),
        ((Delivery.DELIVERED, Delivery.FAILED), Delivery.DELIVERED),
        ((Delivery.FAILED, Delivery.DELIVERED), Delivery.DELIVERED),
    ],
)
def test_reports_come_in_any_order(office: Office, reports, state):
    completed(office)
    sent = claim(office)
    accept(office, sent)
    for each in reports:
        assert report(office, sent, 1, each)
    assert only(office).state is state
    assert claim(office) is None


def test_a_report_on_an_attempt_that_never_was_is_passed_over(office: Office):
    completed(office)
    sent = claim(office)
    assert not report(office, sent, 2, Delivery.DELIVERED)
    assert not report(office, sent, 0, Delivery.DELIVERED)
    assert only(office).state is Delivery.QUEUED


def test_the_failure_of_an_earlier_attempt_is_not_that_of_a_later(office: Office, clock: Clock):
    completed(office)
    first = claim(office)
    put_off(office, first, (60,))
    assert claim(office) is None
    clock.now += 60
    second = claim(office)
    assert report(office, second, 1, Delivery.FAILED)
    assert only(office).state is Delivery.QUEUED
    accept(office, second)
    assert report(office, second, 2, Delivery.DELIVERED)
    assert (only(office).state, only(office).why) == (Delivery.DELIVERED, "")


def test_what_is_in_vain_too_often_is_given_up_and_staff_may_try_again(office: Office, clock: Clock):
    completed(office)
    for wait in (60, 300, 0):
        put_off(office, claim(office), (60, 300))
        clock.now += wait
    assert (only(office).state, only(office).why) == (Delivery.GIVEN_UP, "why")
    office.execute_write(lambda c: outbox.retry(c, only(office).row, clock.now)).result()
    again = claim(office)
    assert again.attempt == 4
    accept(office, again)
    with pytest.raises(ActionRefused):
        office.execute_write(lambda c: outbox.retry(c, again.row, clock.now)).result()
    with pytest.raises(ActionRefused):
        office.execute_write(lambda c: outbox.retry(c, 99, clock.now)).result()


def test_senders_that_die_of_a_message_each_time_leave_it_in_the_end(office: Office, clock: Clock):
    completed(office)
    for _ in range(outbox.MOST_STEPS):
        assert claim(office) is not None
        clock.now += LEASE_SECONDS
    assert claim(office) is None
    assert only(office).state is Delivery.GIVEN_UP


def test_a_gateway_that_is_away_for_long_costs_a_message_none_of_its_attempts(office: Office, clock: Clock):
    completed(office)
    for _ in range(200):
        tried = claim(office)
        office.execute_write(lambda c, tried=tried: outbox.give_back(c, tried.row, tried.attempt, "away")).result()
        clock.now += 60
    assert (only(office).state, only(office).attempts, only(office).why) == (Delivery.QUEUED, 0, "away")


def test_what_comes_too_late_is_not_sent(office: Office, clock: Clock):
    completed(office)
    clock.now += outbox.ENDING_SECONDS
    assert claim(office) is None
    assert (only(office).state, only(office).why) == (Delivery.GIVEN_UP, "too_late")


def test_a_clock_that_was_set_back_lets_nothing_wait_for_days(office: Office, clock: Clock):
    clock.now += 40 * 86_400
    completed(office)
    put_off(office, claim(office), (3600,))
    assert not outbox.anything_due(office.own_reader, clock.now)
    # What was put off by a clock that was weeks ahead is due at once; what by one that was minutes ahead, in an hour.
    clock.now -= 40 * 86_400
    assert outbox.anything_due(office.own_reader, clock.now)
    put_off(office, claim(office), (3600, 3600))
    clock.now -= 300
    assert outbox.anything_due(office.own_reader, clock.now)
    assert claim(office) is not None
    assert claim(office) is None


def test_somebody_who_left_no_phone_is_known_to_be_untold(office: Office):
    completed(office, None)
    assert claim(office) is None
    assert (only(office).state, only(office).why) == (Delivery.FAILED, "no_phone")


def test_a_phone_that_was_erased_or_changed_is_not_called(office: Office):
    completed(office)
    completed(office)
    with sqlite3.connect(office.data / "office.db") as register:
        first, second = register.execute("SELECT event FROM personal WHERE field = 1 ORDER BY event").fetchall()
        register.execute("DELETE FROM personal WHERE event = ?", first)
        register.execute("UPDATE personal SET value = '+96170000000' WHERE field = 1 AND event = ?", second)
    assert claim(office) is None
    assert how_many(office, Delivery.FAILED) == 2


def test_a_code_goes_before_everything_else(office: Office):
    given = submitted(office)
    for _ in range(3):
        completed(office)
    row = office.known(given.tracking).row
    office.execute_write(lambda c: outbox.put(c, [outbox.message_row(1, row, Kind.CODE, 0, b"x")])).result()
    with pytest.raises(ActionRefused, match="one-time code"):
        office.execute_write(lambda c: outbox.retry(c, outbox.messages(c)[0].row, 0)).result()
    claimed = claim(office)
    assert claimed.kind is not Kind.CODE  # it was made in 1970: too late
    office.execute_write(
        lambda c: outbox.put(c, [outbox.message_row(2, row, Kind.CODE, office.clock(), b"secret")])
    ).result()
    claimed = claim(office)
    assert (claimed.kind, claimed.secret) == (Kind.CODE, b"secret")
    accept(office, claimed)
    with sqlite3.connect(office.data / "office.db") as register:
        assert register.execute("SELECT count(*) FROM message WHERE secret IS NOT NULL").fetchone() == (0,)
    assert PHONE not in repr(claimed)
    assert b"secret" not in repr(claimed).encode()


def test_no_event_has_two_messages(office: Office):
    completed(office)
    with sqlite3.connect(office.data / "office.db") as register:
        (event,) = register.execute("SELECT event FROM message").fetchone()
    with pytest.raises(sqlite3.IntegrityError):
        office.execute_write(lambda c: outbox.put(c, [outbox.message_row(event, 1, Kind.COMPLETED, 0)])).result()


STEP = st.sampled_from(["claim", "accept", "away", "unsure", "sent", "delivered", "failed", "wait", "back"])


@settings(max_examples=15, deadline=None)
@given(st.lists(STEP, max_size=25))
def test_whatever_happens_a_message_is_somewhere_and_never_comes_back_from_the_phone(tmp_path_factory, steps):
    clock, last, delivered = Clock(), None, False
    with open_office(tmp_path_factory.mktemp("any") / "office", clock=clock) as office:
        completed(office)
        taken: set[int] = set()
        for step in steps:
            if step == "claim":
                last = claim(office) or last
            elif step in ("wait", "back"):
                clock.now += LEASE_SECONDS if step == "wait" else -LEASE_SECONDS
            elif last is None:
                continue
            elif step == "accept":
                accept(office, last)
                taken.add(last.attempt)
            elif step == "away":
                attempt = last.attempt
                office.execute_write(lambda c, it=last: outbox.give_back(c, it.row, it.attempt, "away")).result()
                if only(office).attempts < attempt:
                    last = None
            elif step == "unsure":
                put_off(office, last, (120, 1800))
            else:
                state = Delivery[step.upper()]
                if report(office, last, last.attempt, state) and state is not Delivery.FAILED:
                    taken.add(last.attempt)
                delivered |= state is Delivery.DELIVERED
            kept = only(office)
            assert kept.copies == len(taken)
            if delivered:
                assert kept.state is Delivery.DELIVERED
                assert claim(office) is None
