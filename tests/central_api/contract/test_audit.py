"""The audit chain."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from central_api.contract.audit import GENESIS, SALT_BYTES, next_head, personal_digest

from .strategies import blobs

events = st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=6)


def head_of(chain: list[bytes]) -> bytes:
    head = GENESIS
    for event in chain:
        head = next_head(head, event)
    return head


def test_the_chain_starts_from_zeros():
    assert head_of([b"first"]) == sha256(bytes(32) + b"first").digest()


@given(events, st.data())
def test_no_event_is_altered_dropped_moved_or_added_unseen(chain, data):
    at = data.draw(st.integers(0, len(chain) - 1))
    other = data.draw(st.binary(max_size=40).filter(lambda event: event != chain[at]))
    altered = [*chain[:at], other, *chain[at + 1 :]]
    for forged in (altered, chain[:at] + chain[at + 1 :], chain[::-1], [*chain, other]):
        assert forged == chain or head_of(forged) != head_of(chain)


@given(blobs[SALT_BYTES], st.text())
def test_a_personal_value_stands_in_an_event_under_its_salt(salt, value):
    digest = personal_digest(salt, value)
    assert digest == sha256(salt + value.encode()).digest()
    assert personal_digest(bytes(SALT_BYTES), value) != digest or salt == bytes(SALT_BYTES)
