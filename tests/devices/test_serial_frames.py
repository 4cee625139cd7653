"""Where one code ends and the next begins."""

from hypothesis import given
from hypothesis import strategies as st

from devices.scanner.codes import LONGEST, SAME_SCAN, Overlong, Repeats
from devices.scanner.serial import Frames

_codes = st.lists(st.binary(min_size=1, max_size=300).filter(lambda code: not set(code) & {10, 13}), max_size=6)


@given(_codes, st.sampled_from([b"\r", b"\n", b"\r\n"]), st.integers(1, 50))
def test_codes_come_out_however_the_line_cuts_them(codes, end, size):
    frames = Frames()
    sent = b"".join(code + end for code in codes)
    read = [code for at in range(0, len(sent), size) for code in frames.feed(sent[at : at + size])]
    assert read == codes
    assert not frames.open


@given(st.lists(st.binary(max_size=5000), max_size=5))
def test_any_bytes_become_codes_or_are_overlong(pieces):
    frames = Frames()
    read = [code for piece in pieces for code in frames.feed(piece)] + list(frames.gap())
    for code in read:
        if isinstance(code, Overlong):
            assert code.length > LONGEST
        else:
            assert 0 < len(code) <= LONGEST


def test_a_gap_ends_a_code_without_a_line_end():
    frames = Frames()
    assert list(frames.feed(b"HTTPS://")) == []
    assert frames.open
    assert list(frames.feed(b"X")) == []
    assert list(frames.gap()) == [b"HTTPS://X"]
    assert list(frames.gap()) == []


def test_four_kilobytes_are_read_and_one_byte_more_is_dropped():
    frames = Frames()
    assert list(frames.feed(b"a" * LONGEST + b"\n")) == [b"a" * LONGEST]
    assert list(frames.feed(b"a" * (LONGEST + 1) + b"\nnext\n")) == [Overlong(LONGEST + 1), b"next"]


def test_a_slip_under_the_beam_is_one_scan():
    repeats = Repeats()
    assert not repeats.seen(b"A", 0.0)
    assert repeats.seen(b"A", SAME_SCAN - 0.1)
    assert repeats.seen(b"A", 2 * SAME_SCAN - 0.2)
    assert not repeats.seen(b"B", 2 * SAME_SCAN)
    assert not repeats.seen(b"A", 2 * SAME_SCAN)
    assert not repeats.seen(b"A", 4 * SAME_SCAN)
    repeats.clear()
    assert not repeats.seen(b"A", 4 * SAME_SCAN)
