"""Feed pages, snapshots, key lists and times: signed for one purpose, refused whole."""

import io
from dataclasses import replace

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_api.contract import cbor, signed
from central_api.contract.errors import Refused
from central_api.contract.feed import Entry, FeedPage, PageKind, Tombstone, open_page, sign_page
from central_api.contract.keylist import KeyList, ListedKey, Purpose, open_key_list, sign_key_list
from central_api.contract.signed import Domain, SigningKey, open_signed, sign
from central_api.contract.snapshot import MAX_PART_BYTES, frame_part, read_parts
from central_api.contract.times import open_time, sign_time

from .strategies import (
    FEED_KEY,
    OTHER_KEY,
    RECEIPT_KEY,
    ROOT_KEY,
    blobs,
    every_spoiling,
    key_lists,
    pages,
    public_of,
    spoiled,
    uint64,
)

NONCE = bytes(range(16))
ROOT = ROOT_KEY.public
PAGE = FeedPage(
    ministry="labour",
    kind=PageKind.FEED,
    after=10,
    upto=12,
    time=1_790_000_000,
    position=12,
    head=bytes(32),
    entries=(Entry(11, bytes(16), b"sealed"), Entry(12, bytes(16), Tombstone.REISSUED)),
)
LIST = KeyList(
    3,
    (
        ListedKey(1, Purpose.FEED, FEED_KEY.public, 100, 200),
        ListedKey(2, Purpose.RECEIPT, RECEIPT_KEY.public, 100, 200, revoked=True),
    ),
)
KEY_OF = LIST.finder(Purpose.FEED, 150)


@given(pages())
def test_a_page_is_read_back(page):
    assert open_page(sign_page(page, FEED_KEY), KEY_OF) == page


@given(key_lists)
def test_a_key_list_is_read_back(keys):
    assert open_key_list(sign_key_list(keys, ROOT_KEY), ROOT) == keys


@given(uint64, blobs[16])
def test_a_time_is_read_back(seconds, nonce):
    assert open_time(sign_time(seconds, nonce, FEED_KEY), nonce, KEY_OF) == seconds


OPENERS = {
    "page": (sign_page(PAGE, FEED_KEY), lambda data: open_page(data, KEY_OF)),
    "keys": (sign_key_list(LIST, ROOT_KEY), lambda data: open_key_list(data, ROOT)),
    "time": (sign_time(1_790_000_000, NONCE, FEED_KEY), lambda data: open_time(data, NONCE, KEY_OF)),
}


@pytest.mark.parametrize(("whole", "opened"), OPENERS.values(), ids=OPENERS)
def test_every_single_bit_counts(whole, opened):
    opened(whole)
    for spoilt in every_spoiling(whole):
        with pytest.raises(Refused):
            opened(spoilt)


@given(st.sampled_from(sorted(OPENERS)), st.data())
def test_a_spoiled_one_is_refused(name, data):
    whole, opened = OPENERS[name]
    with pytest.raises(Refused):
        opened(data.draw(spoiled(whole)))


@pytest.mark.parametrize("more", [{4: 1}, {0: b""}])
def test_nothing_travels_beside_the_signature(more):
    envelope = cbor2.loads(sign_page(PAGE, FEED_KEY))
    with pytest.raises(Refused):
        open_page(cbor.encode({**envelope, **more}), KEY_OF)


@pytest.mark.parametrize("domain", [domain for domain in Domain if domain is not Domain.FEED])
def test_what_is_signed_for_one_purpose_is_worth_nothing_for_another(domain):
    body = cbor2.loads(sign_page(PAGE, FEED_KEY))[1]
    with pytest.raises(Refused):
        open_page(sign(domain, body, FEED_KEY), KEY_OF)


def test_another_key_under_the_same_number_is_refused():
    with pytest.raises(Refused):
        open_page(sign_page(PAGE, SigningKey(1, OTHER_KEY.private)), KEY_OF)
    with pytest.raises(Refused):
        open_signed(Domain.FEED, sign_page(PAGE, FEED_KEY), lambda _: b"no key of 32 bytes")


@pytest.mark.parametrize(
    "changes",
    [
        {"after": 13},
        {"upto": 13},
        {"after": 11},
        {"upto": 11, "position": 11},
        {"part": 1},
        {"parts": 2},
        {"kind": PageKind.SNAPSHOT, "part": 2, "parts": 2},
        {"parts": 0},
        {"head": bytes(31)},
        {"kind": 3},
        {"time": -1},
        {"entries": (Entry(11, bytes(15), b""),)},
    ],
    ids=str,
)
def test_a_page_that_contradicts_itself_is_refused(changes):
    with pytest.raises(Refused):
        open_page(sign_page(replace(PAGE, **changes), FEED_KEY), KEY_OF)


BODY = cbor2.loads(cbor2.loads(sign_page(PAGE, FEED_KEY))[1])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        cbor.encode([]),
        *(cbor.encode({key: value for key, value in BODY.items() if key != missing}) for missing in BODY),
        cbor.encode({**BODY, 1: b"labour"}),
        cbor.encode({**BODY, 8: [[11, bytes(16)]]}),
        cbor.encode({**BODY, 8: [[11, bytes(16), 3]]}),
        cbor.encode({**BODY, 8: [[11, bytes(16), "sealed"]]}),
    ],
)
def test_a_signed_body_of_another_shape_is_refused(body):
    with pytest.raises(Refused):
        open_page(sign(Domain.FEED, body, FEED_KEY), KEY_OF)


def test_a_page_of_a_later_edition_is_read():
    data = sign(Domain.FEED, cbor.encode({**BODY, 11: "more"}), FEED_KEY)
    assert open_page(data, KEY_OF) == PAGE


