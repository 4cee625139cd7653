"""A phone that is read by pattern is the phone that the library's parser reads."""

import contextlib

import phonenumbers
from hypothesis import given
from hypothesis import strategies as st

from central_api.store import ActionRefused
from central_api.store.codes import phone_of

_starts = st.sampled_from(["", "0", "+961", "00961", "+9610", "٠", "+33"])
_codes = st.sampled_from(["1", "3", "70", "71", "76", "78", "79", "80", "81", "٧١", "03"])


@given(st.tuples(_starts, _codes, st.from_regex(r"\A[0-9]{5,7}\Z")).map("".join))
def test_by_pattern_or_by_parser_it_is_the_same_phone(text: str) -> None:
    expected = None
    with contextlib.suppress(phonenumbers.NumberParseException):  # "003…": a call abroad, to a country that is none
        number = phonenumbers.parse(text, "LB")
        if phonenumbers.is_valid_number(number):
            expected = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    try:
        read = phone_of(text)
    except ActionRefused:
        read = None
    assert read == expected
