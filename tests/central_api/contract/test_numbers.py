"""Tracking numbers and secret codes as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_api.contract.errors import NotANumber
from central_api.contract.numbers import (
    check_digit,
    fold_digits,
    new_tracking_number,
    parse_secret_code,
    parse_tracking_number,
    show_tracking_number,
)

from .strategies import tracking_numbers

SCRIPTS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
AROUND = " -\t\u00a0\u2011\u2013\u061c\u200e\u200f\u202a\u202c\u2066\u2069"


@st.composite
def typed(draw, number: str) -> str:
    """A number as somebody types it: each digit in any script, with spaces, dashes and marks between."""
    gaps = st.text(AROUND, max_size=2)
    return draw(gaps) + "".join(SCRIPTS[draw(st.integers(0, 2))][int(digit)] + draw(gaps) for digit in number)


@given(st.data(), tracking_numbers)
def test_a_tracking_number_is_read_in_any_script_and_grouping(data, tracking):
    assert parse_tracking_number(data.draw(typed(tracking))) == tracking
    assert parse_tracking_number(show_tracking_number(tracking)) == tracking


@given(st.data(), st.integers(0, 10**8 - 1))
def test_a_secret_code_is_read_in_any_script(data, code):
    assert parse_secret_code(data.draw(typed(f"{code:08d}"))) == f"{code:08d}"


@given(tracking_numbers)
def test_the_check_digit_catches_every_wrong_digit_and_every_swap_of_neighbours(tracking):
    wrong = {tracking[:at] + digit + tracking[at + 1 :] for at in range(11) for digit in "0123456789"}
    swapped = {tracking[:at] + tracking[at + 1] + tracking[at] + tracking[at + 2 :] for at in range(10)}
    for other in (wrong | swapped) - {tracking}:
        with pytest.raises(NotANumber):
            parse_tracking_number(other)


def test_the_check_digit_catches_them_wherever_the_number_stands():
    """The quasigroup itself, in full: any row, any two digits, anything after them."""
    prefixes = {check_digit(f"{number:02d}"): f"{number:02d}" for number in range(100)}
    assert len(prefixes) == 10
    for prefix in prefixes.values():
        singles = [check_digit(prefix + str(digit)) for digit in range(10)]
        assert sorted(singles) == sorted(set(singles))
        for a in range(10):
            for b in range(a):
                assert check_digit(f"{prefix}{a}{b}") != check_digit(f"{prefix}{b}{a}")
            assert check_digit(prefix + check_digit(prefix)) == "0"


@given(st.text())
def test_any_other_text_is_not_a_number(text):
    for parse, count in ((parse_tracking_number, 11), (parse_secret_code, 8)):
        try:
            digits = parse(text)
        except NotANumber:
            continue
        assert len(digits) == count
        assert set(digits) <= set("0123456789")


@pytest.mark.parametrize("text", ["", "2631828331", "263182833122", "26318283312x", "²6318283312", "२६३१८२८३३१२"])
def test_other_digits_and_lengths_are_refused(text):
    with pytest.raises(NotANumber):
        parse_tracking_number(text)


def test_a_number_tells_its_year_and_nothing_of_the_volume():
    asked = []
    number = new_tracking_number(2026, lambda below: asked.append(below) or 31828331)
    assert (number, asked) == ("26318283312", [10**8])


def test_what_is_no_digit_stays_as_it_is():
    assert fold_digits("رقم ٢٦-۳ a") == "رقم 26-3 a"
