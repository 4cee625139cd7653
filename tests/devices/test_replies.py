"""What a printer sends back, whole, in pieces, and damaged."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from devices.printer import escpos
from devices.printer.replies import Answer, AutomaticStatus, Processed, Reply, ReplyParser, state_of_answers
from devices.printer.states import CoverOpen, PaperLow, PaperOut, Ready, Unknown

STATUS = {
    b"\x10\x00\x00\x00": Ready(),
    b"\x18\x00\x0f\x00": PaperOut(),
    b"\x38\x00\x00\x00": CoverOpen(),
    b"\x38\x00\x0f\x00": CoverOpen(),
    b"\x10\x00\x03\x00": PaperLow(),
    b"\x18\x08\x00\x00": Unknown("the cutter is jammed"),
    b"\x18\x20\x00\x00": Unknown("the printer needs service"),
    b"\x18\x00\x00\x00": Unknown("the printer is off line"),
}
_statuses = st.sampled_from(sorted(STATUS)).map(lambda raw: (raw, AutomaticStatus(STATUS[raw])))
_answers = st.sampled_from([0x12, 0x16, 0x1A, 0x32, 0x72, 0x1E]).map(lambda byte: (bytes((byte,)), Answer(byte)))
_processed = st.integers(0, escpos.PROCESS_IDS - 1).map(
    lambda number: (b"\x37\x22" + escpos.process_id(number) + b"\0", Processed(escpos.process_id(number)))
)
_sendings = st.lists(_statuses | _answers | _processed)


def _read(pieces: list[bytes]) -> tuple[list[Reply], int]:
    parser = ReplyParser()
    return [reply for piece in pieces for reply in parser.feed(piece)], parser.garbage


def _cut(data: bytes, cuts: list[int]) -> list[bytes]:
    marks = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[start:end] for start, end in pairwise(marks)]


@given(_sendings, st.lists(st.integers(0, 10_000)))
def test_replies_are_read_however_the_line_cuts_them(sent: list[tuple[bytes, Reply]], cuts: list[int]) -> None:
    replies, garbage = _read(_cut(b"".join(raw for raw, _ in sent), cuts))
    assert replies == [reply for _, reply in sent]
    assert garbage == 0


@given(st.lists(st.binary(max_size=40)))
def test_any_bytes_are_survived(pieces: list[bytes]) -> None:
    _read(pieces)


@given(st.binary(max_size=40), _processed)
def test_after_noise_the_parser_is_back_in_step(noise: bytes, sent: tuple[bytes, Reply]) -> None:
    """At most one reply is lost to what came before it."""
    raw, reply = sent
    replies, _ = _read([noise, raw, raw])
    assert replies.count(reply) >= 1


@given(st.integers(0, escpos.PROCESS_IDS - 1), st.integers(0, 5), st.sampled_from([b"", b"\0", b"\x10\0\0\0"]))
def test_a_confirmation_that_lost_a_byte_confirms_nothing(number: int, lost: int, after: bytes) -> None:
    whole = b"\x37\x22" + escpos.process_id(number) + b"\0"
    replies, _ = _read([whole[:lost] + whole[lost + 1 :] + after])
    assert replies in ([], [AutomaticStatus(Ready())])


def test_process_ids_differ_until_they_start_again() -> None:
    assert len({escpos.process_id(number) for number in range(escpos.PROCESS_IDS)}) == escpos.PROCESS_IDS


def test_the_answers_to_questions_tell_the_state() -> None:
    assert state_of_answers(0x12, 0x12, 0x12) == Ready()
    assert state_of_answers(0x12, 0x12, 0x1E) == PaperLow()
    assert state_of_answers(0x1A, 0x32, 0x7E) == PaperOut()
    assert state_of_answers(0x1A, 0x16, 0x12) == CoverOpen()
    assert state_of_answers(0x1A, 0x52, 0x12) == Unknown("the printer reports an error")
