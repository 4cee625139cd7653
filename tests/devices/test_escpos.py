"""Rasters as ESC/POS, read back by the virtual printer's own interpreter."""

from escpos import constants
from hypothesis import given
from hypothesis import strategies as st

from devices.printer import escpos
from devices.raster import Raster
from devices.simulators import escpos as reading
from tests.devices.peers import receipt


def _on_paper(commands: bytes, width: int) -> bytes:
    """The packed rows that come out of a printer of so many bytes a row."""
    rows: list[bytes] = []
    margin = 0
    for action in reading.Interpreter().feed(commands):
        match action:
            case reading.ImageRow(data, repeat):
                rows += [(bytes(margin) + data).ljust(width, b"\0")] * repeat
            case reading.LeftMargin(units):
                margin = units // 8
            case reading.Feed(units):
                rows += [bytes(width)] * units
            case _:
                raise AssertionError(action)
    return b"".join(rows)


def _printed(raster: Raster) -> bytes:
    return _on_paper(b"".join(band.commands for band in escpos.bands(raster)), raster.row_bytes)


_rows = st.one_of(
    st.just(bytes(9)),
    st.binary(min_size=9, max_size=9),
    st.binary(min_size=3, max_size=3).map(lambda ink: ink + bytes(6)),
)
_rasters = st.lists(st.tuples(_rows, st.integers(1, 70)), max_size=8).map(
    lambda runs: Raster(72, sum(count for _, count in runs), b"".join(row * count for row, count in runs))
)


@given(_rasters)
def test_the_paper_shows_the_very_dots(raster: Raster) -> None:
    printed = _printed(raster)
    assert len(printed) == len(raster.data)
    for drawn, meant in zip(printed, raster.data, strict=True):
        assert drawn == meant or (drawn, meant) == (0x18, 0x10)


@given(_rasters)
def test_no_real_time_command_hides_in_the_dots(raster: Raster) -> None:
    for band in escpos.bands(raster):
        for command in (b"\x10\x04", b"\x10\x05", b"\x10\x14"):
            assert command not in band.commands


def test_a_hidden_command_costs_one_dot() -> None:
    assert escpos.break_real_time_commands(b"\x10\x10\x04\x10\x05\x10\x14\x10\x03") == (
        b"\x10\x18\x04\x18\x05\x18\x14\x10\x03"
    )


def test_blank_rows_and_blank_edges_are_not_sent() -> None:
    raster = receipt(2000)
    sent = sum(len(band.commands) for band in escpos.bands(raster))
    ink = sum(len(raster.data[at : at + 72].strip(b"\0")) for at in range(0, len(raster.data), 72))
    assert sent < ink * 1.03
    assert _on_paper(b"".join(band.commands for band in escpos.bands(Raster(72, 300, bytes(2700)))), 9) == bytes(2700)


def test_bands_count_the_rows_up_to_the_last() -> None:
    counted = [band.rows for band in escpos.bands(receipt(150))]
    assert counted == [64, 128, 150]


def test_our_commands_are_those_of_python_escpos() -> None:
    assert escpos.INITIALIZE == constants.HW_INIT
    assert escpos.FEED_AND_CUT[:2] == constants.PAPER_PART_CUT[:2]
    assert escpos.real_time_status(4) == constants.RT_STATUS_PAPER
    assert escpos.real_time_status(1) == constants.RT_STATUS_ONLINE


@given(st.binary(max_size=400))
def test_the_interpreter_survives_any_bytes(data: bytes) -> None:
    for _ in reading.Interpreter().feed(data):
        pass


@given(st.lists(st.sampled_from([b"\x1b@", b"\x1dV\x42\x05", b"\x1bJ\x08", b"\x1d(H\x06\x0000QSUW", b"A"])))
def test_the_interpreter_reads_pieces_as_it_reads_the_whole(commands: list[bytes]) -> None:
    whole = b"".join(commands)
    interpreter = reading.Interpreter()
    in_pieces = [action for byte in whole for action in interpreter.feed(bytes((byte,)))]
    assert in_pieces == list(reading.Interpreter().feed(whole))
    assert len(in_pieces) == len(commands)
