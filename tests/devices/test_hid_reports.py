"""Reports of scanners of USB's own class, as their makers' manuals show them."""

from hypothesis import given
from hypothesis import strategies as st

from devices.scanner.codes import LONGEST, MOST_BYTES, Overlong
from devices.scanner.hidpos import REPORT, Reports
from tests.devices.scanners import reports


def read(*sent: bytes) -> list[bytes | Overlong]:
    reader = Reports()
    return [code for report in sent for code in reader.feed(report)]


@given(st.binary(min_size=1, max_size=LONGEST).filter(lambda code: code[-1] not in b"\r\n"))
def test_a_code_comes_out_of_as_many_reports_as_it_takes(code: bytes) -> None:
    assert read(*reports(code)) == [code]
    assert all(len(report) == REPORT for report in reports(code))


def test_the_example_of_a_makers_manual() -> None:
    first = b"\x02\x38]Q0" + b"M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23   " + b"s\0\x01"
    second = b"\x02\x04]Q0" + b" 100" + bytes(52) + b"s\0\0"
    assert read(first, second) == [b"M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23    100"]


def test_line_ends_that_a_scanner_adds_are_not_of_the_code() -> None:
    assert read(*reports(b"SLIP\r\n"), *reports(b"\r")) == [b"SLIP"]


def test_what_is_longer_than_any_code_is_dropped() -> None:
    assert read(*reports(b"z" * (LONGEST + 1))) == [Overlong(LONGEST + 1)]
    assert isinstance(read(*reports(b"z" * (MOST_BYTES + 60)))[0], Overlong)


@given(st.lists(st.binary(max_size=70), max_size=20))
def test_any_bytes_are_codes_or_passed_over(sent: list[bytes]) -> None:
    for code in read(*sent):
        assert isinstance(code, Overlong) or 0 < len(code) <= LONGEST


@given(st.lists(st.binary(min_size=62, max_size=62), max_size=20))
def test_reports_with_any_content_are_codes_or_overlong(sent: list[bytes]) -> None:
    for code in read(*(bytes((2, report[0] % 60)) + report for report in sent)):
        assert isinstance(code, Overlong) or 0 < len(code) <= LONGEST
