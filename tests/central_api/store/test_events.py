"""Events: one encoding each, and no bytes that raise anything but the contract's own error."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_api.contract import cbor
from central_api.contract.errors import ContractError
from central_api.store import Event, decode_event, encode_event
from central_api.workflow import Act, Action, Filing, Role

codes = st.lists(st.integers(0, 500), max_size=4).map(tuple)
times = st.integers(0, 2**32 - 1)
acts = st.builds(
    Act,
    action=st.sampled_from(Action),
    role=st.sampled_from(Role),
    at=times,
    region=st.integers(0, 6),
    acting=st.booleans(),
    reported_by=st.none() | st.integers(0, 99),
    reasons=codes,
    documents=codes,
    deadline=st.none() | times,
    agency=st.none() | st.integers(0, 99),
    well=st.booleans(),
)
filings = st.builds(
    Filing,
    tracking=st.just("26318283312"),
    **dict.fromkeys(("family", "kind", "table", "region", "filed_at", "language"), st.integers(0, 300)),
)
events = st.builds(
    Event,
    act=acts,
    recorded=times,
    tracking=st.just("26318283312"),
    personal=st.dictionaries(st.integers(1, 30), st.binary(min_size=32, max_size=32), max_size=3),
    filing=st.none() | filings,
    issue=st.none() | st.integers(1, 900),
    legacy_number=st.none() | st.text(max_size=20),
    frozen=st.just(()) | st.tuples(times, times),
)


@given(events)
def test_an_event_has_one_encoding_and_it_is_the_deterministic_one(event: Event) -> None:
    data = encode_event(event)
    assert decode_event(data) == event
    assert cbor.encode(cbor.decode(data)) == data


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_the_contracts_error(data: bytes) -> None:
    with contextlib.suppress(ContractError):
        decode_event(data)


@pytest.mark.parametrize("body", [{}, {1: 99, 3: 1, 4: 1, 5: 2}, {1: 1, 3: 1, 4: 1, 5: 31}, {1: 1, 3: -1, 4: 1, 5: 1}])
def test_a_map_that_is_no_event(body: dict[int, object]) -> None:
    with pytest.raises(ContractError):
        decode_event(cbor.encode(body))


def test_an_event_does_not_show_whose_it_is() -> None:
    event = Event(Act(Action.SUBMIT, Role.INTAKE, 1), 1, "26318283312", legacy_number="A-1")
    assert "26318283312" not in repr(event)
    assert "A-1" not in repr(event)


@pytest.mark.parametrize(
    "event",
    [
        Event(Act(Action.RETURN, Role.REGISTRY, 1, deadline=-1), 1),
        Event(Act(Action.RETURN, Role.REGISTRY, 1, reasons=(-1,)), 1),
        Event(Act(Action.RETURN, Role.REGISTRY, 1, documents=(2**64,)), 1),
        Event(Act(Action.DECREE, Role.INTAKE, 1), 1, frozen=(-2, -1)),
    ],
)
def test_what_could_not_be_read_again_is_never_written(event: Event) -> None:
    with pytest.raises(ContractError):
        encode_event(event)
