"""What the contract's values can be, for hypothesis; and the office's keys in these tests."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import strategies as st

from central_api.contract.feed import Entry, FeedPage, PageKind, Tombstone
from central_api.contract.keylist import KeyList, ListedKey, Purpose
from central_api.contract.numbers import new_tracking_number
from central_api.contract.signed import SigningKey
from central_api.contract.slips import Slip
from central_api.contract.status import MAX_ARGUMENT, AgencyCheck, Language, Office, Reason, State, Status, Step

HOST = "follow.labour.example"
HOSTS = (HOST,)
ROOT_KEY = SigningKey(0, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
FEED_KEY = SigningKey(1, Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
RECEIPT_KEY = SigningKey(2, Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34))))
OTHER_KEY = SigningKey(3, Ed25519PrivateKey.from_private_bytes(bytes(range(3, 35))))


def public_of(key: SigningKey):
    """Return a finder that knows this key alone, whatever its number."""
    return lambda key_id: key.public


uint16 = st.integers(0, 2**16 - 1)
uint32 = st.integers(0, 2**32 - 1)
uint64 = st.integers(0, 2**64 - 1)
blobs = {size: st.binary(min_size=size, max_size=size) for size in (12, 16, 32, 64)}
tracking_numbers = st.builds(
    lambda year, body: new_tracking_number(year, lambda _: body), st.integers(0, 99), st.integers(0, 10**8 - 1)
)
slips = st.builds(Slip, tracking_numbers, blobs[16])
offices = uint16.map(Office.of)
ranges = st.tuples(uint16, uint16).map(lambda days: (min(days), max(days)))


@st.composite
def chains(draw: st.DrawFn) -> tuple[Step, ...]:
    """Steps of a chain: the done ones first."""
    done = draw(st.integers(0, 8))
    steps = draw(
        st.lists(
            st.builds(
                Step,
                office=offices,
                when=uint32,
                acting=st.booleans(),
                reported_by=st.none() | uint16,
                expected=st.none() | ranges,
                suspended_since=st.none() | uint32,
            ),
            min_size=1,
            max_size=8,
        )
    )
    return tuple(
        step
        if index < done
        else Step(step.office, None, step.acting, step.reported_by, step.expected, step.suspended_since)
        for index, step in enumerate(steps)
    )


statuses = st.builds(
    Status,
    tracking=tracking_numbers,
    family=uint16,
    kind=uint16,
    state=st.sampled_from(State),
    language=st.sampled_from(Language),
    changed=uint32,
    since=uint32,
    filed_at=uint16,
    steps=chains(),
    missing=st.lists(uint16, max_size=12).map(tuple),
    reasons=st.lists(
        st.builds(Reason, uint16, st.lists(st.integers(0, MAX_ARGUMENT), max_size=3).map(tuple)), max_size=3
    ).map(tuple),
    deadline=st.none() | uint32,
    document_waits=st.booleans(),
    checks=st.lists(st.builds(AgencyCheck, uint16, uint32), max_size=3).map(tuple),
    receipt=st.none(),
)


@st.composite
def pages(draw: st.DrawFn, kind: PageKind | None = None) -> FeedPage:
    """Pages whose cursor, entries and parts agree."""
    after, upto, position = sorted(draw(st.lists(uint64, min_size=3, max_size=3)))
    kind = kind or draw(st.sampled_from(PageKind))
    parts = 1 if kind is PageKind.FEED else draw(st.integers(1, 2**32 - 1))
    entry = st.builds(Entry, st.integers(after + 1, upto), blobs[16], st.binary() | st.sampled_from(Tombstone))
    return FeedPage(
        ministry=draw(st.text(st.characters(codec="utf-8"))),
        kind=kind,
        after=after,
        upto=upto,
        time=draw(uint64),
        position=position,
        head=draw(blobs[32]),
        entries=tuple(draw(st.lists(entry, max_size=5))) if after < upto else (),
        part=draw(st.integers(0, parts - 1)),
        parts=parts,
    )


key_lists = st.builds(
    KeyList,
    uint64,
    st.lists(
        st.builds(ListedKey, st.integers(1, 255), st.sampled_from(Purpose), blobs[32], uint64, uint64, st.booleans()),
        max_size=6,
        unique_by=(lambda key: key.key_id, lambda key: key.public),
    ).map(tuple),
)


def spoiled(data: bytes):
    """What may become of bytes on a bad line or in bad hands: any one bit turned, any end cut off, anything after."""
    flips = st.integers(0, 8 * len(data) - 1).map(
        lambda bit: data[: bit // 8] + bytes([data[bit // 8] ^ (1 << bit % 8)]) + data[bit // 8 + 1 :]
    )
    cuts = st.integers(0, len(data) - 1).map(lambda length: data[:length])
    tails = st.binary(min_size=1, max_size=200).map(lambda tail: data + tail)
    return flips | cuts | tails


def every_spoiling(data: bytes):
    """All of the same for one value, one by one: each bit, each cut, and a byte more."""
    for bit in range(8 * len(data)):
        yield data[: bit // 8] + bytes([data[bit // 8] ^ (1 << bit % 8)]) + data[bit // 8 + 1 :]
    yield from (data[:length] for length in range(len(data)))
    yield from (data + bytes([tail]) for tail in range(256))