def test_an_entry_does_not_show_its_status():
    assert "sealed" not in repr(PAGE.entries[0])


# Key lists


@pytest.mark.parametrize(
    ("key_id", "purpose", "at", "found"),
    [
        (1, Purpose.FEED, 100, True),
        (1, Purpose.FEED, 200, True),
        (1, Purpose.FEED, 99, False),
        (1, Purpose.FEED, 201, False),
        (1, Purpose.RECEIPT, 150, False),
        (2, Purpose.RECEIPT, 150, False),
        (4, Purpose.FEED, 150, False),
        (0, Purpose.FEED, 150, False),
    ],
)
def test_a_key_signs_for_its_purpose_in_its_time(key_id, purpose, at, found):
    find = LIST.finder(purpose, at)
    if found:
        assert find(key_id) == FEED_KEY.public
        return
    with pytest.raises(Refused):
        find(key_id)


def signed_list(*rows, number=3, root=ROOT_KEY) -> bytes:
    return sign(Domain.KEYS, cbor.encode({1: number, 2: list(rows)}), root)


ROW = [1, 1, bytes(32), 100, 200, 0]


@pytest.mark.parametrize(
    "data",
    [
        signed_list(ROW, [1, 2, bytes([1] * 32), 100, 200, 0]),
        signed_list(ROW, [2, 1, bytes(32), 100, 200, 0]),
        signed_list([0, *ROW[1:]]),
        signed_list([256, *ROW[1:]]),
        signed_list([*ROW[:2], bytes(31), *ROW[3:]]),
        signed_list([*ROW[:5], 2]),
        signed_list(ROW[:5]),
        signed_list(7),
        signed_list(ROW, number=-1),
        signed_list(ROW, root=FEED_KEY),
        signed_list(ROW, root=SigningKey(0, OTHER_KEY.private)),
        sign(Domain.KEYS, b"", ROOT_KEY),
        sign(Domain.FEED, cbor2.loads(signed_list(ROW))[1], ROOT_KEY),
    ],
)
def test_a_list_that_breaks_a_rule_is_refused(data):
    with pytest.raises(Refused):
        open_key_list(data, ROOT)


def test_a_purpose_of_a_later_edition_does_not_stop_an_older_terminal():
    later = [9, 77, bytes([9] * 32), 100, 200, 0]
    assert open_key_list(signed_list(ROW, later), ROOT) == open_key_list(signed_list(ROW), ROOT)


def test_the_root_key_signs_lists_and_no_list_gives_it():
    assert signed.ROOT_KEY_ID not in {key.key_id for key in open_key_list(sign_key_list(LIST, ROOT_KEY), ROOT).keys}


# Times


@pytest.mark.parametrize(
    "data",
    [
        sign_time(5, bytes(16), FEED_KEY),
        sign_time(5, NONCE[:15], FEED_KEY),
        sign_time(-5, NONCE, FEED_KEY),
        sign(Domain.TIME, cbor.encode({1: 5}), FEED_KEY),
        sign(Domain.TIME, b"\x80", FEED_KEY),
        sign(Domain.FEED, cbor.encode({1: 5, 2: NONCE}), FEED_KEY),
    ],
)
def test_a_time_that_is_no_answer_is_refused(data):
    with pytest.raises(Refused):
        open_time(data, NONCE, KEY_OF)


# Snapshots


def snapshot_of(*parts: FeedPage) -> io.BytesIO:
    return io.BytesIO(b"".join(frame_part(sign_page(part, FEED_KEY)) for part in parts))


def parts_of(page: FeedPage, count: int) -> list[FeedPage]:
    return [replace(page, part=part, parts=count) for part in range(count)]


@given(pages(PageKind.SNAPSHOT), st.integers(1, 4))
def test_a_snapshot_is_read_back(page, count):
    parts = parts_of(replace(page, after=0), count)
    assert list(read_parts(snapshot_of(*parts), public_of(FEED_KEY))) == parts


WHOLE = parts_of(replace(PAGE, kind=PageKind.SNAPSHOT, after=0), 3)


@pytest.mark.parametrize(
    "parts",
    [
        [],
        WHOLE[:2],
        WHOLE[1:],
        [WHOLE[0], WHOLE[2], WHOLE[1]],
        [WHOLE[0], WHOLE[0], WHOLE[1]],
        [*WHOLE, WHOLE[0]],
        [WHOLE[0], replace(WHOLE[1], time=5), WHOLE[2]],
        [WHOLE[0], replace(WHOLE[1], ministry="other"), WHOLE[2]],
        [WHOLE[0], replace(WHOLE[1], head=bytes([1] * 32)), WHOLE[2]],
        [replace(PAGE, after=0)],
        parts_of(replace(PAGE, kind=PageKind.SNAPSHOT), 1),
    ],
)
def test_a_snapshot_that_is_not_whole_and_of_one_piece_is_refused(parts):
    with pytest.raises(Refused):
        list(read_parts(snapshot_of(*parts), KEY_OF))


@given(st.data())
def test_a_spoiled_snapshot_is_refused(data):
    spoilt = data.draw(spoiled(snapshot_of(*WHOLE).getvalue()))
    with pytest.raises(Refused):
        list(read_parts(io.BytesIO(spoilt), KEY_OF))


def test_a_part_longer_than_any_is_not_waited_for():
    file = io.BytesIO((MAX_PART_BYTES + 1).to_bytes(4, "big") + b"x")
    with pytest.raises(Refused):
        next(read_parts(file, KEY_OF))
    assert file.tell() == 4
