"""The content, the count of readers and the call for help, as bytes."""

from dataclasses import replace

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_api.contract import content, content_bytes, help_calls, readers
from central_api.contract.errors import ContractError, Refused
from central_api.contract.signed import Domain, sign

from .strategies import FEED_KEY, OTHER_KEY, public_of, uint16, uint32, uint64
from .test_terminals import days

words = st.text(min_size=1, max_size=40).filter(lambda text: text.strip() != "")
texts = st.builds(content.Text, words, words, words, am=st.just("") | words, fil=st.just("") | words)
week = st.none() | st.tuples(*[days] * 7)
keys = st.from_regex(r"\A[a-z][a-z0-9_]{0,31}\Z")
lines = st.lists(st.builds(content.FeeLine, texts, st.integers(0, 2**53 - 1)), min_size=1, max_size=3).map(tuple)
fees = st.lists(st.builds(content.Fee, uint32, lines), max_size=3, unique_by=lambda fee: fee.since).map(
    lambda made: tuple(sorted(made, key=lambda fee: fee.since))
)
services = st.builds(
    content.Service,
    family=uint16,
    kind=uint16,
    documents=st.lists(uint16, max_size=4).map(tuple),
    fees=fees,
    steps=st.lists(texts, max_size=2).map(tuple),
    opens=st.none() | uint32,
    usual=st.none() | st.tuples(uint16, uint16).map(lambda days: (min(days), max(days))),
)
topics = st.builds(
    content.Topic,
    keys,
    texts,
    st.lists(texts, min_size=1, max_size=2).map(tuple),
    st.just(()) | st.just((("ar", "a.ogg"), ("fr", "b.ogg"))),
)
places = st.builds(
    content.Place,
    st.sampled_from(content.Use),
    texts,
    st.sampled_from(["", "3", "12b"]),
    st.none() | texts,
    week,
    st.sampled_from(["", "+9611540114"]),
    st.none() | uint16,
)
contents = st.builds(
    content.Content,
    number=uint64,
    effective=uint64,
    services=st.lists(services, max_size=2, unique_by=lambda one: (one.family, one.kind)).map(tuple),
    documents=st.lists(
        st.builds(
            content.Document, uint16, texts, st.none() | st.sampled_from(content.Picture), st.none() | st.booleans()
        ),
        max_size=2,
        unique_by=lambda one: one.code,
    ).map(tuple),
    rights=st.lists(topics, max_size=2, unique_by=lambda one: one.key).map(tuple),
    places=st.lists(places, max_size=2).map(tuple),
    objections=st.lists(
        st.builds(
            content.Objection,
            st.lists(texts, min_size=1, max_size=2).map(tuple),
            st.none() | st.integers(0, 3660),
            st.none() | uint16,
        ),
        max_size=2,
    ).map(tuple),
    draft=st.booleans(),
)
SAID = content.Text("قول", "dit", "said")
SMALL = content.Content(7, 1, (content.Service(1, 3, (1, 3), opens=5),), (content.Document(3, SAID),))


def signed(made: content.Content) -> bytes:
    return content_bytes.sign_content(content_bytes.encode_content(made), FEED_KEY)


@given(contents)
def test_content_is_read_back(made):
    assert content_bytes.open_content(signed(made), public_of(FEED_KEY)) == made
    with pytest.raises(Refused):
        content_bytes.open_content(signed(made), public_of(OTHER_KEY))


