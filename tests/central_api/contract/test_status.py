"""The status: one spelling, small enough to seal in two blocks at every stage, and open to later editions."""

from dataclasses import replace

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_api.contract import cbor
from central_api.contract.errors import Unreadable
from central_api.contract.receipts import sign_status
from central_api.contract.sealed import seal
from central_api.contract.status import (
    AgencyCheck,
    Language,
    Office,
    Reason,
    ReceiptSeal,
    State,
    Status,
    Step,
    decode_status,
    encode_status,
    status_digest,
)

from .strategies import RECEIPT_KEY, blobs, offices, statuses

DAY = 86_400
FILED = 1_790_000_000
SEALS = st.none() | st.builds(ReceiptSeal, st.integers(0, 255), blobs[16], blobs[64])


@given(statuses, SEALS)
def test_a_status_is_read_back(status, receipt):
    whole = replace(status, receipt=receipt)
    plain = encode_status(whole)
    assert decode_status(plain) == whole
    assert plain == cbor2.dumps(cbor2.loads(plain), canonical=True), "not deterministic CBOR"
    assert status_digest(plain) == status_digest(encode_status(status)), "the digest is that of the unsigned status"


@given(statuses)
def test_where_it_is_now_is_the_first_step_that_is_not_done(status):
    done = [step.when is not None for step in status.steps]
    assert done == [True] * status.current + [False] * (len(done) - status.current)


@given(offices)
def test_an_office_is_one_integer(office):
    assert Office.of(office.code) == office


@given(statuses, SEALS, st.dictionaries(st.integers(16, 99), st.integers(0, 9) | st.text(max_size=5), min_size=1))
def test_a_status_of_a_later_edition_opens_and_is_digested_whole(status, receipt, more):
    whole = replace(status, receipt=receipt)
    plain = cbor.encode({**cbor2.loads(encode_status(whole)), **more})
    assert decode_status(plain) == whole
    unsigned = {key: value for key, value in cbor2.loads(plain).items() if key != 15}
    assert status_digest(plain) == status_digest(cbor.encode(unsigned)) != status_digest(encode_status(whole))


def usual(state: State, done: int, language: Language = Language.AR) -> Status:
    """A status as they usually are, with all that may come together: long ranges, papers missing, checks pending."""
    steps = tuple(
        Step(
            office=Office(role, region=6 if role <= 4 else 0),
            when=FILED + role * DAY if role <= done else None,
            acting=role == 4 and role <= done,
            expected=None if role <= done else (300, 365),
        )
        for role in range(1, 6)
    )
    returned, refused = state is State.RETURNED, state is State.REJECTED
    return Status(
        tracking="99999999990",
        family=3,
        kind=8,
        state=state,
        language=language,
        changed=FILED + 30 * DAY,
        since=FILED + done * DAY,
        filed_at=6,
        steps=steps,
        missing=(9, 10, 11, 12) if returned else (),
        reasons=(Reason(1),) if returned else (Reason(8),) if refused else (),
        deadline=22_000 if returned else None,
        document_waits=state is State.COMPLETED,
        checks=(AgencyCheck(1, FILED), AgencyCheck(2, FILED)) if state is not State.COMPLETED else (),
    )


STAGES = [
    *(usual(State.UNDER_REVIEW, done) for done in range(5)),
    *(usual(State.RETURNED, done) for done in range(5)),
    *(usual(State.REJECTED, done) for done in range(5)),
    usual(State.COMPLETED, 5),
]


def test_a_usual_status_is_small_and_its_size_does_not_tell_the_stage():
    plain = [sign_status(status, 2**40, bytes(32), RECEIPT_KEY) for status in STAGES]
    assert {len(one) // 128 for one in plain} == {1}, sorted(map(len, plain))
    assert {len(seal(one, bytes(16), 2**40, bytes(12))) for one in plain} == {293}


@pytest.mark.parametrize("expected", [[(1, 2)] * 2, [None] * 5], ids=["two expected", "five not expected"])
def test_the_shortest_chains_just_filed_are_of_that_size_too(expected):
    """The shortest that the padding hides: shorter ones would fit one block at their first stage, and tell it."""
    steps = tuple(Step(Office(role), expected=days) for role, days in enumerate(expected, 2))
    status = replace(usual(State.UNDER_REVIEW, 0), filed_at=1, steps=steps, checks=())
    plain = sign_status(replace(status, since=status.changed), 1, bytes(32), RECEIPT_KEY)
    assert 128 <= len(plain) <= 135


def test_all_five_steps_reported_by_an_older_system_and_suspended_still_fit():
    """The most that is likely at once: a returned file, every done step a report of another system."""
    status = usual(State.RETURNED, 3)
    steps = tuple(replace(step, reported_by=1 if step.when else None) for step in status.steps)
    steps = (*steps[:3], replace(steps[3], suspended_since=FILED), steps[4])
    assert len(sign_status(replace(status, steps=steps), 2**40, bytes(32), RECEIPT_KEY)) <= 255


GOOD = cbor2.loads(encode_status(usual(State.RETURNED, 2)))


@pytest.mark.parametrize(
    "change",
    [
        {1: 10**11},
        {1: -1},
        {1: "26318283312"},
        {2: 2**16},
        {4: 0},
        {4: 99},
        {5: 6},
        {6: 2**32},
        {6: True},
        {7: GOOD[6]},
        {9: []},
        {9: [{1: 1}] * 256},
        {9: [{1: 1}, {1: 2, 2: 5}]},
        {9: [7]},
        {9: [{2: 5}]},
        {9: [{1: 1, 3: False}]},
        {9: [{1: 1, 5: [3, 2]}]},
        {9: [{1: 1, 5: [3]}]},
        {9: {}},
        {10: []},
        {10: [2**16]},
        {11: [[]]},
        {11: [1]},
        {11: [[2**16]]},
        {11: [[1, 2**53]]},
        {12: -1},
        {13: False},
        {13: 1},
        {14: [[1]]},
        {14: [[1, 2**32]]},
        {15: [1, bytes(16)]},
        {15: [256, bytes(16), bytes(64)]},
        {15: [1, bytes(15), bytes(64)]},
        {15: [1, bytes(16), bytes(63)]},
        {-1: 0},
        {99: None},
        {99: 1.5},
    ],
    ids=str,
)
def test_a_field_out_of_its_range_is_refused(change):
    with pytest.raises(Unreadable):
        decode_status(cbor.encode({**GOOD, **change}))


@pytest.mark.parametrize("key", [1, 2, 3, 4, 5, 6, 8, 9])
def test_a_field_that_is_always_there_is_missed(key):
    with pytest.raises(Unreadable):
        decode_status(cbor.encode({known: value for known, value in GOOD.items() if known != key}))


@pytest.mark.parametrize("plain", [b"", b"\x80", b"\xff", cbor.encode([1])])
def test_what_is_no_map_has_no_digest(plain):
    with pytest.raises(Unreadable):
        status_digest(plain)


def test_a_status_does_not_show_its_number():
    assert "99999999990" not in repr(usual(State.RETURNED, 2))