@given(st.integers(0, len(signed(SMALL)) * 8 - 1))
def test_any_bit_of_content_flipped_is_refused(bit):
    flipped = bytearray(signed(SMALL))
    flipped[bit // 8] ^= 1 << bit % 8

    def only_this(key_id: int) -> bytes:
        if key_id != FEED_KEY.key_id:
            raise Refused("an unknown key")
        return FEED_KEY.public

    with pytest.raises(Refused):
        content_bytes.open_content(bytes(flipped), only_this)


def test_settings_are_no_content():
    with pytest.raises(Refused):
        content_bytes.open_content(
            sign(Domain.SETTINGS, content_bytes.encode_content(SMALL), FEED_KEY), public_of(FEED_KEY)
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"services": (content.Service(1, 1), content.Service(1, 1))},
        {"services": (content.Service(1, 1, usual=(3, 2)),)},
        {"services": (content.Service(1, 1, fees=(content.Fee(1, ()),)),)},
        {
            "services": (
                content.Service(
                    1,
                    1,
                    fees=(content.Fee(9, (content.FeeLine(SAID, 1),)), content.Fee(1, (content.FeeLine(SAID, 1),))),
                ),
            )
        },
        {"services": tuple(content.Service(1, kind) for kind in range(201))},
        {"documents": (content.Document(1, content.Text("أ", "", "a")),)},
        {"documents": (content.Document(1, content.Text("أ", " ", "a")),)},
        {"documents": (content.Document(1, SAID), content.Document(1, SAID))},
        {"documents": (content.Document(1, content.Text("أ" * 601, "b", "c")),)},
        {"rights": (content.Topic("Wages", SAID, (SAID,)),)},
        {"rights": (content.Topic("wages", SAID, ()),)},
        {"rights": (content.Topic("wages", SAID, (SAID,), (("ar", "../a.ogg"),)),)},
        {"places": (content.Place(content.Use.HELP, SAID, phone="01 540114"),)},
        {"places": (content.Place(content.Use.HELP, SAID, counter="number 12"),)},
        {"objections": (content.Objection(()),)},
        {"number": 2**64},
    ],
)
def test_content_out_of_range_is_never_written(wrong):
    with pytest.raises(ContractError):
        content_bytes.encode_content(replace(SMALL, **wrong))


def test_content_beyond_its_size_is_never_written_and_never_read():
    long = content.Text("أ" * 600, "b" * 600, "c" * 600)
    many = tuple(content.Topic(f"t{at}", long, (long,) * 20) for at in range(30))
    with pytest.raises(ContractError, match="too large"):
        content_bytes.encode_content(replace(SMALL, rights=many))


def test_what_a_later_edition_adds_is_passed_over():
    body = cbor2.loads(content_bytes.encode_content(SMALL))
    body[99] = "later"
    body[3][0][99] = 1
    body[4][0] |= {3: 200}
    body[4][0][2][9] = "another language"
    body[6] = [{1: 77, 2: {0: "a", 1: "b", 2: "c"}}]
    read = content_bytes.decode_content(cbor2.dumps(body, canonical=True))
    assert read == SMALL


def test_the_newest_fee_whose_day_has_come_counts():
    old, new = (content.Fee(day, (content.FeeLine(SAID, day),)) for day in (100, 200))
    service = content.Service(1, 3, fees=(old, new))
    assert [service.fee_on(day) for day in (99, 100, 199, 200, 9999)] == [None, old, old, new, new]


def test_a_regions_own_counter_comes_before_the_one_for_all():
    everywhere, north = (content.Place(content.Use.DOCUMENTS, SAID, region=region) for region in (None, 3))
    made = replace(SMALL, places=(everywhere, north))
    assert made.place(content.Use.DOCUMENTS, 3) is north
    assert made.place(content.Use.DOCUMENTS, 1) is everywhere
    assert made.place(content.Use.HELP) is None


rows = st.lists(st.tuples(keys, st.integers(0, 255), uint32), max_size=5, unique_by=lambda row: row[:2]).map(tuple)


@given(st.builds(readers.Readers, st.binary(min_size=8, max_size=8), rows))
def test_counts_are_read_back(made):
    assert readers.decode_readers(readers.encode_readers(made)) == made


@pytest.mark.parametrize("wrong", [(("a", 0, 1), ("a", 0, 2)), (("A", 0, 1),), (("a", 256, 1),), (("a", 0, -1),)])
def test_counts_that_cannot_be_are_never_written(wrong):
    with pytest.raises(ContractError):
        readers.encode_readers(readers.Readers(bytes(8), wrong))


@given(st.binary(min_size=16, max_size=16), st.integers(0, 86_400), st.sampled_from(help_calls.HelpState))
def test_a_call_and_its_answer_are_read_back(call, waited, state):
    made = help_calls.HelpCall(call, waited)
    assert help_calls.decode_call(help_calls.encode_call(made)) == made
    assert help_calls.decode_help_state(help_calls.encode_help_state(state)) is state


def test_a_state_that_is_none_is_refused():
    with pytest.raises(ContractError):
        help_calls.decode_help_state(cbor2.dumps({1: 9}))
    with pytest.raises(ContractError):
        help_calls.decode_call(bytes(65))
